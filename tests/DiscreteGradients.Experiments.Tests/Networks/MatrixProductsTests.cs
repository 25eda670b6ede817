using DiscreteGradients.Experiments.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Tests.Networks;

/// <summary>The products against libtorch's in float64. Sizes: whole tiles and less, and some that no kernel serves.</summary>
public sealed class MatrixProductsTests : IDisposable
{
    private const float Slope = 0.1f, One = 1;
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Generator generator = new(3);

    public static TheoryData<int, int, int> Sizes
    {
        get
        {
            var sizes = new TheoryData<int, int, int>();
            foreach (var rows in new[] { 1, 2, 4, 5, 6, 9, 10, 23 })
                foreach (var (inputs, outputs) in new[] { (16, 4), (48, 68), (64, 8), (112, 132), (240, 64), (10, 3), (32, 10) }) sizes.Add(rows, inputs, outputs);
            return sizes;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void TheProductsAreThose(int rows, int inputs, int outputs)
    {
        using var _ = no_grad();
        var (x, dy, w, b) = (Normal(rows, inputs), Normal(rows, outputs), Normal(outputs, inputs), Normal(outputs));
        var expected = x.to(float64).matmul(w.to(float64).t()) + b.to(float64);
        Close(expected, MatrixProducts.Forward(x, w, b, One));
        Close(where(expected > 0, expected, expected * 0.1), MatrixProducts.Forward(x, w, b, Slope));
        Close(dy.to(float64).matmul(w.to(float64)), MatrixProducts.Backward(dy, w));
        // By columns, and with more than one axis of rows.
        Close(expected, MatrixProducts.Forward(x.t().contiguous().t(), w, b, One));
        Close(expected.reshape(1, rows, outputs), MatrixProducts.Forward(x.reshape(1, rows, inputs), w, b, One));
        Close(dy.to(float64).matmul(w.to(float64)), MatrixProducts.Backward(dy.t().contiguous().t(), w));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void TheStepIsThatOfTheFormedGradient(int rows, int inputs, int outputs)
    {
        foreach (var descent in new[] { new Descent(0.1, 0.9, 0.01), new Descent(0.1, 0, 0.01) })
        {
            using var _ = no_grad();
            var (x, dy, w, v) = (Normal(rows, inputs), Normal(rows, outputs), Normal(outputs, inputs), Normal(outputs, inputs));
            var update = dy.to(float64).t().matmul(x.to(float64)) + w.to(float64) * descent.WeightDecay;
            if (descent.Momentum > 0) update += v.to(float64) * descent.Momentum;
            var (weight, velocity) = (w.to(float64) - update * descent.LearningRate, descent.Momentum > 0 ? update : v.to(float64));
            if (!MatrixProducts.Update(dy, x, w, v, descent)) continue;
            Close(weight, w);
            Close(velocity, v);
        }
        Assert.False(MatrixProducts.Update(Normal(rows, 3), Normal(rows, 10), Normal(3, 10), Normal(3, 10), new Descent(0.1, 0.9, 0)));
    }

    [Theory]
    [InlineData(48)]
    [InlineData(10)]
    public void TheDerivativeOfTheLeakyRelu(int width)
    {
        using var _ = no_grad();
        var (gradient, value) = (Normal(3, 4, width), Normal(4, width));
        value[0, 0] = 0;
        var expected = where(value > 0, gradient, gradient * 0.1);
        MatrixProducts.Rectify(gradient, value, Slope);
        Assert.True(gradient.allclose(expected, 0, 1e-7));
    }

    public void Dispose()
    {
        scope.Dispose();
        generator.Dispose();
    }

    private Tensor Normal(params long[] shape) => randn(shape, generator: generator);

    private static void Close(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        var error = (expected - actual.to(float64)).abs().max().item<double>() / expected.abs().max().item<double>();
        Assert.True(error < 2e-6, $"relative error {error:E1}");
    }
}
