namespace DiscreteGradients.Experiments.Tests.Uncertainty;

/// <summary>How often an interval of two standard errors holds the truth.</summary>
internal static class Coverage
{
    private const int Repeats = 1000;

    /// <summary>Student's t with 9 degrees of freedom, an error from ten blocks, within two errors.</summary>
    public const double OfTenBlocks = 0.923;

    /// <summary>The normal law within two errors.</summary>
    public const double Normal = 0.9545;

    /// <param name="what">For the message.</param>
    /// <param name="measure">One simulated measurement.</param>
    /// <param name="truth">What it estimates.</param>
    /// <param name="least">The lowest rate that is right; five binomial standard errors below it fail: false alarm 3e-7.</param>
    /// <param name="most">The highest, likewise.</param>
    public static void Holds(string what, Func<Random, (double Estimate, double Error)> measure, double truth, double least, double most)
    {
        var inside = 0;
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            var (estimate, error) = measure(new Random(repeat));
            if (Math.Abs(estimate - truth) <= 2 * error) inside++;
        }
        var rate = (double)inside / Repeats;
        static double Slack(double nominal) => 5 * Math.Sqrt(nominal * (1 - nominal) / Repeats);
        Assert.True(rate >= least - Slack(least) && rate <= most + Slack(most), $"{what}: {rate:P1} of the intervals hold the truth; expected {least:P1} to {most:P1}");
    }

    /// <summary>A standard normal number.</summary>
    public static double NextNormal(this Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
