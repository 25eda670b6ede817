using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;
using DiscreteGradients.Experiments.Vae;
using Cell = (DiscreteGradients.Experiments.EstimatorName Estimator, int BatchSize, int Arity);

namespace DiscreteGradients.Experiments.Paper;

/// <summary>The sentences of <see cref="Answers"/> on test bounds, from the VAE's searches with enough trials a cell. Bounds of
/// different numbers of samples M or of images are not compared, nor are searches that fix other settings or data. Where two
/// searches have a cell, the first of them counts, by seed and then by path.</summary>
internal sealed class BoundAnswers
{
    private const int LeastTrials = 12;     // of a cell; fewer say more of chance than of the estimator

    private static readonly EstimatorName Thousand = new(EstimatorFamily.GumbelRao, 1000);

    private readonly ILookup<Key, CellOutcome> outcomes;
    private readonly bool areAlike;         // the searches, in all that they fix
    private readonly IReadOnlyList<Pair> pairs;
    private readonly IReadOnlyList<(Key Key, CellOutcome Outcome, BoundResult Result)> evaluations;

    /// <summary>Reads the records.</summary>
    /// <param name="searches">Of any kind, in the order of their paths.</param>
    public BoundAnswers(IReadOnlyList<SearchFolder> searches)
    {
        var cells = (from search in searches
                     where search.Task is VaeTrials && search.Spec.Trials >= LeastTrials
                     orderby search.Spec.Seed
                     from cell in CellOutcome.Of(search, SearchIndex.Load(search))
                     let test = cell.Final?.Test
                     where test is not null && cell.Varied.Length == 0
                     let settled = VaeTrials.FixedIn(search.Spec, cell.Best!.Trial)
                     select (Key: new Key(cell.Place, settled, test.Samples, test.Examples), Outcome: cell,
                         Folder: search.PathOf(cell.Best!.Trial)))
            .ToList();
        outcomes = cells.ToLookup(cell => cell.Key, cell => cell.Outcome);
        areAlike = cells.Select(cell => cell.Key.Settled).Distinct(StringComparer.Ordinal).Count() < 2;
        evaluations = [.. from cell in cells
                          let record = BoundRecord.Read(cell.Folder, Split.Test)
                          where record is not null && record.Result.Images == cell.Key.Images
                              && record.Result.Samples != cell.Key.Samples
                          select (cell.Key, cell.Outcome, record.Result)];
        pairs = [.. from rao in outcomes
                    let other = With(rao.Key, Answers.StraightThrough)
                    where rao.Key.Cell.Estimator == Answers.Rao && outcomes.Contains(other)
                    orderby rao.Key.Cell.BatchSize, rao.Key.Cell.Arity
                    select new Pair(other, rao.First(), outcomes[other].First())];
    }

    /// <summary>Gives the gains of GR over ST-GS at a batch size, in nats, one for each number of categories. Where ST-GS was
    /// searched again, its best bound counts.</summary>
    public IEnumerable<double> GainsAt(int batchSize) =>
        from pair in pairs
        where pair.Cell.BatchSize == batchSize
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
        foreach (var cell in outcomes)
        {
            foreach (var again in cell.Skip(1))
            {
                yield return $"{Differing(again, cell.First())}, {cell.Key.Cell.Estimator.PaperName} ({Name(cell.Key)}) "
                    + $"comes to {Bound(again)} nats in the place of {Bound(cell.First())}.";
            }
        }
        foreach (var (key, outcome, result) in evaluations)
        {
            yield return Invariant($"With M = {result.Samples} in the place of {key.Samples}, the best trial of ")
                + $"{key.Cell.Estimator.PaperName} ({Name(key)}) comes to "
                + Invariant($"{result.Bound:F2} nats in the place of {Bound(outcome)}.");
        }
        var known = pairs.Where(pair => pair.Other.IsOnThePapersData && Paper(pair.Cell) is not null
            && Paper(pair.Limited) is not null).ToList();
        if (known.Count > 0)
        {
            var (others, raos) = (known.Select(pair => Test(pair.Other).Value - Paper(pair.Cell)!.Value),
                known.Select(pair => Test(pair.Rao).Value - Paper(pair.Limited)!.Value));
            yield return $"Less the paper's figures, ST-GS is at {string.Join(", ", others.Select(Signed))}, and GR at "
                + $"{string.Join(", ", raos.Select(Signed))} nats from the paper's GR-MC1000, whose limit it is.";
        }
        (string Name, string Theirs, List<CellOutcome> Best)[] sides =
        [
            ("ST-GS", "0.65", [.. pairs.Select(pair => pair.Other)]),
            ("GR", "0.35 for GR-MC1000", [.. pairs.Select(pair => pair.Rao)]),
        ];
        foreach (var (name, theirs, best) in sides)
        {
            if ((Mean(best, "temperature"), Mean(best, "learning-rate"), Mean(best, "momentum"))
                is ({ } temperature, { } rate, { } momentum))
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
                    let bounds = AlongSamples(pair)
                    where bounds.Count > 2
                    select (pair.Key, Bounds: bounds)).ToList();
        if (rows.Count == 0) yield break;
        foreach (var (key, bounds) in rows)
        {
            yield return $"{Name(key)}: "
                + string.Join(", ", bounds.Select(one => $"{Bound(one.Outcome)} nats with {one.Estimator.PaperName}")) + ".";
        }
        var gains = (from row in rows
                     from one in row.Bounds.Skip(1).SkipLast(1)
                     select Test(row.Bounds[0].Outcome).Value - Test(one.Outcome).Value).ToList();
        yield return Invariant($"GR-MCK is ahead of ST-GS in {gains.Count(gain => gain > 0)} of these {gains.Count} cells, ")
            + Invariant($"by {gains.Average():F2} nats on average.");
        var steps = rows.SelectMany(row => row.Bounds.Zip(row.Bounds.Skip(1),
            (less, more) => Test(less.Outcome) - Test(more.Outcome))).ToList();
        yield return Invariant($"From one K to the next larger one, the bound is better in {steps.Count(gain => gain.Value > 0)} of ")
            + Invariant($"{steps.Count} cases; one standard error of such a step is at most {steps.Max(gain => gain.Error):F2} nats.");
    }

    /// <summary>Gives the bounds of the estimators that <see cref="Gains"/> and <see cref="Samples"/> do not compare, such as
    /// REINFORCE.</summary>
    public IEnumerable<string> Others() =>
        from outcome in outcomes
        let cell = outcome.Key.Cell
        where cell.Estimator.Family is not (EstimatorFamily.StraightThroughGumbelSoftmax or EstimatorFamily.GumbelRao
            or EstimatorFamily.GumbelRaoExact)
        orderby cell.BatchSize, cell.Arity
        group (outcome.Key, Best: outcome.First()) by cell.Estimator into own
        orderby own.Key.PaperName
        select $"{own.Key.PaperName} comes to {string.Join(", ", own.Select(one => WithPaper(one.Key, one.Best)))}.";

    /// <summary>Compares the gain of GR over ST-GS by batch size: over every number of categories, at the batch sizes that have
    /// all of them, and at every batch size, over the numbers of categories that all of these have. Of a cell with bounds of
    /// several efforts, those of the largest count.</summary>
    public IEnumerable<string> BatchSizes() =>
        from alike in pairs.GroupBy(pair => pair.Key.Settled, StringComparer.Ordinal)
        let cells = alike.GroupBy(pair => pair.Cell)
            .Select(own => own.MaxBy(pair => (pair.Key.Images, pair.Key.Samples))!).ToList()
        let wholeSizes = Whole(cells, pair => pair.Cell.BatchSize, pair => pair.Cell.Arity)
        let wholeArities = Whole(cells, pair => pair.Cell.Arity, pair => pair.Cell.BatchSize)
        from counted in wholeSizes.Count < cells.Count ? [wholeSizes, wholeArities] : new[] { wholeSizes }
        where counted.DistinctBy(pair => pair.Cell.BatchSize).Count() > 1
        select OverBatchSizes(alike.Key, counted);

    // The cells of the groups that have everything that any cell has.
    private static List<Pair> Whole(List<Pair> cells, Func<Pair, int> group, Func<Pair, int> within)
    {
        var count = cells.DistinctBy(within).Count();
        return [.. cells.GroupBy(group).Where(own => own.Count() == count).SelectMany(own => own)];
    }

    private string OverBatchSizes(string settled, List<Pair> counted)
    {
        var arities = counted.Select(pair => pair.Cell.Arity).Distinct().Order().ToList();
        var isOfOne = counted.Select(pair => pair.Key.Samples).Distinct().Count() == 1;
        var means = from size in counted.GroupBy(pair => pair.Cell.BatchSize)
                    orderby size.Key
                    let samples = string.Join(", ", size.Select(pair => pair.Key.Samples).Distinct().Order())
                    select Invariant($"{Signed(size.Average(pair => pair.Gain.Value))} nats at batch size {size.Key}")
                        + (isOfOne ? "" : $" (M = {samples})");
        return $"The gain of GR over ST-GS{Apart(settled)}, {(arities.Count > 1 ? "on average over models with" : "with")} "
            + $"{string.Join(", ", arities)} categories, is {string.Join(", ", means)}.";
    }

    // ST-GS is GR-MC1 in law; GR is the limit.
    private List<(EstimatorName Estimator, CellOutcome Outcome)> AlongSamples(Pair pair) =>
    [
        (Answers.StraightThrough, pair.Other),
        .. from cell in outcomes
           let name = cell.Key.Cell.Estimator
           where name is { Family: EstimatorFamily.GumbelRao, IsAntithetic: false } && cell.Key == With(pair.Key, name)
           orderby name.Samples
           select (name, cell.First()),
        (Answers.Rao, pair.Rao),
    ];

    private string WithPaper(Key key, CellOutcome best) =>
        Invariant($"{Bound(best)} nats ({Name(key)}, M = {key.Samples}")
        + (best.IsOnThePapersData && Paper(key.Cell) is { } paper ? Invariant($"; paper: {paper:F1})") : ")");

    // Two searches of one seed and grid draw the same trials.
    private static string Differing(CellOutcome again, CellOutcome first) =>
        SeedOf(again) != SeedOf(first) ? "Searched again with other trials"
            : Invariant($"With the same trials, {Pruned(again)} of them pruned in the place of {Pruned(first)}");

    private static string? SeedOf(CellOutcome outcome) => outcome.Trials[0].Trial.Settings["seed"]?.ToString();

    private static int Pruned(CellOutcome outcome) => outcome.Trials.Count(state => state.Record?.Status == RunStatus.Pruned);

    private static Key With(Key key, EstimatorName estimator) => key with { Cell = key.Cell with { Estimator = estimator } };

    private static Estimate Test(CellOutcome outcome) => new(outcome.Final!.Test.Value, outcome.Final.Test.StandardError);

    private static string Bound(CellOutcome outcome) => Invariant($"{Test(outcome).Value:F2}");

    private static double? Paper(Cell cell) => PublishedBounds.Find(cell)?.Test;

    private string Name(Key key) => Invariant($"{key.Cell.Arity}-ary, batch size {key.Cell.BatchSize}{Apart(key.Settled)}");

    // Nothing where all searches have it in common.
    private string Apart(string settled) => areAlike || settled.Length == 0 ? "" : $", {settled}";

    private static string Signed(double value) => Invariant($"{value:+0.00;−0.00}");

    // Null where the search did not draw it.
    private static double? Mean(List<CellOutcome> outcomes, string setting) =>
        outcomes.Aggregate((double?)0, (sum, outcome) => sum + (double?)outcome.Best!.Record!.Settings[setting]) / outcomes.Count;

    /// <summary>The cell, the settings and the effort of a bound: bounds whose keys differ in the estimator alone are
    /// compared.</summary>
    /// <param name="Settled">Settings and data that the search fixes besides.</param>
    private sealed record Key(Cell Cell, string Settled, int Samples, int Images);

    /// <summary>GR and ST-GS at one batch size and number of categories.</summary>
    /// <param name="Key">That of ST-GS.</param>
    private sealed record Pair(Key Key, CellOutcome Rao, CellOutcome Other)
    {
        public Cell Cell => Key.Cell;

        /// <summary>The paper's cell of which GR is the limit.</summary>
        public Cell Limited => Cell with { Estimator = Thousand };

        /// <summary>The nats by which the bound of GR is the better one.</summary>
        public Estimate Gain => Test(Other) - Test(Rao);
    }
}
