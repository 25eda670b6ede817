using DiscreteGradients.Experiments.Paper;
using DiscreteGradients.Experiments.Tests.Search;

namespace DiscreteGradients.Experiments.Tests.Paper;

/// <summary>The sentences at the head of docs/results.md, from records written by hand.</summary>
public sealed class AnswersTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void GainsAndLossesAreSaidWithTheirSigns()
    {
        Record(12, ("st-gs", 8, 98.5), ("gr", 8, 96.25), ("st-gs", 2, 100), ("gr", 2, 100.75));
        var text = Answers.Markdown(folder.FullPath);
        Assert.StartsWith("**Does it help?** GR is ahead of ST-GS in 1 of the 2 cells in which both were searched: −0.75 nats (2-ary, batch size 20), +2.25 nats (8-ary, batch size 20). ", text, StringComparison.Ordinal);
        Assert.Contains("at most 0.35 nats", text, StringComparison.Ordinal);       // 0.25 each
        // The paper's ST-GS: 100.7 and 98.0; its GR-MC1000: 100.5 and 96.5.
        Assert.Contains("ST-GS is at −0.70, +0.50, and GR at +0.25, −0.25 nats", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ASearchOfFewTrialsAnswersNothing()
    {
        Record(6, ("st-gs", 8, 98.5), ("gr", 8, 96.25));
        Assert.Equal("", Answers.Markdown(folder.FullPath));
    }

    [Fact]
    public void TimesAreOfTheBenchmarks()
    {
        Directory.CreateDirectory(folder.At("bench"));
        Write("vae-1", """{"rows":[{"estimator":"st-gs","milliseconds":{"median":2}},{"estimator":"gr","milliseconds":{"median":3}}]}""");
        Write("kernel-2", """{"rows":[{"workload":{"batch":20,"variables":80,"categories":8},"samples":10,"fused":{"median":9},"exact":{"median":9}},{"workload":{"batch":20,"variables":80,"categories":8},"samples":100,"fused":{"median":0.5},"exact":{"median":0.25}}]}""");
        Write("peer-gst-2", """{"rows":[{"case":"[20, 80, 8], K = 100","milliseconds":{"median":50}}]}""");
        Assert.Equal(
            "**What does it cost?** A training step of the 8-ary VAE takes 1.50 times as long as with ST-GS (3.00 and 2.00 ms on one thread). "
            + "For the gradient alone, GR-MC100 is 100 times and GR 200 times faster than the published implementation of GR-MC100 in PyTorch.\n\n", Answers.Markdown(folder.FullPath));
    }

    public void Dispose() => folder.Dispose();

    private void Write(string name, string json) => File.WriteAllText(folder.At($"bench/{name}.json"), json);

    private void Record(int trials, params (string Estimator, int Arity, double Test)[] cells)
    {
        var record = SearchRecord.Create(folder.At("search"), trials, ("arity", [.. cells.Select(cell => cell.Arity).Distinct().Select(arity => (System.Text.Json.Nodes.JsonNode)arity)]), ("estimator", ["st-gs", "gr"]));
        foreach (var trial in record.Search.Trials)
        {
            record.End(trial, 90 + trial.Index);
            if (trial.Index == 0) record.Report(trial, 90, cells.Single(cell => $"arity={cell.Arity},estimator={cell.Estimator}" == trial.Cell.Name).Test);
        }
    }
}
