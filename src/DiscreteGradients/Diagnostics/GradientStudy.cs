using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// A study measures estimators on your own model: bias, variance and mean squared error of the gradient, and the K that is worth
/// having.
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
/// var study = new GradientStudy(Gradient) { Draws = 50 };
/// foreach (var row in study.Compare([new StraightThroughGumbelSoftmax(0.5), new GumbelRaoExact(0.5)], new Reinforce()))
///     Console.WriteLine(row);
/// </code>
/// </example>
public sealed class GradientStudy
{
    private readonly GradientSource source;

    /// <summary>Makes a study of gradients that are drawn one at a time.</summary>
    /// <param name="gradient">Draws one gradient of any shape, the same at each call, with the estimator and the generator that
    /// it is given. Draws must be independent. A fixed minibatch measures the Monte-Carlo variance; one drawn from the
    /// generator adds that of the minibatch.</param>
    public GradientStudy(Func<IGradientEstimator, Generator, Tensor> gradient) => source = new(gradient);

    /// <summary>Makes a study of gradients that are drawn several at a time, which a small problem does in much less
    /// time.</summary>
    /// <param name="gradients">Draws as many independent gradients as the number that it is given, [draws, ...].</param>
    /// <param name="drawsAtOnce">The most draws that are asked for at once; equal numbers need an equal one.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="drawsAtOnce"/> is below 1.</exception>
    public GradientStudy(Func<IGradientEstimator, Generator, int, Tensor> gradients, int drawsAtOnce) =>
        source = new(gradients, drawsAtOnce);

    /// <summary>The number N of gradients drawn of each estimator; at least 20.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 20.</exception>
    public int Draws { get; init => field = GradientSource.Checked(value); } = 1000;

    /// <summary>The seed of the draws: equal seeds give equal numbers. Each estimator starts from the same state.</summary>
    public long Seed { get; init; }

    /// <summary>Measures each estimator's mean and variance, without a reference.</summary>
    /// <exception cref="InvalidOperationException">The study's closure gave no gradient, or one of another number of
    /// elements.</exception>
    public IReadOnlyList<GradientSummary> Compare(IEnumerable<IGradientEstimator> estimators)
    {
        ArgumentNullException.ThrowIfNull(estimators);
        return [.. estimators.Select(estimator => Summarise(estimator, null, Seed))];
    }

    /// <summary>Measures each estimator's mean and variance, and its bias and error against a known gradient.</summary>
    /// <param name="estimators">The estimators to be measured.</param>
    /// <param name="reference">r, of as many elements as a gradient; see <see cref="ExactGradient"/>.</param>
    /// <exception cref="InvalidOperationException">The study's closure gave no gradient, or one of another number of
    /// elements.</exception>
    public IReadOnlyList<GradientSummary> Compare(IEnumerable<IGradientEstimator> estimators, Tensor reference)
    {
        ArgumentNullException.ThrowIfNull(estimators);
        ArgumentNullException.ThrowIfNull(reference);
        using var scope = NewDisposeScope();
        var row = GradientSource.Row(reference);
        return [.. estimators.Select(estimator => Summarise(estimator, row, Seed))];
    }

    /// <summary>Measures each estimator's mean and variance, and its bias and error against the mean of an unbiased estimator,
    /// <see cref="Reinforce"/> for example.</summary>
    /// <param name="estimators">The estimators to be measured.</param>
    /// <param name="reference">An unbiased estimator; drawn with noise of its own.</param>
    /// <param name="referenceDraws">The number of its draws, at least 20; ten times <see cref="Draws"/> by default, since
    /// its variance is large.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="referenceDraws"/> is below 20.</exception>
    /// <exception cref="InvalidOperationException">The study's closure gave no gradient, or one of another number of
    /// elements.</exception>
    public IReadOnlyList<GradientSummary> Compare(IEnumerable<IGradientEstimator> estimators, IGradientEstimator reference,
        int? referenceDraws = null)
    {
        ArgumentNullException.ThrowIfNull(estimators);
        ArgumentNullException.ThrowIfNull(reference);
        using var drawn = source.Draw(reference, referenceDraws ?? 10 * Draws, Seed + 1);
        return Compare(estimators, drawn);
    }

    /// <summary>Measures each estimator's mean and variance, and its bias and error against the mean of an unbiased gradient that
    /// no estimator makes, that of <see cref="LocalExpectation"/> for example.</summary>
    /// <param name="estimators">The estimators to be measured.</param>
    /// <param name="reference">Draws one unbiased gradient, of as many elements as the others, with the generator that it is
    /// given.</param>
    /// <param name="referenceDraws">The number of its draws, at least 20; as many as <see cref="Draws"/> by default.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="referenceDraws"/> is below 20.</exception>
    /// <exception cref="InvalidOperationException">The study's closure gave no gradient, or one of another number of
    /// elements.</exception>
    public IReadOnlyList<GradientSummary> Compare(IEnumerable<IGradientEstimator> estimators, Func<Generator, Tensor> reference,
        int? referenceDraws = null)
    {
        ArgumentNullException.ThrowIfNull(estimators);
        ArgumentNullException.ThrowIfNull(reference);
        using var drawn = new GradientSource(reference).Draw(null, referenceDraws ?? Draws, Seed + 1);
        return Compare(estimators, drawn);
    }

    /// <summary>Splits var[GR-MCK] on this model into a part that K shrinks and one that it does not (Proposition 3), by a
    /// straight line in 1/K through the K given and K = ∞, <see cref="GumbelRaoExact"/>.</summary>
    /// <param name="temperature">The temperature τ.</param>
    /// <param name="samples">The K to be measured, at least one; the spread of 1/K decides the precision. 1, 10 and 100 by
    /// default.</param>
    /// <exception cref="ArgumentException">No K is given, one twice (its draws would be the same), or one below 1 or of
    /// <see cref="int.MaxValue"/>, which stands for K = ∞.</exception>
    /// <exception cref="InvalidOperationException">A trace is not finite, as with a gradient of NaN.</exception>
    public VarianceDecomposition Decompose(double temperature, IReadOnlyList<int>? samples = null)
    {
        samples ??= [1, 10, 100];
        if (samples.Count == 0 || samples.Any(count => count is < 1 or int.MaxValue))
        {
            throw new ArgumentException($"samples is [{string.Join(", ", samples)}]; expected at least one K, each of at least 1 "
                + Require.Invariant($"and below {int.MaxValue}."), nameof(samples));
        }
        if (samples.Distinct().Count() < samples.Count)
            throw new ArgumentException($"samples is [{string.Join(", ", samples)}]; expected each K once.", nameof(samples));
        var finite = samples.Select(count => Measured(count, new GumbelRao(count, temperature)));
        return VarianceDecomposition.Fit([.. finite, Measured(int.MaxValue, new GumbelRaoExact(temperature))]);

        // Each K has a seed of its own: the line takes the traces as independent.
        (int Samples, Estimate Trace) Measured(int count, IGradientEstimator estimator)
        {
            var trace = Summarise(estimator, null, Seed + count).Trace;
            if (double.IsFinite(trace.Value)) return (count, trace);
            throw new InvalidOperationException(Require.Invariant($"the trace of {estimator} is {trace.Value}; ")
                + "expected finite gradients of the model.");
        }
    }

    private IReadOnlyList<GradientSummary> Compare(IEnumerable<IGradientEstimator> estimators, GradientBlocks reference)
    {
        using var scope = NewDisposeScope();
        var means = reference.Means();
        return [.. estimators.Select(estimator => Summarise(estimator, means, Seed))];
    }

    private GradientSummary Summarise(IGradientEstimator estimator, Tensor? reference, long seed)
    {
        using var scope = NewDisposeScope();
        // The statistics are made at the first batch: only then is the number of elements known.
        GradientStatistics? drawn = null;
        using var blocks = source.Draw(estimator, Draws, seed,
            take: (_, rows) => (drawn ??= new(rows.shape[1])).AddRange(rows), dimension: reference?.shape[1]);
        using var statistics = drawn!;
        var errors = reference is null ? null : blocks.Against(reference);
        var means = statistics.Mean().data<double>().ToArray();
        var deviations = statistics.StandardError().data<double>().ToArray();
        IReadOnlyList<Estimate> mean = [.. means.Zip(deviations, (value, error) => new Estimate(value, error))];
        return new(estimator, Draws, mean, statistics.Trace, errors?.SquaredBias) { Blocks = errors };
    }
}
