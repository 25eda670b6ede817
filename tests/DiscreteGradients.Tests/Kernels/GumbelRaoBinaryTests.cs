using System.Runtime.Intrinsics;
using DiscreteGradients.Kernels;

namespace DiscreteGradients.Tests.Kernels;

public sealed unsafe class GumbelRaoBinaryTests
{
    public static TheoryData<double> Temperatures => [0.01, 0.03, 0.1, 0.35, 0.5, 0.9, 0.99, 1, 1.01, 1.5, 2, 5, 10];

    [Theory]
    [MemberData(nameof(Temperatures))]
    public void QuadratureIsTheExpectationOverTheRatioOfExponentials(double temperature)
    {
        var quadrature = new BinaryQuadrature(temperature, 41);
        for (var d = -41.0; d <= 41; d += 2.05)
        {
            Assert.InRange((quadrature.Factor(d) / Expectation(temperature, d)) - 1, -1e-10, 1e-10);
        }
    }

    [Theory]
    [MemberData(nameof(Temperatures))]
    public void TableIsWithinItsBound(double temperature)
    {
        var table = new BinaryTable(temperature);
        var quadrature = new BinaryQuadrature(temperature, 41);
        var (worst, worstSingle) = (0.0, 0.0);
        for (var d = -40f; d <= 40; d += 0.0137f)
        {
            var exact = quadrature.Factor(d);
            worst = Math.Max(worst, Math.Abs((table.Factor(d) / exact) - 1));
            worstSingle = Math.Max(worstSingle, Math.Abs((table.Factor(Vector512.Create(d))[5] / exact) - 1));
        }

        Assert.InRange(worst, 0, 1e-7);
        Assert.InRange(worstSingle, 0, 1e-6);
    }

    [Theory]
    [MemberData(nameof(Temperatures))]
    public void TailsAreExponential(double temperature)
    {
        // Constant to the right, e^(κd) to the left, but for a logarithm at τ = 1.
        var table = new BinaryTable(temperature);
        Assert.Equal(1, table.Factor(100) / table.Factor(40), 6);
        Assert.Equal(1, table.Factor(Vector512.Create(100f))[0] / table.Factor(40), 5);
        if (Math.Abs(temperature - 1) > 0.3)
        {
            foreach (var d in (float[])[-60, -80])
            {
                Assert.Equal(1, table.Factor(d) / Expectation(temperature, d), 4);
                Assert.Equal(1, table.Factor(Vector512.Create(d))[0] / Expectation(temperature, d), 4);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(1000)]
    public void IsWhatManyDrawsTendTo(int rows)
    {
        // 5.5 standard errors, of at most 1/(4τ) a draw, for at most 2000 numbers: a false alarm once in 10,000 choices.
        const float temperature = 0.7f;
        var test = new KernelCase(rows, 2, spread: 2, seed: 6) { Samples = 4096, Temperature = temperature };
        var exact = test.With(problem => GumbelRaoBinary.JacobianProduct(problem, BinaryTables.For(temperature), 2));
        var mean = test.Run(2);
        for (var i = 0; i < exact.Length; i++)
        {
            var difference = Math.Abs(test.Gradient[i] - test.Gradient[i ^ 1]);
            Assert.InRange(exact[i] - mean[i], -difference * 0.0307, difference * 0.0307);
            Assert.Equal(-exact[i ^ 1], exact[i]);
        }
    }

    [Fact]
    public void MaskedCategoriesWeighNothing()
    {
        var test = new KernelCase(3, 2, spread: 1, seed: 8);
        test.SetRow(0, [0, double.NegativeInfinity], 0);
        test.SetRow(1, [double.NegativeInfinity, 0], 1);
        test.SetRow(2, [double.NegativeInfinity, double.NegativeInfinity], -1);
        (test.Gradient[1], test.Gradient[2], test.Gradient[4], test.Gradient[5]) = (float.NaN, float.NaN, float.NaN, float.NaN);
        var table = BinaryTables.For(test.Temperature);
        Assert.All(test.With(problem => GumbelRaoBinary.JacobianProduct(problem, table, 1)), x => Assert.Equal(0, x));
    }

    [Fact]
    public void TablesAreKeptByTemperature()
    {
        Assert.Same(BinaryTables.For(0.25), BinaryTables.For(0.25));
        Assert.NotSame(BinaryTables.For(0.25), BinaryTables.For(0.26));
    }

    [Fact]
    public void AllocatesNothingOnOneThread()
    {
        var table = new BinaryTable(0.5);
        new KernelCase(40, 2, spread: 1, seed: 1).With(problem =>
        {
            GumbelRaoBinary.JacobianProduct(problem, table, 1);
            var before = GC.GetAllocatedBytesForCurrentThread();
            GumbelRaoBinary.JacobianProduct(problem, table, 1);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        });
    }

    // E[w/(1 + w)²]/τ with w = (p_j/(r + p_j))^(1/τ), r = E_j/E_i of density 1/(1 + r)²: trapezoid in log r.
    private static double Expectation(double temperature, double difference)
    {
        const double step = 0.02;
        var prob = 1 / (1 + Math.Exp(-difference));
        var sum = 0.0;
        for (var t = -110.0; t < 80; t += step)
        {
            var r = Math.Exp(t);
            var w = Math.Exp(-LogOnePlus(r / prob) / temperature);
            sum += w / ((1 + w) * (1 + w)) * r / ((1 + r) * (1 + r));
        }

        return sum * step / temperature;
    }

    // Kahan's
    private static double LogOnePlus(double x)
    {
        var y = 1 + x;
        return y == 1 ? x : Math.Log(y) * (x / (y - 1));
    }
}
