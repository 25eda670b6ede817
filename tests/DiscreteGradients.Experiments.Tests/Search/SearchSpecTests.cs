using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.Paper;
using DiscreteGradients.Experiments.Search;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Search;

public sealed class SearchSpecTests
{
    private static readonly IReadOnlyList<EstimatorName> Estimators = EstimatorName.ParseList("gs,reinforce,st,st-gs,gr-mc:10,gr-mc:100,gr-mc:1000");

    [Theory]
    [InlineData("selection-samples", 0)]
    [InlineData("final-samples", 0)]
    [InlineData("selection-examples", -1)]
    [InlineData("final-examples", -1)]
    public void AnEvaluationOfTooLittleIsRefusedByItsKey(string key, int value)
    {
        var evaluation = new SelectionProtocol();
        evaluation.Validate();
        var spoilt = key switch
        {
            "selection-samples" => evaluation with { SelectionSamples = value },
            "final-samples" => evaluation with { FinalSamples = value },
            "selection-examples" => evaluation with { SelectionExamples = value },
            _ => evaluation with { FinalExamples = value },
        };
        Assert.Equal($"evaluation.{key}", Assert.Throws<InputException>(spoilt.Validate).Key);
    }

    [Fact]
    public void TheDataOfATrialAreNamedByTheSettingsTheGridOrTheLaws()
    {
        var spec = new SearchSpec
        {
            Task = "vae",
            Settings = new JsonObject { ["data"] = "a" },
            Grid = [new Dictionary<string, JsonNode[]>(StringComparer.Ordinal) { ["data"] = ["b", "a"] }],
            Random = new Dictionary<string, RandomParameter>(StringComparer.Ordinal) { ["data"] = new() { Choice = ["c", "b"] } },
        };
        Assert.Equal(["a", "b", "c"], spec.DataNames().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ALawMustBeOneAndNotEmpty()
    {
        new RandomParameter { Uniform = [0, 1] }.Validate("x");
        new RandomParameter { Integers = [5, 5], Over = -2 }.Validate("x");
        foreach (var bad in (RandomParameter[])[new(), new() { Uniform = [1, 0] }, new() { Uniform = [1] }, new() { Integers = [2, 1] }, new() { Choice = [] },
            new() { Uniform = [0, 1], Integers = [0, 1] }, new() { Integers = [0, 1], Over = 0 }, new() { Integers = [0, 1], Over = double.PositiveInfinity }])
            Assert.Equal("random.x", Assert.Throws<InputException>(() => bad.Validate("x")).Key);
    }

    [Theory]
    [InlineData("table2", 7 * 4 * 2, 20)]
    [InlineData("table3", 2 * 4 * 8, 20)]
    [InlineData("figure4", (2 * 4 * 8) + (3 * 4), 20)]
    public void TheSearchesOfTheTablesFollowTheProtocol(string name, int cells, int trials)
    {
        var spec = SearchSpec.Read(name);
        Assert.Empty(SearchTasks.All[spec.Task]().Departures(spec));
        Assert.Equal((cells, cells * trials), (spec.Cells().Count, spec.AllTrials().Count));
        foreach (var trial in spec.AllTrials())
        {
            var settings = trial.Settings;
            Assert.Contains((int)Math.Round((double)settings["learning-rate"]! * 1e4), Enumerable.Range(5, 46));
            Assert.InRange((double)settings["momentum"]!, 0, 1);
            Assert.InRange((double)settings["temperature"]!, 0.1, 1);
            Assert.Contains((double)settings["weight-decay"]!, new[] { 0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6 });
            Assert.Equal(50_000, (int)settings["steps"]!);
            Assert.Equal("binarized-mnist", (string)settings["data"]!);
        }
    }

    [Fact]
    public void TheCellsAreThePapers()
    {
        Assert.Equal(PublishedBounds.Of(2).Keys.ToHashSet(), Keys("table2").ToHashSet());
        Assert.Equal(PublishedBounds.Of(3).Keys.ToHashSet(), Keys("table3").ToHashSet());
        Assert.Equal(Estimators.ToHashSet(), Keys("table2").Select(key => key.Estimator).ToHashSet());
        static IEnumerable<(EstimatorName Estimator, int BatchSize, int Arity)> Keys(string name) => SearchSpec.Read(name).Cells()
            .Select(cell => (EstimatorName.Parse(cell["estimator"]!), (int)cell.Values["batch-size"]!, (int)cell.Values["arity"]!));
    }

    [Fact]
    public void TheTablesOfThePaperAgreeWhereTheyOverlap()
    {
        var overlap = PublishedBounds.Of(2).Where(pair => PublishedBounds.Of(3).ContainsKey(pair.Key)).ToList();
        Assert.Equal(16, overlap.Count);
        Assert.All(overlap, pair => Assert.Equal(PublishedBounds.Of(3)[pair.Key].Test, pair.Value.Test));
        Assert.All(PublishedBounds.Of(3).Values, bound => Assert.InRange(bound.Validation!.Value - bound.Test, 0.7, 1.2));
    }

    [Fact]
    public void EveryShippedSearchIsSound()
    {
        Assert.Contains("table1-small", SearchSpec.Shipped);
        foreach (var spec in SearchSpec.Shipped.Select(SearchSpec.Read))
        {
            var task = SearchTasks.All[spec.Task]();
            foreach (var trial in spec.AllTrials()) task.Read(trial.Settings);
        }
    }

    [Fact]
    public void MoreTrialsOrAnotherParameterChangeNoOther()
    {
        var spec = SearchSpec.Read("table2") with { Trials = 2 };
        var more = (spec with { Trials = 5 }).AllTrials().Where(trial => trial.Index < 2);
        Assert.Equal(spec.AllTrials().Select(Text), more.Select(Text));
        var fewer = spec with { Random = spec.Random.Where(pair => pair.Key != "momentum").ToDictionary(pair => pair.Key, pair => pair.Value) };
        Assert.Equal(spec.AllTrials().Select(trial => (double)trial.Settings["temperature"]!), fewer.AllTrials().Select(trial => (double)trial.Settings["temperature"]!));
        Assert.NotEqual(spec.AllTrials().Select(Text), (spec with { Seed = 1 }).AllTrials().Select(Text));
        // No two trainings have the same weights and noise.
        Assert.Distinct(spec.AllTrials().Select(trial => $"{trial.Settings["seed"]}"));
        static string Text(Trial trial) => trial.Path + trial.Settings.ToJsonString();
    }

    [Fact]
    public void TrialsAreBalancedOverCells_ButWithHalvingGoCellByCell()
    {
        var spec = SearchSpec.Read("record-table2") with { Trials = 2 };
        var names = spec.AllTrials().Select(trial => trial.Path).Take(4).ToList();
        Assert.Equal(["arity=8,estimator=st-gs/0000", "arity=8,estimator=st-gs/0001", "arity=8,estimator=gr/0000", "arity=8,estimator=gr/0001"], names);
        var balanced = (spec with { Halving = null }).AllTrials().ToList();
        Assert.Equal(["arity=8,estimator=st-gs/0000", "arity=8,estimator=gr/0000"], balanced.Take(2).Select(trial => trial.Path));
        Assert.Equal(spec.AllTrials().OrderBy(trial => trial.Path, StringComparer.Ordinal).Select(trial => trial.Settings.ToJsonString()),
            balanced.OrderBy(trial => trial.Path, StringComparer.Ordinal).Select(trial => trial.Settings.ToJsonString()));
    }

    [Fact]
    public void WhereABlockOfTheGridGivesASetting_ItsLawIsNotUsed()
    {
        var spec = new SearchSpec
        {
            Task = "vae",
            Trials = 3,
            Grid =
            [
                new Dictionary<string, JsonNode[]>(StringComparer.Ordinal) { ["temperature"] = [0.3] },
                new Dictionary<string, JsonNode[]>(StringComparer.Ordinal) { ["arity"] = [2] },
            ],
            Random = new Dictionary<string, RandomParameter>(StringComparer.Ordinal) { ["temperature"] = new() { Uniform = [0.5, 1] } },
        };
        var temperatures = spec.AllTrials().ToLookup(trial => trial.Cell.Name, trial => (double)trial.Settings["temperature"]!);
        Assert.Equal([0.3, 0.3, 0.3], temperatures["temperature=0.3"]);
        Assert.Equal(3, temperatures["arity=2"].Count(temperature => temperature is >= 0.5 and <= 1));
    }

    [Fact]
    public void DrawsFollowTheirLaws()
    {
        // Kolmogorov–Smirnov on 2,000 draws, level 1e-3: the critical value is 1.95/√2000. Counts within 5 standard deviations.
        var spec = SearchSpec.Read("table2") with { Trials = 36 };
        var trials = spec.AllTrials().Take(2000).ToList();
        var momentum = trials.Select(trial => (double)trial.Settings["momentum"]!).Order().ToList();
        Assert.True(momentum.Select((value, i) => Math.Max(Math.Abs(value - (i / 2000.0)), Math.Abs(value - ((i + 1) / 2000.0)))).Max() < 1.95 / Math.Sqrt(2000));
        // Independent: |r|√n below 5 has the false-alarm rate 6e-7.
        var rates = trials.Select(trial => (double)trial.Settings["learning-rate"]!).ToList();
        var temperatures = trials.Select(trial => (double)trial.Settings["temperature"]!).ToList();
        var inOrder = trials.Select(trial => (double)trial.Settings["momentum"]!).ToList();
        foreach (var (a, b) in new[] { (rates, temperatures), (rates, inOrder), (temperatures, inOrder) })
            Assert.InRange(Correlation(a, b) * Math.Sqrt(2000), -5, 5);
        var counts = trials.CountBy(trial => (double)trial.Settings["weight-decay"]!).Select(pair => pair.Value).ToList();
        Assert.Equal(7, counts.Count);
        Assert.All(counts, count => Assert.InRange(count, (2000 / 7.0) - (5 * Math.Sqrt(2000 * 6 / 49.0)), (2000 / 7.0) + (5 * Math.Sqrt(2000 * 6 / 49.0))));
        Assert.Equal(0.0007, (double)new RandomParameter { Integers = [7, 7], Over = 10_000 }.Draw(ulong.MaxValue));
        Assert.Equal((5, 50), (Whole(5, 50, 0), Whole(5, 50, ulong.MaxValue)));
        Assert.Equal((int.MinValue, int.MaxValue), (Whole(int.MinValue, int.MaxValue, 0), Whole(int.MinValue, int.MaxValue, ulong.MaxValue)));

        static double Correlation(List<double> a, List<double> b) => Product(a, b) / Math.Sqrt(Product(a, a) * Product(b, b));

        static double Product(List<double> a, List<double> b)
        {
            var mean = (A: a.Average(), B: b.Average());
            return a.Zip(b, (x, y) => (x - mean.A) * (y - mean.B)).Average();
        }

        static double Whole(int first, int last, ulong word) => (double)new RandomParameter { Integers = [first, last] }.Draw(word);
    }

    [Fact]
    public void TheSettingsOfAVaeTrialAreChecked()
    {
        var task = SearchTasks.All["vae"]();
        task.Read(new JsonObject { ["arity"] = 4 });
        Assert.Contains("arity is 3", Assert.Throws<InputException>(() => task.Read(new JsonObject { ["arity"] = 3 })).Message, StringComparison.Ordinal);
    }
}
