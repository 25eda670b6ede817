using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.Distributions;

/// <summary>Rows that have no distribution, and rows that the mask closes, in every member.</summary>
public sealed class SubsetRowsTests
{
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void ARowWithoutADistributionIsNaNThroughout_AndAClosedRowIsZero(ScalarType dtype)
    {
        const double Infinity = double.PositiveInfinity;
        using var scope = NewDisposeScope();
        var logits = tensor(new[,]
        {
            { 0.1, 0.2, 0.3 }, { double.NaN, 0, 0 }, { Infinity, 0, 0 }, { -Infinity, -Infinity, 1 }, { 0, 0, 0 },
        });
        var mask = tensor(new[,]
        {
            { true, true, true }, { true, true, true }, { true, true, true }, { true, true, true }, { false, false, false },
        });
        var subset = new Subset(logits.to(dtype), 2, mask);
        var value = tensor(new[] { 1.0, 1, 0 }).expand(5, 3);
        foreach (var member in (Tensor[])
        [
            subset.Sample(), subset.Marginals, subset.CovarianceProduct(value), subset.LogProb(value).unsqueeze(-1),
        ])
        {
            Assert.Equal(dtype, member.dtype);
            Assert.Equal([false, true, true, true, false], member.isnan().all(-1).data<bool>().ToArray());
            Assert.Equal([false, true, true, true, false], member.isnan().any(-1).data<bool>().ToArray());
            Assert.Equal(0, member[4].abs().sum().to(ScalarType.Float64).item<double>());
        }
    }
}
