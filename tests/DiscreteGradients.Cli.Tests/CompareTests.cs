using System.Text.Json.Nodes;

namespace DiscreteGradients.Cli.Tests;

[Collection(nameof(InProcess))]
public sealed class CompareTests(TrainedRun run) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task AComparisonMakesItsReport_AndGoesOnAfterCtrlC()
    {
        string[] arguments = ["compare", "--estimators", "st-gs,gr-mc:5", .. Options(22), "--json"];
        var whole = (await InProcess.Run(folder.FullPath, [.. arguments, "--out", folder.At("whole")])).Good();
        var result = JsonNode.Parse(whole.Output)!;
        Assert.Equal(whole.Output.Length - 1, whole.Output.IndexOf('\n', StringComparison.Ordinal));
        Assert.Equal(["st-gs", "gr-mc:5"], result["rows"]!.AsArray().Select(row => (string)row!["estimator"]!));
        foreach (var row in result["rows"]!.AsArray())
        {
            Assert.Equal([6, 11, 17, 22], row!["variances"]!.AsArray().Select(point => (int)point!["step"]!));
            Assert.True((double)row["variances"]![0]!["variance"]!["trace"]! > 0);
            Assert.Equal(6, (int)row["bound"]!["images"]!);
        }
        AssertReport("whole");

        var stopped = await Dgrad.Interrupted(() => Dgrad.Start(folder.FullPath, [.. arguments, "--out", folder.At("parts")]), folder.At("parts"), "st-gs/checkpoint/state.safetensors");
        Assert.Equal((130, ""), (stopped.Code, stopped.Output));
        Assert.EndsWith("dgrad: stopped.\n", stopped.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", stopped.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.At("parts/report.html")), "it was stopped before its end");
        Assert.Equal(whole.Output, (await InProcess.Run(folder.FullPath, [.. arguments, "--out", folder.At("parts"), "--threads", "1"])).Good().Output);
        AssertReport("parts");

        // The report is made of the folder alone.
        var page = (await InProcess.Run(folder.FullPath, ["report", folder.At("whole"), "--out", folder.At("again.html")])).Good();
        Assert.Equal((folder.At("again.html") + "\n", File.ReadAllText(folder.At("whole/report.html"))), (page.Output, File.ReadAllText(folder.At("again.html"))));
    }

    [Fact]
    public async Task SeedsAreTrainedEach_AndAddedToThoseThatAreThere()
    {
        string[] arguments = ["compare", "--estimators", "st-gs,gr", .. Options(4), "--out", folder.At("run"), "--quiet"];
        (await InProcess.Run(folder.FullPath, arguments)).Good();
        var first = File.GetLastWriteTimeUtc(folder.At("run/gr/checkpoint/state.safetensors"));
        var outcome = (await InProcess.Run(folder.FullPath, [.. arguments, "--seeds", "3"])).Good();
        Assert.Equal(["gr", "gr-seed1", "gr-seed2", "st-gs", "st-gs-seed1", "st-gs-seed2"],
            Directory.EnumerateDirectories(folder.At("run")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.Equal(first, File.GetLastWriteTimeUtc(folder.At("run/gr/checkpoint/state.safetensors")));
        Assert.Matches(@"gr, mean ± spread .*\d\.\d\d ± \d", outcome.Output);
        Assert.Contains(", over 3 seeds.", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EstimatorsThatDivergeAreReported()
    {
        var outcome = (await InProcess.Run(folder.FullPath, ["compare", "--estimators", "st-gs,gs", .. Options(4), "--learning-rate", "1e38", "--out", folder.At("run"), "--quiet"])).Good();
        Assert.Equal("", outcome.Error);
        Assert.Matches(@"st-gs .*diverged\ngs .*diverged\n", outcome.Output);
        AssertReport("run");
    }

    public void Dispose() => folder.Dispose();

    private string[] Options(int steps) =>
    [
        "--data", run.Data, "--arity", "4", "--architecture", "linear", "--batch-size", "2", "--steps", $"{steps}",
        "--validation-interval", "10", "--validation-samples", "2",
    ];

    private void AssertReport(string name)
    {
        var page = File.ReadAllText(folder.At($"{name}/report.html"));
        // Nothing is fetched: names of XML vocabularies are the only addresses.
        var rest = page.Replace("http://www.w3.org/", "").Replace("src=\"data:", "").Replace("url(#", "");
        foreach (var outside in new[] { "http:", "https:", "src=", "href=\"/", "url(" }) Assert.DoesNotContain(outside, rest, StringComparison.Ordinal);
        // A chart each of the variance (where it could be measured), the loss, the bound and the speed.
        Assert.True(name == "run" || page.Split("<figure class=\"chart\">").Length == 5, "four charts");
        var names = page.Split(" id=\"").Skip(1).Select(part => part.Split('"')[0]).ToList();
        Assert.Equal(names.Distinct(StringComparer.Ordinal), names);
        foreach (var picture in new[] { "loss.png", "variance.png", "digits.png" })
            Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(folder.At($"{name}/{picture}"))[..4]);
        foreach (var picture in new[] { "loss.svg", "variance.svg" }) Assert.Contains("<svg", File.ReadAllText(folder.At($"{name}/{picture}")), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(folder.At(name), "*.tmp", SearchOption.AllDirectories));
    }
}
