using TorchSharp;

namespace DiscreteGradients;

/// <summary>Counts how often an interval of two standard errors holds the truth, over 1000 simulated measurements.</summary>
/// <remarks>The rate must lie in the band that a test states, widened by five binomial standard errors: false alarm 6e-7.</remarks>
internal static class Coverage
{
    private const int Repeats = 1000;

    /// <summary>The rate of the normal law.</summary>
    public const double Normal = 0.9545;

    /// <summary>Checks an error bar against a truth that is known.</summary>
    /// <param name="what">For the message.</param>
    /// <param name="measure">One simulated measurement, from its number.</param>
    /// <param name="truth">What it estimates.</param>
    /// <param name="least">The lowest rate that is right.</param>
    /// <param name="most">The highest.</param>
    public static void Holds(string what, Func<int, (double Estimate, double Error)> measure, double truth, double least, double most = 1) =>
        Check(what, Simulate(measure), truth, least, most);

    /// <summary>Checks the error bar of an unbiased estimate: the truth is the mean of all measurements, known 32 times better.</summary>
    public static void HoldsTheMean(string what, Func<int, (double Estimate, double Error)> measure, double least, double most = 1)
    {
        var measured = Simulate(measure);
        Check(what, measured, measured.Average(one => one.Estimate), least, most);
    }

    /// <summary>A standard normal number.</summary>
    public static double NextNormal(this Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static List<(double Estimate, double Error)> Simulate(Func<int, (double Estimate, double Error)> measure) =>
        [.. Enumerable.Range(0, Repeats).Select(repeat =>
        {
            using var scope = torch.NewDisposeScope();
            return measure(repeat);
        })];

    private static void Check(string what, List<(double Estimate, double Error)> measured, double truth, double least, double most)
    {
        var rate = (double)measured.Count(one => Math.Abs(one.Estimate - truth) <= 2 * one.Error) / Repeats;
        static double Slack(double nominal) => 5 * Math.Sqrt(nominal * (1 - nominal) / Repeats);
        Assert.True(rate >= least - Slack(least) && rate <= most + Slack(most),
            $"{what}: {rate:P1} of the intervals hold {truth:G5}; expected {least:P1} to {most:P1}");
    }
}
