using System.Globalization;

namespace DiscreteGradients;

/// <summary>
/// An estimate is a measured number with its standard error.
/// </summary>
/// <param name="Value">The number.</param>
/// <param name="Error">One standard error; NaN where it is not known.</param>
/// <example>
/// <code>
/// var difference = new Estimate(3, 0.3) - new Estimate(1, 0.4);            // of independent numbers
/// Console.WriteLine(difference);                                          // 2 ± 0.5
/// </code>
/// </example>
public readonly record struct Estimate(double Value, double Error)
{
    /// <summary>The logarithm log₁₀ of the number; null where the number is not above 0.</summary>
    public Estimate? Log10 => Value > 0 ? new(Math.Log10(Value), Error / Value / Math.Log(10)) : null;

    /// <summary>The square root of the number; 0, of an error that is not known, where the number is not above 0.</summary>
    internal Estimate Root => Value > 0 ? new(Math.Sqrt(Value), Error / (2 * Math.Sqrt(Value))) : new(0, double.NaN);

    /// <summary>Gives the mean of independent values.</summary>
    /// <param name="values">At least one; the error of one value is not known.</param>
    internal static Estimate Mean(IReadOnlyCollection<double> values)
    {
        var mean = values.Average();
        return new(mean, Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1.0) / values.Count));
    }

    /// <summary>Gives the ratio of the means of paired values, with the error of what it leaves of each pair; null where the mean
    /// of the others is not above 0.</summary>
    /// <param name="values">At least one; the error of one pair is not known.</param>
    /// <param name="others">As many, in the same order.</param>
    internal static Estimate? RatioOfMeans(IReadOnlyList<double> values, IReadOnlyList<double> others)
    {
        var mean = others.Average();
        var ratio = values.Average() / mean;
        return mean > 0 ? new(ratio, Mean([.. values.Zip(others, (a, b) => (a - ratio * b) / mean)]).Error) : null;
    }

    /// <summary>Adds two independent estimates.</summary>
    public static Estimate operator +(Estimate left, Estimate right) => new(left.Value + right.Value, Joint(left, right));

    /// <summary>Subtracts two independent estimates.</summary>
    public static Estimate operator -(Estimate left, Estimate right) => new(left.Value - right.Value, Joint(left, right));

    /// <summary>Gives an estimate in another unit.</summary>
    public static Estimate operator /(Estimate estimate, double unit) => new(estimate.Value / unit, estimate.Error / unit);

    /// <summary>Writes the text "1.234 ± 0.056", with numbers in the invariant culture.</summary>
    public override string ToString() => Text(this);

    /// <summary>Writes the text "1.234 ± 0.056", or "-" where there is no estimate.</summary>
    internal static string Text(Estimate? estimate, string format = "G4", string errorFormat = "G2") =>
        estimate is not { } known ? "-" : known.Value.ToString(format, CultureInfo.InvariantCulture)
            + (double.IsNaN(known.Error) ? "" : " ± " + known.Error.ToString(errorFormat, CultureInfo.InvariantCulture));

    private static double Joint(Estimate a, Estimate b) => Math.Sqrt(a.Error * a.Error + b.Error * b.Error);
}
