using System.Runtime.Intrinsics;
using DiscreteGradients.Kernels;
using DiscreteGradients.Nodes;

namespace DiscreteGradients.Tests.Kernels;

/// <summary>The constants of the kernels, made anew by eng/nodes, and what they are for.</summary>
public sealed class NodesTests
{
    [Theory]
    [InlineData(2, 3, 1.2e-5)]
    [InlineData(8, 6, 5e-6)]
    [InlineData(16, 7, 1.2e-5)]
    [InlineData(32, 8, 3e-5)]
    [InlineData(64, 8, 2.5e-4)]
    [InlineData(64, 9, 6e-5)]
    public void ExponentialSumsAreThoseThatMeetTheInverseSquare(int largest, int terms, double error)
    {
        var (exponents, coefficients) = ExponentialFit.Find(terms, largest);
        var kept = ExponentialSum.Single(largest, brief: largest == 64 && terms == 8);
        Close(exponents, kept.Exponents, 1e-6);
        Close(coefficients, kept.Coefficients, 1e-6);
        Assert.InRange(ExponentialFit.Error(kept.Exponents, kept.Coefficients, largest), error / 2, error);
    }

    [Fact]
    public void TrapezoidsReachWhatTheyPromise()
    {
        foreach (var largest in (int[])[2, 64, 100, 4096, 100_000])
        {
            var (single, precise) = (ExponentialSum.Single(largest), ExponentialSum.Double(largest));
            Assert.InRange(ExponentialFit.Error(precise.Exponents, precise.Coefficients, largest), 0, 1e-9);
            if (largest > 64) Assert.InRange(ExponentialFit.Error(single.Exponents, single.Coefficients, largest), 0, 1e-5);
        }
    }

    [Theory]
    [InlineData(8, 3, 0.5, 2)]
    [InlineData(8, 3, 1, 16)]
    [InlineData(8, 3, 0.3, 64)]
    [InlineData(10, 4.5, 0.1, 64)]
    [InlineData(10, 4.5, 1.5, 8)]
    [InlineData(10, 4.5, 0.7, 32)]
    public void TheNodesOfTheNoiseAreGaussOnes(int count, double power, double temperature, int categories)
    {
        var (nodes, weights) = GaussRule.Find(count, power);
        Close(nodes, ConditionalQuadrature.Single(temperature, categories).Variates, 1e-9);
        // ∫ e^(j/q) e^−e de = Γ(1 + j/q), up to degree 2m − 1: here for the whole numbers j/q up to 4.
        foreach (var (j, moment) in ((double, double)[])[(0, 1), (1, 1), (2, 2), (3, 6), (4, 24)])
            Assert.Equal(moment, nodes.Zip(weights, (e, w) => w * Math.Pow(e, j)).Sum(), moment * 1e-9);
    }

    [Fact]
    public void TheLogarithmIsTheMinimaxPolynomial()
    {
        var (coefficients, error) = MinimaxPolynomial.Log2();
        Assert.InRange(error, 1.10e-6, 1.12e-6);
        for (var x = 0.7072f; x < 1.4142f; x += 1f / 4096)
        {
            double t = x - 1, expected = t * coefficients.Reverse().Aggregate(0.0, (sum, c) => sum * t + c);
            Assert.InRange(VectorMath.Log2(Vector512.Create(x))[0] - expected, -2e-7 * Math.Abs(expected), 2e-7 * Math.Abs(expected));
        }
    }

    [Fact]
    public void ThePowerOfTwoIsTheMinimaxPolynomialToTheBit()
    {
        var (coefficients, error) = MinimaxPolynomial.Exp2();
        Assert.InRange(error, 9.1e-8, 9.2e-8);
        var c = Array.ConvertAll(coefficients, number => (float)number);
        for (var f = -0.5f; f <= 0.5f; f += 1f / 4096)
        {
            var (low, middle) = (MathF.FusedMultiplyAdd(f, c[0], 1), MathF.FusedMultiplyAdd(f, c[2], c[1]));
            var high = MathF.FusedMultiplyAdd(f, c[4], c[3]);
            var expected = MathF.FusedMultiplyAdd(f * f, MathF.FusedMultiplyAdd(f * f, high, middle), low);
            Assert.Equal(expected, VectorMath.Exp2(Vector512.Create(f))[0]);
        }
    }

    private static void Close(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        foreach (var (e, a) in expected.Zip(actual)) Assert.InRange(a / e, 1 - tolerance, 1 + tolerance);
    }
}
