using DiscreteGradients.Backward;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DiscreteGradients;

/// <summary>
/// The local expectation is for each variable the exact gradient given the drawn values of all others, π∘(F − ⟨π, F⟩) with
/// F_k the cost at D with this variable set to category k. It is unbiased, has far less variance than REINFORCE, and takes 1
/// + V(n − 1) evaluations of the cost for V variables of arity n: a reference for studies. With one variable it is the exact
/// gradient.
/// </summary>
/// <remarks>It holds for variables that are independent given the logits. Source: Titsias and Lázaro-Gredilla, Local expectation
/// gradients for black box variational inference, NeurIPS 2015, arXiv:1503.01494.</remarks>
/// <example>
/// <code>
/// var logits = zeros(20, 3, 4, requires_grad: true);                      // three variables of four categories an example
/// var weights = randn(3, 4);
/// var loss = LocalExpectation.Loss(new OneHotCategorical(logits), values =&gt; (values * weights).sum([-2, -1]));    // [20]
/// loss.mean().backward();
/// </code>
/// </example>
public static class LocalExpectation
{
    // Of the values that the cost is given at once: 4 MiB in float32.
    private const long ElementsAtOnce = 1 << 20;

    /// <summary>Draws D and gives f(D) with the gradient of the local expectation.</summary>
    /// <param name="distribution">V independent variables an example: logits [*batch, ..., n].</param>
    /// <param name="cost">f: values [evaluations, *batch, ..., n] to costs [evaluations, *batch], one number an example. It is
    /// called once with D alone and gradients, then with the other values, as many at once as memory allows.</param>
    /// <param name="generator">The source of randomness; null for torch's default generator.</param>
    /// <returns>[*batch]: f(D). Its gradient is that of f in whatever f depends on directly, and the local expectation in the
    /// logits.</returns>
    /// <exception cref="ArgumentException">The cost has another shape.</exception>
    public static Tensor Loss(OneHotCategorical distribution, Func<Tensor, Tensor> cost, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(distribution);
        ArgumentNullException.ThrowIfNull(cost);
        using var scope = NewDisposeScope();
        var value = distribution.Sample(generator);
        var drawn = First(value, cost);
        if (!is_grad_enabled() || !distribution.Normalised.requires_grad) return drawn.clone().MoveToOuterDisposeScope();
        var costs = Costs(distribution, value, drawn, cost);
        var expectation = FirstDerivativeOnly.Apply((distribution.Probs * costs).flatten(drawn.dim()).sum(-1));
        return drawn.Plus(GradientOnly.Of(expectation)).MoveToOuterDisposeScope();
    }

    /// <summary>Computes the gradient of the local expectation at a value.</summary>
    /// <param name="distribution">V independent variables an example: logits [*batch, ..., n].</param>
    /// <param name="value">D, one-hot [*batch, ..., n].</param>
    /// <param name="cost">f: values [evaluations, *batch, ..., n] to costs [evaluations, *batch].</param>
    /// <returns>[*batch, ..., n], constant: the gradient in the logits of the expectations' sum.</returns>
    /// <exception cref="ArgumentException"><paramref name="value"/> has another shape than the logits, or the cost
    /// has.</exception>
    public static Tensor Of(OneHotCategorical distribution, Tensor value, Func<Tensor, Tensor> cost)
    {
        ArgumentNullException.ThrowIfNull(distribution);
        ArgumentNullException.ThrowIfNull(cost);
        Require.Value(value, distribution.Normalised);
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        value = value.to(distribution.Normalised.dtype);
        var costs = Costs(distribution, value, First(value, cost), cost);
        return SingleDraw.OfSoftmax(distribution.Probs, costs).MoveToOuterDisposeScope();
    }

    // f(D), [*batch].
    private static Tensor First(Tensor value, Func<Tensor, Tensor> cost)
    {
        var costs = cost(value.unsqueeze(0));
        var leading = (int)costs.dim();
        if (leading == 0 || leading > value.dim() || costs.shape[0] != 1
            || !costs.shape.AsSpan(1).SequenceEqual(value.shape.AsSpan(0, leading - 1)))
        {
            throw new ArgumentException($"the cost has shape {Require.Shape(costs)}; expected leading axes of [1, "
                + $"{string.Join(", ", value.shape)}], the shape of the values: one number an evaluation and example.",
                nameof(cost));
        }
        return costs.squeeze(0);
    }

    /// <summary>Evaluates f at D with each variable set to each category in turn, [*batch, ..., n], constant; 0 at masked
    /// categories.</summary>
    private static Tensor Costs(OneHotCategorical distribution, Tensor value, Tensor drawn, Func<Tensor, Tensor> cost)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var arity = value.shape[^1];
        var variables = value.shape[drawn.shape.Length..^1].Aggregate(1L, (all, axis) => all * axis);
        var flat = value.reshape([.. drawn.shape, variables, arity]);                                       // [*batch, V, n]
        var costs = where(flat.to(ScalarType.Bool), Wide(drawn.detach()), zeros_like(flat));
        var atOnce = Math.Max(1, ElementsAtOnce / Math.Max(1, flat.numel()));
        var evaluations = variables * (arity - 1);
        long[] selector = [-1, .. drawn.shape.Select(_ => 1L), variables, 1];
        for (long first = 0; first < evaluations; first += atOnce)
        {
            using var chunk = NewDisposeScope();
            using Scalar each = variables;
            var next = Math.Min(first + atOnce, evaluations);
            var numbers = Scalars.Range(first, next).to(flat.device);
            // The categories one, two, … further than the one drawn, as far as this chunk needs them, [shifts, *batch, V, n].
            var (least, most) = (first / variables, (next - 1) / variables);
            var others = stack([.. Enumerable.Range(0, (int)(most - least) + 1).Select(i => flat.roll(least + i + 1, -1))]);
            using Scalar before = least;
            var moved = one_hot(numbers.remainder(each), variables).to(ScalarType.Bool).reshape(selector);
            var other = others.index_select(0, numbers.floor_divide(each).sub(before));
            var given = cost(where(moved, other, flat).reshape([numbers.shape[0], .. value.shape]));
            if (!given.shape.AsSpan().SequenceEqual([numbers.shape[0], .. drawn.shape]))
            {
                throw new ArgumentException(
                    Require.Invariant($"the cost has shape {Require.Shape(given)} for {numbers.shape[0]} evaluations; ")
                    + $"expected [evaluations, {string.Join(", ", drawn.shape)}].", nameof(cost));
            }
            var there = other.to(ScalarType.Bool).logical_and_(moved);
            costs.Accumulate(where(there, Wide(given), zeros_like(flat)).sum(dim: 0));
        }
        costs = costs.reshape(value.shape);
        if (distribution.Masked is not null) costs = costs.masked_fill(distribution.Masked, Scalars.Zero);
        return costs.MoveToOuterDisposeScope();
    }

    // [..., 1, 1]
    private static Tensor Wide(Tensor costs) => costs.unsqueeze(-1).unsqueeze(-1);
}
