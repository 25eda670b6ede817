using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DiscreteGradients.Kernels;

/// <summary>A table of log φ and r of <see cref="ConditionalQuadrature"/> at every node, over log p: what a category adds to a
/// row is an interpolation in it.</summary>
/// <remarks>Stored are the two by p^κ, κ = min(1, 1/τ), which is how they vanish with p, at positions that are uniform in
/// log(1 − log p/8): a fifth of a nat apart near p = 1, wider where less happens, down to the smallest float32 number. Between
/// them a cubic through four. Making one takes some milliseconds. Instances are immutable.</remarks>
internal sealed unsafe class ExpectationTable
{
    /// <summary>The scale of positions: log p at position k + 1 is −Bend · (2^(k / PerDoubling) − 1).</summary>
    public const float Bend = 8;

    /// <summary>The number of positions for each doubling of 1 − log p/Bend.</summary>
    public const float PerDoubling = 26;

    /// <summary>The largest 1 − log p/Bend; beyond, the table is taken as constant.</summary>
    public const float Farthest = 14;

    private const int Most = 32;
    private const int Width = 16;

    private static readonly int Positions = (int)(Math.Log2(Farthest) * PerDoubling) + 4;
    private static readonly ConcurrentDictionary<(double Temperature, int Categories), ExpectationTable> Tables = new();

    // Pinned, so that the kernel may hold its address while it holds the table.
    private readonly float[] memory;

    /// <summary>Tabulates one quadrature.</summary>
    public ExpectationTable(ConditionalQuadrature quadrature)
    {
        var pairs = quadrature.Weights.Length;
        // The kernel takes three or four at a time, so that 1, 2 and 5 become 3, 3 and 6: what is too much has no weight.
        Vectors = (pairs + Width - 1) / Width;
        if (Vectors is < 3 or 5) Vectors = Vectors == 5 ? 6 : 3;
        memory = GC.AllocateArray<float>((Positions * 2 * Vectors + Vectors + 1) * Width, pinned: true);
        var start = (nuint)Marshal.UnsafeAddrOfPinnedArrayElement(memory, 0);
        Values = (Vector512<float>*)((start + 63) & ~(nuint)63);
        Weights = Values + Positions * 2 * Vectors;
        Power = (float)Math.Min(1, 1 / quadrature.Temperature);
        Span<double> logPhi = stackalloc double[pairs], r = stackalloc double[pairs];
        for (var position = 0; position < Positions; position++)
        {
            var logProb = -Bend * (Math.Pow(2, (position - 1) / PerDoubling) - 1);
            var whole = Math.Exp(-Power * logProb);
            var target = (float*)(Values + position * 2 * Vectors);
            quadrature.EvaluateAll(Math.Exp(logProb), logPhi, r);
            for (var i = 0; i < pairs; i++)
            {
                target[i] = (float)(logPhi[i] * whole);
                target[Vectors * Width + i] = (float)(r[i] * whole);
            }
        }

        for (var i = 0; i < pairs; i++) ((float*)Weights)[i] = (float)(quadrature.Weights[i] / quadrature.Temperature);
    }

    /// <summary>The number of vectors that the nodes fill.</summary>
    public int Vectors { get; }

    /// <summary>The values log φ/p^κ, then r/p^κ, at each position: [positions, 2, <see cref="Vectors"/>].</summary>
    public Vector512<float>* Values { get; }

    /// <summary>The weights of the nodes, by τ: [<see cref="Vectors"/>].</summary>
    public Vector512<float>* Weights { get; }

    /// <summary>The power κ.</summary>
    public float Power { get; }

    /// <summary>The table of one temperature and number of categories, made at its first use.</summary>
    public static ExpectationTable For(double temperature, int categories)
    {
        // One table serves many numbers of categories.
        categories = categories <= 2 ? 2 : (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(8, categories));
        if (Tables.TryGetValue((temperature, categories), out var table)) return table;
        // An annealed temperature must not fill the memory.
        if (Tables.Count >= Most) Tables.Clear();
        return Tables.GetOrAdd((temperature, categories), static key =>
            new ExpectationTable(ConditionalQuadrature.Single(key.Temperature, key.Categories)));
    }
}
