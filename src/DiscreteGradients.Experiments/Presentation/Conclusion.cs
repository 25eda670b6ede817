using System.Globalization;

namespace DiscreteGradients.Experiments.Presentation;

/// <summary>Says in a sentence what measurements show of one estimator against another. What a test at the level of 5 % does not
/// tell apart is called not distinguishable.</summary>
internal static class Conclusion
{
    private const double Normal = 1.96;

    // Student's t for 1, 2, 3 … degrees of freedom, two-sided, 5 %.
    private static readonly double[] Student = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201,
        2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086];

    /// <summary>Gives the ratio of two independent estimates of variances.</summary>
    public static Estimate Ratio(Estimate variance, Estimate reference) => new(variance.Value / reference.Value,
        variance.Value / reference.Value * Math.Sqrt(Square(variance.Error / variance.Value)
            + Square(reference.Error / reference.Value)));

    /// <summary>Says whose gradient varies less.</summary>
    /// <param name="ratio">The variance of the first over that of the second.</param>
    /// <param name="where">As in "at step 8,000".</param>
    /// <param name="freedom">Degrees of freedom of the error.</param>
    /// <param name="seeds">Trainings of each, over which the error is taken if there are several.</param>
    public static string Variance(string name, string reference, Estimate ratio, string where, int freedom, int seeds = 1)
    {
        var text = Text(ratio);
        return IsNotOne(ratio, freedom)
            ? $"The gradient of {name} has {text} times the variance of that of {reference} {where}{Of(seeds)}."
            : $"The variances of the gradients of {name} and {reference} are not distinguishable {where}: their ratio is {text}{Of(seeds)}.";
    }

    /// <summary>Says whose mean squared error is less, each at its best temperature.</summary>
    /// <param name="name">With its temperature.</param>
    /// <param name="reference">Likewise.</param>
    /// <param name="ratio">The error of the first over that of the second.</param>
    /// <param name="freedom">Degrees of freedom of the error of the ratio.</param>
    public static string Error(string name, string reference, Estimate ratio, int freedom) => IsNotOne(ratio, freedom)
        ? $"The mean squared error of {name} is {Text(ratio)} times that of {reference}, each at its best temperature."
        : $"The mean squared errors of {name} and {reference} are not distinguishable, each at its best temperature: their ratio is {Text(ratio)}.";

    /// <summary>Says whose bound is better.</summary>
    /// <param name="difference">The bound of the first less that of the second, nats; less is better.</param>
    /// <param name="how">What both were evaluated on, as in "the same 1,000 images (paired)".</param>
    /// <param name="seeds">Trainings of each, over which the error is taken if there are several.</param>
    public static string Bound(string name, string reference, Estimate difference, string how, int seeds = 1)
    {
        var text = Text(difference with { Value = Math.Abs(difference.Value) });
        var better = difference.Value <= 0 ? "better" : "worse";
        return Differs(difference, seeds == 1 ? null : seeds - 1)
            ? $"The bound of {name} is {text} nats {better} than that of {reference} on {how}, {Seeds(seeds)}."
            : $"The bounds of {name} and {reference} are not distinguishable on {how}: that of {name} is {text} nats {better}, {Seeds(seeds)}.";
    }

    /// <summary>Says how fast trainings went; nothing where that is not known.</summary>
    public static IReadOnlyList<string> Speed(IEnumerable<(string Name, double? StepsPerSecond)> runs)
    {
        var known = runs.Where(run => run.StepsPerSecond is > 0).Select(run => Invariant($"{run.Name} {run.StepsPerSecond:F0}"))
            .ToList();
        return known.Count == 0
            ? []
            : [$"Training steps a second, with measurements and validations: {string.Join(", ", known)}."];
    }

    /// <summary>Tells whether a difference is none of chance.</summary>
    /// <param name="freedom">Degrees of freedom of the error; null for so many that it is as if known.</param>
    public static bool Differs(Estimate difference, int? freedom = null) =>
        Math.Abs(difference.Value) > Critical(freedom) * difference.Error;

    /// <summary>Tells whether a ratio is other than 1 by more than chance. Its logarithm is tested, so that the inverse ratio
    /// says the same.</summary>
    /// <param name="freedom">Degrees of freedom of the error.</param>
    public static bool IsNotOne(Estimate ratio, int freedom) => Differs(ratio.Log10 ?? ratio - new Estimate(1, 0), freedom);

    /// <summary>Gives a number with as many digits as its error, which has one, or two if the first is 1: "1.8 ± 0.4", "0.520 ±
    /// 0.012".</summary>
    public static string Text(Estimate estimate)
    {
        if (!double.IsFinite(estimate.Error) || estimate.Error <= 0)
            return estimate.Value.ToString("G3", CultureInfo.InvariantCulture);
        var power = (int)Math.Floor(Math.Log10(estimate.Error));
        var digits = Math.Clamp((estimate.Error < 2 * Math.Pow(10, power) ? 1 : 0) - power, 0, 10);
        var format = string.Create(CultureInfo.InvariantCulture, $"F{digits}");
        return $"{estimate.Value.ToString(format, CultureInfo.InvariantCulture)} ± {estimate.Error.ToString(format, CultureInfo.InvariantCulture)}";
    }

    // One value tells nothing of its error.
    private static double Critical(int? freedom) => freedom switch
    {
        null => Normal,
        < 1 => double.PositiveInfinity,
        { } few when few <= Student.Length => Student[few - 1],
        { } many => Normal + 2.4 / many,
    };

    private static string Seeds(int seeds) => seeds == 1 ? "one seed" : Invariant($"over {seeds} seeds");

    private static string Of(int seeds) => seeds == 1 ? "" : $", {Seeds(seeds)}";

    private static double Square(double value) => value * value;
}
