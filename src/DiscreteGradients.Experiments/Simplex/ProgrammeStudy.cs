using DiscreteGradients.Autograd;
using DiscreteGradients.Experiments.Gradients;
using DiscreteGradients.Experiments.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Simplex;

/// <summary>Measures estimators of the gradient of a programme at one point against the exact gradient.</summary>
/// <param name="programme">Whose gradient.</param>
/// <param name="probabilities">p, [V, n]; a category of probability 0 is masked.</param>
/// <param name="draws">Gradients drawn of each estimator, at least 20.</param>
/// <param name="seed">Each temperature sees the same random numbers.</param>
public sealed class ProgrammeStudy(IProgramme programme, double[,] probabilities, int draws, ulong seed)
{
    private const int Elements = 60_000;       // of a chunk of gradients: a few float64 temporaries of that size at a time
    private readonly bool singular = programme.IsSingular(probabilities);
    private readonly int dimension = programme.Variables * programme.Arity;

    /// <summary>Whether the direct dependence of f on θ counts; without it the gradient by way of D alone is measured.</summary>
    public bool Direct { get; init; }

    /// <summary>For the fused kernel; the numbers do not depend on it.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Gradients that are averaged in the mean squared error of a suggestion.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Every estimator at every temperature, the estimators of one temperature together.</summary>
    /// <param name="estimators">The first is what the others' traces are compared with.</param>
    /// <param name="temperatures">τ.</param>
    /// <param name="progress">Told how many of the measurements are done.</param>
    /// <param name="cancellation">Looked at before each chunk of draws.</param>
    public ProgrammeResult Run(IReadOnlyList<EstimatorName> estimators, IReadOnlyList<double> temperatures, Action<int>? progress = null, CancellationToken cancellation = default)
    {
        var (rows, errors) = (new List<ProgrammeMeasurement>(), estimators.ToDictionary(name => name, _ => new List<BlockedErrors>()));
        foreach (var temperature in temperatures)
        {
            ProgrammeMeasurement? first = null;
            foreach (var name in estimators)
            {
                var (row, blocks) = Measure(name, temperature, cancellation);
                first ??= row;
                rows.Add(Published(row with { Log10TraceDifference = first.Log10Trace - row.Log10Trace }));
                errors[name].Add(blocks);
                progress?.Invoke(rows.Count);
            }
        }
        var suggestions = temperatures.Count < 3 || singular ? null : estimators.Where(name => !name.UsesScore)
            .Select(name => SuggestedTemperature.Of(name, BlockedErrors.Choose(temperatures, errors[name], Batch))).ToList();
        var (byValue, total) = programme.ExactGradient(probabilities);
        return new(Flat(probabilities), singular, programme.Objective(probabilities), byValue is null ? null : Flat(byValue), Flat(total), Direct, rows) { Suggestions = suggestions };
    }

    /// <summary>One estimator at one temperature. At a singular point the traces are relative ones.</summary>
    internal (ProgrammeMeasurement Row, BlockedErrors Blocks) Measure(EstimatorName name, double temperature, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(Seeds.For(seed, SeedPurpose.Weights));
        var exact = programme.ExactGradient(probabilities);
        var reference = tensor(Flat((Direct ? exact.Total : exact.ByValue) ?? new double[programme.Variables, programme.Arity]));
        var statistics = new GradientStatistics(dimension);
        using var blocks = new BlockMeans(dimension);
        var traces = new double[BlockedErrors.Blocks];
        for (var block = 0; block < traces.Length; block++)
        {
            using var part = new GradientStatistics(dimension);
            var count = (int)((block + 1L) * draws / traces.Length - block * (long)draws / traces.Length);
            foreach (var rows in Chunks(name, temperature, count, generator, cancellation))
            {
                statistics.AddRange(rows);
                part.AddRange(rows);
            }
            using var mean = part.Mean();
            blocks.Add(block, mean);
            traces[block] = part.TraceOfCovariance;
        }
        using (statistics)
        {
            var difference = blocks.Means().sub_(reference);
            var errors = new BlockedErrors(traces, BlockMeans.Products(difference, difference));
            return (Row(name, temperature, statistics, errors), errors);
        }
    }

    private IEnumerable<Tensor> Chunks(EstimatorName name, double temperature, int count, Generator generator, CancellationToken cancellation)
    {
        var estimator = name.Create(temperature, Threads);
        var cost = programme.CostAt(probabilities);
        using var logits = tensor(probabilities, dtype: ScalarType.Float32).log_();
        using var mask = Flat(probabilities).Any(p => p <= 0) ? tensor(probabilities) > Scalars.Zero : null;
        using Scalar baseline = singular ? 0 : programme.Objective(probabilities);
        for (int done = 0, rows; done < count; done += rows)
        {
            cancellation.ThrowIfCancellationRequested();
            rows = Math.Min(count - done, Math.Max(1, Elements / dimension));
            using var scope = NewDisposeScope();
            var theta = logits.unsqueeze(0).repeat(rows, 1, 1).requires_grad_();
            var distribution = new OneHotCategorical(theta, mask?.unsqueeze(0).repeat(rows, 1, 1));
            var node = estimator.Sample(distribution, generator);
            var value = Direct ? programme.Cost(distribution, node.Value) : cost(node.Value);
            var loss = SurrogateLoss.Parallel(value, [node], full_like(value, baseline)).sum();
            loss.backward();
            yield return theta.grad!;
        }
    }

    private ProgrammeMeasurement Row(EstimatorName name, double temperature, GradientStatistics statistics, BlockedErrors errors)
    {
        using var mean = statistics.Mean();
        using var deviation = statistics.StandardError();
        return new()
        {
            Estimator = name,
            Temperature = temperature,
            Draws = draws,
            Mean = mean.data<double>().ToArray(),
            MeanError = deviation.data<double>().ToArray(),
            Trace = new(statistics.TraceOfCovariance, statistics.TraceStandardError),
            SquaredBias = errors.SquaredBias,
            MeanSquaredError = errors.MeanSquaredError(),
        };
    }

    /// <summary>Without what is infinite.</summary>
    private ProgrammeMeasurement Published(ProgrammeMeasurement row) => !singular ? row : new()
    {
        Estimator = row.Estimator,
        Temperature = row.Temperature,
        Draws = row.Draws,
        Log10TraceDifference = row.Log10TraceDifference,
    };

    private static double[] Flat(double[,] values) => [.. values.Cast<double>()];
}
