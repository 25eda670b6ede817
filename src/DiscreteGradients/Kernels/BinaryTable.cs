using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DiscreteGradients.Kernels;

/// <summary>The exact conditional factor of <see cref="BinaryQuadrature"/> for one temperature, tabulated: with it
/// ∂_j = (g_j − g_i) · factor(θ_j − θ_i) is the conditional expectation of GR-MCK for n = 2, K = ∞, free of noise.</summary>
/// <remarks>Stored is factor/σ(d)^κ, κ = min(1, 1/τ): σ(d)^κ has the factor's exponential tails, so that the quotient is
/// smooth, of order 1 (it grows as |d| to the left at τ = 1), and taken as constant beyond the table. Piecewise cubic
/// through four nodes, spacing 1/16. Relative error for |d| ≤ 40 and τ in [0.01, 10]: 1e-7 in float64, 1e-6 in float;
/// beyond, where the factor is below e^−40 or τ > 1, still 1e-4 for τ outside [0.7, 1.3].
/// Instances are immutable; one takes milliseconds to make.</remarks>
internal sealed class BinaryTable
{
    private const int Reach = 40;
    private const int NodesPerUnit = 16;
    private const int Width = 16;

    private readonly double slope;
    private readonly int least;
    private readonly Vector256<double>[] pieces;
    private readonly Vector128<float>[] singlePieces;

    /// <summary>Tabulates one temperature.</summary>
    public BinaryTable(double temperature)
    {
        slope = Math.Min(1, 1 / temperature);
        // The next term of the left tail is smaller by e^(d/τ).
        least = -Reach - (int)(12 * Math.Max(1, temperature));
        var quadrature = new BinaryQuadrature(temperature, 1 - least);
        pieces = new Vector256<double>[(Reach - least) * NodesPerUnit];
        singlePieces = new Vector128<float>[pieces.Length];
        var nodes = new double[pieces.Length + 3];
        for (var i = 0; i < nodes.Length; i++)
        {
            var d = ((double)(i - 1) / NodesPerUnit) + least;
            nodes[i] = quadrature.Factor(d) / Envelope(d);
        }

        for (var i = 0; i < pieces.Length; i++)
        {
            pieces[i] = Cubic(nodes.AsSpan(i, 4));
            singlePieces[i] = Vector128.Create((float)pieces[i][0], (float)pieces[i][1], (float)pieces[i][2], (float)pieces[i][3]);
        }
    }

    /// <summary>The factor at d = θ_j − θ_i.</summary>
    public double Factor(double difference)
    {
        var position = (Math.Clamp(difference, least, Reach) - least) * NodesPerUnit;
        var piece = Math.Min((int)position, pieces.Length - 1);
        var t = position - piece;
        var c = pieces[piece];
        return (c[0] + (t * (c[1] + (t * (c[2] + (t * c[3])))))) * Envelope(difference);
    }

    /// <summary>The factors of 16 differences.</summary>
    public Vector512<float> Factor(Vector512<float> difference)
    {
        // The spacing is a power of two: position, piece and remainder are exact.
        var clamped = Vector512.Clamp(difference, Vector512.Create((float)least), Vector512.Create((float)Reach));
        var position = clamped * Vector512.Create((float)NodesPerUnit);
        var floor = Vector512.Min(Vector512.Floor(position), Vector512.Create((float)((Reach * NodesPerUnit) - 1)));
        var t = position - floor;
        Gather(Vector512.ConvertToInt32(floor) - Vector512.Create(least * NodesPerUnit), out var c0, out var c1, out var c2, out var c3);
        var value = Vector512.FusedMultiplyAdd(t, c3, c2);
        value = Vector512.FusedMultiplyAdd(t, value, c1);
        value = Vector512.FusedMultiplyAdd(t, value, c0);
        return value * Envelope(difference);
    }

    // σ(d)^κ
    private double Envelope(double difference) =>
        Math.Exp(Math.Min(difference, 0) * slope) * Math.Pow(1 + Math.Exp(-Math.Abs(difference)), -slope);

    // e^(κ min(d, 0)) (1 + e^−|d|)^−κ; κd in two floats, since one would cost |κd| · 2⁻²⁴.
    private Vector512<float> Envelope(Vector512<float> difference)
    {
        var high = Vector512.Create((float)slope);
        var negative = Vector512.Min(difference, Vector512<float>.Zero);
        var product = negative * high;
        var rest = Vector512.FusedMultiplyAdd(negative, high, -product);
        rest = Vector512.FusedMultiplyAdd(negative, Vector512.Create((float)(slope - (float)slope)), rest);
        var power = VectorMath.Exp(product);
        power = Vector512.FusedMultiplyAdd(power, rest, power);
        var whole = Vector512<float>.One + VectorMath.Exp(-Vector512.Abs(difference));
        return power * VectorMath.Exp2(-high * VectorMath.Log2(whole));
    }

    private void Gather(
        Vector512<int> piece, out Vector512<float> c0, out Vector512<float> c1, out Vector512<float> c2, out Vector512<float> c3)
    {
        Span<float> coefficients = stackalloc float[4 * Width];
        for (var lane = 0; lane < Width; lane++)
        {
            var cubic = singlePieces[piece[lane]];
            coefficients[lane] = cubic[0];
            coefficients[Width + lane] = cubic[1];
            coefficients[(2 * Width) + lane] = cubic[2];
            coefficients[(3 * Width) + lane] = cubic[3];
        }

        var vectors = MemoryMarshal.Cast<float, Vector512<float>>(coefficients);
        (c0, c1, c2, c3) = (vectors[0], vectors[1], vectors[2], vectors[3]);
    }

    // Through f(−1), f(0), f(1), f(2), by powers of t in [0, 1].
    private static Vector256<double> Cubic(ReadOnlySpan<double> f) => Vector256.Create(
        f[1],
        f[2] - (f[0] / 3) - (f[1] / 2) - (f[3] / 6),
        ((f[0] + f[2]) / 2) - f[1],
        ((f[3] - f[0]) / 6) + ((f[1] - f[2]) / 2));
}
