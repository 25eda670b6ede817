using DiscreteGradients.Cli;
using DiscreteGradients.Experiments.Paper;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Paper;

public sealed class ResultsDocumentTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void OnlyTheFixedBinarisationStandsBesideThePaper()
    {
        Run("a", "binarized MNIST", 98.25);
        Run("b", "MNIST (embedded)", 90);
        var rows = ResultsDocument.Markdown(folder.FullPath, Wording.Dgrad).Split('\n').Where(line => line.StartsWith("| st-gs", StringComparison.Ordinal)).ToList();
        Assert.Equal("| st-gs | 8 | 20 | 0.5 | 0.001 | 0.9 | deep | analytic | 50000 | 0 | 98.25 ± 0.50 | 5000 | 10000 | 12.3 | 98.0 | +0.25 | binarized MNIST |", rows[0]);
        Assert.EndsWith("| 12.3 |  |  | MNIST (embedded) |", rows[1], StringComparison.Ordinal);
        Assert.Equal(2, rows.Count);
    }

    [Fact]
    public void ARunBelowThePaperHasAMinusSign()
    {
        Run("a", "binarized MNIST", 97.5);
        Assert.Contains("| 98.0 | −0.50 |", ResultsDocument.Markdown(folder.FullPath, Wording.Dgrad), StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private void Run(string name, string data, double bound)
    {
        using var run = RunFolder.Open(folder.At(name));
        run.Claim(new VaeSettings());
        new BoundRecord(Split.Test, new(bound, 0.5, 12.3, 5000, 10_000), 0, data, "as in the files", "1").Save(run.Path);
    }
}
