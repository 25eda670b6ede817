using System.Globalization;
using System.Text;
using DiscreteGradients.Experiments.Gradients;
using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.ToyProblems;

/// <summary>Measures estimators of the gradient of a toy problem at one point against the exact gradient.</summary>
/// <param name="probabilities">p, [V, n]; a category of probability 0 is masked.</param>
/// <param name="draws">Gradients drawn of each estimator, at least 20.</param>
/// <param name="seed">Each temperature sees the same random numbers.</param>
internal sealed class ToyProblemStudy(IToyProblem problem, double[,] probabilities, int draws, ulong seed)
{
    private const int ElementsAtOnce = 60_000;       // of gradients: a few float64 temporaries of that size at a time
    private readonly bool singular = problem.IsSingular(probabilities);

    /// <summary>Tells whether the direct dependence of f on θ counts; without it the gradient by way of D alone is
    /// measured.</summary>
    public bool Direct { get; init; }

    /// <summary>Gradients that are averaged in the mean squared error of a suggestion.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Measures every estimator at every temperature, the estimators of one temperature together.</summary>
    /// <param name="estimators">The first is what the others' traces are compared with.</param>
    /// <param name="temperatures">τ; ascending for suggestions.</param>
    /// <param name="progress">Told how many of the measurements are done.</param>
    public ToyProblemResult Run(IReadOnlyList<EstimatorName> estimators, IReadOnlyList<double> temperatures,
        Action<int>? progress = null, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        var (byValue, total) = problem.ExactGradient(probabilities);
        // Where the gradient is infinite, the traces alone are used, and they need no reference.
        var reference = tensor(Flat((Direct ? total : byValue) ?? new double[problem.Variables, problem.Arity]));
        var study = new GradientStudy(Gradients, Math.Max(1, ElementsAtOnce / probabilities.Length))
        {
            Draws = draws,
            Seed = (long)Seeds.For(seed, SeedPurpose.Weights),
        };
        var measured = new List<Measured>();
        foreach (var temperature in temperatures)
        {
            foreach (var name in estimators)
            {
                measured.Add(new(name, temperature, study.Compare([name.Create(temperature)], reference)[0]));
                progress?.Invoke(measured.Count);
            }
        }
        var suggestions = from name in estimators
                          where name.HasTemperature
                          let errors = measured.Where(one => one.Name == name).Select(one => one.Summary.Blocks!).ToList()
                          select SuggestedTemperature.Of(name, temperatures, errors, Batch);
        return new(Flat(probabilities), singular, problem.Objective(probabilities),
            byValue is null ? null : Flat(byValue), Flat(total), Direct,
            [.. measured.Select(one => Row(one, measured.First(other => other.Temperature == one.Temperature)))])
        {
            Suggestions = temperatures.Count < 3 || singular ? null : [.. suggestions],
        };

        Tensor Gradients(IGradientEstimator estimator, Generator generator, int count)
        {
            cancellation.ThrowIfCancellationRequested();
            return Draw(estimator, generator, count);
        }
    }

    /// <summary>Gradients to the logits, [count, V, n]. At a singular point they are relative to the infinite ones.</summary>
    private Tensor Draw(IGradientEstimator estimator, Generator generator, int count)
    {
        using var scope = NewDisposeScope();
        var logits = tensor(probabilities, dtype: ScalarType.Float32).log_().unsqueeze(0).repeat(count, 1, 1).requires_grad_();
        var distribution = new OneHotCategorical(logits);       // a probability of 0 is a logit of −∞, which masks
        var node = estimator.Sample(distribution, generator);
        var cost = Direct ? problem.Cost(distribution, node.Value) : problem.CostAt(probabilities)(node.Value);
        using Scalar baseline = singular ? 0 : problem.Objective(probabilities);
        SurrogateLoss.Parallel(cost, [node], full_like(cost, baseline)).sum().backward();
        return logits.grad!.MoveToOuterDisposeScope();
    }

    /// <summary>A row of the result, without what is infinite at a singular point.</summary>
    private ToyProblemMeasurement Row(Measured one, Measured first)
    {
        var (name, temperature, summary) = one;
        var row = new ToyProblemMeasurement
        {
            Estimator = name,
            Temperature = temperature,
            Draws = draws,
            Log10TraceDifference = ReferenceEquals(one, first) ? null : Difference(first.Summary, summary),
        };
        return singular ? row : row with
        {
            Mean = [.. summary.Mean.Select(mean => mean.Value)],
            MeanError = [.. summary.Mean.Select(mean => mean.Error)],
            Trace = summary.Trace,
            SquaredBias = summary.SquaredBias,
            MeanSquaredError = summary.Blocks!.MeanSquaredError(),
            ScaleFreeError = summary.ScaleFreeError(),
        };
    }

    // The draws of both have the same seed: the error is that of the difference, with each block of both left out in turn.
    private static Estimate? Difference(GradientSummary first, GradientSummary summary) =>
        first.Log10Trace - summary.Log10Trace is not { } difference ? null : difference with
        {
            Error = Jackknife.StandardError([.. Enumerable.Range(0, summary.Blocks!.Traces.Count)
                .Select(block => Math.Log10(first.Blocks!.Trace(block)) - Math.Log10(summary.Blocks.Trace(block)))]),
        };

    private static double[] Flat(double[,] values) => [.. values.Cast<double>()];

    private sealed record Measured(EstimatorName Name, double Temperature, GradientSummary Summary);
}

/// <summary>The findings of a study of a toy problem.</summary>
/// <param name="Probabilities">p, [V·n].</param>
/// <param name="Singular">Whether f is infinite at p, so that only differences of log traces have a value.</param>
/// <param name="Objective">E f(D, θ).</param>
/// <param name="ExactByValue">The exact gradient to the logits by way of D alone, [V·n]; null at a singular point.</param>
/// <param name="ExactTotal">The exact gradient in all, [V·n].</param>
/// <param name="Direct">Whether the estimators' gradients include the direct dependence of f on θ.</param>
/// <param name="Rows">Estimator by estimator, temperature by temperature.</param>
internal sealed record ToyProblemResult(IReadOnlyList<double> Probabilities, bool Singular, double Objective,
    IReadOnlyList<double>? ExactByValue, IReadOnlyList<double> ExactTotal, bool Direct, IReadOnlyList<ToyProblemMeasurement> Rows)
{
    /// <summary>The suggestion for each estimator with a temperature, where at least three were measured; else null.</summary>
    public IReadOnlyList<SuggestedTemperature>? Suggestions { get; init; }
}

/// <summary>The gradient of one estimator to the logits, at one point and temperature. Errors are standard errors. At a
/// singular point only <see cref="Log10TraceDifference"/> exists, as a limit.</summary>
internal sealed record ToyProblemMeasurement
{
    public required EstimatorName Estimator { get; init; }

    /// <summary>The temperature τ; REINFORCE ignores it.</summary>
    public required double Temperature { get; init; }

    /// <summary>Gradients drawn.</summary>
    public required int Draws { get; init; }

    /// <summary>The mean of the draws, [V·n].</summary>
    public IReadOnlyList<double>? Mean { get; init; }

    /// <summary>The standard error of each element of <see cref="Mean"/>.</summary>
    public IReadOnlyList<double>? MeanError { get; init; }

    /// <summary>The trace tr cov(g) of the covariance.</summary>
    public Estimate? Trace { get; init; }

    /// <summary>The base-10 logarithm of <see cref="Trace"/>; null where nothing varies.</summary>
    public Estimate? Log10Trace => Trace?.Log10;

    /// <summary>The base-10 logarithm of the first estimator's trace less that of this one's, at the same temperature, with the
    /// error of a jackknife over blocks of the draws of both; null for the first estimator.</summary>
    public Estimate? Log10TraceDifference { get; init; }

    /// <summary>The squared bias ‖E g − r‖² against the exact gradient r, less the sampling variance: it may come out
    /// below 0.</summary>
    public Estimate? SquaredBias { get; init; }

    /// <summary>The root of <see cref="SquaredBias"/>, 0 where that is below 0.</summary>
    public Estimate? BiasNorm => SquaredBias?.Root;

    /// <summary>E‖g − r‖².</summary>
    public Estimate? MeanSquaredError { get; init; }

    /// <summary>The least of E‖c·g − r‖²/‖r‖² over factors c.</summary>
    public Estimate? ScaleFreeError { get; init; }
}

/// <summary>A study of a toy problem as plain text.</summary>
internal static class ToyProblemTable
{
    private const int MostElements = 8;

    /// <summary>One row an estimator and temperature, then what is exact.</summary>
    public static string Text(ToyProblemResult result)
    {
        var table = Table.Of(
            result.Rows,
            new("estimator", row => row.Estimator),
            new("tau", row => row.Temperature),
            new("log10 trace", row => Estimate.Text(row.Log10Trace, "F3", "F3")),
            new("difference", row => Estimate.Text(row.Log10TraceDifference, "F3", "F3")),
            new("bias norm", row => Estimate.Text(row.BiasNorm)),
            new("MSE", row => Estimate.Text(row.MeanSquaredError)),
            new("scale-free", row => Estimate.Text(row.ScaleFreeError)));
        var text = new StringBuilder(table.Plain()).AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"± one standard error. difference: log10 trace of {result.Rows[0].Estimator} less that of the row. Gradients to the logits, {(result.Direct ? "in all" : "by way of the sample alone")}.");
        if (result.Singular)
            text.AppendLine("The cost is infinite at this point, so that only the limits of the differences exist.");
        text.AppendLine(CultureInfo.InvariantCulture, $"objective {result.Objective:G9}");
        if (result.ExactTotal.Count <= MostElements)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"exact gradient by way of the sample: {(result.ExactByValue is { } exact ? Vector(exact) : "infinite")}");
            text.AppendLine(CultureInfo.InvariantCulture, $"exact gradient in all:               {Vector(result.ExactTotal)}");
            foreach (var row in result.Rows.Where(row => row.Mean is not null))
                text.AppendLine(CultureInfo.InvariantCulture,
                    $"mean of {row.Estimator} at {row.Temperature}: {Vector(row.Mean!)}");
        }
        foreach (var suggestion in result.Suggestions ?? []) text.AppendLine($"{suggestion}");
        if (result.Suggestions is { Count: > 0 }) text.AppendLine(SuggestedTemperature.Warning);
        return text.ToString().TrimEnd();
    }

    private static string Vector(IReadOnlyList<double> values) =>
        "[" + string.Join(", ", values.Select(value => value.ToString("G6", CultureInfo.InvariantCulture))) + "]";
}
