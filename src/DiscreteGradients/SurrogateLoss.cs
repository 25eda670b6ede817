using DiscreteGradients.Autograd;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// Closes a cost over its stochastic nodes: the number returned is the cost, its gradient the estimator's (App. B).
/// Nodes of different estimators and forms may be mixed.
/// </summary>
/// <remarks>
/// An attached node adds nothing; a scored one adds sg(f − b)·log p(D), eq. 15; a cut one adds ⟨sg(∂L/∂D), S(θ)⟩,
/// eq. 17–19 and 21–26; each term enters as t − sg(t), so that it counts in the gradient only. Where the cost depends
/// on parameters directly, that gradient is kept.
/// </remarks>
public static class SurrogateLoss
{
    /// <summary>Nodes of which none depends on another's value, however many; one backward call for all of them.</summary>
    /// <param name="cost">f, [*batch], one number an example (or a scalar); minimised.</param>
    /// <param name="nodes">Values of shape [*batch, ..., n].</param>
    /// <param name="baseline">b, subtracted from the cost in scored nodes; broadcasts to the cost and must not depend on
    /// the values drawn for its example, or the gradient is biased.</param>
    /// <returns>[*batch]: equal to <paramref name="cost"/>.</returns>
    /// <exception cref="ArgumentException">A node's leading axes are not those of the cost.</exception>
    public static Tensor Parallel(Tensor cost, IReadOnlyList<StochasticNode> nodes, Tensor? baseline = null)
    {
        Check(cost, nodes);
        using var scope = NewDisposeScope();
        var loss = cost;
        var cut = cost.requires_grad ? nodes.Where(node => node.Relaxation is not null).ToList() : [];
        if (cut.Count > 0)
        {
            var gradients = autograd.grad([cost.sum()], [.. cut.Select(node => node.Value)], retain_graph: true, allow_unused: true);
            for (var i = 0; i < cut.Count; i++) loss = Credit(loss, cut[i], gradients[i]);
        }
        foreach (var node in nodes) loss = Credit(loss, node, cost, baseline);
        return Returned(loss, cost);
    }

    /// <summary>A cascade: the logits of a node may depend on the values of the nodes before it; closed from the last to
    /// the first.</summary>
    /// <param name="cost">f, [*batch]; may depend on all values.</param>
    /// <param name="nodes">In the order drawn; values [*batch, ..., n].</param>
    /// <param name="baseline">As for <see cref="Parallel"/>.</param>
    /// <returns>[*batch]: equal to <paramref name="cost"/>.</returns>
    /// <exception cref="ArgumentException">A node's leading axes are not those of the cost.</exception>
    public static Tensor Sequential(Tensor cost, IReadOnlyList<StochasticNode> nodes, Tensor? baseline = null)
    {
        Check(cost, nodes);
        return Close(cost, nodes, _ => cost, baseline);
    }

    /// <summary>A cascade with a cost a node. A scored node is credited with the costs from its own on, so the cost at
    /// position t must not depend on values drawn after t.</summary>
    /// <param name="costs">f_1 … f_m, each [*batch].</param>
    /// <param name="nodes">In the order drawn, as many; values [*batch, ..., n].</param>
    /// <param name="baseline">As for <see cref="Parallel"/>; subtracted from each cost-to-go.</param>
    /// <returns>[*batch]: the sum of the costs.</returns>
    /// <exception cref="ArgumentException">Not as many costs as nodes, or a node's leading axes are not those of the costs.</exception>
    public static Tensor Sequential(IReadOnlyList<Tensor> costs, IReadOnlyList<StochasticNode> nodes, Tensor? baseline = null)
    {
        ArgumentNullException.ThrowIfNull(costs);
        ArgumentNullException.ThrowIfNull(nodes);
        if (costs.Count != nodes.Count || costs.Count == 0)
            throw new ArgumentException($"{costs.Count} costs for {nodes.Count} nodes; expected one cost a node, and at least one.", nameof(costs));
        using var scope = NewDisposeScope();
        var toGo = new Tensor[costs.Count];
        toGo[^1] = costs[^1];
        for (var t = costs.Count - 2; t >= 0; t--) toGo[t] = toGo[t + 1].Plus(costs[t]);
        Check(toGo[0], nodes);
        return Close(toGo[0], nodes, t => toGo[t], baseline).MoveToOuterDisposeScope();
    }

    private static Tensor Close(Tensor cost, IReadOnlyList<StochasticNode> nodes, Func<int, Tensor> toGo, Tensor? baseline)
    {
        using var scope = NewDisposeScope();
        var loss = cost;
        for (var t = nodes.Count - 1; t >= 0; t--)
        {
            if (nodes[t].Relaxation is not null && loss.requires_grad)
            {
                var gradient = autograd.grad([loss.sum()], [nodes[t].Value], retain_graph: true, allow_unused: true)[0];
                loss = Credit(loss, nodes[t], gradient);
            }
            loss = Credit(loss, nodes[t], toGo(t), baseline);
        }
        return Returned(loss, cost);
    }

    private static Tensor Returned(Tensor loss, Tensor cost) =>
        (ReferenceEquals(loss, cost) ? cost.alias() : loss).MoveToOuterDisposeScope();

    /// <summary>A cut node: adds ⟨sg(g), S(θ)⟩ an example.</summary>
    private static Tensor Credit(Tensor loss, StochasticNode node, Tensor? gradient)
    {
        if (gradient is null || gradient.IsInvalid) return loss;
        if (node.Mask is not null) gradient = gradient.masked_fill(node.Mask.logical_not(), Scalars.Zero);
        return loss.Plus(GradientOnly(PerExample(gradient.detach() * node.Relaxation!, loss)));
    }

    /// <summary>A scored node: adds sg(f − b)·log p(D) an example.</summary>
    private static Tensor Credit(Tensor loss, StochasticNode node, Tensor cost, Tensor? baseline)
    {
        if (node.Score is null) return loss;
        var advantage = (baseline is null ? cost : cost - baseline).detach();
        var score = PerExample(node.Score, loss);
        return node.Form == GradientForm.Autograd
            ? ScoreTerm.Apply(loss, advantage, score)
            : loss.Plus(GradientOnly(advantage * score));
    }

    private static Tensor GradientOnly(Tensor term) => term - term.detach();

    /// <summary>Sums the axes that the loss does not have.</summary>
    private static Tensor PerExample(Tensor term, Tensor loss) =>
        term.dim() == loss.dim() ? term : term.flatten(loss.dim()).sum(-1);

    private static void Check(Tensor cost, IReadOnlyList<StochasticNode> nodes)
    {
        ArgumentNullException.ThrowIfNull(cost);
        ArgumentNullException.ThrowIfNull(nodes);
        for (var i = 0; i < nodes.Count; i++)
        {
            var value = nodes[i].Value;
            if (value.dim() <= cost.dim() || !value.shape.AsSpan(0, (int)cost.dim()).SequenceEqual(cost.shape))
                throw new ArgumentException($"the value of node {i} has shape {Require.Shape(value)}; expected leading axes "
                    + $"{Require.Shape(cost)}, the shape of the cost, and a last axis of categories.", nameof(nodes));
        }
    }
}
