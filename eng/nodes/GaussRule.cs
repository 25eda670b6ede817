namespace DiscreteGradients.Nodes;

/// <summary>Nodes e and weights with Σ w f(e) = ∫₀^∞ f(e) e^−e de for every polynomial f in e^(1/q) of degree up to 2m − 1.</summary>
/// <remarks>Stieltjes' recurrence for the orthonormal polynomials in x = e^(1/q), on a double exponential trapezoid in log e; the
/// nodes are the roots of the polynomial of degree m, the weights 1/Σ p_k(x)² over the polynomials before it.</remarks>
internal static class GaussRule
{
    /// <summary>Nodes, increasing, and weights.</summary>
    /// <param name="count">m.</param>
    /// <param name="power">q.</param>
    public static (double[] Nodes, double[] Weights) Find(int count, double power)
    {
        const double step = 0.01;
        double[] grid = [.. Enumerable.Range(-600, 1060).Select(i => (i * step) - Math.Exp(-i * step))];
        double[] points = [.. grid.Select(u => Math.Exp(u / power))];
        double[] weights = [.. grid.Select((u, i) => step * (1 + Math.Exp(-(i - 600) * step)) * Math.Exp(u - Math.Exp(u)))];
        var (centres, norms) = (new double[count], new double[count + 1]);
        var (before, now) = (new double[points.Length], points.Select(_ => 1.0).ToArray());
        norms[0] = Math.Sqrt(weights.Sum());
        now = [.. now.Select(p => p / norms[0])];
        for (var k = 0; k < count; k++)
        {
            centres[k] = points.Select((x, i) => weights[i] * x * now[i] * now[i]).Sum();
            double[] next = [.. points.Select((x, i) => ((x - centres[k]) * now[i]) - ((k > 0 ? norms[k] : 0) * before[i]))];
            norms[k + 1] = Math.Sqrt(next.Select((p, i) => weights[i] * p * p).Sum());
            (before, now) = (now, [.. next.Select(p => p / norms[k + 1])]);
        }

        double[] roots = [.. points.SkipLast(1).Select((x, i) => (Low: x, High: points[i + 1])).Where(bracket => Highest(bracket.Low) * Highest(bracket.High) < 0).Select(Root)];
        return ([.. roots.Select(x => Math.Pow(x, power))], [.. roots.Select(x => 1 / Values(x).SkipLast(1).Sum(p => p * p))]);

        double Highest(double x) => Values(x)[count];

        double Root((double Low, double High) bracket)
        {
            var (low, high) = bracket;
            for (var i = 0; i < 100; i++)
            {
                var middle = (low + high) / 2;
                (low, high) = Highest(low) * Highest(middle) <= 0 ? (low, middle) : (middle, high);
            }

            return (low + high) / 2;
        }

        double[] Values(double x)
        {
            var p = new double[count + 1];
            p[0] = 1 / norms[0];
            for (var k = 0; k < count; k++)
                p[k + 1] = (((x - centres[k]) * p[k]) - (k > 0 ? norms[k] * p[k - 1] : 0)) / norms[k + 1];
            return p;
        }
    }
}
