using System.Text.Json.Serialization;
using DiscreteGradients.Experiments.Gradients;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>The result of a study from its parts.</summary>
/// <param name="measured">One an estimator and temperature.</param>
/// <param name="reference">The products of the reference; null without one.</param>
internal sealed class VaeGradientSummary(VaeGradientSettings settings, IReadOnlyList<VaeGradientStudy.Measured> measured,
    GradientPart? reference)
{
    private readonly double[,]? own = reference is null ? null : Square(reference.Products!);

    public VaeGradientResult Result(int? step, int arity) => new(step, arity, settings, [.. measured.Select(Row)], [.. Lines()])
    {
        ReferenceSquaredNorm = own is null ? null : SquaredNorm.Of(own),
        Suggestions = own is null || settings.Temperatures.Count < 3 ? null : [.. Suggestions()],
    };

    private VaeGradientMeasurement Row(VaeGradientStudy.Measured unit)
    {
        var trace = Estimate.Mean(Traces(unit));
        var row = new VaeGradientMeasurement
        {
            Estimator = unit.Estimator!,
            Temperature = unit.Temperature,
            Trace = trace,
            MinibatchTrace = Jackknife.Of(unit.Parts.Count, without => MinibatchTrace(unit, without)),
        };
        if (measured.TakeWhile(other => other != unit)
            .LastOrDefault(other => other.Temperature == unit.Temperature) is { } before)
            row = row with { TraceDifference = Estimate.Mean([.. Traces(before).Zip(Traces(unit), (a, b) => a - b)]) };
        if (First(unit) is { } first) row = row with { TraceRatio = Estimate.RatioOfMeans(Traces(unit), Traces(first)) };
        if (own is null) return row;
        var errors = Errors(unit);
        return row with
        {
            SquaredBias = errors.SquaredBias,
            MeanSquaredError = new(trace.Value + errors.SquaredBias.Value, errors.MeanSquaredError().Error),
            ScaleFreeError = errors.ScaleFreeError(),
            Blocks = errors,
        };
    }

    private VaeGradientStudy.Measured? First(VaeGradientStudy.Measured unit) =>
        measured.FirstOrDefault(other => other.Estimator == settings.Estimators[0]
        && other.Estimator != unit.Estimator && (other.Temperature == unit.Temperature || !other.Estimator!.HasTemperature));

    private IEnumerable<MinibatchDecomposition> Lines() =>
        from temperature in settings.Temperatures
        let family = (from unit in measured
                      let samples = Samples(unit.Estimator!)
                      where samples > 0 && unit.Temperature == temperature
                      orderby samples
                      select (Samples: samples, Traces: Traces(unit))).DistinctBy(one => one.Samples).ToList()
        where family.Count >= 2 && family.All(one => one.Traces.Average() is > 0 and < double.PositiveInfinity)
        select MinibatchDecomposition.Fit(temperature, family);

    private IEnumerable<SuggestedTemperature> Suggestions()
    {
        var order = settings.Temperatures.Order().ToList();
        return from name in settings.Estimators
               where name.HasTemperature
               select SuggestedTemperature.Of(name, order, order.ConvertAll(temperature =>
                   Errors(measured.Single(unit => unit.Estimator == name && unit.Temperature == temperature))));
    }

    /// <summary>K: 1 for ST-GS, K for GR-MCK with independent draws, the largest number for GR itself, else 0.</summary>
    private static int Samples(EstimatorName estimator) => estimator switch
    {
        { Family: EstimatorFamily.StraightThroughGumbelSoftmax } => 1,
        { Family: EstimatorFamily.GumbelRao, IsAntithetic: false, Samples: { } samples } => samples,
        { Family: EstimatorFamily.GumbelRaoExact } => int.MaxValue,
        _ => 0,
    };

    private BlockedErrors Errors(VaeGradientStudy.Measured unit)
    {
        var (mean, cross) = (Square(unit.Products.Products!), Square(unit.Products.ReferenceProducts!));
        var products = new double[mean.GetLength(0), mean.GetLength(0)];
        for (var i = 0; i < products.GetLength(0); i++)
        {
            for (var j = 0; j < products.GetLength(0); j++) products[i, j] = mean[i, j] - cross[i, j] - cross[j, i] + own![i, j];
        }
        return new([.. unit.Parts.Select(part => part.Traces!.Average())], products) { Means = new(mean, cross, own!) };
    }

    /// <summary>Computes tr var over minibatches of the means over passes, less the trace given the minibatch, divided by the
    /// number of passes.</summary>
    private double MinibatchTrace(VaeGradientStudy.Measured unit, int without)
    {
        var kept = Jackknife.Kept(unit.Parts.Count, without);
        var products = Square(unit.Products.Products!);
        double count = kept.Sum(block => unit.Parts[block].SquaredMeans!.Count);
        var norm = kept.Sum(i => kept.Sum(j =>
            products[i, j] * unit.Parts[i].SquaredMeans!.Count * unit.Parts[j].SquaredMeans!.Count)) / (count * count);
        var squares = kept.Sum(block => unit.Parts[block].SquaredMeans!.Sum());
        return (squares - count * norm) / (count - 1)
            - kept.SelectMany(block => unit.Parts[block].Traces!).Average() / settings.Passes;
    }

    private static IReadOnlyList<double> Traces(VaeGradientStudy.Measured unit) =>
        [.. unit.Parts.SelectMany(part => part.Traces!)];

    private static double[,] Square(IReadOnlyList<double> values)
    {
        var side = (int)Math.Sqrt(values.Count);
        var square = new double[side, side];
        for (var i = 0; i < values.Count; i++) square[i / side, i % side] = values[i];
        return square;
    }
}

/// <summary>The findings of a study of the gradient of the inference network.</summary>
/// <param name="Step">The step of the training; null where it is not known.</param>
/// <param name="Arity">Categories of a variable of the model.</param>
/// <param name="Rows">Estimator by estimator, temperature by temperature.</param>
/// <param name="Lines">Proposition 3 at each temperature with two or more of ST-GS and GR-MCK.</param>
internal sealed record VaeGradientResult(int? Step, int Arity, VaeGradientSettings Settings,
    IReadOnlyList<VaeGradientMeasurement> Rows, IReadOnlyList<MinibatchDecomposition> Lines)
{
    /// <summary>The squared norm ‖E r‖² of the reference, less its sampling variance: the scale of the biases. Null without a
    /// reference.</summary>
    public Estimate? ReferenceSquaredNorm { get; init; }

    /// <summary>The suggestions, where three or more temperatures were measured with a reference; else null.</summary>
    public IReadOnlyList<SuggestedTemperature>? Suggestions { get; init; }
}

/// <summary>The gradient of the inference network by one estimator at one temperature. Errors are standard errors over
/// minibatches.</summary>
internal sealed record VaeGradientMeasurement
{
    public required EstimatorName Estimator { get; init; }

    /// <summary>The temperature τ; REINFORCE, which ignores it, is measured at the first one only.</summary>
    public required double Temperature { get; init; }

    /// <summary>The mean over minibatches of tr var[∇ | minibatch].</summary>
    public required Estimate Trace { get; init; }

    /// <summary>The base-10 logarithm of <see cref="Trace"/>; null where that is not above 0.</summary>
    public Estimate? Log10Trace => Trace.Log10;

    /// <summary><see cref="Trace"/> of the estimator named before less this one's, minibatch by minibatch.</summary>
    public Estimate? TraceDifference { get; init; }

    /// <summary><see cref="Trace"/> over that of the study's first estimator at the same temperature, on the same minibatches;
    /// null for that estimator, or where it has no variance.</summary>
    public Estimate? TraceRatio { get; init; }

    /// <summary>The trace tr var over minibatches of the mean gradient of each: that of the means over the passes, less
    /// <see cref="Trace"/> / passes.</summary>
    public required Estimate MinibatchTrace { get; init; }

    /// <summary>The base-10 logarithm of <see cref="MinibatchTrace"/>; null where that is not above 0.</summary>
    public double? Log10MinibatchTrace => MinibatchTrace.Log10?.Value;

    /// <summary>The squared bias ‖E ∇ − E r‖² against the mean of the reference over the same minibatches, less the sampling
    /// variance of both: unbiased, so it may come out below 0. Null without a reference.</summary>
    public Estimate? SquaredBias { get; init; }

    /// <summary><see cref="Trace"/> + <see cref="SquaredBias"/>: the error of one pass as an estimate of the minibatch's
    /// gradient, with the bias of the mean over minibatches.</summary>
    public Estimate? MeanSquaredError { get; init; }

    /// <summary>The least of E‖c·∇ − E r‖²/‖E r‖² over factors c: the error that no learning rate takes back.</summary>
    public Estimate? ScaleFreeError { get; init; }

    /// <summary>The variance and the bias by blocks of minibatches, the same for all estimators of a study; null without a
    /// reference.</summary>
    [JsonIgnore]
    public BlockedErrors? Blocks { get; init; }

    /// <summary>The base-10 logarithm of <see cref="MeanSquaredError"/>; null where that is not above 0.</summary>
    public double? Log10MeanSquaredError => MeanSquaredError?.Log10?.Value;
}

/// <summary>Proposition 3, tr var[GR-MCK] = E var[ST-GS | D]/K + var[GR], for each minibatch, averaged; so the differences
/// between minibatches, which the estimators share, are not in the errors of <see cref="Points"/>. Errors are over
/// minibatches.</summary>
/// <param name="Temperature">τ.</param>
/// <param name="Conditional">E var[ST-GS | D], of one minibatch's gradient.</param>
/// <param name="Residual">var[GR]: what is left at K = ∞.</param>
/// <param name="Points">The measured traces beside the line.</param>
internal sealed record MinibatchDecomposition(
    double Temperature, Estimate Conditional, Estimate Residual, IReadOnlyList<MinibatchDecomposition.Point> Points)
{
    /// <summary>The trace at one K.</summary>
    /// <param name="Samples">K.</param>
    /// <param name="Trace">The trace as measured.</param>
    /// <param name="Line">The trace as fitted.</param>
    /// <param name="Difference">Measured less fitted.</param>
    public sealed record Point(int Samples, double Trace, double Line, Estimate Difference);

    /// <summary>The decomposition of traces of the same minibatches, each K weighted by 1/trace², as errors are proportional to
    /// traces.</summary>
    /// <param name="temperature">τ.</param>
    /// <param name="traces">K and the trace of each minibatch; at least two K. Their means are finite and above 0.</param>
    internal static MinibatchDecomposition Fit(double temperature,
        IReadOnlyList<(int Samples, IReadOnlyList<double> Traces)> traces)
    {
        var means = traces.Select(one => one.Traces.Average()).ToList();
        var fits = traces[0].Traces.Select((_, minibatch) => VarianceDecomposition.Fit(
            [.. traces.Zip(means, (one, mean) => (one.Samples, new Estimate(one.Traces[minibatch], mean)))])).ToList();
        var conditional = Estimate.Mean([.. fits.Select(fit => fit.Conditional.Value)]);
        var residual = Estimate.Mean([.. fits.Select(fit => fit.Residual.Value)]);
        return new(temperature, conditional, residual, [.. traces.Zip(means, (one, mean) => new Point(
            one.Samples, mean, residual.Value + conditional.Value / one.Samples,
            Estimate.Mean([.. one.Traces.Zip(fits, (trace, fit) => trace - fit.Trace(one.Samples))])))]);
    }
}
