using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.Statistics;

/// <summary>A small discrete problem with a smooth cost, and draws of an estimator's gradient on it.</summary>
internal sealed record Problem(double[,] Logits, bool[,]? Allowed = null)
{
    private static readonly Scalar Step = 0.7, Middle = 0.45, Part = 0.3, Twice = 2.0;

    public Tensor Theta => tensor(Logits);

    public Tensor? Mask => Allowed is null ? null : tensor(Allowed);

    /// <summary>Not linear, not separable, different in every category; [rows, V, n] to [rows].</summary>
    public Tensor Cost(Tensor value)
    {
        var weights = (Scalars.Range(0, Logits.Length, ScalarType.Float64) * Step).cos().reshape(Theta.shape).to(value.dtype);
        var level = (value * weights).sum(-1).sum(-1);
        return (level - Middle).Squared().Plus((level * Twice).sin() * Part);
    }

    public Tensor Exact() => ExactGradient.Of(Theta, Cost, Mask);

    /// <summary>Independent draws of the gradient, along the rows of one batch after another.</summary>
    public GradientStatistics Draw(IGradientEstimator estimator, int draws, ulong seed, double? baseline = null, Action<Tensor>? each = null)
    {
        const int Batch = 20_000;
        var statistics = new GradientStatistics(Logits.Length);
        using var generator = new Generator(seed);
        for (var drawn = 0; drawn < draws; drawn += Batch)
        {
            using var scope = NewDisposeScope();
            var rows = Math.Min(Batch, draws - drawn);
            var theta = Theta.unsqueeze(0).repeat(rows, 1, 1).requires_grad_();
            var node = estimator.Sample(new OneHotCategorical(theta, Mask?.unsqueeze(0).repeat(rows, 1, 1)), generator);
            var cost = Cost(node.Value);
            SurrogateLoss.Parallel(cost, [node], baseline is { } b ? full_like(cost, b) : null).sum().backward();
            each?.Invoke(theta.grad!);
            statistics.AddRange(theta.grad!);
        }
        return statistics;
    }

    public static Problem One { get; } = new(new[,] { { 0.3, -0.8, 1.1 } });

    public static Problem Binary { get; } = new(new[,] { { 0.4, -0.5 } });

    public static Problem Two { get; } = new(new[,] { { 0.3, -0.8, 1.1, 0.2 }, { -0.4, 0.9, 0.1, -1.3 } });

    public static Problem Masked { get; } = new(
        new[,] { { 0.3, -0.8, 1.1, 0.2 }, { -0.4, 0.9, 0.1, -1.3 }, { 0.5, 0.1, 0.2, 0.4 } },
        new[,] { { true, false, true, true }, { false, true, false, false }, { false, false, false, false } });
}
