using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Experiments.Tests.Search;

/// <summary>A trial of ListOps of three epochs, trained to its end: what a search asks of it.</summary>
public sealed class ListOpsTrialTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<(double Done, double All, Activity What)> told = [];
    private readonly TrialOptions options;
    private readonly ITrialRun trial;

    public ListOpsTrialTests()
    {
        options = new(1, TimeSpan.MaxValue, (done, all, what) => told.Add((done, all, what)));
        Directory.CreateDirectory(folder.At("data"));
        folder.Write("data/train.tsv", string.Concat(Enumerable.Range(0, 30).Select(i => $"9\t[MAX {i % 10} 9 ]\n")));
        folder.Write("data/test.tsv", "9\t[MAX 2 9 ]\n3\t[MIN 3 4 ]\n");
        trial = new ListOpsTrials().Read(new JsonObject { ["data"] = folder.At("data"), ["max-length"] = 6, ["epochs"] = 3, ["batch-size"] = 9, ["estimator"] = "st" });
        Assert.Equal(new TrialPlan(9, 3), trial.Plan());
        var outcome = Train(9);
        Assert.Equal((false, 9), (outcome.Diverged, outcome.Steps));
        Assert.Null(outcome.Validation);
    }

    /// <summary>As its score is that of the best epoch. The accuracies are written by hand into the metrics of the same length.</summary>
    [Fact]
    public void ARungIsOfTheBestEpochUpToIt()
    {
        var metrics = folder.At("run/metrics.jsonl");
        var length = (int)new FileInfo(metrics).Length;
        const string Lines = "{\"step\":3,\"validation-accuracy\":0.5}\n{\"step\":6,\"validation-accuracy\":0.25,\"note\":\"\"}\n";
        File.WriteAllText(metrics, Lines.Replace("\"note\":\"\"", $"\"note\":\"{new string('x', length - Lines.Length)}\"", StringComparison.Ordinal));
        Assert.Equal(0.5, Train(3).Validation);
        Assert.Equal(0.5, Train(6).Validation);
    }

    /// <summary>The table of accuracies has a column of each.</summary>
    [Fact]
    public void AnEvaluationIsOfTheBestWeightsAndOfTheLast()
    {
        foreach (var (split, activity, count) in new[] { (Split.Test, Activity.TestAccuracy, 2), (Split.Valid, Activity.ValidAccuracy, 3) })
        {
            var score = trial.Evaluate(folder.At("run"), split, 0, 0, options, TestContext.Current.CancellationToken);
            Assert.Equal((1, count), (score.Samples, score.Examples));
            Assert.Equal((1.0, 1.0, activity), told[^1]);
            foreach (var weights in Enum.GetValues<Weights>())
            {
                using var model = ListOpsRun.Model(folder.At("run"), weights);
                var kept = ListOpsAccuracy.Read(folder.At("run"), split, weights)!;
                Assert.Equal((weights, count), (kept.Weights, kept.Expressions));
                if (split == Split.Test)
                    Assert.Equal(ListOpsAccuracy.Of(model, ListOpsData.Trees(folder.At("data/test.tsv")), 6, "test", weights, null).Loss, kept.Loss, 1e-6);
            }
        }
    }

    [Fact]
    public void WithoutATestSetNoSearchBegins()
    {
        trial.Open();
        File.Delete(folder.At("data/test.tsv"));
        var without = new ListOpsTrials().Read(new JsonObject { ["data"] = folder.At("data") });
        foreach (var use in (Action[])[without.Open, () => Evaluate(TestContext.Current.CancellationToken)])
        {
            Assert.StartsWith($"{folder.At("data")} has no test set; expected ", Assert.Throws<InputException>(use).Message,
                StringComparison.Ordinal);
        }

        void Evaluate(CancellationToken cancellation) =>
            without.Evaluate(folder.At("run"), Split.Test, 0, 0, options, cancellation);
    }

    public void Dispose() => folder.Dispose();

    private TrialOutcome Train(int until)
    {
        using var run = RunFolder.Open(folder.At("run"));
        return trial.Train(run, until, options, TestContext.Current.CancellationToken);
    }
}
