using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.Distributions;

/// <summary>Logits that are not ordinary are told from those that are, whatever their size and their place.</summary>
public sealed class LogitsTests
{
    /// <summary>Finite logits may be as far apart as they like, on both sides of 0 or below it alone.</summary>
    [Theory]
    [InlineData(ScalarType.Float32, 3e9)]
    [InlineData(ScalarType.Float32, 1e30)]
    [InlineData(ScalarType.Float64, 3e9)]
    [InlineData(ScalarType.Float64, 1e300)]
    public void NoLogProbabilityIsBelowThatOfAMaskedCategory(ScalarType dtype, double size)
    {
        using var scope = NewDisposeScope();
        foreach (var logits in (double[][])[[size, -size, size], [0, -size, 0]])
        {
            var q = new OneHotCategorical(tensor(logits).to(dtype));
            var logProbs = q.LogProbs.to(ScalarType.Float64).data<double>().ToArray();
            Assert.Equal(-Math.Log(2), logProbs[0], 1e-6);
            Assert.Equal(-1e9, logProbs[1]);
            Assert.Equal(-Math.Log(2), logProbs[2], 1e-6);
        }
    }

    /// <summary>Numbers are looked over sixteen at a time, and then there is a rest.</summary>
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void ALogitOfMinusInfinityIsFoundWhereverItStands(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        for (var place = 0; place < 35; place++)
        {
            var logits = zeros(35, dtype: dtype);
            logits[place] = double.NegativeInfinity;
            var q = new OneHotCategorical(logits);
            Assert.Equal(Math.Log(34), q.Entropy().to(ScalarType.Float64).item<double>(), 1e-5);
            Assert.Equal(-1e9, q.LogProbs[place].to(ScalarType.Float64).item<double>());
        }
    }

    /// <summary>What a mask closes may hold anything: a network's padding, say.</summary>
    [Theory]
    [InlineData(ScalarType.Float32, double.NaN)]
    [InlineData(ScalarType.Float32, double.PositiveInfinity)]
    [InlineData(ScalarType.Float64, double.NaN)]
    [InlineData(ScalarType.Float64, double.PositiveInfinity)]
    public void AMaskedLogitDoesNotMatter(ScalarType dtype, double masked)
    {
        using var scope = NewDisposeScope();
        var mask = tensor(new[] { true, false, true, true });
        Assert.Equal(Probs(0), Probs(masked));
        Assert.Equal(Marginals(0), Marginals(masked));

        double[] Probs(double second) => With(second, logits => new OneHotCategorical(logits, mask).Probs);

        double[] Marginals(double second) => With(second, logits => new Subset(logits, 2, mask).Marginals);

        // The values, and the gradient of their sum weighted by 1, 2, 3, 4.
        double[] With(double second, Func<Tensor, Tensor> of)
        {
            var logits = tensor(new[] { 0.5, second, -1, 0.25 }).to(dtype).requires_grad_();
            var values = of(logits);
            var gradient = autograd.grad([(values * tensor(new[] { 1.0, 2, 3, 4 })).sum()], [logits])[0];
            return [.. cat([values.detach(), gradient]).to(ScalarType.Float64).data<double>()];
        }
    }
}
