using System.Globalization;

namespace DiscreteGradients.Experiments.Presentation;

/// <summary>Round numbers for the axes of every picture.</summary>
internal static class AxisTicks
{
    private const int Most = 7;
    private static readonly double[] Mantissas = [1, 2, 5];

    /// <summary>Gives multiples of 1, 2 or 5 times a power of ten within a range.</summary>
    public static IReadOnlyList<double> Linear(double low, double high)
    {
        if (!(high > low)) return [low];
        var rough = (high - low) / Most;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = Mantissas.Append(10).Select(mantissa => mantissa * power).First(step => step >= rough * (1 - 1e-9));
        var first = Math.Ceiling(low / step - 1e-9);
        return [.. Enumerable.Range(0, Most + 2).Select(i => Exact((first + i) * step, step))
            .TakeWhile(tick => tick <= high + step * 1e-9)];
    }

    /// <summary>Gives 1, 2 and 5 times powers of ten within a range, the powers alone where it spans many.</summary>
    /// <param name="low">Above 0.</param>
    public static IReadOnlyList<double> Logarithmic(double low, double high)
    {
        var (first, last) = ((int)Math.Floor(Math.Log10(low) - 1e-9), (int)Math.Ceiling(Math.Log10(high) + 1e-9));
        var within = Ticks(Mantissas, 1);
        if (within.Count < 2) return Linear(low, high);
        if (within.Count <= Most) return within;
        return Ticks([1], Math.Max(1, (last - first + Most - 1) / Most));

        List<double> Ticks(double[] mantissas, int apart) =>
            [.. from power in Enumerable.Range(first, last - first + 1)
                where power % apart == 0
                from mantissa in mantissas
                let tick = Exact(mantissa * Math.Pow(10, power), Math.Pow(10, power))
                where tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)
                select tick];
    }

    /// <summary>Gives the text of a tick: "8,000", "0.5", "1e-6".</summary>
    public static string Text(double tick) => Math.Abs(tick) is > 0 and (< 1e-3 or >= 1e6)
        ? tick.ToString("0.###e0", CultureInfo.InvariantCulture)
        : tick.ToString(Math.Abs(tick) >= 1000 ? "#,0.##" : "0.######", CultureInfo.InvariantCulture);

    // 3 · 0.1 is not the number nearest to 0.3.
    private static double Exact(double value, double step) =>
        step >= 1 ? Math.Round(value) : Math.Round(value, Math.Clamp(2 - (int)Math.Floor(Math.Log10(step)), 0, 15));
}
