using DiscreteGradients.Experiments.Presentation;

namespace DiscreteGradients.Experiments.Tests.Presentation;

public sealed class AxisTicksTests
{
    [Theory]
    [InlineData(0.4, 6, "0.5 1 2 5")]
    [InlineData(1, 1000, "1 10 100 1,000")]
    [InlineData(3, 4.4, "3 3.2 3.4 3.6 3.8 4 4.2 4.4")]
    [InlineData(1e-5, 0.02, "1e-5 1e-4 0.001 0.01")]
    [InlineData(0.001, 0.01, "0.001 0.002 0.005 0.01")]
    [InlineData(1e-9, 1e9, "1e-9 1e-6 0.001 1 1,000 1e6 1e9")]
    public void LogarithmicTicksAreNatural(double low, double high, string ticks) => Assert.Equal(ticks, string.Join(' ', AxisTicks.Logarithmic(low, high).Select(AxisTicks.Text)));

    [Theory]
    [InlineData(0, 50_000, "0 10,000 20,000 30,000 40,000 50,000")]
    [InlineData(-0.31, 0.29, "-0.3 -0.2 -0.1 0 0.1 0.2")]
    [InlineData(98.2, 99.1, "98.2 98.4 98.6 98.8 99")]
    [InlineData(5, 5, "5")]
    // At the ends, and in the step, by rounding: 0.3/0.1 is below 3, 3 · 0.1 above 0.3, and 0.8 − 0.1 above 0.7.
    [InlineData(-0.3, 0.3, "-0.3 -0.2 -0.1 0 0.1 0.2 0.3")]
    [InlineData(0.14, 0.28, "0.14 0.16 0.18 0.2 0.22 0.24 0.26 0.28")]
    [InlineData(0.1, 0.8, "0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8")]
    [InlineData(0, 7e6, "0 1e6 2e6 3e6 4e6 5e6 6e6 7e6")]
    public void LinearTicksAreRound(double low, double high, string ticks) => Assert.Equal(ticks, string.Join(' ', AxisTicks.Linear(low, high).Select(AxisTicks.Text)));
}
