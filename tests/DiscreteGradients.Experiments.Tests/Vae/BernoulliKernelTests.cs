using DiscreteGradients.Experiments.Vae;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Tests.Vae;

public sealed unsafe class BernoulliKernelTests
{
    [Theory]
    [InlineData(784, 1)]
    [InlineData(784, 20)]
    [InlineData(16, 100)]
    [InlineData(784, 100)]
    [InlineData(1600, 1e-3)]
    [InlineData(784, 0)]
    [InlineData(3200, 0)]
    public void LogLikelihoodIsTorchsCrossEntropy(int length, double scale)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var logits = (rand(length, generator: generator) * 2 - 1) * scale;
        logits[0] = scale;
        logits[1] = -scale;
        var image = (rand(length, generator: generator) > 0.5).to(float32);
        image[1] = 1;   // a pixel that is on though its logit says off
        var expected = -nn.functional.binary_cross_entropy_with_logits(logits.to(float64), image.to(float64), reduction: nn.Reduction.Sum).item<double>();
        fixed (byte* l = logits.bytes, x = image.bytes)
            Assert.Equal(expected, BernoulliKernel.LogLikelihood((float*)l, (float*)x, length), 1e-4 + 2e-6 * Math.Abs(expected));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(-100)]
    [InlineData(1e30)]
    [InlineData(-1e30)]
    public void ExtremeLogitsNeitherOverflowNorVanish(float logit)
    {
        var logits = Enumerable.Repeat(logit, 784).ToArray();
        fixed (float* l = logits, on = Enumerable.Repeat(1f, 784).ToArray(), off = new float[784])
        {
            var (right, wrong) = logit > 0 ? ((nint)on, (nint)off) : ((nint)off, (nint)on);
            Assert.Equal(0, BernoulliKernel.LogLikelihood(l, (float*)right, 784), 1e-30);
            Assert.Equal(-784.0 * Math.Abs(logit), BernoulliKernel.LogLikelihood(l, (float*)wrong, 784), 1e-5 * Math.Abs(784.0 * logit));
        }
    }
}
