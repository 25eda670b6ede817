using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DiscreteGradients.Kernels;

/// <summary>Elementary functions on 16 float lanes: the same bits on every machine.</summary>
/// <remarks>Only exactly rounded operations and explicit fused multiply-adds are used, so that AVX-512, AVX2 and
/// machines with neither agree bit for bit. The coefficients of the two polynomials are those of eng/nodes
/// (MinimaxPolynomial), rounded to float: minimax in the relative error of the function, 1.1e-6 for the logarithm and 9.1e-8
/// for the power before rounding.</remarks>
internal static class VectorMath
{
    /// <summary>The number log₂ e, rounded to float.</summary>
    public const float Log2E = 1.44269504f;

    /// <summary>The number ln 2, rounded to float.</summary>
    public const float Ln2 = 0.693147181f;

    // log₂ e − Log2E.
    private const float Log2ELow = 1.92596303e-8f;

    // 1.5 · 2²³, where neighbouring floats are 1 apart: adding it rounds to the nearest integer, which is then in the low bits.
    private const float RoundingMagic = 12582912f;

    // The bits of √½.
    private const int SqrtHalfBits = 0x3f3504f3;

    // The exponent of a float begins at this bit: adding n << 23 to the bits of a normal float multiplies it by 2ⁿ.
    private const int ExponentShift = 23;

    private const float TwoTo24 = 16777216f;

    /// <summary>Computes log₂ x for positive normal x, within 1.2e-6 of it relatively near 1 and 2 ulp elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Log2(Vector512<float> x)
    {
        var fraction = Reduce(x, out var exponent);
        return Vector512.FusedMultiplyAdd(fraction, Log2Polynomial(fraction), Vector512.ConvertToSingle(exponent));
    }

    /// <summary>Computes 2ˣ for x ≤ 127, within 1.8e-7 of it relatively; exactly 0 for x ≤ −127, and below 2⁻¹²⁶
    /// between.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp2(Vector512<float> x)
    {
        x = Vector512.MaxNative(x, Vector512.Create(-127f));
        var magic = Vector512.Create(RoundingMagic);
        var rounded = x + magic;
        return Scale(x - (rounded - magic), rounded);
    }

    /// <summary>Computes eˣ for x ≤ 87, within 2e-7 of it relatively; exactly 0 for x ≤ −87, −∞ included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        var least = Vector512.Create(-87f);
        var clamped = Vector512.MaxNative(x, least);
        var magic = Vector512.Create(RoundingMagic);
        var rounded = Vector512.FusedMultiplyAdd(clamped, Vector512.Create(Log2E), magic);
        // log₂ e in two parts: the product of 87 and one float's rounding would cost 5e-6.
        var fraction = Vector512.FusedMultiplyAdd(clamped, Vector512.Create(Log2E), magic - rounded);
        fraction = Vector512.FusedMultiplyAdd(clamped, Vector512.Create(Log2ELow), fraction);
        return Vector512.ConditionalSelect(Vector512.GreaterThan(x, least), Scale(fraction, rounded), Vector512<float>.Zero);
    }

    /// <summary>Computes x to the power of n ≥ 1 by repeated squaring, within n ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Power(Vector512<float> x, int n)
    {
        var power = x;
        for (var bit = BitOperations.Log2((uint)n) - 1; bit >= 0; bit--)
        {
            power *= power;
            if (((n >> bit) & 1) != 0)
                power *= x;
        }

        return power;
    }

    /// <summary>Computes log₂(−x) for negative normal x, within the bounds of <see cref="Log2"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Log2OfNegated(Vector512<float> x)
    {
        // √½ with the sign bit set: the difference has no sign bit, so the exponent is that of −x.
        var exponent = Vector512.ShiftRightArithmetic(x.AsInt32() - Vector512.Create(SqrtHalfBits ^ int.MinValue), ExponentShift);
        var fraction = Vector512.Create(-1f) - (x.AsInt32() - Vector512.ShiftLeft(exponent, ExponentShift)).AsSingle();
        return Vector512.FusedMultiplyAdd(fraction, Log2Polynomial(fraction), Vector512.ConvertToSingle(exponent));
    }

    /// <summary>Makes the negative of an exponential variate in base 2: log₂ v for the uniform variate v =
    /// <see cref="Odd24"/>/2²⁴. It lies in [−24, −8.6e-8] and is never 0.</summary>
    /// <remarks>With v = 2^exponent (1 + fraction) as in <see cref="Log2"/>, log₂ v = exponent + log₂(1 + fraction). The
    /// division by 2²⁴ must act on the exponent, which is an integer: log₂(Odd24) − 24 in floats would round to 0 for the
    /// largest variate.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> NegativeExponential2(Vector512<uint> random)
    {
        // The bits of 2²⁴ v. Subtracting those of 2²⁴ √½ leaves the exponent of v above the mantissa.
        var bits = Odd24(random).AsInt32();
        var beyond = bits - Vector512.Create(SqrtHalfBits + (24 << ExponentShift));
        var exponent = Vector512.ShiftRightArithmetic(beyond, ExponentShift);
        // Without that exponent they are those of 2²⁴ (1 + fraction); a fused multiply-add takes the fraction out exactly.
        var scaled = (bits - Vector512.ShiftLeft(exponent, ExponentShift)).AsSingle();
        var fraction = Vector512.FusedMultiplyAdd(scaled, Vector512.Create(1 / TwoTo24), Vector512.Create(-1f));
        return Vector512.FusedMultiplyAdd(fraction, Log2Polynomial(fraction), Vector512.ConvertToSingle(exponent));
    }

    /// <summary>The odd 24-bit integer of a random word, exact as a float: 2²⁴ times a uniform variate in (0, 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Odd24(Vector512<uint> random) =>
        Vector512.ConvertToSingle(((random >>> 8) | Vector512<uint>.One).AsInt32());

    /// <summary>The sum of the 16 lanes, in one order on every machine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector512<float> x)
    {
        var eight = x.GetLower() + x.GetUpper();
        var four = eight.GetLower() + eight.GetUpper();
        var two = four + Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1));
        return two[0] + two[1];
    }

    /// <summary>Loads the first 16 floats, with zeros where there are fewer.</summary>
    public static Vector512<float> Load(ReadOnlySpan<float> source)
    {
        if (source.Length >= Vector512<float>.Count) return Vector512.Create(source);
        Span<float> padded = stackalloc float[Vector512<float>.Count];
        padded.Clear();
        source.CopyTo(padded);
        return Vector512.Create<float>(padded);
    }

    /// <summary>Fills the target with eˣ of every float x, as <see cref="Exp(Vector512{float})"/> gives it; the target may be the
    /// source.</summary>
    public static void Exp(ReadOnlySpan<float> source, Span<float> target)
    {
        var i = 0;
        for (; i <= source.Length - Vector512<float>.Count; i += Vector512<float>.Count)
            Exp(Vector512.Create(source[i..])).CopyTo(target[i..]);

        if (i < source.Length)
        {
            Span<float> rest = stackalloc float[Vector512<float>.Count];
            Exp(Load(source[i..])).CopyTo(rest);
            rest[..(source.Length - i)].CopyTo(target[i..]);
        }
    }

    // Gives the fraction of x = 2^exponent · (1 + fraction), 1 + fraction in [√½, √2). Read as integers, the bits of floats
    // are in the order of the floats, and 2^k √½ has the bits of √½ plus k << 23; so the shift, which rounds down, counts
    // the octaves.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Reduce(Vector512<float> x, out Vector512<int> exponent)
    {
        exponent = Vector512.ShiftRightArithmetic(x.AsInt32() - Vector512.Create(SqrtHalfBits), ExponentShift);
        return (x.AsInt32() - Vector512.ShiftLeft(exponent, ExponentShift)).AsSingle() - Vector512<float>.One;
    }

    // The polynomial of degree 6 for log₂(1 + t)/t on [√½ − 1, √2 − 1], in pairs of terms: a shorter chain of dependent
    // operations than Horner's scheme.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Log2Polynomial(Vector512<float> t)
    {
        var t2 = t * t;
        var low = Vector512.FusedMultiplyAdd(t, Vector512.Create(-0.7213636f), Vector512.Create(1.4426965f));
        var middle = Vector512.FusedMultiplyAdd(t, Vector512.Create(-0.35937163f), Vector512.Create(0.48062676f));
        var high = Vector512.FusedMultiplyAdd(t, Vector512.Create(-0.26932028f), Vector512.Create(0.29569954f));
        high = Vector512.FusedMultiplyAdd(t2, Vector512.Create(0.17162457f), high);
        middle = Vector512.FusedMultiplyAdd(t2, high, middle);
        return Vector512.FusedMultiplyAdd(t2, middle, low);
    }

    // 2^f · 2^k, f in [−½, ½], with k in the low bits of rounded: 2^f by the polynomial of degree 5 whose constant term is
    // exactly 1, so that 2⁰ · 2⁻¹²⁷ has the bits of 0; k is added to its exponent.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Scale(Vector512<float> f, Vector512<float> rounded)
    {
        var f2 = f * f;
        var low = Vector512.FusedMultiplyAdd(f, Vector512.Create(0.693147f), Vector512<float>.One);
        var middle = Vector512.FusedMultiplyAdd(f, Vector512.Create(0.055507336f), Vector512.Create(0.24022242f));
        var high = Vector512.FusedMultiplyAdd(f, Vector512.Create(0.0013264727f), Vector512.Create(0.009671513f));
        var value = Vector512.FusedMultiplyAdd(f2, Vector512.FusedMultiplyAdd(f2, high, middle), low);
        return (value.AsInt32() + Vector512.ShiftLeft(rounded.AsInt32(), ExponentShift)).AsSingle();
    }
}
