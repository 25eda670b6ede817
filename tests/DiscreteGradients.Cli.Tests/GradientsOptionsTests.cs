using System.Text.Json;
using System.Text.Json.Nodes;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.ToyProblems;

namespace DiscreteGradients.Cli.Tests;

/// <summary>The commands that measure gradients measure what their options say: the same study, called without them.</summary>
[Collection(nameof(InProcess))]
public sealed class GradientsOptionsTests(TrainedRun run) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task OfTheSimplex()
    {
        var outcome = (await InProcess.Run(folder.FullPath, "gradients", "simplex", "--p", "0.6,0.3,0.1", "--estimators",
            "st-gs,st", "--temperatures", "0.2,0.5,1",
            "--draws", "60", "--seed", "7", "--direct", "--suggest-temperature", "--batch", "50", "--json", "--quiet")).Good();
        var study = new ToyProblemStudy(new QuadraticProblem(), QuadraticProblem.Point([0.6, 0.3, 0.1]), 60, 7)
        {
            Direct = true,
            Batch = 50
        };
        Assert.Equal(Line(study.Run(EstimatorName.ParseList("st-gs,st"), [0.2, 0.5, 1])), outcome.Output);
    }

    [Fact]
    public async Task OfThePolynomial_AtThreeTemperaturesUnlessOthersAreAskedFor()
    {
        var outcome = (await InProcess.Run(folder.FullPath, "gradients", "polynomial", "--power", "3", "--variables", "5",
            "--probability", "0.25",
            "--estimators", "gs,st", "--draws", "40", "--json", "--quiet")).Good();
        var problem = PolynomialProblem.Create(3, 5);
        var result = new ToyProblemStudy(problem, problem.Point(0.25), 40, 0).Run(EstimatorName.ParseList("gs,st"),
            [0.1, 0.5, 1]);
        // No temperature is suggested to whom has not asked.
        Assert.Equal(Line(result with { Suggestions = null }), outcome.Output);
    }

    [Fact]
    public async Task OfAVae()
    {
        string[] study = ["gradients", "vae", "--run", run.Path, "--estimators", "st-gs,zgr", "--temperatures", "0.4",
            "--minibatches", "10", "--passes", "3", "--study-seed", "6", "--quiet", "--out"];
        (await InProcess.Run(folder.FullPath, [.. study, folder.At("reinforce"), "--reference", "reinforce",
            "--reference-passes", "4"])).Good();
        (await InProcess.Run(folder.FullPath, [.. study, folder.At("none"), "--reference", "none"])).Good();
        // The minibatches are as large as those of the training.
        const string Begin = """{"estimators":["st-gs","zgr"],"temperatures":[0.4],"minibatches":10,"passes":3,"batch-size":4,""";
        Assert.Equal(Begin + "\"reference\":\"reinforce\",\"reference-passes\":4,\"seed\":6}", Settings("reinforce"));
        Assert.Equal(Begin + "\"reference\":\"local\",\"reference-passes\":0,\"seed\":6}", Settings("none"));

        string Settings(string name) =>
            JsonNode.Parse(File.ReadAllText(folder.At($"{name}/step-700/settings.json")))!["settings"]!.ToJsonString();
    }

    public void Dispose() => folder.Dispose();

    private static string Line(ToyProblemResult result) => JsonSerializer.Serialize(result, JsonText.Line) + Environment.NewLine;
}
