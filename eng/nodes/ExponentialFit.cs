namespace DiscreteGradients.Nodes;

/// <summary>1/S² on [1, R] as a sum of exponentials Σ c e^(−tS): the sum of k terms that meets it at the 2k Chebyshev points of
/// log S.</summary>
/// <remarks>Newton's method on log t and log c. Three terms on [1, 4] are found from a trapezoid in log t; each further term goes
/// with an R twice as large, where the error stays near 1e-3 and the start is good; R then shrinks in small steps to the one that
/// is wanted.</remarks>
internal static class ExponentialFit
{
    private const double Shrink = 0.98;

    /// <summary>t and c, by increasing t.</summary>
    /// <param name="terms">k, from 3 to 12.</param>
    /// <param name="largest">R, not above 2^(k − 1).</param>
    public static (double[] Exponents, double[] Coefficients) Find(int terms, double largest)
    {
        var span = 4.0;
        var x = Meet([.. Enumerable.Range(0, 6).Select(i => Trapezoid(i % 3, isWeight: i >= 3))], span);
        for (var k = 3; k < terms; k++)
        {
            span *= 2;
            x = Meet([(2 * x[0]) - x[1], .. x[..k], (2 * x[k]) - x[k + 1], .. x[k..]], span);
        }

        while (span > largest)
        {
            span = Math.Max(largest, span * Shrink);
            x = Meet(x, span);
        }

        return ([.. x[..terms].Select(Math.Exp)], [.. x[terms..].Select(Math.Exp)]);

        static double Trapezoid(int i, bool isWeight)
        {
            var (first, step) = (-0.5 - Math.Log(4), (2 + Math.Log(4)) / 2);
            var log = first + (step * i);
            return isWeight ? (2 * log) + Math.Log(step) : log;
        }
    }

    /// <summary>The largest relative error on [1, <paramref name="largest"/>].</summary>
    public static double Error(double[] exponents, double[] coefficients, double largest)
    {
        double[] x = [.. exponents.Select(t => Math.Log(t)), .. coefficients.Select(c => Math.Log(c))];
        return Enumerable.Range(0, 2001).Max(i => Math.Abs(Residual(x, Math.Pow(largest, i / 2000.0))));
    }

    private static double[] Meet(double[] x, double largest)
    {
        var k = x.Length / 2;
        double[] points = [.. Enumerable.Range(0, 2 * k).Select(i => Math.Pow(largest, (1 - Math.Cos(Math.PI * (i + 0.5) / (2 * k))) / 2))];
        for (var iteration = 0; iteration < 50; iteration++)
        {
            var before = Worst(x);
            var step = LinearSystem.Solve(Jacobian(x, points), [.. points.Select(s => -Residual(x, s))]);
            // Shorter while that is no better; none, where rounding is all that is left.
            var length = Math.Min(1, 0.3 / step.Max(Math.Abs));
            var next = x;
            for (var attempt = 0; attempt < 10 && Worst(next) >= before; attempt++, length /= 2)
                next = [.. x.Zip(step, (value, change) => value + (length * change))];
            if (Worst(next) >= before) break;
            x = next;
        }

        return x;

        double Worst(double[] at) => points.Max(s => Math.Abs(Residual(at, s)));
    }

    // S² Σ c e^(−tS) − 1
    private static double Residual(double[] x, double s)
    {
        var k = x.Length / 2;
        return (s * s * Enumerable.Range(0, k).Sum(j => Math.Exp(x[k + j] - (s * Math.Exp(x[j]))))) - 1;
    }

    private static double[,] Jacobian(double[] x, double[] points)
    {
        var k = x.Length / 2;
        var result = new double[2 * k, 2 * k];
        for (var i = 0; i < 2 * k; i++)
        {
            var s = points[i];
            for (var j = 0; j < k; j++)
            {
                result[i, k + j] = s * s * Math.Exp(x[k + j] - (s * Math.Exp(x[j])));
                result[i, j] = -s * Math.Exp(x[j]) * result[i, k + j];
            }
        }

        return result;
    }
}
