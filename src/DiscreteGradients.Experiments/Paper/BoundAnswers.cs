using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;
using Cell = (DiscreteGradients.Experiments.EstimatorName Estimator, int BatchSize, int Arity);

namespace DiscreteGradients.Experiments.Paper;

/// <summary>The sentences of <see cref="Answers"/> on test bounds: of the VAE's searches with enough trials a cell. Where two
/// searches have a cell, the one of the lower seed counts.</summary>
internal sealed class BoundAnswers
{
    private const int LeastTrials = 12;     // of a cell; fewer say more of chance than of the estimator

    private static readonly EstimatorName Thousand = new(EstimatorFamily.GumbelRao, 1000);

    private readonly ILookup<Cell, CellOutcome> outcomes;
    private readonly IReadOnlyList<(Cell Key, CellOutcome Rao, CellOutcome Other, Estimate Gain)> pairs;

    /// <summary>Reads the records.</summary>
    /// <param name="root">The folder of the records.</param>
    public BoundAnswers(string root)
    {
        outcomes = (from path in RecordFolders.With(root, SearchFolder.SpecName)
                    let search = SearchFolder.Open(path, SearchTasks.All)
                    where search.Task is VaeTrials && search.Spec.Trials >= LeastTrials
                    orderby search.Spec.Seed
                    from cell in CellOutcome.Of(search, SearchIndex.Load(search))
                    where cell.Value.Final is not null
                    select (cell.Key, cell.Value)).ToLookup(cell => cell.Key, cell => cell.Value);
        pairs = [.. from rao in outcomes
                    let key = rao.Key with { Estimator = Answers.StraightThrough }
                    where rao.Key.Estimator == Answers.Rao && outcomes.Contains(key)
                    orderby key.BatchSize, key.Arity
                    select (key, rao.First(), outcomes[key].First(), Test(outcomes[key].First()) - Test(rao.First()))];
    }

    /// <summary>Gives the gains of GR over ST-GS at a batch size in nats, one for each number of categories. Where ST-GS was searched
    /// again, the best that it came to counts.</summary>
    public IEnumerable<double> GainsAt(int batchSize) =>
        from pair in pairs
        where pair.Key.BatchSize == batchSize
        select outcomes[pair.Key].Min(outcome => Test(outcome).Value) - Test(pair.Rao).Value;

    /// <summary>Compares GR with ST-GS, and both with the paper.</summary>
    public IEnumerable<string> Gains()
    {
        if (pairs.Count == 0) yield break;
        var ahead = pairs.Count(pair => pair.Gain.Value > 0);
        yield return Invariant($"GR is ahead of ST-GS in {ahead} of the {pairs.Count} cells in which both were searched: ")
            + string.Join(", ", pairs.Select(pair => $"{Signed(pair.Gain.Value)} nats ({Name(pair.Key)})")) + ".";
        var error = pairs.Max(pair => pair.Gain.Error);
        yield return Invariant($"One standard error of such a difference is at most {error:F2} nats over images; ")
            + "which settings a search finds is chance besides, and not in it.";
        foreach (var cell in outcomes.Where(cell => cell.Count() > 1))
        {
            yield return $"Searched again with other trials, {cell.Key.Estimator.PaperName} ({Name(cell.Key)}) comes to "
                + string.Join(" and ", cell.Skip(1).Select(Bound)) + $" nats in the place of {Bound(cell.First())}.";
        }
        var paper = pairs.Where(pair => Paper(pair.Key) is not null && Paper(pair.Key with { Estimator = Thousand }) is not null)
            .ToList();
        if (paper.Count > 0)
        {
            yield return "Less the paper's figures, ST-GS is at "
                + string.Join(", ", paper.Select(pair => Signed(Test(pair.Other).Value - Paper(pair.Key)!.Value)))
                    + ", and GR at "
                + string.Join(", ", paper.Select(
                    pair => Signed(Test(pair.Rao).Value - Paper(pair.Key with { Estimator = Thousand })!.Value)))
                + " nats from the paper's GR-MC1000, whose limit it is.";
        }
        foreach (var (name, theirs, best) in new[]
        {
            ("ST-GS", "0.65", pairs.Select(pair => pair.Other).ToList()),
                ("GR", "0.35 for GR-MC1000", [.. pairs.Select(pair => pair.Rao)]),
        })
        {
            if (Mean(best, "temperature") is { } temperature && Mean(best, "learning-rate") is { } rate
                && Mean(best, "momentum") is { } momentum)
            {
                yield return Invariant($"The best trials of {name} have on average τ = {temperature:F2} (the paper's {theirs}), ")
                    + Invariant($"learning rate {rate:F4} and momentum {momentum:F2}.");
            }
        }
    }

    /// <summary>Compares the numbers K of draws.</summary>
    public IEnumerable<string> Samples()
    {
        var rows = (from pair in pairs
                    let draws = from cell in outcomes
                                where cell.Key.Estimator is { Family: EstimatorFamily.GumbelRao, IsAntithetic: false }
                                    && cell.Key == pair.Key with { Estimator = cell.Key.Estimator }
                                orderby cell.Key.Estimator.Samples
                                select (cell.Key.Estimator, Outcome: cell.First())
                    where draws.Any()
                    select (pair.Key, Bounds: (IReadOnlyList<(EstimatorName Estimator, CellOutcome Outcome)>)
                        [(Answers.StraightThrough, pair.Other), .. draws, (Answers.Rao, pair.Rao)])).ToList();
        if (rows.Count == 0) yield break;
        foreach (var (key, bounds) in rows)
        {
            yield return $"{Name(key)}: "
                + string.Join(", ", bounds.Select(one => $"{Bound(one.Outcome)} nats with {one.Estimator.PaperName}")) + ".";
        }
        var steps = rows.SelectMany(row =>
            row.Bounds.Zip(row.Bounds.Skip(1), (less, more) => Test(less.Outcome).Value > Test(more.Outcome).Value)).ToList();
        yield return Invariant(
            $"From one K to the next larger one, the bound is better in {steps.Count(better => better)} of {steps.Count} cases.");
    }

    /// <summary>Compares the gain of GR over ST-GS by batch size.</summary>
    public IEnumerable<string> BatchSizes()
    {
        var sizes = pairs.GroupBy(pair => pair.Key.BatchSize).ToList();
        var arities = sizes.Select(size => size.Select(pair => pair.Key.Arity))
            .Aggregate((IEnumerable<int>?)null, (common, own) => common?.Intersect(own) ?? own)
            ?.Order().ToList() ?? [];
        if (sizes.Count < 2 || arities.Count == 0) yield break;
        yield return $"The gain of GR over ST-GS is, with {string.Join(", ", arities)} categories"
            + (arities.Count > 1 ? " on average, " : ", ")
            + string.Join(", ", sizes.Select(size => Invariant(
                $"{Signed(size.Where(pair => arities.Contains(pair.Key.Arity)).Average(pair => pair.Gain.Value))} nats at batch size {size.Key}"))) + ".";
    }

    private static Estimate Test(CellOutcome outcome) => new(outcome.Final!.Test.Value, outcome.Final.Test.StandardError);

    private static string Bound(CellOutcome outcome) => Invariant($"{Test(outcome).Value:F2}");

    private static double? Paper(Cell cell) => PublishedBounds.Of(2).GetValueOrDefault(cell)?.Test;

    private static string Name(Cell cell) => Invariant($"{cell.Arity}-ary, batch size {cell.BatchSize}");

    private static string Signed(double value) => Invariant($"{value:+0.00;−0.00}");

    // Null where the search did not draw it.
    private static double? Mean(List<CellOutcome> outcomes, string setting) =>
        outcomes.Aggregate((double?)0, (sum, outcome) => sum + (double?)outcome.Best!.Record!.Settings[setting]) / outcomes.Count;
}
