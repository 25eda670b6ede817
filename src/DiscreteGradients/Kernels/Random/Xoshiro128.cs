using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DiscreteGradients.Kernels;

/// <summary>Sixteen lanes of xoshiro128+ (Blackman and Vigna, 2021), each with its own state.</summary>
/// <remarks>The low bits of a word are weak: use the high ones. A mutable value: copy it to a local in a hot loop, so
/// that its state stays in registers.</remarks>
[StructLayout(LayoutKind.Auto)]
internal struct Xoshiro128
{
    private Vector512<uint> s0;
    private Vector512<uint> s1;
    private Vector512<uint> s2;
    private Vector512<uint> s3;

    /// <summary>Starts one numbered stream of a seed: 2048 bits of state from SplitMix64.</summary>
    public Xoshiro128(ulong seed, ulong stream)
    {
        var root = Vector512.Create(SplitMix64.Stream(seed, stream));
        s0 = Word(root, 0);
        s1 = Word(root, 1);
        s2 = Word(root, 2);
        // A lane must not start at the all-zero state.
        s3 = Word(root, 3) | Vector512<uint>.One;
    }

    /// <summary>The next 16 random words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<uint> Next()
    {
        var result = s0 + s3;
        var t = s1 << 9;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = Avx512F.IsSupported ? Avx512F.RotateLeft(s3, 11) : (s3 << 11) | (s3 >>> 21);
        return result;
    }

    private static Vector512<uint> Word(Vector512<ulong> root, ulong word)
    {
        var counter = Vector512.Create(1UL, 2, 3, 4, 5, 6, 7, 8) + Vector512.Create(8 * word);
        return SplitMix64.Mix(root + counter * Vector512.Create(SplitMix64.Increment)).AsUInt32();
    }
}
