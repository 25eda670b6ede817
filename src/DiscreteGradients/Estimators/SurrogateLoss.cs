using DiscreteGradients.Backward;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// <c>SurrogateLoss</c> closes a cost over its stochastic nodes: the number returned is the cost, its gradient the
/// estimator's (App. B). Nodes of different estimators and forms may be mixed.
/// </summary>
/// <remarks>
/// An attached node adds nothing; a scored one adds sg(f − b)·log p(D), eq. 15; a relaxed one adds ⟨sg(∂L/∂D), S(θ)⟩,
/// eq. 17–19 and 21–26; each term enters as t − sg(t), so that it counts in the gradient only. Where the cost depends
/// on parameters directly, that gradient is kept. A cost of integers or truth values is taken in the dtype of the values.
/// </remarks>
/// <example>
/// <code>
/// var logits = zeros(20, 5, requires_grad: true);
/// var node = new Reinforce().Sample(new OneHotCategorical(logits));       // or any other estimator
/// var cost = (node.Value * randn(5)).sum(-1);                             // [20]
/// var loss = SurrogateLoss.Parallel(cost, [node]);                        // [20], equal to the cost
/// loss.mean().backward();
/// </code>
/// </example>
public static class SurrogateLoss
{
    /// <summary>Closes a cost over nodes of which none depends on another's value, however many, by one backward call.</summary>
    /// <param name="cost">f, [*batch], one number an example (or a scalar); minimised.</param>
    /// <param name="nodes">Values of shape [*batch, ..., n].</param>
    /// <param name="baseline">b, subtracted from the cost in scored nodes; broadcasts to the shape of the cost and must not
    /// depend on the values drawn for its example, or the gradient is biased.</param>
    /// <returns>[*batch]: equal to <paramref name="cost"/>.</returns>
    /// <exception cref="ArgumentException">A node's leading axes are not those of the cost, the baseline does not broadcast to
    /// the cost, or one of them is complex.</exception>
    public static Tensor Parallel(Tensor cost, IReadOnlyList<StochasticNode> nodes, Tensor? baseline = null)
    {
        using var scope = NewDisposeScope();
        cost = Checked(cost, nodes, baseline);
        var loss = cost;
        var relaxed = is_grad_enabled() && cost.requires_grad ? nodes.Where(node => node.Relaxation is not null).ToList() : [];
        if (relaxed.Count > 0)
        {
            var gradients = Gradients(cost, [.. relaxed.Select(node => node.Value)]);
            for (var i = 0; i < relaxed.Count; i++) loss = Credit(loss, relaxed[i], gradients[i]);
        }
        foreach (var node in nodes) loss = Credit(loss, node, cost, baseline);
        return Returned(loss, cost);
    }

    /// <summary>Closes a cost over a cascade, from the last node to the first: the logits of a node may depend on the values of
    /// the nodes before it.</summary>
    /// <param name="cost">f, [*batch]; may depend on all values.</param>
    /// <param name="nodes">In the order drawn; values [*batch, ..., n].</param>
    /// <param name="baseline">As for <see cref="Parallel"/>.</param>
    /// <returns>[*batch]: equal to <paramref name="cost"/>.</returns>
    /// <exception cref="ArgumentException">As for <see cref="Parallel"/>.</exception>
    public static Tensor Sequential(Tensor cost, IReadOnlyList<StochasticNode> nodes, Tensor? baseline = null)
    {
        using var scope = NewDisposeScope();
        cost = Checked(cost, nodes, baseline);
        return Close(cost, nodes, _ => cost, baseline).MoveToOuterDisposeScope();
    }

    /// <summary>Closes the costs of a cascade, one a node. A scored node is credited with the costs from its own on, so the
    /// cost at position t must not depend on values drawn after t.</summary>
    /// <param name="costs">f_1 … f_m, each [*batch].</param>
    /// <param name="nodes">In the order drawn, as many; values [*batch, ..., n].</param>
    /// <param name="baseline">As for <see cref="Parallel"/>; subtracted from each cost-to-go.</param>
    /// <returns>[*batch]: the sum of the costs.</returns>
    /// <exception cref="ArgumentException">Not as many costs as nodes, costs of different shapes, or as for
    /// <see cref="Parallel"/>.</exception>
    public static Tensor Sequential(IReadOnlyList<Tensor> costs, IReadOnlyList<StochasticNode> nodes, Tensor? baseline = null)
    {
        ArgumentNullException.ThrowIfNull(costs);
        ArgumentNullException.ThrowIfNull(nodes);
        if (costs.Count != nodes.Count || costs.Count == 0)
        {
            throw new ArgumentException(
                $"{costs.Count} costs for {nodes.Count} nodes; expected one cost a node, and at least one.", nameof(costs));
        }

        using var scope = NewDisposeScope();
        var toGo = new Tensor[costs.Count];
        for (var t = costs.Count - 1; t >= 0; t--)
        {
            Require.SameShape(costs[t], Require.Invariant($"cost {t}"), costs[0], "cost 0");
            var cost = Checked(costs[t], nodes, baseline);
            toGo[t] = t == costs.Count - 1 ? cost : toGo[t + 1].Plus(cost);
        }
        return Close(toGo[0], nodes, t => toGo[t], baseline).MoveToOuterDisposeScope();
    }

    private static Tensor Close(Tensor cost, IReadOnlyList<StochasticNode> nodes, Func<int, Tensor> toGo, Tensor? baseline)
    {
        using var scope = NewDisposeScope();
        var loss = cost;
        for (var t = nodes.Count - 1; t >= 0; t--)
        {
            if (nodes[t].Relaxation is not null && is_grad_enabled() && loss.requires_grad)
                loss = Credit(loss, nodes[t], Gradients(loss, [nodes[t].Value])[0]);
            loss = Credit(loss, nodes[t], toGo(t), baseline);
        }
        return Returned(loss, cost);
    }

    private static Tensor Returned(Tensor loss, Tensor cost) =>
        (ReferenceEquals(loss, cost) ? cost.clone() : loss).MoveToOuterDisposeScope();

    /// <summary>Computes ∂ Σ loss / ∂D of each value, a leaf; null where the loss does not depend on it.</summary>
    /// <remarks>It calls backward, not autograd.grad: there any error of libtorch, of the caller's own operations too, would end
    /// the process. The gradient that the leaves have gathered so far is put back.</remarks>
    private static Tensor?[] Gradients(Tensor loss, IList<Tensor> values)
    {
        var gathered = values.Select(value => value.grad).ToArray();
        foreach (var value in values) value.grad = null;
        try
        {
            autograd.backward([loss.sum()], retain_graph: true, inputs: values);
            return [.. values.Select(value => value.grad)];
        }
        finally
        {
            for (var i = 0; i < gathered.Length; i++) values[i].grad = gathered[i];
        }
    }

    /// <summary>Credits a relaxed node: adds ⟨sg(g), S(θ)⟩ an example.</summary>
    private static Tensor Credit(Tensor loss, StochasticNode node, Tensor? gradient)
    {
        if (gradient is null || gradient.IsInvalid) return loss;
        if (node.Masked is not null) gradient = gradient.masked_fill(node.Masked, Scalars.Zero);
        return loss.Plus(GradientOnly.Of(PerExample(gradient.detach() * node.Relaxation!, loss)));
    }

    /// <summary>Credits a scored node: adds sg(f − b)·log p(D) an example.</summary>
    private static Tensor Credit(Tensor loss, StochasticNode node, Tensor cost, Tensor? baseline)
    {
        if (node.Score is not { requires_grad: true } logProb) return loss;
        if (baseline is not null && !is_floating_point(baseline)) baseline = baseline.to(cost.dtype);
        var advantage = (baseline is null ? cost : cost - baseline).detach();
        var score = PerExample(logProb, loss);
        return node.Form == GradientForm.Autograd
            ? ScoreTerm.Apply(loss, score, advantage)
            : loss.Plus(GradientOnly.Of(advantage * score));
    }

    /// <summary>Sums the axes that the loss does not have.</summary>
    private static Tensor PerExample(Tensor term, Tensor loss) =>
        term.dim() == loss.dim() ? term : term.flatten(loss.dim()).sum(-1);

    // The dtype of the first tensor of a node that can carry a gradient.
    private static ScalarType Floating(IReadOnlyList<StochasticNode> nodes) =>
        nodes.SelectMany(node => new[] { node.Value, node.Score, node.Relaxation })
            .FirstOrDefault(tensor => tensor is not null && is_floating_point(tensor))?.dtype ?? ScalarType.Float32;

    /// <summary>Gives the cost, in a dtype that can carry a gradient, once everything fits together.</summary>
    private static Tensor Checked(Tensor cost, IReadOnlyList<StochasticNode> nodes, Tensor? baseline)
    {
        ArgumentNullException.ThrowIfNull(cost);
        ArgumentNullException.ThrowIfNull(nodes);
        Require.Real(cost, nameof(cost));
        if (baseline is not null)
        {
            Require.Real(baseline, nameof(baseline));
            Require.BroadcastsTo(baseline, nameof(baseline), cost, "the cost");
        }
        for (var i = 0; i < nodes.Count; i++)
        {
            ArgumentNullException.ThrowIfNull(nodes[i], Require.Invariant($"node {i}"));
            var value = nodes[i].Value;
            if (value.dim() <= cost.dim() || !value.shape.AsSpan(0, (int)cost.dim()).SequenceEqual(cost.shape))
            {
                throw new ArgumentException(Require.Invariant($"the value of node {i} has shape {Require.Shape(value)}; ")
                    + $"expected leading axes {Require.Shape(cost)}, the shape of the cost, and a last axis of categories.",
                    nameof(nodes));
            }
            if (nodes[i].Score is { } score && score.dim() < cost.dim())
            {
                throw new ArgumentException(Require.Invariant($"the score of node {i} has shape {Require.Shape(score)}; ")
                    + $"expected leading axes {Require.Shape(cost)}, the shape of the cost: a number for each example.",
                    nameof(nodes));
            }
        }
        return is_floating_point(cost) || nodes.Count == 0 ? cost : cost.to(Floating(nodes));
    }
}
