using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.Estimators;

/// <summary>Steps that a training run can have: costs that are not finite, empty batches, counts as costs.</summary>
public sealed class MovingAverageBaselineTests
{
    [Fact]
    public void CostsThatAreNotFiniteAreLeftOut()
    {
        using var scope = NewDisposeScope();
        foreach (var bad in (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity])
        {
            var baseline = new MovingAverageBaseline(0.5);
            var first = baseline.Next(tensor(new[] { 1, bad, 3 }));
            Assert.Equal([3, 2, 1], first.data<double>().ToArray());
            Assert.Equal(2, baseline.Value);
            Assert.Equal([2.0, 2.0], baseline.Next(tensor(new[] { bad, 6 })).data<double>().ToArray());
            Assert.Equal(4, baseline.Value);
        }
    }

    [Fact]
    public void AStepWithoutAFiniteCostChangesNothing()
    {
        using var scope = NewDisposeScope();
        foreach (var start in (double?[])[null, 5])
        {
            var baseline = new MovingAverageBaseline(0.5, start);
            Assert.Equal([start ?? 0, start ?? 0], baseline.Next(tensor(new[] { double.NaN, double.PositiveInfinity })).data<double>().ToArray());
            Assert.Equal([0], baseline.Next(zeros(0)).shape);
            Assert.Equal(start, baseline.Value);
        }
    }

    [Fact]
    public void ASumBeyondTheDtypeDoesNotStay()
    {
        using var scope = NewDisposeScope();
        var baseline = new MovingAverageBaseline(0.5, 1);
        baseline.Next(full([4], 3e38f, dtype: ScalarType.Float32));
        Assert.True(double.IsFinite(baseline.Value!.Value));
    }

    [Theory]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.Bool)]
    public void CountsAreNumbers(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var baseline = new MovingAverageBaseline(0.75);
        var first = baseline.Next(tensor(new[] { 1, 0, 0 }).to(dtype));
        Assert.Equal([0f, 0.5f, 0.5f], first.data<float>().ToArray());
        Assert.Equal(1 / 3.0, baseline.Value!.Value, 1e-7);
        var second = baseline.Next(tensor(new[] { 1, 1, 1 }).to(dtype));
        Assert.Equal(1 / 3f, second[0].item<float>(), 1e-7f);
        Assert.Equal(0.5, baseline.Value!.Value, 1e-7);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void CostsOfAnyShapeAreThoseOfOneStep(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var baseline = new MovingAverageBaseline(0.5);
        var cost = tensor(new double[,] { { 1, 2, 3 }, { 6, 8, 10 } }).to(dtype);
        var first = baseline.Next(cost);
        Assert.Equal((dtype, 5.0), (first.dtype, baseline.Value!.Value));
        Assert.Equal([2, 3], first.shape);
        // The other five of 30 in all.
        Assert.True(first.allclose(tensor(new[,] { { 5.8, 5.6, 5.4 }, { 4.8, 4.4, 4.0 } }).to(dtype), 1e-6));
        var second = baseline.Next(cost * 2);
        Assert.Equal((dtype, 7.5), (second.dtype, baseline.Value!.Value));
        Assert.True(second.equal(full_like(cost, 5)).all().item<bool>());
    }

    [Fact]
    public void ADecayOfZeroKeepsTheLastStepAlone_AndAGivenAverageIsMovedOn()
    {
        using var scope = NewDisposeScope();
        var last = new MovingAverageBaseline(0);
        last.Next(tensor(new[] { 1.0, 3 }));
        Assert.Equal([2.0, 2.0], last.Next(tensor(new[] { 10.0, 20 })).data<double>().ToArray());
        Assert.Equal(15, last.Value);
        var given = new MovingAverageBaseline(0.75, 4);
        Assert.Equal((0.75, 4.0), (given.Decay, given.Value!.Value));
        given.Next(tensor(new[] { 8.0 }));
        Assert.Equal(5, given.Value);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void ADecayBelowZeroOrNoneIsRefused(double decay) => Assert.Contains("expected a number in [0, 1)",
        Assert.Throws<ArgumentOutOfRangeException>(() => new MovingAverageBaseline(decay)).Message, StringComparison.Ordinal);
}
