using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// A study of temperatures measures the mean squared error of the gradient over a grid, by common random numbers, and finds the
/// temperature that minimises it.
/// </summary>
/// <example>
/// <code>
/// var logits = randn(1, 4, dtype: ScalarType.Float64).requires_grad_();
/// var weights = randn(4, dtype: ScalarType.Float64);
/// Tensor Gradient(IGradientEstimator estimator, Generator generator)
/// {
///     var node = estimator.Sample(new OneHotCategorical(logits), generator);
///     var y = (node.Value * weights).sum(-1);
///     return autograd.grad([SurrogateLoss.Parallel(y * y, [node]).sum()], [logits])[0];
/// }
/// var study = new TemperatureStudy(Gradient) { Draws = 50 };
/// Console.WriteLine(study.Measure(τ =&gt; new GumbelRaoExact(τ), [0.2, 0.5, 1, 2], new Reinforce()));
/// </code>
/// </example>
public sealed class TemperatureStudy
{
    private const int Blocks = GradientBlocks.Count;
    private readonly GradientSource source;

    /// <summary>Makes a study of gradients that are drawn one at a time.</summary>
    /// <param name="gradient">As for <see cref="GradientStudy"/>.</param>
    public TemperatureStudy(Func<IGradientEstimator, Generator, Tensor> gradient) => source = new(gradient);

    /// <summary>Makes a study of gradients that are drawn several at a time.</summary>
    /// <param name="gradients">As for <see cref="GradientStudy"/>.</param>
    /// <param name="drawsAtOnce">The most draws that are asked for at once; equal numbers need an equal one.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="drawsAtOnce"/> is below 1.</exception>
    public TemperatureStudy(Func<IGradientEstimator, Generator, int, Tensor> gradients, int drawsAtOnce) =>
        source = new(gradients, drawsAtOnce);

    /// <summary>The number of gradients drawn at each temperature; at least 20.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 20.</exception>
    public int Draws { get; init => field = GradientSource.Checked(value); } = 1000;

    /// <summary>The seed of the draws: equal seeds give equal numbers. Draw i, or the batch that begins with it, starts from the
    /// same state at each temperature.</summary>
    public long Seed { get; init; }

    /// <summary>Measures the error against a known gradient.</summary>
    /// <param name="family">Makes the estimator of a temperature, for example <c>τ => new GumbelRao(100, τ)</c>.</param>
    /// <param name="temperatures">Ascending, at least 3, above 0.</param>
    /// <param name="reference">r; see <see cref="ExactGradient"/>.</param>
    /// <exception cref="ArgumentException">The temperatures are not as described.</exception>
    /// <exception cref="InvalidOperationException">The study's closure gave no gradient, or one of another number of
    /// elements.</exception>
    public TemperatureCurve Measure(Func<double, IGradientEstimator> family, IReadOnlyList<double> temperatures, Tensor reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        Check(family, temperatures);
        using var scope = NewDisposeScope();
        return Against(family, temperatures, GradientSource.Row(reference).expand(Blocks, -1));
    }

    /// <summary>Measures the error against the mean of an unbiased estimator, <see cref="Reinforce"/> for example.</summary>
    /// <param name="family">Makes the estimator of a temperature.</param>
    /// <param name="temperatures">Ascending, at least 3, above 0.</param>
    /// <param name="reference">An unbiased estimator; drawn with noise of its own, which the uncertainty includes.</param>
    /// <param name="referenceDraws">The number of its draws, at least 20; ten times <see cref="Draws"/> by default.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="referenceDraws"/> is below 20.</exception>
    /// <exception cref="ArgumentException">The temperatures are not as described.</exception>
    /// <exception cref="InvalidOperationException">The study's closure gave no gradient, or one of another number of
    /// elements.</exception>
    public TemperatureCurve Measure(Func<double, IGradientEstimator> family, IReadOnlyList<double> temperatures,
        IGradientEstimator reference, int? referenceDraws = null)
    {
        ArgumentNullException.ThrowIfNull(reference);
        Check(family, temperatures);
        using var scope = NewDisposeScope();
        using var blocks = source.Draw(reference, referenceDraws ?? 10 * Draws, Seed + 1, common: true);
        return Against(family, temperatures, blocks.Means());
    }

    /// <summary>Measures the error against the mean of an unbiased gradient that no estimator makes, that of
    /// <see cref="LocalExpectation"/> for example.</summary>
    /// <param name="family">Makes the estimator of a temperature.</param>
    /// <param name="temperatures">Ascending, at least 3, above 0.</param>
    /// <param name="reference">As for <see cref="GradientStudy"/>; its noise is in the uncertainty.</param>
    /// <param name="referenceDraws">The number of its draws, at least 20; as many as <see cref="Draws"/> by default.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="referenceDraws"/> is below 20.</exception>
    /// <exception cref="ArgumentException">The temperatures are not as described.</exception>
    /// <exception cref="InvalidOperationException">The study's closure gave no gradient, or one of another number of
    /// elements.</exception>
    public TemperatureCurve Measure(Func<double, IGradientEstimator> family, IReadOnlyList<double> temperatures,
        Func<Generator, Tensor> reference, int? referenceDraws = null)
    {
        ArgumentNullException.ThrowIfNull(reference);
        Check(family, temperatures);
        using var scope = NewDisposeScope();
        using var blocks = new GradientSource(reference).Draw(null, referenceDraws ?? Draws, Seed + 1, common: true);
        return Against(family, temperatures, blocks.Means());
    }

    private static void Check(Func<double, IGradientEstimator> family, IReadOnlyList<double> temperatures)
    {
        ArgumentNullException.ThrowIfNull(family);
        TemperatureChoice.Check(temperatures);
    }

    private TemperatureCurve Against(
        Func<double, IGradientEstimator> family, IReadOnlyList<double> temperatures, Tensor reference)
    {
        var own = GradientBlocks.Products(reference, reference);
        var points = temperatures.Select(temperature => Point(family(temperature), reference)).ToList();
        return TemperatureCurve.Of(temperatures, (point, without) => Error(points[point], own, without));
    }

    /// <summary>Draws at one temperature. Gives for each block of draws the mean of ‖g‖², and the inner products of its mean with
    /// the blocks of the reference.</summary>
    private (double[] Squares, double[,] Products) Point(IGradientEstimator estimator, Tensor reference)
    {
        using var scope = NewDisposeScope();
        using var blocks = source.Draw(estimator, Draws, Seed, common: true, dimension: reference.shape[1]);
        return (blocks.MeanSquares(), GradientBlocks.Products(blocks.Means(), reference));
    }

    /// <summary>Computes E‖g‖² − 2⟨E g, r⟩ + ‖r‖² without one block of draws and of the reference.</summary>
    private static double Error((double[] Squares, double[,] Products) point, double[,] own, int without)
    {
        var kept = Jackknife.Kept(Blocks, without);
        var square = kept.Average(i => point.Squares[i]);
        var product = kept.Average(i => kept.Average(j => point.Products[i, j]));
        return square - 2 * product + SquaredNorm.Without(own, without);
    }
}
