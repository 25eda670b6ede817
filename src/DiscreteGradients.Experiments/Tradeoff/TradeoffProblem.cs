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
        if (!Arities.Contains(arity))
            throw new InputException(Invariant($"arity is {arity}; expected one of {string.Join(", ", Arities)}."));
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

    /// <summary>The shape of the logits and of a gradient, [examples, V, n].</summary>
    public long[] Shape { get; }

    /// <summary>Draws gradients of the summed cost by an estimator, [examples, V, n], float32.</summary>
    /// <param name="temperature">τ, for those that have one.</param>
    public Func<Generator, Tensor> Gradient(EstimatorName name, double temperature)
    {
        if (!name.HasSeveralEvaluations)
        {
            var estimator = name.Create(temperature);
            return generator => OfLoss(() =>
            {
                var node = estimator.Sample(new OneHotCategorical(logits), generator);
                return SurrogateLoss.Parallel(CostOf(node.Value), [node]);
            });
        }
        return generator => OfLoss(() => name.Family switch
        {
            EstimatorFamily.LeaveOneOut => LeaveOneOutLoss(name.Samples!.Value, generator),
            EstimatorFamily.DisArm => DisArmLoss(generator),
            _ => LocalExpectation.Loss(new OneHotCategorical(logits), CostOf, generator),
        });
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

    private Tensor LeaveOneOutLoss(int samples, Generator generator)
    {
        var node = new Reinforce().Sample(new OneHotCategorical(logits.expand([samples, .. Shape])), generator);
        var cost = CostOf(node.Value);
        return SurrogateLoss.Parallel(cost, [node], LeaveOneOut.Baseline(cost)).mean([0]);
    }

    private Tensor DisArmLoss(Generator generator)
    {
        var node = DisArm.Sample(new OneHotCategorical(logits), generator);
        return SurrogateLoss.Parallel(CostOf(node.Value), [node]).mean([0]);
    }

    private Tensor OfLoss(Func<Tensor> loss)
    {
        using var scope = NewDisposeScope();
        return autograd.grad([loss().sum()], [logits])[0].MoveToOuterDisposeScope();
    }

    // [..., examples, V, n] to [..., examples].
    private Tensor CostOf(Tensor value) => Cost((value * weights).sum([-2, -1]));

    private static Tensor Cost(Tensor level) => (level - Half).Squared().Plus((level * Two).sin() * Weight);
}
