using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;
using DiscreteGradients.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Tests.Vae;

public sealed class ImportanceBoundTests
{
    private static readonly BinaryImages Images = TestData.Images(8, 5);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void WithManySamples_TheBoundIsTheExactLogLikelihood(ulong seed)
    {
        const int Samples = 20_000;
        using var model = ExactModel.Create(seed);
        using var bound = new ImportanceBound(model);
        for (var i = 0; i < 4; i++)
        {
            var image = Images.Slice(i, 1);
            var result = bound.Evaluate(image, 1, Samples, seed, threads: 1);
            var exact = ExactModel.NegativeLogLikelihood(model, image);
            // Of a log of a mean, by the delta method; 8 comparisons at 5 errors: false alarm 5e-6. Float32 sums add 1e-3.
            var error = Math.Sqrt((Samples / result.EffectiveSampleSize - 1) / Samples);
            Assert.InRange(result.EffectiveSampleSize, 50, Samples / 2);
            Assert.InRange(result.Bound - exact, -5 * error - 1e-3, 5 * error + 1e-3);
        }
    }

    [Fact]
    public void ItStopsWithinAnImage()
    {
        using var model = ExactModel.Create(1);
        using var bound = new ImportanceBound(model);
        using var stop = new CancellationTokenSource(100);
        Assert.ThrowsAny<OperationCanceledException>(() => bound.Evaluate(Images.Slice(0, 1), 1, ImportanceBound.MostSamples, 1, threads: 1, cancellation: stop.Token));
    }

    [Fact]
    public void TheBoundIsFromAboveInTheMean_AndFallsWithM()
    {
        const int Seeds = 200;
        using var model = ExactModel.Create(3);
        using var bound = new ImportanceBound(model);
        var exact = Enumerable.Range(0, Images.Count).Average(i => ExactModel.NegativeLogLikelihood(model, Images.Slice(i, 1)));
        var above = double.PositiveInfinity;
        foreach (var samples in new[] { 1, 4, 32, 256 })
        {
            var gaps = Enumerable.Range(0, Seeds).Select(seed => bound.Evaluate(Images, 8, samples, (ulong)seed, 1).Bound - exact).ToArray();
            var (mean, error) = Moments(gaps);
            // 4 comparisons at 5 errors: false alarm 2e-6.
            Assert.True(mean + 5 * error < above, $"M = {samples}: {mean} ± {error}; expected below {above}");
            Assert.True(mean > -5 * error, $"M = {samples}: {mean} ± {error}; expected above 0");
            above = mean;
        }
        Assert.InRange(above, -0.05, 0.3);
    }

    [Theory]
    [InlineData(2, nameof(VaeArchitecture.Deep), 1)]
    [InlineData(4, nameof(VaeArchitecture.Tanh), 7)]
    [InlineData(8, nameof(VaeArchitecture.Linear), 256)]
    [InlineData(16, nameof(VaeArchitecture.Deep), 300)]
    public void TheSameCodesInFloat64GiveTheSameBound(int arity, string architectureName, int samples)
    {
        var architecture = Enum.Parse<VaeArchitecture>(architectureName);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = new VaeModel(new VaeSettings { Arity = arity, Architecture = architecture }, Images.PixelMeans(), 4);
        using var generator = new Generator(8);
        model.Prior.normal_(0, 1, generator);
        using var bound = new ImportanceBound(model);
        var result = bound.Evaluate(Images, 3, samples, 11, threads: 2);
        var plain = new[] { 0, 2, 5 }.Select(index => Plain(model, index, samples, Seeds.Derive(11, (ulong)index))).ToArray();
        Assert.Equal(plain.Average(one => one.Bound), result.Bound, 2e-3);
        Assert.Equal(Moments([.. plain.Select(one => one.Bound)]).Error, result.StandardError, 2e-3);
        Assert.Equal(plain.Average(one => one.Effective), result.EffectiveSampleSize, 1e-2 * result.EffectiveSampleSize);
        Assert.Equal((samples, 3), (result.Samples, result.Images));
    }

    [Fact]
    public void TheBoundDoesNotDependOnTheThreads_ToTheBit()
    {
        using var model = ExactModel.Create(6);
        using var bound = new ImportanceBound(model);
        var one = bound.Evaluate(Images, 8, 100, 7, threads: 1);
        foreach (var threads in new[] { 2, 3, 8 }) Assert.Equal(one, bound.Evaluate(Images, 8, 100, 7, threads));
        Assert.NotEqual(one.Bound, bound.Evaluate(Images, 8, 100, 8, threads: 1).Bound);
        Assert.InRange(one.EffectiveSampleSize, 1, 100);
    }

    [Fact]
    public void OneSampleHasAnEffectiveSizeOf1_AndMoreImagesThanThereAreAreAllOfThem()
    {
        using var model = ExactModel.Create(6);
        using var bound = new ImportanceBound(model);
        var seen = 0;
        var result = bound.Evaluate(Images, 1000, 1, 7, threads: 1, _ => seen++);
        Assert.Equal((1, 8, 8), (result.EffectiveSampleSize, result.Images, seen));
    }

    [Fact]
    public void CancellationStops()
    {
        using var model = ExactModel.Create(6);
        using var bound = new ImportanceBound(model);
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => bound.Evaluate(Images, 8, 10, 7, 1, _ => source.Cancel(), source.Token));
    }

    /// <summary>The bound of one image and (Σ w)²/Σ w² by plain tensors in float64, from the codes that the kernel draws.</summary>
    private static unsafe (double Bound, double Effective) Plain(VaeModel model, int index, int samples, ulong seed)
    {
        using var scope = NewDisposeScope();
        var (variables, arity) = (model.Settings.Variables, model.Settings.Arity);
        var image = Images.Batch([index]);
        var posterior = model.Encode(image).LogProbs;
        var codes = new byte[samples * variables];
        fixed (byte* target = codes)
            new CategoricalTable(posterior.data<float>().ToArray(), arity).Draw(target, samples, seed, threads: 1);
        var drawn = nn.functional.one_hot(tensor(codes).to(int64).reshape(samples, variables), arity).to(float64);
        var ratio = (drawn * (model.Prior.to(float64).log_softmax(-1) - posterior.to(float64))).sum([1, 2]);
        var bits = arange(model.Settings.Bits, dtype: int64);
        var corners = (arange(arity, dtype: int64).unsqueeze(1).bitwise_right_shift(bits).bitwise_and(1) * 2 - 1).to(float64);
        var hidden = drawn.matmul(corners).reshape(samples, VaeSettings.CodeLength);
        for (var i = 0; i < model.Decoder.Layers.Count; i++)
        {
            if (i > 0) hidden = model.Settings.Architecture == VaeArchitecture.Tanh ? hidden.tanh() : where(hidden > 0, hidden, 0.1 * hidden);
            hidden = hidden.matmul(model.Decoder.Layers[i].Weight.to(float64).t()) + model.Decoder.Layers[i].Bias.to(float64);
        }
        var logLikelihood = -nn.functional.binary_cross_entropy_with_logits(hidden, image.to(float64).expand_as(hidden), reduction: nn.Reduction.None).sum(-1);
        var logWeights = logLikelihood + ratio;
        var sum = logWeights.logsumexp(0).item<double>();
        return (Math.Log(samples) - sum, Math.Exp(2 * sum - (logWeights * 2).logsumexp(0).item<double>()));
    }

    private static (double Mean, double Error) Moments(double[] values)
    {
        var mean = values.Average();
        return (mean, Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1) / values.Length));
    }
}
