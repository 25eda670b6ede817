using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Tests.Vae;

/// <summary>What a comparison writes down, measured again on the models that it leaves. No two of its numbers are equal.</summary>
public sealed class VaeComparisonTests : IDisposable
{
    private static readonly MnistData Data = TestData.Mnist(train: 31, valid: 7, test: 9);
    private static readonly VaeSettings Training = new()
    {
        Data = "random",
        Arity = 16,
        Architecture = VaeArchitecture.Linear,
        Temperature = 0.7,
        BatchSize = 3,
        Steps = 5,
        ValidationInterval = 5,
        ValidationSamples = 2,
        ValidationImages = 2,
        Seed = 6,
    };

    private static readonly ComparisonSettings Settings = new(EstimatorName.ParseList("st-gs,reinforce"), Training)
    {
        Seeds = 2,
        Points = 2,
        Minibatches = 3,
        Passes = 4,
        BoundSamples = 5,
        BoundImages = 6,
    };

    private readonly TemporaryFolder folder = new();

    [Fact]
    public void EachRowHasTheBoundAndTheVariancesOfItsOwnModel()
    {
        var result = VaeComparison.Run(Settings, Data, folder.At("all"), threads: 2);
        Assert.Equal(["st-gs 6", "st-gs 7", "reinforce 6", "reinforce 7"], result.Rows.Select(row => $"{row.Estimator} {row.Seed}"));
        foreach (var row in result.Rows)
        {
            using var model = VaeModel.OfRun(row.Folder, Training, Data);
            using var bound = new ImportanceBound(model);
            Assert.Equal(bound.Evaluate(Data.Valid, 6, 5, Seeds.For(row.Seed, SeedPurpose.ComparisonBound), threads: 1), row.Bound);
            // Each image's is of the sign of the mean.
            Assert.Equal(6, row.Bounds!.Count);
            Assert.Equal(row.Bound!.Bound, row.Bounds.Average(), 1e-9);
            // Two points of five steps, the last at the last step: 3 · 2 is the first above 5.
            Assert.Equal([3, 5], row.Variances.Select(point => point.Step));
            Assert.Equal([5], row.Losses.Select(point => point.Step));
            var seed = Seeds.Derive(Seeds.For(row.Seed, SeedPurpose.ComparisonVariance), 5);
            var expected = VaeGradients.MonteCarloVariance(model, Data.Train, row.Estimator.Create(0.7), 3, 3, 4, seed);
            var actual = row.Variances[1].Variance;
            Assert.Equal(expected.Traces!, actual.Traces!);
            Assert.Equal(expected with { Traces = null }, actual with { Traces = null });
        }
        Assert.Equal(4, result.Rows.Select(row => row.Bound!.Bound).Distinct().Count());
    }

    [Fact]
    public void AComparisonThatHasNotEndedIsNotRead()
    {
        var path = folder.At("one");
        Assert.Equal($"{path} holds no comparison that has ended: it has no comparison.json.", Refused());
        var one = Settings with { Estimators = EstimatorName.ParseList("st-gs"), Seeds = 1 };
        Assert.False(VaeComparison.Is(path));
        VaeComparison.Run(one, Data, path, threads: 1);
        Assert.True(VaeComparison.Is(path));
        Assert.Single(VaeComparison.Read(path).Rows);
        var training = Path.Combine(path, "st-gs-seed6");
        File.Delete(Path.Combine(training, "comparison-bound.json"));
        Assert.Equal($"{training} has no comparison-bound.json; expected a comparison that has ended.", Refused());
        File.Delete(Path.Combine(training, "result.json"));
        Assert.Equal($"{training} has no result.json; expected a training that has ended.", Refused());

        string Refused() => Assert.Throws<InputException>(() => VaeComparison.Read(path)).Message;
    }

    [Fact]
    public void AVarianceIsTheMeanOverMinibatchesOfThatOfTheirPasses()
    {
        using var scope = NewDisposeScope();
        using var model = new VaeModel(Training, Data.Train.PixelMeans(), 3);
        var estimator = EstimatorName.Parse("st-gs").Create(0.4);
        var (order, indices, traces) = (new SampleOrder(31, Seeds.Derive(8, 0)), new int[2], new List<double>());
        using var generator = new Generator(Seeds.Derive(8, 1));
        for (var minibatch = 0; minibatch < 5; minibatch++)
        {
            order.Fill(minibatch, indices);
            using var pass = new EncoderPass(model, Data.Train.Batch(indices));
            var gradients = stack([.. pass.Draw(estimator, 3, generator).unbind(0).Select(pass.Flat)]).to(ScalarType.Float64);
            traces.Add((gradients - gradients.mean([0])).Squared().sum().item<double>() / 2);
        }
        var variance = VaeGradients.MonteCarloVariance(model, Data.Train, estimator, batchSize: 2, minibatches: 5, passes: 3, seed: 8);
        var mean = traces.Average();
        Assert.Equal(traces, variance.Traces!, (a, b) => Math.Abs(a - b) < 1e-4 * a);
        Assert.Equal(mean, variance.Trace, 1e-4 * mean);
        Assert.Equal(Math.Sqrt(traces.Sum(trace => (trace - mean) * (trace - mean)) / 4 / 5), variance.StandardError, 1e-3 * variance.StandardError);
        Assert.Equal((5, 3), (variance.Minibatches, variance.Passes));
    }

    [Fact]
    public void SeedsAreFrom1To1000_AndNoneIsBeyondTheLargestNumber()
    {
        foreach (var seeds in new[] { 1, 1000 }) _ = (Settings with { Seeds = seeds }).Validated();
        foreach (var seeds in new[] { 0, 1001 })
            Assert.Equal("seeds", Assert.Throws<InputException>((Settings with { Seeds = seeds }).Validated).Key);
        _ = From(ulong.MaxValue - 1000).Validated();
        Assert.Equal("seed", Assert.Throws<InputException>(From(ulong.MaxValue - 999).Validated).Key);

        static ComparisonSettings From(ulong seed) => Settings with { Training = Training with { Seed = seed } };
    }

    public void Dispose() => folder.Dispose();
}
