using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>Measures estimators on a model of the user's: bias, variance and mean squared error of the gradient, and what
/// K is worth having.</summary>
/// <param name="gradient">Draws one gradient of any shape, the same at each call, with the estimator and the generator that
/// it is given. Draws must be independent. A fixed minibatch measures the Monte-Carlo variance; one drawn from the
/// generator adds that of the minibatch.</param>
public sealed class GradientStudy(Func<IGradientEstimator, Generator, Tensor> gradient)
{
    private readonly Func<IGradientEstimator, Generator, Tensor> gradient = gradient ?? throw new ArgumentNullException(nameof(gradient));

    /// <summary>N, gradients drawn of each estimator; at least 20.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 20.</exception>
    public int Draws
    {
        get;
        init => field = value >= 2 * BlockMeans.Default ? value : throw new ArgumentOutOfRangeException(nameof(value), Require.Invariant($"draws is {value}; expected at least {2 * BlockMeans.Default}."));
    } = 1000;

    /// <summary>Equal seeds, equal numbers. Each estimator starts from the same state.</summary>
    public long Seed { get; init; }

    /// <summary>Each estimator's mean and variance, without a reference.</summary>
    public IReadOnlyList<GradientSummary> Compare(IEnumerable<IGradientEstimator> estimators)
    {
        ArgumentNullException.ThrowIfNull(estimators);
        return [.. estimators.Select(estimator => Summarise(estimator, null))];
    }

    /// <summary>Bias and error are against a known gradient.</summary>
    /// <param name="estimators">To be measured.</param>
    /// <param name="reference">r, of as many elements as a gradient; see <see cref="ExactGradient"/>.</param>
    public IReadOnlyList<GradientSummary> Compare(IEnumerable<IGradientEstimator> estimators, Tensor reference)
    {
        ArgumentNullException.ThrowIfNull(estimators);
        ArgumentNullException.ThrowIfNull(reference);
        using var scope = NewDisposeScope();
        var row = reference.detach().reshape(1, -1).to(ScalarType.Float64).cpu();
        return [.. estimators.Select(estimator => Summarise(estimator, row))];
    }

    /// <summary>Bias and error are against the mean of an unbiased estimator, <see cref="Reinforce"/> for example.</summary>
    /// <param name="estimators">To be measured.</param>
    /// <param name="reference">Unbiased; drawn with noise of its own.</param>
    /// <param name="referenceDraws">At least 20; ten times <see cref="Draws"/> by default, since its variance is large.</param>
    public IReadOnlyList<GradientSummary> Compare(IEnumerable<IGradientEstimator> estimators, IGradientEstimator reference, int? referenceDraws = null)
    {
        ArgumentNullException.ThrowIfNull(estimators);
        ArgumentNullException.ThrowIfNull(reference);
        using var scope = NewDisposeScope();
        using var drawn = Draw(reference, referenceDraws ?? 10 * Draws, Seed + 1);
        var means = drawn.Blocks.Means();
        return [.. estimators.Select(estimator => Summarise(estimator, means))];
    }

    /// <summary>Proposition 3 on this model: var[GR-MCK] as a part that K shrinks and one that it does not, by a straight
    /// line in 1/K through the K given and K = ∞, <see cref="GumbelRaoExact"/>.</summary>
    /// <param name="temperature">τ.</param>
    /// <param name="samples">At least one K; the spread of 1/K decides the precision. 1, 10 and 100 by default.</param>
    public VarianceDecomposition Decompose(double temperature, IReadOnlyList<int>? samples = null)
    {
        samples ??= [1, 10, 100];
        return VarianceDecomposition.Fit([.. samples.Select(Measure), Measure(int.MaxValue)]);

        (int, double, double) Measure(int count)
        {
            var summary = Summarise(count == int.MaxValue ? new GumbelRaoExact(temperature) : new GumbelRao(count, temperature), null, Seed + count);
            return (count, summary.Trace, summary.TraceError);
        }
    }

    private GradientSummary Summarise(IGradientEstimator estimator, Tensor? reference, long? seed = null)
    {
        using var scope = NewDisposeScope();
        using var drawn = Draw(estimator, Draws, seed ?? Seed);
        double[,]? products = null;
        if (reference is not null)
        {
            var difference = drawn.Blocks.Means().sub_(reference);
            products = BlockMeans.Products(difference, difference);
        }
        var statistics = drawn.Statistics;
        return new(estimator, Draws, statistics.Mean().data<double>().ToArray(), statistics.TraceOfCovariance, statistics.TraceStandardError,
            products is null ? null : SquaredNorm.Estimate(products), products is null ? null : SquaredNorm.StandardError(products));
    }

    private Drawn Draw(IGradientEstimator estimator, int draws, long seed)
    {
        using var generator = new Generator((ulong)seed);
        Drawn? drawn = null;
        for (var draw = 0; draw < draws; draw++)
        {
            using var scope = NewDisposeScope();
            var row = GradientRow.Of(gradient(estimator, generator));
            drawn ??= new(new(row.numel()), new(row.numel()));
            drawn.Statistics.Add(row);
            drawn.Blocks.Add(drawn.Blocks.BlockOf(draw, draws), row);
        }
        return drawn!;
    }

    private sealed record Drawn(GradientStatistics Statistics, BlockMeans Blocks) : IDisposable
    {
        public void Dispose()
        {
            Statistics.Dispose();
            Blocks.Dispose();
        }
    }
}
