using DiscreteGradients.Experiments.Gradients;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>The result of a study from its parts.</summary>
/// <param name="settings">Settings of the study.</param>
/// <param name="measured">One an estimator and temperature.</param>
/// <param name="reference">The products of the reference; null without one.</param>
internal sealed class VaeGradientSummary(VaeGradientSettings settings, IReadOnlyList<VaeGradientStudy.Measured> measured, GradientPart? reference)
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
        if (measured.TakeWhile(other => other != unit).LastOrDefault(other => other.Temperature == unit.Temperature) is { } before)
            row = row with { TraceDifference = Estimate.Mean([.. Traces(before).Zip(Traces(unit), (a, b) => a - b)]) };
        if (own is null) return row;
        var errors = Errors(unit);
        return row with { SquaredBias = errors.SquaredBias, MeanSquaredError = new(trace.Value + errors.SquaredBias.Value, errors.MeanSquaredError().Error) };
    }

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
               where !name.UsesScore
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
        return new([.. unit.Parts.Select(part => part.Traces!.Average())], products);
    }

    /// <summary>tr var over minibatches of the means over passes, less the Monte-Carlo trace over the passes.</summary>
    private double MinibatchTrace(VaeGradientStudy.Measured unit, int without)
    {
        var kept = Enumerable.Range(0, unit.Parts.Count).Where(block => block != without).ToList();
        var products = Square(unit.Products.Products!);
        double count = kept.Sum(block => unit.Parts[block].SquaredMeans!.Count);
        var norm = kept.Sum(i => kept.Sum(j => products[i, j] * unit.Parts[i].SquaredMeans!.Count * unit.Parts[j].SquaredMeans!.Count)) / (count * count);
        var squares = kept.Sum(block => unit.Parts[block].SquaredMeans!.Sum());
        return (squares - count * norm) / (count - 1) - kept.SelectMany(block => unit.Parts[block].Traces!).Average() / settings.Passes;
    }

    private static IReadOnlyList<double> Traces(VaeGradientStudy.Measured unit) => [.. unit.Parts.SelectMany(part => part.Traces!)];

    private static double[,] Square(IReadOnlyList<double> values)
    {
        var side = (int)Math.Sqrt(values.Count);
        var square = new double[side, side];
        for (var i = 0; i < values.Count; i++) square[i / side, i % side] = values[i];
        return square;
    }
}
