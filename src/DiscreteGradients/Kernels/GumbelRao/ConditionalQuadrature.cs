using System.Runtime.Intrinsics;

namespace DiscreteGradients.Kernels;

/// <summary>The quadrature of the conditional expectation of GR-MCK, K = ∞, at one temperature (docs/exact.md).</summary>
/// <remarks>Given D = e_i and E_i = e the weights w_j = (a_j/(E_j + a_j))^(1/τ), a_j = p_j e, of the other categories are
/// independent. With 1/S² a sum of exponentials in S = 1 + Σ w_j, the expectation is a sum over nodes (e, t) of products of
/// φ = E e^(−tw) and r = E[w e^(−tw)]/φ, functions of a and t.</remarks>
internal sealed class ConditionalQuadrature
{
    // y/a = s·exp(u − e^(−u)): the integrands of 1 − φ and r fall like y to the left. To the right they end with e^(−y), or
    // before where w falls faster; beyond e^115 there is no y for an a that float32 can tell from 0, and beyond e^700 none for
    // one that float64 can.
    private const double Least = -3.7, MostDouble = 700;
    public const double MostSingle = 115;

    // Gauss's rules for polynomials in e^(1/3) and e^(1/4.5), found by eng/nodes. Relative errors: at most 5e-6 of the smaller
    // one where it serves, at most 3e-6 of the larger one for τ from 0.01 to 10.
    private static readonly (double[] Nodes, double[] Weights) Eight = (
        [0.002435197465827398, 0.04056487988615111, 0.22666785626302957, 0.7483641939232417, 1.824846284265289,
        3.699638674747719, 6.717017108663811, 11.641158813942956],
        [0.009296003693764014, 0.08236105014832415, 0.2540498783683219, 0.36025997945655136, 0.23074119508316124,
        0.05867173603427591, 0.004563157523102699, 5.699969249814651E-05]);

    private static readonly (double[] Nodes, double[] Weights) Ten = (
        [8.147784018944595E-05, 0.002516324806176142, 0.023675403656843473, 0.11960227217485987, 0.4056354246415983,
        1.0472720003414628, 2.2390064232515074, 4.2110726968555445, 7.304467909798511, 12.285012872461197],
        [0.00036597204414804936, 0.0067344834237004, 0.04345546072020625, 0.14798484479663598, 0.2888375513613795,
        0.3095974792642495, 0.1639474513287007, 0.03646645889876815, 0.002580137730544151, 3.0160431666845548E-05]);

    /// <summary>Puts a quadrature together.</summary>
    /// <param name="temperature">τ.</param>
    /// <param name="sum">1/S² over the S that there can be.</param>
    /// <param name="variates">The rule for ∫ f(e) e^−e de.</param>
    /// <param name="step">Of the trapezoid for φ and r, in log y.</param>
    /// <param name="digits">e-folds to go before that ends.</param>
    /// <param name="most">The largest log y/a.</param>
    public ConditionalQuadrature(double temperature, ExponentialSum sum, (double[] Nodes, double[] Weights) variates,
        double step, double digits, double most)
    {
        Temperature = temperature;
        Scale = Math.Min(1, temperature);
        Exponents = sum.Exponents;
        Variates = variates.Nodes;
        Weights = [.. from weight in variates.Weights
                      from term in sum.Exponents.Zip(sum.Coefficients)
                      select weight * term.Second * Math.Exp(-term.First)];
        List<double> ratios = [], densities = [], weights = [];
        for (var u = Least; ; u += step)
        {
            var x = u - Math.Exp(-u);
            var ratio = Scale * Math.Exp(x);
            var logWeight = -(ratio < 1e-8 ? ratio : Math.Log(1 + ratio)) / temperature;
            if (x > 1 && (x + Math.Log(Scale) > most || logWeight + x < -digits)) break;
            ratios.Add(ratio);
            densities.Add(step * (1 + Math.Exp(-u)) * Math.Exp(x));
            weights.Add(Math.Exp(logWeight));
        }

        (Ratios, Densities, OwnWeights) = ([.. ratios], [.. densities], [.. weights]);
        Terms = [.. weights.SelectMany(w =>
            Exponents.Select(t => OneMinusExp(t * w)).Concat(Exponents.Select(t => w * Math.Exp(-t * w))))];
    }

    /// <summary>The temperature τ.</summary>
    public double Temperature { get; }

    /// <summary>The factor min(1, τ), to which 1 − φ and r are proportional as τ → 0.</summary>
    public double Scale { get; }

    /// <summary>The nodes e.</summary>
    public double[] Variates { get; }

    /// <summary>The nodes t.</summary>
    public double[] Exponents { get; }

    /// <summary>The weight of a pair, [e, t]: that of e times c e^(−t).</summary>
    public double[] Weights { get; }

    /// <summary>The nodes y/a.</summary>
    public double[] Ratios { get; }

    /// <summary>The weights of the nodes y/a for the density e^(−y), by e^(−y) · a · <see cref="Scale"/>.</summary>
    public double[] Densities { get; }

    /// <summary>The weight w of a category at each node y/a.</summary>
    public double[] OwnWeights { get; }

    /// <summary>The terms 1 − e^(−tw) for each t, then w e^(−tw) for each t, at each node y/a: [y/a, 2t].</summary>
    public double[] Terms { get; }

    /// <summary>The quadrature for float32 results: 8 or 10 nodes e, and t to match.</summary>
    public static ConditionalQuadrature Single(double temperature, int categories)
    {
        // The higher τ and n, the more of e shows; the lower τ and the higher n, the more of t.
        var few = categories switch
        {
            <= 16 => temperature <= 1,
            <= 32 => temperature <= 0.5,
            <= 64 => temperature is >= 0.2 and <= 0.5,
            _ => false,
        };
        return new(temperature, ExponentialSum.Single(categories, few), few ? Eight : Ten, 0.25, 26, MostSingle);
    }

    /// <summary>The quadrature to a relative error of 1e-9: 24 nodes e, and t to match.</summary>
    public static ConditionalQuadrature Double(double temperature, int categories)
    {
        const int count = 24;
        const double first = -3.2, last = 3.3, step = (last - first) / (count - 1);
        var (nodes, weights) = (new double[count], new double[count]);
        for (var k = 0; k < count; k++)
        {
            var x = first + k * step;
            nodes[k] = Math.Exp(x - Math.Exp(-x));
            weights[k] = step * nodes[k] * (1 + Math.Exp(-x)) * Math.Exp(-nodes[k]);
        }

        return new(temperature, ExponentialSum.Double(categories), (nodes, weights), 0.2, 36, MostDouble);
    }

    /// <summary>Counts the nodes y/a that tell for an a, and for larger ones: at the others e^(−y) is next to 0.</summary>
    public int RatiosFor(double a)
    {
        var taken = 0;
        while (taken < Ratios.Length && !(a * Ratios[taken] >= 45)) taken++;   // all where a is no number
        return taken;
    }

    /// <summary>Evaluates log φ and r at every pair of nodes, [e, t].</summary>
    /// <param name="prob">p &gt; 0.</param>
    /// <param name="logPhi">Where log φ goes.</param>
    /// <param name="r">Where r goes.</param>
    public void EvaluateAll(double prob, Span<double> logPhi, Span<double> r)
    {
        var count = Exponents.Length;
        for (var k = 0; k < Variates.Length; k++)
            Evaluate(prob * Variates[k], logPhi.Slice(k * count, count), r.Slice(k * count, count));
    }

    private void Evaluate(double a, Span<double> logPhi, Span<double> r)
    {
        var count = Exponents.Length;
        Span<double> sums = stackalloc double[2 * count];
        sums.Clear();
        var taken = RatiosFor(a);
        for (var m = 0; m < taken; m++)
        {
            var y = a * Ratios[m];
            var density = Vector128.Create(a * Densities[m] * (y < 1e-9 ? 1 - y : Math.Exp(-y)));
            var terms = Terms.AsSpan(2 * count * m, 2 * count);
            for (var i = 0; i < sums.Length; i += Vector128<double>.Count)
                (Vector128.Create<double>(sums[i..]) + density * Vector128.Create<double>(terms[i..])).CopyTo(sums[i..]);
        }

        for (var t = 0; t < count; t++)
        {
            // Where next to nothing is left of φ, the product with e^(−t) does not count.
            var phi = Math.Max(1 - Scale * sums[t], 1e-13);
            logPhi[t] = sums[t] * Scale < 1e-5 ? -Scale * sums[t] * (1 + Scale * sums[t] / 2) : Math.Log(phi);
            r[t] = Scale * sums[count + t] / phi;
        }
    }

    private static double OneMinusExp(double x) => x < 1e-5 ? x * (1 - x / 2) : 1 - Math.Exp(-x);
}
