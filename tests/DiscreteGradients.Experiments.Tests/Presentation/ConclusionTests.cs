using DiscreteGradients.Experiments.Presentation;

namespace DiscreteGradients.Experiments.Tests.Presentation;

public sealed class ConclusionTests
{
    [Theory]
    [InlineData(-1.8, 0.43, "The bound of GR is 1.8 ± 0.4 nats better than that of ST-GS on these, one seed.")]
    [InlineData(1.8, 0.43, "The bound of GR is 1.8 ± 0.4 nats worse than that of ST-GS on these, one seed.")]
    [InlineData(-0.8, 0.43, "The bounds of GR and ST-GS are not distinguishable on these: that of GR is 0.8 ± 0.4 nats better, one seed.")]
    [InlineData(12, 15, "The bounds of GR and ST-GS are not distinguishable on these: that of GR is 12 ± 15 nats worse, one seed.")]
    public void ABoundIsBetterWorseOrNotDistinguishable(double value, double error, string sentence) =>
        Assert.Equal(sentence, Conclusion.Bound("GR", "ST-GS", new(value, error), "these"));

    [Theory]
    [InlineData(0.52, 0.02, "The gradient of GR has 0.52 ± 0.02 times the variance of that of ST-GS at step 8,000.")]
    [InlineData(1.52, 0.2, "The gradient of GR has 1.5 ± 0.2 times the variance of that of ST-GS at step 8,000.")]
    [InlineData(0.95, 0.03, "The variances of the gradients of GR and ST-GS are not distinguishable at step 8,000: their ratio is 0.95 ± 0.03.")]
    public void AVarianceIsSmallerLargerOrNotDistinguishable(double value, double error, string sentence) =>
        Assert.Equal(sentence, Conclusion.Variance("GR", "ST-GS", new(value, error), "at step 8,000", freedom: 1000));

    [Fact]
    public void TheRatioOfTwoVariancesHasTheErrorsOfBoth()
    {
        var ratio = Conclusion.Ratio(new(50, 3), new(100, 8));
        Assert.Equal(0.5, ratio.Value);
        Assert.Equal(0.05, ratio.Error, 1e-15);   // 6 % and 8 % make 10 %
    }

    // Two trainings of each tell little: Student's t with one degree of freedom. One tells nothing of its error.
    [Theory]
    [InlineData(2, 12.6, false)]
    [InlineData(2, 12.8, true)]
    [InlineData(5, 2.7, false)]
    [InlineData(5, 2.8, true)]
    [InlineData(10, 2.25, false)]
    [InlineData(10, 2.27, true)]
    [InlineData(1000, 1.9, false)]
    [InlineData(1, 100, false)]
    public void FewValuesMustDifferByMore(int values, double errors, bool differs) =>
        Assert.Equal(differs, Conclusion.Differs(new(errors, 1), freedom: values - 1));

    [Theory]
    [InlineData(1.9, false)]
    [InlineData(2, true)]
    public void WhereTheErrorIsKnownTheLawIsNormal(double errors, bool differs) =>
        Assert.Equal(differs, Conclusion.Differs(new(errors, 1)));

    /// <summary>The logarithm of 20 ± 10 is 6 errors from 0, that of 20 ± 4 is 15. With one degree of freedom 12.7 are within
    /// chance.</summary>
    [Theory]
    [InlineData(20, 10, false)]
    [InlineData(20, 4, true)]
    public void ARatioAndItsInverseAreToldFrom1Alike(double ratio, double error, bool isTold)
    {
        Assert.Equal(isTold, Conclusion.IsNotOne(new(ratio, error), freedom: 1));
        Assert.Equal(isTold, Conclusion.IsNotOne(new(1 / ratio, error / (ratio * ratio)), freedom: 1));
        // No variance at all is less than some.
        Assert.True(Conclusion.IsNotOne(new(0, 0), freedom: 1));
    }

    // By the integral of Student's t: t = √ν tan φ has a density ∝ cos^(ν − 1) φ.
    [Fact]
    public void OfEqualsFiveInAHundredDiffer_HoweverManySeeds()
    {
        for (var seeds = 2; seeds <= 60; seeds++)
        {
            var (least, most, freedom) = (1.0, 20.0, seeds - 1);
            for (var i = 0; i < 40; i++)
            {
                var middle = (least + most) / 2;
                (least, most) = Conclusion.Differs(new(middle, 1), freedom) ? (least, middle) : (middle, most);
            }
            var within = Integral(Math.Atan(most / Math.Sqrt(freedom)), freedom) / Integral(Math.PI / 2, freedom);
            Assert.True(Math.Abs(within - 0.95) < 1e-3, $"{seeds} seeds: {within} within {most} errors");
        }

        static double Integral(double to, int freedom) =>
            to / 2000 * Enumerable.Range(0, 2000).Sum(i => Math.Pow(Math.Cos((i + 0.5) * to / 2000), freedom - 1));
    }

    [Theory]
    [InlineData(1.2345, 0.0996, "1.23 ± 0.10")]
    [InlineData(0.5, 0.019, "0.500 ± 0.019")]
    [InlineData(0.5, 0.021, "0.50 ± 0.02")]
    [InlineData(-98.26, 1.4, "-98.3 ± 1.4")]
    [InlineData(1234.2, 37, "1234 ± 37")]
    [InlineData(12345, 150, "12345 ± 150")]
    [InlineData(3.14159, 0, "3.14")]
    [InlineData(3.14159, double.NaN, "3.14")]
    public void ATextHasAsManyDigitsAsItsErrorHas(double value, double error, string text) => Assert.Equal(text, Conclusion.Text(new(value, error)));

    [Fact]
    public void TheSpeedOfWhatWasNotTimedIsNotSaid()
    {
        Assert.Equal(["Training steps a second, with measurements and validations: GR 151, ST-GS 162."], Conclusion.Speed([("GR", 151.2), ("GS", null), ("ST-GS", 161.8)]));
        Assert.Empty(Conclusion.Speed([("GR", null)]));
    }
}
