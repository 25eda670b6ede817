using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using DiscreteGradients.Experiments.Reports;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;
using DiscreteGradients.Experiments.Tests.Search;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Reports;

/// <summary>Pages of folders that are written by hand.</summary>
public sealed partial class ReportTests : IDisposable
{
    private const string Evil = "<script>alert(1)<b>\"'&";
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void TheNumbersOfAPageAreThoseOnTheDisk()
    {
        double[] losses = [206.68459091186523, 150.25, 98.765432];
        var page = Report.Page([Run("run", "gr-mc:100", losses, validation: 101.5)]);
        Assert.Equal(losses.Select((loss, i) => (100.0 * (i + 1), loss.ToString("G6", CultureInfo.InvariantCulture))), Values(page, "GR-MC100").Take(3));
        Assert.Contains((300, "101.5 ± 0.3"), Values(page, "GR-MC100"));
        foreach (var fact in new[] { "<dd>gr-mc:100</dd>", "<dt>learning-rate</dt><dd>0.001</dd>", "validation bound 101.5 ± 0.3 nats", "dgrad train vae --steps 300", "<dd>dgrad train vae --steps 300 (program 0.1.0+abc)</dd>" })
            Assert.Contains(fact, page, StringComparison.Ordinal);
    }

    [Fact]
    public void RunsStandSideBySide_AndTheirTestBoundsAreToldApart()
    {
        var (first, second) = (Run("first", "st-gs", [120, 110], 100), Run("second", "gr", [119, 108], 98));
        Evaluated(first, 100);
        Evaluated(second, 98.5);
        var page = Report.Page([first, second]);
        Assert.Contains("The bound of GR is 1.5 ± 0.4 nats better than that of ST-GS on 10,000 test images (unpaired), one seed.", page, StringComparison.Ordinal);
        Assert.Equal(["120", "110"], Values(page, "ST-GS").Take(2).Select(value => value.Said));

        static void Evaluated(string run, double bound) => new BoundRecord(Split.Test, new(bound, 0.25, 3, 5000, 10_000), 0, "data", "fixed", "1").Save(run);
    }

    [Fact]
    public void RunsOfOneEstimatorInFoldersOfOneNameAreToldApart()
    {
        string[] runs = [Run("compare/gr", "gr", [120, 110], 100), Run("compare-temperature-0.3/gr", "gr", [119, 108], 98), Run("compare/st-gs", "st-gs", [121], 101)];
        var page = Report.Page(runs);
        Assert.Equal(["120", "110"], Values(page, "GR, compare/gr").Take(2).Select(value => value.Said));
        Assert.Equal(["119", "108"], Values(page, "GR, compare-temperature-0.3/gr").Take(2).Select(value => value.Said));
        Assert.Equal(["121"], Values(page, "ST-GS").Take(1).Select(value => value.Said));
        foreach (var name in new[] { "GR, compare/gr", "GR, compare-temperature-0.3/gr" })
        {
            Assert.Contains($"</svg>{name}</li>", page, StringComparison.Ordinal);
            Assert.Contains($"Settings of {name}<", page, StringComparison.Ordinal);
        }
        // Where the last names tell them apart, there is no more.
        Assert.Equal(["120", "110"], Values(Report.Page([runs[0], Run("other/second", "gr", [1], 1)]), "GR, gr").Take(2).Select(value => value.Said));
    }

    [Fact]
    public void RunsOfOneEstimatorAreToldApartByTheirSeeds()
    {
        string[] runs = [Run("first", "gr", [120], 100), Run("second", "gr", [119], 98)];
        foreach (var (run, seed) in runs.Zip([3UL, 7UL]))
            RunFolder.WriteJson(run, "settings.json", new VaeSettings
            {
                Estimator = EstimatorName.Parse("gr"),
                Steps = 100,
                Data = "none",
                Seed = seed
            });
        var page = Report.Page(runs);
        Assert.Equal("120", Values(page, "GR, seed 3").First().Said);
        Assert.Equal("119", Values(page, "GR, seed 7").First().Said);
    }

    [Fact]
    public void BoundsOfAnotherEffortOrOtherDataAreNotCompared()
    {
        string[] runs = [Run("a", "st-gs", [1], 100), Run("b", "gr", [1], 98), Run("c", "gs", [1], 99), Run("d", "st", [1], 97)];
        Tested(runs[0], 100, 5000, 10_000, "data");
        Tested(runs[1], 98.5, 500, 10_000, "data");
        Tested(runs[2], 99, 5000, 500, "data");
        Tested(runs[3], 97, 5000, 10_000, "other data");
        var page = Report.Page(runs);
        Assert.DoesNotContain("(unpaired)", page, StringComparison.Ordinal);
        Assert.Contains("<td>98.500</td><td>0.250</td><td>500</td><td>10000</td>", page, StringComparison.Ordinal);
        Assert.Contains("<td>99.000</td><td>0.250</td><td>5000</td><td>500</td>", page, StringComparison.Ordinal);

        static void Tested(string run, double bound, int samples, int images, string data) =>
            new BoundRecord(Split.Test, new(bound, 0.25, 3, samples, images), 0, data, "fixed", "1").Save(run);
    }

    [Fact]
    public void TheLastValidationIsSaid_AndSpeedsAreThoseBetweenCheckpoints()
    {
        var run = Run("run", "gr", [120, 110], validation: 101.5);
        var metrics = Path.Combine(run, "metrics.jsonl");
        const string Better = """{"step":100,"validation-bound":99.5,"standard-error":0.2,"samples":5,"images":100}""";
        File.WriteAllLines(metrics, [Better, .. File.ReadAllLines(metrics)]);
        // Two checkpoints, an evaluation, and two other processes that take the run up, the last for longer than the one before.
        var begin = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        TimingLine[] timing =
        [
            Line(100, 10, 10, at: 0), Line(200, 15, 13, at: 0), Line(200, 3, 0, at: 50) with { Evaluated = "test" },
            Line(300, 4, 25, at: 60), Line(350, 9, 16, at: 60), Line(500, 10, 15, at: 100), Line(548, 13, 16, at: 100),
        ];
        foreach (var line in timing) line.Append(run);
        var page = Report.Page([run]);
        Assert.Contains("GR: not ended at step 548, validation bound 101.5 ± 0.3 nats.", page, StringComparison.Ordinal);
        Assert.Contains("Training steps a second, with measurements and validations: GR 16.", page, StringComparison.Ordinal);
        Assert.Equal([(100.0, "10"), (200.0, "20"), (300.0, "25"), (350.0, "10"), (500.0, "15"), (548.0, "16")], Values(page, "GR").TakeLast(6));

        TimingLine Line(int step, double seconds, double rate, double at) => new(step, seconds, rate, begin.AddSeconds(at + seconds));
    }

    [Fact]
    public void WhatAPathOrASettingHoldsIsShownAsText()
    {
        var run = Run(Evil, "gs", [100], 90, data: Evil);
        RunFolder.WriteJson(run, "result.json", new VaeTrainingResult { Status = RunStatus.Completed, Steps = 100, Data = Evil, Binarisation = Evil, Version = Evil });
        CommandRecord.Append(run, $"dgrad train vae --data {Evil}");
        var page = Report.Page([run, Run("other", "gs", [100], 90)]);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
        Assert.True(page.Split(WebUtility.HtmlEncode(Evil)).Length > 4, "in the name of the curve, in a setting, in the command, in the version");
        // Nothing is fetched.
        foreach (var outside in new[] { "http:", "https:", "src=\"h", "url(" }) Assert.DoesNotContain(outside, page, StringComparison.Ordinal);
    }

    [Fact]
    public void ASearchSaysHowFarItIsAndWhatIsBetter()
    {
        var record = SearchRecord.Create(folder.At("search"), 1, ("estimator", ["st-gs", "gr-mc:10"]), ("arity", [2, 8, 4, 16]));
        foreach (var (arity, difference) in new[] { (2, 3.0), (8, 0.1), (4, -2.0), (16, -3.0) })
        {
            Ended($"estimator=st-gs,arity={arity}", 100);
            Ended($"estimator=gr-mc-10,arity={arity}", 100 - difference);
        }
        var page = Report.Page([folder.At("search")]);
        Assert.Contains("8 of 8 trials have ended: 8 completed.", page, StringComparison.Ordinal);
        Assert.Contains("Best on validation: 97.0 ± 0.5 nats, estimator=gr-mc-10,arity=2, trial 0.", page, StringComparison.Ordinal);
        Assert.Contains("The test bound of GR-MC10 is better than that of ST-GS in 1 cells, worse in 2, not distinguishable in 1", page, StringComparison.Ordinal);
        Assert.Contains("<td>99.900</td><td>99.400</td>", page, StringComparison.Ordinal);

        void Ended(string cell, double score)
        {
            record.End(record[cell, 0], score);
            record.Report(record[cell, 0], score, score - 0.5);
        }
    }

    // Only bounds of one effort are compared, and only cells that are equal but for the estimator.
    [Fact]
    public void InASearchOfOneCellEachTheBoundsAreCompared()
    {
        var record = SearchRecord.Create(folder.At("search"), 1, ("estimator", ["st-gs", "gr"]));
        foreach (var trial in record.Search.Trials) record.End(trial, 100);
        record.Report(record["estimator=st-gs", 0], 100, 98);
        record.Report(record["estimator=gr", 0], 100, 96.5);
        const string Sentence =
            "The bound of GR is 1.5 ± 0.4 nats better than that of ST-GS on 10,000 test images (unpaired), one seed.";
        Assert.Contains(Sentence, Report.Page([folder.At("search")]), StringComparison.Ordinal);
        record.Search.Write(record["estimator=gr", 0], new FinalRecord(new(100, 0.25, 5000, 10_000),
            new(96.5, 0.25, 1000, 10_000), "1"));
        Assert.DoesNotContain("(unpaired)", Report.Page([folder.At("search")]), StringComparison.Ordinal);
        record.Search.Write(record["estimator=gr", 0], new FinalRecord(new(100, 0.25, 5000, 10_000),
            new(96.5, 0.25, 5000, 9_000), "1"));
        Assert.DoesNotContain("(unpaired)", Report.Page([folder.At("search")]), StringComparison.Ordinal);
    }

    [Fact]
    public void OfAnAccuracyTheBestIsSaid()
    {
        var run = Run("run", "gr", [1.5], 100);
        File.WriteAllLines(Path.Combine(run, "metrics.jsonl"),
            ["{\"step\":10,\"validation-accuracy\":0.4}", "{\"step\":20,\"validation-accuracy\":0.625}",
                "{\"step\":30,\"validation-accuracy\":0.5}"]);
        RunFolder.WriteJson(run, "result.json", new VaeTrainingResult
        {
            Status = RunStatus.Completed,
            Steps = 30,
            Data = "data",
            Binarisation = "fixed"
        });
        Assert.Contains("GR: completed at step 30, validation accuracy 62.5 % at best.", Report.Page([run]),
            StringComparison.Ordinal);
    }

    [Fact]
    public void ASearchTellsHowItSelects_AndWhatWasDrawn()
    {
        var record = new SearchRecord(SearchFolder.Create(folder.At("search"), new SearchSpec
        {
            Task = "vae",
            Trials = 2,
            Seed = 11,
            Settings = new() { ["steps"] = 40 },
            Random = new Dictionary<string, RandomParameter>(StringComparer.Ordinal)
            {
                ["learning-rate"] = new() { Choice = [0.25] },
            },
            Evaluation = new() { SelectionSamples = 7, SelectionExamples = 3000, FinalSamples = 9 },
        }, SearchTasks.All));
        record.End(record.Search.Trials[0], 101.5);
        record.End(record.Search.Trials[1], null, status: RunStatus.Diverged);
        var page = WebUtility.HtmlDecode(Report.Page([folder.At("search")]));
        foreach (var (name, value) in new[] { ("selection", "M = 7, 3,000 examples"), ("report", "M = 9, all examples"),
            ("seed", "11"), ("trials a cell", "2"), ("steps", "40") })
            Assert.Contains($"<dt>{name}</dt><dd>{value}</dd>", page, StringComparison.Ordinal);
        Assert.Contains("2 of 2 trials have ended: 1 completed, 1 diverged.", page, StringComparison.Ordinal);
        // One that has no score is no point.
        Assert.Equal(2, page.Split("data-value=\"trials: learning rate ").Length);
        Assert.Contains("data-value=\"trials: learning rate 0.25, 101.5\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void ASearchOfWhichNoTrialHasBegunHasAPage()
    {
        SearchFolder.Create(folder.At("search"), new SearchSpec { Task = "listops", Trials = 2 }, SearchTasks.All, TestContext.Current.CancellationToken);
        Assert.Contains("0 of 2 trials have ended.", Report.Page([folder.At("search")]), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNoneOfTheseIsNamed()
    {
        Directory.CreateDirectory(folder.At("empty"));
        Assert.Contains("empty holds nothing to report of", Assert.Throws<InputException>(() => Report.Page([folder.At("empty")])).Message, StringComparison.Ordinal);
        Assert.EndsWith("gone is no folder.", Assert.Throws<InputException>(() => Report.Page([folder.At("gone")])).Message, StringComparison.Ordinal);
        Assert.Contains("empty is no run folder", Assert.Throws<InputException>(() => Report.Page([Run("run", "gs", [1], 1), folder.At("empty")])).Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private string Run(string name, string estimator, double[] losses, double validation, string data = "none")
    {
        var path = Directory.CreateDirectory(folder.At(name)).FullName;
        RunFolder.WriteJson(path, "settings.json", new VaeSettings { Estimator = EstimatorName.Parse(estimator), Steps = 100 * losses.Length, Data = data });
        var last = new { step = 100 * losses.Length, ValidationBound = validation, StandardError = 0.3, samples = 5, images = 100 };
        File.WriteAllLines(Path.Combine(path, "metrics.jsonl"),
            losses.Select((loss, i) => JsonSerializer.Serialize(new { step = 100 * (i + 1), loss }, JsonText.Line)).Append(JsonSerializer.Serialize(last, JsonText.Line)));
        File.WriteAllText(Path.Combine(path, "commands.jsonl"), """{"utc":"2026-01-02T03:04:05Z","command":"dgrad train vae --steps 300","version":"0.1.0+abc"}""" + "\n");
        return path;
    }

    private static IEnumerable<(double Step, string Said)> Values(string page, string curve) => Points().Matches(WebUtility.HtmlDecode(page))
        .Where(match => match.Groups["curve"].Value == curve).Select(match => (double.Parse(match.Groups["step"].Value, CultureInfo.InvariantCulture), match.Groups["said"].Value));

    [GeneratedRegex("data-value=\"(?<curve>[^:\"]*): step (?<step>[\\d,]+), (?<said>[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Points();
}
