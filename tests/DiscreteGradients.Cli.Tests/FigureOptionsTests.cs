using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Paper;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.ToyProblems;
using DiscreteGradients.Experiments.Tradeoff;

namespace DiscreteGradients.Cli.Tests;

/// <summary>The commands that draw figures, and those that train, measure what their options say.</summary>
[Collection(nameof(InProcess))]
public sealed class FigureOptionsTests(TrainedRun run) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task OfFigure1()
    {
        await Run("figure", "1", "--side", "3", "--samples", "2", "--draws", "40", "--rao-draws", "60", "--seed", "5", "--temperatures", "0.5", "--out", "some");
        Assert.Equal(Text(new Figure1Settings { Side = 3, Samples = 2, Draws = 40, RaoDraws = 60, Seed = 5, Temperatures = [0.5] }), Kept("some"));
        await Run("figure", "1", "--side", "3", "--exact", "--draws", "20", "--temperatures", "1", "--out", "exact");
        Assert.Equal(Text(new Figure1Settings { Side = 3, Exact = true, Draws = 20, Temperatures = [1] }), Kept("exact"));

        string Kept(string name) => JsonNode.Parse(File.ReadAllText(folder.At($"{name}/figure-1/settings.json")))!.ToJsonString();
    }

    /// <summary>All but the time is a function of the settings.</summary>
    [Fact]
    public async Task OfTheCostFigure()
    {
        var said = await Run("figure", "cost", "--arities", "2", "--estimators", "st-gs,gr-mc:10", "--temperature", "0.7", "--draws", "30", "--seed", "3",
            "--seconds", "0.001", "--json", "--out", "cost");
        Assert.Equal(WithoutTimes(Text(TradeoffStudy.Measure(new()
        {
            Arities = [2],
            Estimators = EstimatorName.ParseList("st-gs,gr-mc:10", severalEvaluations: true),
            Temperature = 0.7,
            Draws = 30,
            Seed = 3,
            Seconds = 0.001,
        }))), WithoutTimes(said));

        static string WithoutTimes(string json)
        {
            var rows = JsonNode.Parse(json)!.AsArray();
            foreach (var row in rows) Assert.True(row!.AsObject().Remove("milliseconds"));
            return rows.ToJsonString();
        }
    }

    [Fact]
    public async Task OfTheFigureOfTheIdea()
    {
        var said = await Run("figure", "idea", "--temperature", "0.7", "--draws", "20", "--samples", "5", "--seed", "4", "--json", "--out", "idea");
        var settings = new IdeaSettings { Temperature = 0.7, Draws = 20, Samples = 5, Seed = 4 };
        Assert.Equal(Text(IdeaFigure.Make(settings, folder.At("expected"))) + "\n", said);
        Assert.Equal(File.ReadAllText(folder.At("expected/idea.csv")), File.ReadAllText(folder.At("idea/idea.csv")));
    }

    [Fact]
    public async Task StepsAreMeasuredOnceEach_InTheirOrder()
    {
        var said = await Run("figure", "2a", "--data", run.Data, "--arity", "4", "--architecture", "linear", "--batch-size", "2", "--validation-samples", "2",
            "--steps", "12", "--estimators", "st-gs", "--minibatches", "10", "--passes", "2", "--at", "8,4,8", "--json", "--out", "figures");
        Assert.Equal([4, 8], JsonNode.Parse(said)!.AsArray().Select(result => (int)result!["step"]!));
    }

    /// <summary>With 0 seconds from one checkpoint to the next there is one after each step.</summary>
    [Fact]
    public async Task ATrainingOfAToyProblemSaysWhatItCameTo_AndWritesCheckpointsAsOftenAsAsked()
    {
        string[] train = ["train", "polynomial", "--variables", "2", "--steps", "6", "--learning-rate", "0.5", "--out"];
        var said = await Run([.. train, "seldom"]);
        var objective = (double)JsonNode.Parse(File.ReadAllText(folder.At("seldom/result.json")))!["objective"]!;
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"objective {objective:G6} after 6 steps; {folder.At("seldom")}\n"), said);
        Assert.Equal([6], TimingLine.Read(folder.At("seldom")).Select(line => line.Step));
        await Run([.. train, "often", "--checkpoint-seconds", "0"]);
        Assert.Equal([1, 2, 3, 4, 5, 6], TimingLine.Read(folder.At("often")).Select(line => line.Step));
    }

    public void Dispose() => folder.Dispose();

    private static string Text<T>(T value) => JsonSerializer.Serialize(value, JsonText.Line);

    private async Task<string> Run(params string[] words) => (await InProcess.Run(folder.FullPath, [.. words, "--quiet"])).Good().Output;
}
