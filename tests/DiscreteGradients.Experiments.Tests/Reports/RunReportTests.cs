using System.Net;
using System.Text.Json;
using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.Reports;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Tests.ListOps;
using DiscreteGradients.Experiments.Vae;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Tests.Reports;

/// <summary>What a page of runs tells of their evaluations, and the pictures that it has.</summary>
public sealed class RunReportTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void BoundsOfImagesThatWereMadeBinaryOtherwiseAreNotCompared()
    {
        string[] runs = [Run("a", "st-gs"), Run("b", "gr")];
        Tested(runs[0], 100, "fixed");
        Tested(runs[1], 98.5, "drawn");
        Assert.DoesNotContain("(unpaired)", Report.Page(runs), StringComparison.Ordinal);
        Tested(runs[1], 98.5, "fixed");
        Assert.Contains("The bound of GR is 1.5 ± 0.4 nats better", Report.Page(runs), StringComparison.Ordinal);

        static void Tested(string run, double bound, string binarisation) =>
            new BoundRecord(Split.Test, new(bound, 0.25, 3, 5000, 10_000), 0, "data", binarisation, "1").Save(run);
    }

    [Fact]
    public void EachEvaluationOfATreeLstmIsARow_InPercent()
    {
        var run = Directory.CreateDirectory(folder.At("tree")).FullName;
        RunFolder.WriteJson(run, "settings.json", new ListOpsSettings { Estimator = EstimatorName.Parse("gr") });
        File.WriteAllText(Path.Combine(run, "metrics.jsonl"), "{\"step\":10,\"validation-accuracy\":0.5}\n");
        Evaluated("test", Weights.Best, 0.75);
        Evaluated("test", Weights.Last, 0.625);
        Evaluated("valid", Weights.Best, 0.5);
        var page = Report.Page([run]);
        foreach (var (split, weights, accuracy) in new[] { ("test", "best", "75.00"), ("test", "last", "62.50"), ("valid", "best", "50.00") })
        {
            Assert.Contains($"<tr><td class=\"words\">GR</td><td class=\"words\">{split}</td><td class=\"words\">{weights}</td>"
                + $"<td>{accuracy}</td><td>1.25</td><td>0.400</td><td>100</td></tr>", page, StringComparison.Ordinal);
        }

        void Evaluated(string split, Weights weights, double accuracy) =>
            (ListOpsEvaluation.Make(weights, accuracy) with { Split = split, StandardError = 0.0125 }).Save(run);
    }

    /// <summary>The test images are shown once, however many runs; where the data are gone, the page says so and goes on.</summary>
    [Fact]
    public void DigitsAreOfTheRunsWhoseWeightsAndDataAreThere()
    {
        TestData.WriteAmat(folder.At("data"));
        string[] runs = [Trained("a", "st-gs"), Trained("b", "gr")];
        Assert.Equal(["test images", "ST-GS: reconstructions", "ST-GS: samples of the prior", "GR: reconstructions", "GR: samples of the prior"],
            Pictures(Report.Page(runs)));
        RunFolder.WriteJson(runs[0], "result.json", new VaeTrainingResult { Status = RunStatus.Diverged, Steps = 9, Data = "data", Binarisation = "fixed" });
        Assert.Equal(["test images", "GR: reconstructions", "GR: samples of the prior"], Pictures(Report.Page(runs)));
        Directory.Move(folder.At("data"), folder.At("moved"));
        var page = Report.Page(runs);
        Assert.Empty(Pictures(page));
        Assert.Contains("<p>No digits of GR: ", page, StringComparison.Ordinal);
        Assert.DoesNotContain("No digits of ST-GS", page, StringComparison.Ordinal);
        Assert.Equal(3, Pictures(Report.Page(runs, folder.At("moved"))).Count);

        static List<string> Pictures(string page) =>
            [.. WebUtility.HtmlDecode(page).Split("<img alt=\"").Skip(1).Select(part => part.Split('"')[0])];
    }

    /// <summary>The metrics have a line for every hundred steps alone, and a checkpoint may come at any.</summary>
    [Fact]
    public void ThePageSaysTheLastStepThatWasDone()
    {
        var run = Run("run", "gr");
        Assert.Contains("GR: not ended at step 100.", Report.Page([run]), StringComparison.Ordinal);
        new TimingLine(237, 2, 1, default).Append(run);
        new TimingLine(100, 2, 0, default) { Evaluated = "test" }.Append(run);
        Assert.Contains("GR: not ended at step 237.", Report.Page([run]), StringComparison.Ordinal);
        RunFolder.WriteJson(run, "result.json",
            new VaeTrainingResult { Status = RunStatus.Diverged, Steps = 251, Data = "data", Binarisation = "fixed" });
        Assert.Contains("GR: diverged at step 251.", Report.Page([run]), StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private string Run(string name, string estimator)
    {
        var path = Directory.CreateDirectory(folder.At(name)).FullName;
        RunFolder.WriteJson(path, "settings.json", Settings(estimator));
        File.WriteAllText(Path.Combine(path, "metrics.jsonl"), JsonSerializer.Serialize(new { step = 100, loss = 120.5 }) + "\n");
        return path;
    }

    private VaeSettings Settings(string estimator) => new()
    {
        Estimator = EstimatorName.Parse(estimator),
        Arity = 2,
        Architecture = VaeArchitecture.Linear,
        Data = folder.At("data"),
    };

    private string Trained(string name, string estimator)
    {
        using var scope = NewDisposeScope();
        using var model = new VaeModel(Settings(estimator), TestData.Mnist().Train.PixelMeans(), 3);
        var path = Run(name, estimator);
        SafeTensors.Write(RunFolder.CheckpointIn(path), model.Parameters, new Dictionary<string, string>(StringComparer.Ordinal));
        return path;
    }
}
