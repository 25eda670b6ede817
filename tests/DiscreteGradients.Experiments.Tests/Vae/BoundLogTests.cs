using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.Vae;
using TorchSharp;

namespace DiscreteGradients.Experiments.Tests.Vae;

public sealed class BoundLogTests : IDisposable
{
    private const int Count = 230, Samples = 10;
    private static readonly BinaryImages Images = TestData.Images(Count, 5);
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void AStoppedEvaluationGoesOnAfterItsLastWholeBlock_WithTheSameNumbers()
    {
        using var model = ExactModel.Create(1);
        using var bound = new ImportanceBound(model);
        var whole = bound.Evaluate(Images, Count, Samples, 7, threads: 1);
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Evaluate("a", done => Stop(done, 130), stop.Token));
        var seen = new List<int>();
        Assert.Equal(whole, Evaluate("a", seen.Add));
        Assert.Equal(Enumerable.Range(101, Count - 100), seen);

        // What is done is not done again.
        seen.Clear();
        Assert.Equal(whole, Evaluate("a", seen.Add));
        Assert.Empty(seen);

        // That of another checkpoint begins anew.
        Assert.Equal(whole, Evaluate("b", seen.Add));
        Assert.Equal(1, seen[0]);

        // So does one of other images, samples or noise, which leaves this one as it is.
        foreach (var (count, samples, seed) in new[] { (Count - 20, Samples, 7UL), (Count, Samples + 1, 7UL), (Count, Samples, 8UL) })
        {
            Evaluate("b", seen.Add);
            var log = new BoundLog(folder.FullPath, "test", "b", count, samples, seed);
            Assert.Equal(bound.Evaluate(Images, count, samples, seed, threads: 1), log.Evaluate(bound, Images, threads: 1));
        }

        seen.Clear();
        Assert.Equal(whole, Evaluate("b", seen.Add));
        Assert.Empty(seen);

        BoundResult Evaluate(string identity, Action<int> progress, CancellationToken cancellation = default) =>
            new BoundLog(folder.FullPath, "test", identity, Count, Samples, 7).Evaluate(bound, Images, 1, progress, cancellation);

        void Stop(int done, int at)
        {
            if (done == at) stop.Cancel();
        }
    }

    // One that is there twice, one that lacks a number of one kind, one of more images than there are, and one that is none.
    [Theory]
    [InlineData("twice", 2)]
    [InlineData("short", 2)]
    [InlineData("long", 3)]
    [InlineData("none", 2)]
    public void ABlockThatDoesNotFitIsMeasuredAgain_AndWhatFollowsIt(string damage, int place)
    {
        using var model = ExactModel.Create(1);
        using var bound = new ImportanceBound(model);
        var log = new BoundLog(folder.FullPath, "test", "a", Count, Samples, 7);
        var whole = log.Evaluate(bound, Images, threads: 1);
        var path = folder.At("evaluation-test-230-10-7.partial.jsonl");
        var lines = File.ReadAllLines(path);
        Assert.Equal(4, lines.Length);      // a head, and blocks of 100, 100 and 30 images
        var spoilt = lines.ToList();
        spoilt[place] = damage switch
        {
            "twice" => lines[1],
            "short" => Changed(lines[2], "effective", numbers => numbers.RemoveAt(99)),
            "long" => Changed(Changed(lines[3], "bounds", AddOne), "effective", AddOne),
            _ => "{}",
        };
        File.WriteAllLines(path, spoilt);
        var seen = new List<int>();
        Assert.Equal(whole, log.Evaluate(bound, Images, threads: 1, seen.Add));
        Assert.Equal(Enumerable.Range(100 * (place - 1) + 1, Count - 100 * (place - 1)), seen);
        Assert.Equal(lines, File.ReadAllLines(path));

        static void AddOne(JsonArray numbers) => numbers.Add((JsonNode)1.5);

        static string Changed(string line, string key, Action<JsonArray> change)
        {
            var block = JsonNode.Parse(line)!;
            change(block[key]!.AsArray());
            return block.ToJsonString();
        }
    }

    [Fact]
    public void ALogIsOfTheWeightsThatWereRead()
    {
        using var model = ExactModel.Create(1);
        using var same = ExactModel.Create(1);
        Assert.Equal(model.Checksum(), same.Checksum());
        foreach (var (name, value) in same.Parameters)
        {
            using (torch.no_grad()) value.neg_();
            Assert.True(model.Checksum() != same.Checksum(), name);
            using (torch.no_grad()) value.neg_();
        }
    }

    public void Dispose() => folder.Dispose();
}
