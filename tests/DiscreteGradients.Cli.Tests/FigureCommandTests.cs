using DiscreteGradients.Cli.Commands;
using DiscreteGradients.Experiments.Paper;

namespace DiscreteGradients.Cli.Tests;

public sealed class FigureCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void TheCommandOfAFigureCanBeCopied()
    {
        var parsed = Root.Parse(["figure", "2a", "--data", "/home/me/my data", "--estimators", "st-gs,gr-mc:10", "--out", "my figures"]);
        FigureCommand.Done(parsed, folder.FullPath, "2a", "my friend's search");
        Assert.Equal(@"dgrad figure 2a 'my friend'\''s search' --data '/home/me/my data' --estimators st-gs,gr-mc:10", FigureRecord.Read(folder.FullPath, "2a")!.Command);
    }

    /// <summary>Where the files go, how fast and what is printed are no part of how a figure was made.</summary>
    [Fact]
    public void TheCommandLeavesOutWhatDoesNotChangeTheFigure()
    {
        var parsed = Root.Parse(["figure", "2a", "--threads", "2", "--quiet", "--json", "--out", "x", "--arity", "4"]);
        Assert.Equal($"{folder.At("figure-2a")}.svg, .png, .csv", FigureCommand.Done(parsed, folder.FullPath, "2a"));
        Assert.Equal("dgrad figure 2a --arity 4", FigureRecord.Read(folder.FullPath, "2a")!.Command);
    }

    public void Dispose() => folder.Dispose();
}
