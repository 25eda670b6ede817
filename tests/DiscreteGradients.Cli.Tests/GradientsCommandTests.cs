using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Cli.Tests;

[Collection(nameof(InProcess))]
public sealed class GradientsCommandTests(TrainedRun run) : IDisposable
{
    private static readonly string[] Study = ["--estimators", "st-gs,gr-mc:5,reinforce", "--temperatures", "0.2,0.5,1", "--minibatches", "10", "--passes", "2", "--reference-passes", "2"];
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task TheSimplexIsMeasured()
    {
        string[] arguments = ["gradients", "simplex", "--p", "0.6,0.3,0.1", "--estimators", "st-gs,gr-mc:20", "--draws", "2000", "--suggest-temperature", "--quiet"];
        var outcome = (await InProcess.Run(folder.FullPath, [.. arguments, "--json"])).Good();
        Assert.Equal(outcome.Output.Length - 1, outcome.Output.IndexOf('\n', StringComparison.Ordinal));
        var result = JsonNode.Parse(outcome.Output)!;
        // The error of one gradient is least at the upper edge of the ten default temperatures: three more are measured, up to 10.
        Assert.Equal(2 * 13, result["rows"]!.AsArray().Count);
        foreach (var name in new[] { "mean", "log10-trace", "log10-trace-error", "bias-norm", "mean-squared-error", "mean-squared-error-error" }) Assert.NotNull(result["rows"]![0]![name]);
        Assert.Equal(["st-gs", "gr-mc:20"], result["suggestions"]!.AsArray().Select(suggestion => (string)suggestion!["estimator"]!));
        var text = (await InProcess.Run(folder.FullPath, [.. arguments, "--threads", "1"])).Good().Output;
        Assert.Matches(@"gr-mc:20: .*mean squared error .* temperature", text);
        Assert.Contains("not the best for training", text, StringComparison.Ordinal);
        Assert.Contains("dgrad", (await Dgrad.Run(folder.FullPath, "gradients", "--help")).Good().Output, StringComparison.Ordinal);
        Assert.Contains("reinforce", (await InProcess.Run(folder.FullPath, "gradients", "polynomial", "--power", "3", "--draws", "100", "--quiet")).Good().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheEndIsSaidHoweverSoonItComes() => Assert.Contains("gradients: 100 % 6 of 6 measurements",
        (await InProcess.Run(folder.FullPath, "gradients", "polynomial", "--draws", "100", "--estimators", "st-gs,gr")).Good().Error,
        StringComparison.Ordinal);

    [Fact]
    public async Task AStudyThatWasInterruptedGivesTheSameNumbers()
    {
        string[] arguments = ["gradients", "vae", "--run", run.Path, .. Study, "--suggest-temperature", "--json", "--quiet"];
        var whole = (await InProcess.Run(folder.FullPath, [.. arguments, "--out", folder.At("whole"), "--threads", "1"])).Good().Output;
        Assert.Equal(7, JsonNode.Parse(whole)![0]!["rows"]!.AsArray().Count);
        Assert.Equal(700, (int)JsonNode.Parse(whole)![0]!["step"]!);
        var stopped = await Dgrad.Interrupted(() => Dgrad.Start(folder.FullPath, [.. arguments, "--out", folder.At("parts")]), folder.At("parts"), "step-700/vectors/st-gs-0.2-3.safetensors");
        Assert.Equal(new(130, "", "dgrad: stopped.\n"), stopped);
        using (var killed = Dgrad.Start(folder.FullPath, [.. arguments, "--out", folder.At("parts")]))
        {
            await killed.Until(folder.At("parts/step-700/vectors/gr-mc-5-0.5-1.safetensors"));
            killed.Kill();
            await killed.End();
        }
        Assert.Equal(whole, (await InProcess.Run(folder.FullPath, [.. arguments, "--out", folder.At("parts")])).Good().Output);

        (await InProcess.Run(folder.FullPath, "report", folder.At("parts"))).Good();
        var page = File.ReadAllText(folder.At("parts/report.html"));
        var trace = (double)JsonNode.Parse(whole)![0]!["rows"]![0]!["trace"]!;
        Assert.Contains(trace.ToString("G6", System.Globalization.CultureInfo.InvariantCulture), page, StringComparison.Ordinal);
        Assert.Contains("Gradients of the inference network", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AGridThatIsMadeWiderIsOneStudy()
    {
        string[] arguments = ["gradients", "vae", "--run", run.Path, "--estimators", "st-gs", "--minibatches", "10", "--passes", "2", "--reference-passes", "2", "--suggest-temperature", "--json", "--out", folder.At("study")];
        var outcome = (await InProcess.Run(folder.FullPath, arguments)).Good();
        Assert.Matches("the best temperature is at the edge of the grid: [0-9.,]+ are measured too\n", outcome.Error);
        var measured = JsonNode.Parse(outcome.Output)![0]!["rows"]!.AsArray().Select(row => (double)row!["temperature"]!).ToList();
        Assert.True(measured.Count > 6 && measured.Distinct().Count() == measured.Count, string.Join(',', measured));
        Assert.Equal(["commands.jsonl", "step-700"], Directory.EnumerateFileSystemEntries(folder.At("study")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var work = File.ReadAllText(folder.At("study/step-700/work.jsonl"));
        Assert.Equal(outcome.Output, (await InProcess.Run(folder.FullPath, arguments)).Good().Output);
        Assert.Equal(work, File.ReadAllText(folder.At("study/step-700/work.jsonl")));
        (await InProcess.Run(folder.FullPath, "report", folder.At("study"))).Good();
        var page = File.ReadAllText(folder.At("study/report.html"));
        Assert.All(measured, temperature => Assert.Contains(FormattableString.Invariant($"ST-GS: temperature τ {temperature:G4}, "), page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ARunThatIsStillTrainingIsMeasuredAtOneStep()
    {
        var copy = run.Copy();
        string[] arguments = ["gradients", "vae", "--run", copy, "--estimators", "st-gs", "--minibatches", "10", "--passes", "2", "--reference-passes", "2", "--suggest-temperature", "--json", "--out"];
        var whole = (await InProcess.Run(folder.FullPath, [.. arguments, folder.At("whole")])).Good();
        Assert.Contains("are measured too", whole.Error, StringComparison.Ordinal);
        var (tensors, texts) = SafeTensors.Read(RunFolder.CheckpointIn(copy));
        SafeTensors.Write(folder.At("next"), tensors.Select(pair =>
            (pair.Key, pair.Key.StartsWith("encoder.", StringComparison.Ordinal) ? pair.Value.neg() : pair.Value)), new Dictionary<string, string>(texts, StringComparer.Ordinal) { ["step"] = "701" });
        foreach (var tensor in tensors.Values) tensor.Dispose();
        var study = Task.Run(() => InProcess.Run(folder.FullPath, [.. arguments, folder.At("study")]));
        // The model is read when the log is there. The next checkpoint comes before the grid is made wider.
        while (!study.IsCompleted && !File.Exists(folder.At("study/step-700/work.jsonl"))) await Task.Delay(1);
        File.Move(folder.At("next"), RunFolder.CheckpointIn(copy), overwrite: true);
        Assert.Equal(whole.Output, (await study).Good().Output);
    }

    [Fact]
    public async Task VarianceAgainstCostIsMeasured()
    {
        var outcome = (await InProcess.Run(folder.FullPath, "figure", "cost", "--estimators", "st-gs,gr-mc:10,gr", "--draws", "40", "--seconds", "0.01", "--quiet", "--json", "--out", folder.At("figures"))).Good();
        var rows = JsonNode.Parse(outcome.Output)!.AsArray();
        Assert.Equal(["2 st-gs", "2 gr-mc:10", "2 gr", "8 st-gs", "8 gr-mc:10", "8 gr"], rows.Select(row => $"{row!["arity"]} {row["estimator"]}"));
        foreach (var arity in (int[])[0, 3])
            Assert.Equal(rows.Skip(arity).Take(3).Select(row => (double)row!["trace"]!).OrderDescending(), rows.Skip(arity).Take(3).Select(row => (double)row!["trace"]!));
        foreach (var name in new[] { "cost", "cost-st-gs", "cost-gr-mc", "cost-gr" }) Assert.Equal("svg", System.Xml.Linq.XDocument.Load(folder.At($"figures/{name}.svg")).Root!.Name.LocalName);
        Assert.Equal(7, File.ReadAllLines(folder.At("figures/cost.csv")).Length);
    }

    [Fact]
    public async Task FiguresAreMade_WithTheirRun()
    {
        string[] training = ["--data", run.Data, "--architecture", "linear", "--batch-size", "2", "--steps", "12", "--validation-samples", "2"];
        string[] study = ["--estimators", "st-gs,gr-mc:5", "--minibatches", "10", "--passes", "2", "--quiet", "--out", folder.At("figures")];
        (await InProcess.Run(folder.FullPath, ["figure", "3", .. training, .. study, "--at", "4,8,12,99", "--arities", "2,4"])).Good();
        var again = (await InProcess.Run(folder.FullPath, ["figure", "2a", .. training, .. study, "--at", "4,8,12", "--arity", "4", "--json"])).Good();
        Assert.Equal([4, 8, 12], JsonNode.Parse(again.Output)!.AsArray().Select(result => (int)result!["step"]!));
        (await InProcess.Run(folder.FullPath, ["figure", "2b", .. training, .. study, "--at", "12", "--arity", "4", "--reference-passes", "5"])).Good();
        foreach (var name in new[] { "figure-2a", "figure-2b", "figure-3" }) AssertPicture(name);
        Assert.Equal(1 + 2 * 3 * 2, File.ReadAllLines(folder.At("figures/figure-3.csv")).Length);
        Assert.Equal(1 + 6 * 2, File.ReadAllLines(folder.At("figures/figure-2b.csv")).Length);
        (await InProcess.Run(folder.FullPath, ["results", "figures", "--out", "docs/results.md"])).Good();
        var document = File.ReadAllText(folder.At("docs/results.md"));
        Assert.Contains("![Figure 3](../figures/figure-3.png)", document, StringComparison.Ordinal);
        Assert.Contains("    dgrad figure 3 --data", document, StringComparison.Ordinal);
        Assert.DoesNotContain("--quiet", document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Figure1IsTheSameAfterAnInterruption()
    {
        string[] arguments = ["figure", "1", "--side", "12", "--samples", "50", "--draws", "3000", "--quiet", "--out"];
        (await InProcess.Run(folder.FullPath, [.. arguments, folder.At("figures"), "--threads", "1"])).Good();
        Assert.Equal(130, (await Dgrad.Interrupted(() => Dgrad.Start(folder.FullPath, [.. arguments, folder.At("parts")]), folder.At("parts"), "figure-1/work.jsonl")).Code);
        (await InProcess.Run(folder.FullPath, [.. arguments, folder.At("parts")])).Good();
        AssertPicture("figure-1");
        foreach (var name in new[] { "figure-1.csv", "figure-1.png" }) Assert.Equal(File.ReadAllBytes(folder.At("figures/" + name)), File.ReadAllBytes(folder.At("parts/" + name)));
        Assert.Equal(1 + 3 * 78, File.ReadAllLines(folder.At("figures/figure-1.csv")).Length);
    }

    [Fact]
    public async Task TheSimplexIsOptimised_AndDrawn()
    {
        var outcome = (await InProcess.Run(folder.FullPath, "train", "simplex", "--steps", "600", "--out", folder.At("run"), "--json", "--quiet")).Good();
        Assert.InRange((double)JsonNode.Parse(outcome.Output)!["objective"]!, 0, 0.03);
        foreach (var picture in new[] { "path.png", "objective.png" })
            Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(folder.At($"run/{picture}"))[..4]);
        Assert.Equal(outcome.Output, (await InProcess.Run(folder.FullPath, "train", "simplex", "--resume", folder.At("run"), "--json", "--quiet")).Good().Output);
        Assert.Equal(2, (await InProcess.Run(folder.FullPath, "train", "polynomial", "--resume", folder.At("run"))).Code);
    }

    public void Dispose() => folder.Dispose();

    private void AssertPicture(string name)
    {
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(folder.At($"figures/{name}.png"))[..4]);
        var svg = File.ReadAllText(folder.At($"figures/{name}.svg"));
        Assert.Contains("<svg", svg, StringComparison.Ordinal);
        Assert.EndsWith("</svg>", svg.TrimEnd(), StringComparison.Ordinal);
    }
}
