using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Tradeoff;

/// <summary>
/// The problem on which estimators are set beside each other: independent examples of V variables of arity n with
/// n^V = 4096, so that the exact gradient is known, about 12,800 logits in all, the size of a minibatch of the paper's VAE.
/// f(D) = (y − ½)² + 0.3 sin 2y with y = Σ_v ⟨w_v, D_v⟩: smooth, neither linear nor separable. θ and w are normal.
/// </summary>
internal sealed class TradeoffProblem : IDisposable
{
    private const int Logits = 12_800, Outcomes = 4096;
    private static readonly Scalar Half = 0.5, Two = 2.0, Weight = 0.3;
    private readonly Tensor logits, weights;

    /// <param name="arity">n: 2, 4, 8, 16 or 64.</param>
    /// <param name="seed">The seed of θ and w.</param>
    public TradeoffProblem(int arity, ulong seed)
    {
        if (!Arities.Contains(arity)) throw new InputException(Invariant($"arity is {arity}; expected one of {string.Join(", ", Arities)}."));
        Arity = arity;
        var variables = (int)Math.Round(Math.Log(Outcomes, arity));
        Shape = [Logits / (variables * arity), variables, arity];
        using var generator = new Generator(seed);
        using Scalar scale = 1 / Math.Sqrt(variables);
        logits = randn(Shape, generator: generator).requires_grad_();
        weights = randn(Shape, generator: generator).mul_(scale);
    }

    /// <summary>The numbers of categories whose powers meet 4096.</summary>
    public static IReadOnlyList<int> Arities { get; } = [2, 4, 8, 16, 64];

    public int Arity { get; }

    /// <summary>[examples, V, n].</summary>
    public long[] Shape { get; }

    /// <summary>One gradient of the summed cost, [examples, V, n], float32.</summary>
    public Tensor Gradient(IGradientEstimator estimator, Generator generator)
    {
        using var scope = NewDisposeScope();
        var node = estimator.Sample(new OneHotCategorical(logits), generator);
        var loss = SurrogateLoss.Parallel(Cost((node.Value * weights).sum([1, 2])), [node]).sum();
        return autograd.grad([loss], [logits])[0].MoveToOuterDisposeScope();
    }

    /// <summary>The exact gradient by enumeration, float64.</summary>
    public Tensor Exact()
    {
        using var scope = NewDisposeScope();
        var theta = logits.detach().to(ScalarType.Float64).requires_grad_();
        var outcomes = ExactGradient.Joint(Shape[1], Arity).to(ScalarType.Float64).flatten(1).t();       // [V·n, 4096]
        var probs = theta.log_softmax(-1).flatten(1).matmul(outcomes).exp();
        var costs = Cost(weights.to(ScalarType.Float64).flatten(1).matmul(outcomes));
        return autograd.grad([(probs * costs).sum()], [theta])[0].MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        logits.Dispose();
        weights.Dispose();
    }

    private static Tensor Cost(Tensor level) => (level - Half).Squared().Plus((level * Two).sin() * Weight);
}
