using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DiscreteGradients.Kernels;

/// <summary>Elementary functions on 16 float lanes: the same bits on every machine.</summary>
/// <remarks>Only exactly rounded operations and explicit fused multiply-adds are used, so that AVX-512, AVX2 and
/// machines with neither agree bit for bit. Polynomials are minimax fits in relative error.</remarks>
internal static class VectorMath
{
    /// <summary>log₂ e, rounded to float.</summary>
    public const float Log2E = 1.44269504f;

    /// <summary>ln 2, rounded to float.</summary>
    public const float Ln2 = 0.693147181f;

    private const float Log2ELow = 1.92596303e-8f;
    // Adding 1.5 · 2²³ rounds to the nearest integer and leaves it in the low bits.
    private const float RoundingMagic = 12582912f;
    private const int SqrtHalfBits = 0x3f3504f3;

    /// <summary>log₂ x for positive normal x, within 1.2e-6 of it relatively near 1 and 2 ulp elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Log2(Vector512<float> x)
    {
        var fraction = Reduce(x, out var exponent);
        return Vector512.FusedMultiplyAdd(fraction, Log2Polynomial(fraction), Vector512.ConvertToSingle(exponent));
    }

    /// <summary>2ˣ for x ≤ 127, within 1.8e-7 of it relatively; exactly 0 for x ≤ −127, and below 2⁻¹²⁶ between.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp2(Vector512<float> x)
    {
        x = Vector512.MaxNative(x, Vector512.Create(-127f));
        var magic = Vector512.Create(RoundingMagic);
        var rounded = x + magic;
        return Scale(x - (rounded - magic), rounded);
    }

    /// <summary>eˣ for x ≤ 87, within 2e-7 of it relatively; exactly 0 for x ≤ −87, −∞ included.</summary>
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

    /// <summary>x to the power of n ≥ 1 by repeated squaring, within n ulp.</summary>
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

    /// <summary>log₂(−x) for negative normal x, as <see cref="Log2"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Log2OfNegated(Vector512<float> x)
    {
        // The sign bit goes with the constant.
        var exponent = Vector512.ShiftRightArithmetic(x.AsInt32() - Vector512.Create(SqrtHalfBits ^ int.MinValue), 23);
        var fraction = Vector512.Create(-1f) - (x.AsInt32() - Vector512.ShiftLeft(exponent, 23)).AsSingle();
        return Vector512.FusedMultiplyAdd(fraction, Log2Polynomial(fraction), Vector512.ConvertToSingle(exponent));
    }

    /// <summary>A base-2 exponential variate with its sign reversed, log₂ v with v = (⌊r/2⁸⌋ | 1)/2²⁴: in
    /// [−24, −8.6e-8], never 0.</summary>
    /// <remarks>log₂ m − 24 would round to 0 for the topmost m: the exponent is subtracted first.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> NegativeExponential2(Vector512<uint> random)
    {
        var m = Odd24(random).AsInt32();
        var exponent = Vector512.ShiftRightArithmetic(m - Vector512.Create(SqrtHalfBits + (24 << 23)), 23);
        var scaled = (m - Vector512.ShiftLeft(exponent, 23)).AsSingle();   // 2²⁴ (1 + fraction)
        var fraction = Vector512.FusedMultiplyAdd(scaled, Vector512.Create(1f / 16777216f), Vector512.Create(-1f));
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
        return four[0] + four[2] + (four[1] + four[3]);
    }

    /// <summary>eˣ of every float, as <see cref="Exp(Vector512{float})"/>; the target may be the source.</summary>
    public static void Exp(ReadOnlySpan<float> source, Span<float> target)
    {
        var i = 0;
        for (; i <= source.Length - Vector512<float>.Count; i += Vector512<float>.Count)
            Exp(Vector512.Create(source[i..])).CopyTo(target[i..]);

        if (i < source.Length)
        {
            Span<float> rest = stackalloc float[Vector512<float>.Count];
            rest.Clear();
            source[i..].CopyTo(rest);
            Exp(Vector512.Create<float>(rest)).CopyTo(rest);
            rest[..(source.Length - i)].CopyTo(target[i..]);
        }
    }

    // x = 2^exponent · (1 + fraction) with 1 + fraction in [√½, √2).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Reduce(Vector512<float> x, out Vector512<int> exponent)
    {
        exponent = Vector512.ShiftRightArithmetic(x.AsInt32() - Vector512.Create(SqrtHalfBits), 23);
        return (x.AsInt32() - Vector512.ShiftLeft(exponent, 23)).AsSingle() - Vector512<float>.One;
    }

    // log₂(1 + t) / t
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

    // 2^f · 2^k with k in the low bits of rounded; the constant term is exactly 1, so that 2⁰ · 2⁻¹²⁷ has the bits of 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Scale(Vector512<float> f, Vector512<float> rounded)
    {
        var f2 = f * f;
        var low = Vector512.FusedMultiplyAdd(f, Vector512.Create(0.693147f), Vector512<float>.One);
        var middle = Vector512.FusedMultiplyAdd(f, Vector512.Create(0.055507336f), Vector512.Create(0.24022242f));
        var high = Vector512.FusedMultiplyAdd(f, Vector512.Create(0.0013264727f), Vector512.Create(0.009671513f));
        var value = Vector512.FusedMultiplyAdd(f2, Vector512.FusedMultiplyAdd(f2, high, middle), low);
        return (value.AsInt32() + Vector512.ShiftLeft(rounded.AsInt32(), 23)).AsSingle();
    }
}
