using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DiscreteGradients.Kernels;

/// <summary>SplitMix64's output function (Steele, Lea and Flood, 2014): turns seeds and counters into independent
/// words.</summary>
internal static class SplitMix64
{
    /// <summary>The increment of the generator's counter, 2⁶⁴ divided by the golden ratio.</summary>
    public const ulong Increment = 0x9E3779B97F4A7C15;

    // The multipliers of David Stafford's variant 13 of MurmurHash3's finaliser, as in Java's SplittableRandom.
    public const ulong First = 0xBF58476D1CE4E5B9;
    public const ulong Second = 0x94D049BB133111EB;

    /// <summary>Mixes the bits of a word. It is a bijection in which each bit of the result depends on every bit of the
    /// word.</summary>
    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * First;
        z = (z ^ (z >> 27)) * Second;
        return z ^ (z >> 31);
    }

    /// <summary>Mixes eight words at once, as <see cref="Mix(ulong)"/> mixes one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Mix(Vector512<ulong> z)
    {
        z = (z ^ (z >>> 30)) * Vector512.Create(First);
        z = (z ^ (z >>> 27)) * Vector512.Create(Second);
        return z ^ (z >>> 31);
    }

    /// <summary>The root of one numbered stream of a seed.</summary>
    public static ulong Stream(ulong seed, ulong stream) => Mix(Mix(seed + Increment * (stream + 1)) ^ stream);
}
