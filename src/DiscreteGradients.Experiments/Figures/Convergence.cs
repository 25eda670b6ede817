using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Experiments.Figures;

/// <summary>How soon the runs of one curve of Figure 2c reach a threshold.</summary>
/// <param name="Arity">Of the model.</param>
/// <param name="BatchSize">Of the training.</param>
/// <param name="Curve">The estimator, with whatever else the grid varies.</param>
/// <param name="Threshold">Of the validation objective, nats.</param>
/// <param name="Iterations">The mean over the runs that reach it; null where none does.</param>
/// <param name="Reached">Runs that reach it.</param>
/// <param name="Runs">All runs.</param>
public sealed record Convergence(int Arity, int BatchSize, string Curve, double Threshold, Estimate? Iterations, int Reached, int Runs)
{
    private const int MostLevels = 10;

    /// <summary>Every curve at every threshold, from the runs that completed or diverged. An iteration counts as the first
    /// validation at or below the threshold, so it is known up to the validation interval.</summary>
    /// <param name="search">Of the VAE.</param>
    /// <param name="thresholds">Nats; none for levels between where the runs are after a tenth of the steps and the best any
    /// run reached, for each arity and batch size.</param>
    public static IReadOnlyList<Convergence> Of(SearchFolder search, IReadOnlyList<double> thresholds)
    {
        var runs = SearchIndex.Load(search).Where(state => state.Record?.Status is RunStatus.Completed or RunStatus.Diverged)
            .Select(state => (state.Trial.Cell, Place: VaeTrials.CellOf(state.Trial), Curve: ValidationPoint.Of(search, state.Trial)));
        return [.. from panel in runs.GroupBy(run => (run.Place.Arity, run.Place.BatchSize))
                   let levels = thresholds.Count > 0 ? thresholds : Levels([.. panel.Select(run => run.Curve)], search.Plan(search.Trials[0]).Steps)
                   from curve in panel.GroupBy(run => Name(run.Cell, run.Place.Estimator), run => run.Curve, StringComparer.Ordinal)
                   from level in levels.OrderDescending()
                   select Reach(panel.Key.Arity, panel.Key.BatchSize, curve.Key, level, [.. curve])];
    }

    private static Convergence Reach(int arity, int batchSize, string name, double threshold, List<IReadOnlyList<ValidationPoint>> curves)
    {
        var steps = curves.Select(curve => curve.FirstOrDefault(point => point.Bound <= threshold)?.Step).OfType<int>().Select(step => (double)step).ToList();
        return new(arity, batchSize, name, threshold, steps.Count > 0 ? Estimate.Mean(steps) : null, steps.Count, curves.Count);
    }

    // Multiples of 1, 2 or 5 times a power of ten, ten steps at most.
    private static List<double> Levels(List<IReadOnlyList<ValidationPoint>> curves, int steps)
    {
        var known = curves.Where(curve => curve.Count > 0).ToList();
        if (known.Count == 0) return [];
        var early = known.Select(curve => (curve.FirstOrDefault(point => point.Step * 10 >= steps) ?? curve[^1]).Bound).Order().ToList();
        var (top, bottom) = (early[early.Count / 2], known.Min(curve => curve.Min(point => point.Bound)));
        var spacing = new[] { 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500 }.FirstOrDefault(step => (top - bottom) / step <= MostLevels, 1000);
        var (first, last) = ((int)Math.Ceiling(bottom / spacing), (int)Math.Floor(top / spacing));
        return first > last ? [Math.Ceiling(bottom)] : [.. Enumerable.Range(first, last - first + 1).Select(k => Math.Round(k * spacing, 1))];
    }

    private static string Name(Cell cell, EstimatorName estimator) =>
        string.Join(", ", cell.Values.Where(pair => pair.Key is not ("arity" or "batch-size" or "estimator")).Select(pair => $"{pair.Key} {pair.Value}").Prepend($"{estimator}"));
}
