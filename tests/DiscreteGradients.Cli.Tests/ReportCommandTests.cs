using DiscreteGradients.Experiments;

namespace DiscreteGradients.Cli.Tests;

/// <summary>Where dgrad report writes its page, and where it looks for the data.</summary>
[Collection(nameof(InProcess))]
public sealed class ReportCommandTests(TrainedRun run) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task OfOneRunThePageIsInItsFolder_HoweverOftenItIsNamed()
    {
        var copy = run.Copy();
        Assert.Equal(new(ExitCode.Success, $"{copy}/report.html\n", ""), await InProcess.Run(folder.FullPath, "report", copy, copy));
        var page = File.ReadAllText(Path.Combine(copy, "report.html"));
        Assert.Contains($"<h1>GR-MC5: {Path.GetFileName(copy)}</h1>", page, StringComparison.Ordinal);
        Assert.Contains("alt=\"test images\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OfSeveralRunsItIsToBeNamed() =>
        Assert.Equal(new(ExitCode.BadInput, "", "dgrad: several runs have no folder for their report; expected --out FILE.\n"),
            await InProcess.Run(folder.FullPath, "report", run.Copy(), run.Copy()));

    [Fact]
    public async Task DigitsAreOfTheDataWhereTheyAreNow()
    {
        var copy = run.Copy();
        var settings = Path.Combine(copy, "settings.json");
        File.WriteAllText(settings, File.ReadAllText(settings).Replace(run.Data, folder.At("gone"), StringComparison.Ordinal));
        Assert.DoesNotContain("alt=\"test images\"", await Page(), StringComparison.Ordinal);
        Assert.Contains("alt=\"test images\"", await Page("--data", run.Data), StringComparison.Ordinal);

        async Task<string> Page(params string[] more)
        {
            (await InProcess.Run(folder.FullPath, ["report", copy, "--out", "page.html", .. more])).Good();
            return File.ReadAllText(folder.At("page.html"));
        }
    }

    public void Dispose() => folder.Dispose();
}
