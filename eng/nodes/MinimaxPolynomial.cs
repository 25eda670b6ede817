namespace DiscreteGradients.Nodes;

/// <summary>The polynomial Σ c_k x^k whose largest weighted error |Σ c_k x^k − f(x)|/w(x) on an interval is the least, by Remez's
/// exchange algorithm.</summary>
internal static class MinimaxPolynomial
{
    private const int Grid = 400;

    /// <summary>The polynomial of degree 6 for log₂(1 + t)/t on [√½ − 1, √2 − 1], of least relative error.</summary>
    public static (double[] Coefficients, double Error) Log2() => Find(Log2Ratio, Log2Ratio, 6, Math.Sqrt(0.5) - 1, Math.Sqrt(2) - 1);

    /// <summary>The polynomial q of degree 4 for which 1 + f q(f) has the least relative error as 2^f on [−½, ½].</summary>
    public static (double[] Coefficients, double Error) Exp2() =>
        Find(f => f == 0 ? Math.Log(2) : Expm1(f * Math.Log(2)) / f, f => Math.Pow(2, f) / Math.Max(Math.Abs(f), 1e-9), 4, -0.5, 0.5);

    private static double Log2Ratio(double t) => t == 0 ? 1 / Math.Log(2) : Log1p(t) / (t * Math.Log(2));

    private static (double[] Coefficients, double Error) Find(
        Func<double, double> function, Func<double, double> weight, int degree, double first, double last)
    {
        double[] grid = [.. Enumerable.Range(0, Grid + 1).Select(i => Chebyshev(i, Grid))];
        double[] points = [.. Enumerable.Range(0, degree + 2).Select(i => Chebyshev(i, degree + 1))];
        var (coefficients, level) = (Array.Empty<double>(), 0.0);
        for (var iteration = 0; iteration < 10; iteration++)
        {
            // At these points the error is ±level in turn; then they move to where it is largest.
            var matrix = new double[degree + 2, degree + 2];
            for (var i = 0; i < points.Length; i++)
            {
                for (var k = 0; k <= degree; k++) matrix[i, k] = Math.Pow(points[i], k);
                matrix[i, degree + 1] = (i % 2 == 0 ? 1 : -1) * weight(points[i]);
            }

            var solution = LinearSystem.Solve(matrix, [.. points.Select(function)]);
            (coefficients, level) = (solution[..^1], Math.Abs(solution[^1]));
            points = Extrema();
        }

        return (coefficients, level);

        double Chebyshev(int i, int count) => (first + last - (last - first) * Math.Cos(Math.PI * i / count)) / 2;

        double Error(double x) => (coefficients.Reverse().Aggregate(0.0, (sum, c) => sum * x + c) - function(x)) / weight(x);

        // Of each stretch of the grid where the error has one sign, the place where it is largest.
        double[] Extrema()
        {
            var found = new List<int>();
            double[] errors = [.. grid.Select(Error)];
            for (var i = 0; i <= Grid; i++)
            {
                if (found.Count == 0 || errors[i] > 0 != errors[found[^1]] > 0)
                    found.Add(i);
                else if (Math.Abs(errors[i]) > Math.Abs(errors[found[^1]]))
                    found[^1] = i;
            }

            return found.Count == points.Length ? [.. found.Select(Refined)] : throw new InvalidOperationException("no alternation");
        }

        double Refined(int i)
        {
            if (i is 0 or Grid) return grid[i];
            var (low, high) = (grid[i - 1], grid[i + 1]);
            for (var step = 0; step < 40; step++)
            {
                var third = (high - low) / 3;
                if (Math.Abs(Error(low + third)) < Math.Abs(Error(high - third)))
                    low += third;
                else
                    high -= third;
            }

            return (low + high) / 2;
        }
    }

    // Kahan's ways: the rounding of 1 + x, and of exp, cancels.
    private static double Log1p(double x)
    {
        var y = 1 + x;
        return y == 1 ? x : Math.Log(y) * (x / (y - 1));
    }

    private static double Expm1(double x)
    {
        var y = Math.Exp(x);
        return y == 1 ? x : (y - 1) * (x / Math.Log(y));
    }
}
