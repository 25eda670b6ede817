using DiscreteGradients.Experiments;

namespace DiscreteGradients.Cli.Tests;

/// <summary>What is written where somebody asked for it.</summary>
[Collection(nameof(InProcess))]
public sealed class OutFileTests(TrainedRun run) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("page.html", "report RUN --out page.html")]
    [InlineData("weights", "export RUN --out weights")]
    [InlineData("events/events.out.tfevents.dgrad-NAME", "export RUN --format tensorboard --out events")]
    [InlineData("lists/train.tsv", "data generate listops --count 20 --out lists")]
    public async Task AFileThatIsReplacedIsTold(string file, string line)
    {
        var words = line.Split(' ').Select(word => word == "RUN" ? run.Path : word).ToArray();
        var path = folder.At(file.Replace("NAME", Path.GetFileName(run.Path), StringComparison.Ordinal));
        Assert.DoesNotContain("replaced", (await InProcess.Run(folder.FullPath, words)).Good().Error, StringComparison.Ordinal);
        Assert.True(File.Exists(path));
        Assert.Contains($"{path} was there and is replaced\n", (await InProcess.Run(folder.FullPath, words)).Good().Error, StringComparison.Ordinal);
    }

    /// <summary>Whatever a command writes itself goes through <see cref="OutFile"/>, one of them with a stream.</summary>
    [Fact]
    public void ThereIsOneWayToWriteThem()
    {
        var files = Directory.EnumerateFiles(Path.Combine(WorkingTree.Root, "src", "DiscreteGradients.Cli", "Commands"), "*.cs").Where(file => File.ReadAllText(file).Contains(nameof(AtomicFile), StringComparison.Ordinal));
        Assert.Equal(["DataCommand.cs"], files.Select(Path.GetFileName));
    }

    public void Dispose() => folder.Dispose();
}
