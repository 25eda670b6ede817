namespace DiscreteGradients.Tests.Diagnostics;

/// <summary>Standard errors against what they are known to be.</summary>
public sealed class StandardErrorTests
{
    private static readonly double[] Values = [3, 1, 4, 1, 5, 9, 2, 6];

    [Fact]
    public void TheJackknifeOfAMeanIsItsStandardError()
    {
        var leftOut = Values.Select((value, i) => Values.Where((_, j) => j != i).Average()).ToList();
        var mean = Values.Average();
        var expected = Math.Sqrt(Values.Sum(v => (v - mean) * (v - mean)) / (Values.Length - 1) / Values.Length);
        Assert.Equal(expected, Jackknife.StandardError(leftOut), 1e-12);
    }

    [Fact]
    public void TheErrorsOfALineThroughTwoPointsFollowFromThoseOfThePoints()
    {
        // y = a + b x at x = 1 and 1/4: b = (y₁ − y₂)/(3/4), a = (y₂ − y₁/4)/(3/4).
        var line = VarianceDecomposition.Fit([(1, new(5, 0.3)), (4, new(2, 0.4))]);
        Assert.Equal(3 / 0.75, line.Conditional.Value, 1e-12);
        Assert.Equal(Math.Sqrt(0.09 + 0.16) / 0.75, line.Conditional.Error, 1e-12);
        Assert.Equal((2 - (5 / 4.0)) / 0.75, line.Residual.Value, 1e-12);
        Assert.Equal(Math.Sqrt(0.16 + (0.09 / 16)) / 0.75, line.Residual.Error, 1e-12);
        Assert.Equal(0, line.ChiSquared, 1e-20);
        Assert.Equal(0, line.DegreesOfFreedom);
    }

    [Fact]
    public void AMoreCertainPointPullsTheLineMore()
    {
        // Three measurements at K = 1 count as one, weighted by 1/σ²: (1/1 · 3 + 1/4 · 8)/(5/4) = 4, of error √(4/5).
        var line = VarianceDecomposition.Fit([(1, new(3, 1)), (1, new(8, 2)), (2, new(1, 0.5))]);
        var two = VarianceDecomposition.Fit([(1, new(4, Math.Sqrt(0.8))), (2, new(1, 0.5))]);
        Assert.Equal(two.Conditional.Value, line.Conditional.Value, 1e-12);
        Assert.Equal(two.Residual.Value, line.Residual.Value, 1e-12);
        Assert.Equal(two.Conditional.Error, line.Conditional.Error, 1e-12);
        Assert.Equal(two.Residual.Error, line.Residual.Error, 1e-12);
        // (3 − 4)²/1 + (8 − 4)²/4 and nothing from the third.
        Assert.Equal(5, line.ChiSquared, 1e-12);
        Assert.Equal(1, line.DegreesOfFreedom);
    }

    [Fact]
    public void AChoiceAmongErrorsThatAreNoNumbersIsNone()
    {
        double[] grid = [0.1, 0.3, 0.9];
        var choice = TemperatureChoice.Of(grid, [1, double.NaN, 1], [[1, 0, 1], [1, 0, 1]]);
        Assert.True(double.IsNaN(choice.Temperature) && !choice.AtEdge);
    }

    [Theory]
    [InlineData(0.1, 0.2)]
    [InlineData(0.1, 0.2, 0.2)]
    [InlineData(0.4, 0.2, 0.1)]
    [InlineData(0.0, 0.1, 0.2)]
    [InlineData(-1.0, 0.1, 0.2)]
    [InlineData(double.NaN, 0.1, 0.2)]
    [InlineData(0.1, 0.2, double.PositiveInfinity)]
    public void AGridOfTemperaturesIsChecked(params double[] temperatures) =>
        Assert.Contains("expected at least 3, ascending, above 0", Assert.Throws<ArgumentException>(() => TemperatureChoice.Check(temperatures)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(4, double.NaN, 1)]
    [InlineData(4, double.PositiveInfinity, 1)]
    [InlineData(4, 1, 0)]
    [InlineData(4, 1, -1)]
    [InlineData(4, 1, double.NaN)]
    public void ALineIsFittedToFiniteTracesWithErrorsOnly(int samples, double trace, double error) =>
        Assert.Contains("expected finite traces", Assert.Throws<ArgumentException>(() => VarianceDecomposition.Fit([(1, new(2, 1)), (2, new(1, 1)), (samples, new(trace, error))])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void TheErrorOfASquaredNormIsThatOfItsDefinition(double shift)
    {
        const int N = 6;
        var random = new Random(3);
        var deltas = Enumerable.Range(0, N).Select(_ => new[] { shift + random.NextNormal(), random.NextNormal(), random.NextNormal() }).ToArray();
        var products = new double[N, N];
        for (var i = 0; i < N * N; i++) products[i / N, i % N] = deltas[i / N].Zip(deltas[i % N], (x, y) => x * y).Sum();
        var pairs = (from i in Enumerable.Range(0, N) from j in Enumerable.Range(0, N) where i != j select (I: i, J: j)).ToList();
        double Product((int I, int J) pair) => products[pair.I, pair.J];
        var disjoint = (from a in pairs from b in pairs where a.I != b.I && a.I != b.J && a.J != b.I && a.J != b.J select Product(a) * Product(b)).Average();
        var (mean, square) = (pairs.Average(Product), pairs.Average(pair => Product(pair) * Product(pair)));
        var (unbiased, floor) = (mean * mean - disjoint, 2 * (square - disjoint) / pairs.Count);
        Assert.Equal(mean, SquaredNorm.Of(products).Value, 1e-12);
        Assert.Equal(Math.Sqrt(Math.Max(unbiased, floor)), SquaredNorm.Of(products).Error, 1e-12);
        Assert.Equal(shift == 0, floor > unbiased);
        // Where the estimates on the two sides differ, as a reference of its own makes them, the order of a pair does not matter.
        products[0, 1] += 0.5;
        products[1, 0] -= 0.5;
        Assert.Equal(Math.Sqrt(Math.Max(unbiased, floor)), SquaredNorm.Of(products).Error, 1e-12);
    }

    // Rounding may take the estimates of the variance, which is 0, below it.
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.2)]
    [InlineData(0.3)]
    [InlineData(1)]
    public void EqualProductsHaveNoError(double product)
    {
        var products = new double[10, 10];
        for (var i = 0; i < 100; i++) products[i / 10, i % 10] = product;
        Assert.Equal(0, SquaredNorm.Of(products).Error, 1e-8);
        products[2, 3] = double.NaN;
        Assert.Equal(double.NaN, SquaredNorm.Of(products).Error);
    }

    [Fact]
    public void ASummaryCarriesItsErrorsOver()
    {
        var summary = new GradientSummary(new Reinforce(), 100, [], new(100, 3), new Estimate(7, 4));
        Assert.Equal(2, summary.Log10Trace!.Value.Value, 1e-12);
        // d log₁₀ x = dx/(x ln 10).
        Assert.Equal(3 / (100 * Math.Log(10)), summary.Log10Trace.Value.Error, 1e-12);
        Assert.Equal(new Estimate(107, 5), summary.MeanSquaredError);
        var plain = summary with { SquaredBias = null };
        Assert.Null(plain.MeanSquaredError);
        Assert.Equal("Reinforce { Form = Autograd }: log10 trace 2.000 ± 0.013", plain.ToString());
        Assert.Equal(plain + ", squared bias 7 ± 4, MSE 107 ± 5, scale-free error - (100 draws)", summary.ToString());
    }

    [Fact]
    public void AnIntervalIsTheChoiceLessAndMoreTwoErrorsOfItsLogarithmWithinTheGrid()
    {
        double[] grid = [0.1, 0.3, 0.9, 2.7];
        static double[] Curve(double best) => [.. new[] { 0.1, 0.3, 0.9, 2.7 }.Select(t => Math.Pow(Math.Log(t / best), 2))];
        // Left-out curves with log-minima ±h around that of the whole: the jackknife's error is √(n − 1) h.
        var (whole, h) = (0.4, 0.05);
        double[][] leftOut = [Curve(whole * Math.Exp(h)), Curve(whole * Math.Exp(-h)), Curve(whole * Math.Exp(h)), Curve(whole * Math.Exp(-h))];
        var choice = TemperatureChoice.Of(grid, Curve(whole), leftOut);
        Assert.Equal(0.4, choice.Temperature, 1e-12);
        Assert.Equal(0.4 * Math.Exp(-1.96 * Math.Sqrt(3) * h), choice.Low, 1e-12);
        Assert.Equal(0.4 * Math.Exp(1.96 * Math.Sqrt(3) * h), choice.High, 1e-12);
        Assert.False(choice.AtEdge);
        var wide = TemperatureChoice.Of(grid, Curve(whole), [Curve(0.12), Curve(2)]);
        Assert.Equal((0.1, 2.7), (wide.Low, wide.High));
        Assert.True(TemperatureChoice.Of(grid, Curve(5), leftOut).AtEdge);
        Assert.True(TemperatureChoice.Of(grid, Curve(0.05), leftOut).AtEdge);
        Assert.Equal("temperature 0.4 (95 %: 0.338 to 0.474)", new TemperatureCurve(grid, [], choice).ToString());
        Assert.Contains("at the edge of the grid", new TemperatureCurve(grid, [], choice with { AtEdge = true }).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ADecompositionSaysWhatKGains()
    {
        var parts = new VarianceDecomposition(new(8, 0.1), new(2, 0.1), 0, 0);
        Assert.Equal(10, parts.Trace(1));
        Assert.Equal(3, parts.Trace(8));
        Assert.Equal(0.5, parts.Trace(4, 8));
        Assert.Equal(10 / 3.0, parts.BatchFactor(8), 1e-12);
        Assert.Equal(4, parts.SamplesFor(1));
        Assert.Equal(6, parts.SamplesFor(0.7));
        Assert.Equal(80, parts.SamplesFor());
        Assert.Equal(int.MaxValue, (parts with { Residual = new(0, 0) }).SamplesFor());
        Assert.Equal(int.MaxValue, (parts with { Residual = new(-0.1, 0.2) }).SamplesFor());
        Assert.Equal(1, (parts with { Conditional = new(0, 0) }).SamplesFor());
        Assert.Equal(1, (parts with { Conditional = new(0, 0), Residual = new(0, 0) }).SamplesFor());
        Assert.Equal(25, (parts with { Conditional = new(0.5, 0), Residual = new(0.4, 0) }).SamplesFor());
        Assert.Equal(1, (parts with { Conditional = new(0.001, 0) }).SamplesFor());
        Assert.Throws<ArgumentOutOfRangeException>(() => parts.SamplesFor(0));
        Assert.Equal("E var[ST-GS | D] = 8 ± 0.1, var[GR] = 2 ± 0.1; GR-MC10 is worth a batch 3.57 times as large, K = ∞ 5.00; K beyond 80 gains less than 5 %",
            parts.ToString());
    }
}
