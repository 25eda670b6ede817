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
}
