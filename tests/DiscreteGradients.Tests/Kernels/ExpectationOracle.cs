namespace DiscreteGradients.Tests.Kernels;

/// <summary>E[J(softmax((θ + G)/τ)) g | D]/τ in float64 by other means than the product's: plain trapezoids in logarithms, fine enough
/// for ten digits; and for n = 3 the threefold integral itself.</summary>
internal static class ExpectationOracle
{
    private const double Step = 0.2;

    /// <summary>The gradient of one row.</summary>
    /// <param name="logProbs">log p; −∞ for a masked category.</param>
    /// <param name="drawn">i.</param>
    /// <param name="gradient">g.</param>
    /// <param name="temperature">τ.</param>
    public static double[] Gradient(double[] logProbs, int drawn, double[] gradient, double temperature)
    {
        var result = new double[logProbs.Length];
        Integrate(logProbs, drawn, temperature, (weight, r, _) =>
        {
            var sum = 1 + r.Sum();
            var mean = r.Select((x, j) => x == 0 ? 0 : x * (gradient[j] - gradient[drawn])).Sum();
            for (var j = 0; j < r.Length; j++)
            {
                if (r[j] == 0) continue;
                var part = weight / temperature * r[j] * (((gradient[j] - gradient[drawn]) * sum) - mean);
                result[j] += part;
                result[drawn] -= part;
            }
        });
        return result;
    }

    /// <summary>E[softmax((θ + G)/τ) | D] of one row.</summary>
    public static double[] Mean(double[] logProbs, int drawn, double temperature)
    {
        var result = new double[logProbs.Length];
        Integrate(logProbs, drawn, temperature, (weight, r, second) =>
        {
            var sum = 1 + r.Sum();
            for (var j = 0; j < r.Length; j++) result[j] += weight * (j == drawn ? sum : (r[j] * (sum - r[j])) + second[j]);
        });
        return result;
    }

    /// <summary>The gradient for three categories from the joint law of the three exponential variates.</summary>
    public static double[] ThreefoldGradient(double[] logProbs, int drawn, double[] gradient, double temperature)
    {
        const double step = 0.25;
        int[] others = [.. Enumerable.Range(0, 3).Where(j => j != drawn)];
        var result = new double[3];
        for (var logE = -22.0; logE < 3.7; logE += step)
        {
            var (first, second) = (Weights(others[0]), Weights(others[1]));
            var outer = step * Math.Exp(logE - Math.Exp(logE));
            foreach (var (w, p) in first)
            {
                foreach (var (v, q) in second)
                {
                    var s = 1 + w + v;
                    var (d, f) = (gradient[others[0]] - gradient[drawn], gradient[others[1]] - gradient[drawn]);
                    var whole = outer * p * q / (s * s * temperature);
                    result[others[0]] += whole * w * (d + (v * (d - f)));
                    result[others[1]] += whole * v * (f + (w * (f - d)));
                }
            }

            (double W, double P)[] Weights(int j)
            {
                var logA = logProbs[j] + logE;
                var least = Math.Min(logA + Math.Log(Math.Min(1, temperature)), 0) - 24;
                return [.. Enumerable.Range(0, (int)((3.7 - least) / step)).Select(k => least + (k * step))
                    .Select(x => (Math.Exp(-LogOnePlusExp(x - logA) / temperature), step * Math.Exp(x - Math.Exp(x))))];
            }
        }

        result[drawn] = -result.Sum();
        return result;
    }

    /// <summary>‖a − b‖/‖b‖.</summary>
    public static double RelativeError(IReadOnlyList<double> a, IReadOnlyList<double> b) =>
        Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum() / b.Sum(y => y * y));

    // 1/S² = ∫ t e^(−tS) dt and the noise of the category drawn, each by a trapezoid in its logarithm; calls with the weight, r and
    // E[w² e^(−tw)]/φ at each node.
    private static void Integrate(double[] logProbs, int drawn, double temperature, Action<double, double[], double[]> add)
    {
        const double step = 0.32;
        double[] exponents = [.. Enumerable.Range(0, 200).Select(k => -13 - Math.Log(logProbs.Length) + (k * step)).TakeWhile(x => x < 3.4).Select(Math.Exp)];
        // Ratios y/a, in logarithms.
        var start = Math.Log(Math.Min(1, temperature)) - 30;
        double[] grid = [.. Enumerable.Range(0, (int)((130 - start) / Step)).Select(k => start + (k * Step)).TakeWhile(x => x < 1 || x - start - 30 - (LogOnePlusExp(x) / temperature) > -40)];
        double[] weights = [.. grid.Select(x => Math.Exp(-LogOnePlusExp(x) / temperature))];
        double[][] kept = [.. exponents.Select(t => weights.Select(w => Math.Exp(-t * w)).ToArray())];
        var n = logProbs.Length;
        var density = new double[grid.Length];
        for (var logE = -23.0; logE < 3.7; logE += step)
        {
            var (product, r, second) = (new double[exponents.Length], new double[exponents.Length, n], new double[exponents.Length, n]);
            for (var j = 0; j < n; j++)
            {
                if (j == drawn || double.IsNegativeInfinity(logProbs[j])) continue;
                for (var k = 0; k < grid.Length; k++) density[k] = Step * Math.Exp(logProbs[j] + logE + grid[k] - Math.Exp(logProbs[j] + logE + grid[k]));
                for (var m = 0; m < exponents.Length; m++)
                {
                    double missing = 0, moment = 0, square = 0;
                    for (var k = 0; k < grid.Length; k++)
                    {
                        var loss = exponents[m] * weights[k];
                        missing += density[k] * (loss < 1e-4 ? loss * (1 - (loss / 2 * (1 - (loss / 3)))) : 1 - kept[m][k]);
                        moment += density[k] * weights[k] * kept[m][k];
                        square += density[k] * weights[k] * weights[k] * kept[m][k];
                    }

                    var phi = Math.Max(1 - missing, 1e-14);
                    product[m] += missing < 1e-5 ? -missing * (1 + (missing / 2)) : Math.Log(phi);
                    (r[m, j], second[m, j]) = (moment / phi, square / phi);
                }
            }

            for (var m = 0; m < exponents.Length; m++)
            {
                var weight = step * step * Math.Exp(logE - Math.Exp(logE) + product[m] - exponents[m]) * exponents[m] * exponents[m];
                add(weight, [.. Enumerable.Range(0, n).Select(j => r[m, j])], [.. Enumerable.Range(0, n).Select(j => second[m, j])]);
            }
        }
    }

    private static double LogOnePlusExp(double x) => x > 30 ? x : x < -30 ? Math.Exp(x) : Math.Log(1 + Math.Exp(x));
}
