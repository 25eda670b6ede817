using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DiscreteGradients.Kernels;

/// <summary>log φ and r of <see cref="ConditionalQuadrature"/> at every node, over log p: what a category adds to a row is an
/// interpolation in this table.</summary>
/// <remarks>Stored are the two by p^κ, κ = min(1, 1/τ), which is how they vanish with p, at positions that are uniform in
/// log(1 − log p/8): a fifth of a nat apart near p = 1, wider where less happens, down to the smallest float32 number. Between
/// them a cubic through four. Making one takes some milliseconds. Instances are immutable.</remarks>
internal sealed unsafe class ExpectationTable
{
    /// <summary>log p at position k + 1 is −Bend · (2^(k / PerDoubling) − 1).</summary>
    public const float Bend = 8;

    /// <summary>Positions a doubling of 1 − log p/Bend.</summary>
    public const float PerDoubling = 26;

    /// <summary>The largest 1 − log p/Bend; beyond, the table is taken as constant.</summary>
    public const float Farthest = 14;

    private const int Most = 32;
    private const int Width = 16;

    private static readonly int Positions = (int)(Math.Log2(Farthest) * PerDoubling) + 4;
    private static readonly ConcurrentDictionary<(double Temperature, int Categories), ExpectationTable> Tables = new();

    // Pinned, so that the kernel may hold its address while it holds the table.
    private readonly float[] memory;

    /// <summary>Tabulates one quadrature for rows of at most so many categories.</summary>
    public ExpectationTable(ConditionalQuadrature quadrature, int categories)
    {
        var count = quadrature.Exponents.Length;
        var chosen = Chosen(quadrature, categories);
        Vectors = (chosen.Length + Width - 1) / Width;
        memory = GC.AllocateArray<float>(((Positions * 2 * Vectors) + Vectors + 1) * Width, pinned: true);
        var start = (nuint)Marshal.UnsafeAddrOfPinnedArrayElement(memory, 0);
        Values = (Vector512<float>*)((start + 63) & ~(nuint)63);
        Weights = Values + (Positions * 2 * Vectors);
        Power = (float)Math.Min(1, 1 / quadrature.Temperature);
        Span<double> logPhi = stackalloc double[quadrature.Weights.Length], r = stackalloc double[quadrature.Weights.Length];
        for (var position = 0; position < Positions; position++)
        {
            var logProb = -Bend * (Math.Pow(2, (position - 1) / PerDoubling) - 1);
            var whole = Math.Exp(-Power * logProb);
            var target = (float*)(Values + (position * 2 * Vectors));
            quadrature.EvaluateAll(Math.Exp(logProb), logPhi, r);
            for (var i = 0; i < chosen.Length; i++)
            {
                target[i] = (float)(logPhi[chosen[i]] * whole);
                target[(Vectors * Width) + i] = (float)(r[chosen[i]] * whole);
            }
        }

        for (var i = 0; i < chosen.Length; i++)
            ((float*)Weights)[i] = (float)(quadrature.Weights[chosen[i]] / quadrature.Temperature);
    }

    /// <summary>The number of vectors that the nodes fill.</summary>
    public int Vectors { get; }

    /// <summary>log φ/p^κ, then r/p^κ, at each position: [positions, 2, <see cref="Vectors"/>].</summary>
    public Vector512<float>* Values { get; }

    /// <summary>The weights of the nodes, by τ: [<see cref="Vectors"/>].</summary>
    public Vector512<float>* Weights { get; }

    /// <summary>κ.</summary>
    public float Power { get; }

    /// <summary>The table of one temperature and number of categories, made at its first use. So many are kept.</summary>
    public static ExpectationTable For(double temperature, int categories)
    {
        // One table serves many numbers of categories.
        categories = categories <= 2 ? 2 : categories <= 16 ? 16 : (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(64, categories));
        if (Tables.TryGetValue((temperature, categories), out var table)) return table;
        // An annealed temperature must not fill the memory.
        if (Tables.Count >= Most) Tables.Clear();
        return Tables.GetOrAdd((temperature, categories), static key =>
            new ExpectationTable(ConditionalQuadrature.Single(key.Temperature, key.Categories), key.Categories));
    }

    // The pairs of nodes that count, by their largest share in three rows: one other category, likely or not, and many alike.
    // For τ ≤ 1 a tenth of the pairs adds nothing that float32 would show.
    private static int[] Chosen(ConditionalQuadrature quadrature, int categories)
    {
        var pairs = quadrature.Weights.Length;
        double[] shares = new double[pairs], logPhi = new double[pairs], r = new double[pairs];
        foreach (var (prob, others) in ((double, int)[])[(1, 1), (1e-9, 1), (1.0 / categories, categories - 1)])
        {
            quadrature.EvaluateAll(prob, logPhi, r);
            double[] parts = [.. quadrature.Weights.Select((weight, i) =>
                weight * Math.Exp(others * logPhi[i]) * r[i] * (1 + ((others - 1) * r[i])))];
            var whole = parts.Sum();
            for (var i = 0; i < pairs; i++) shares[i] = Math.Max(shares[i], parts[i] / whole);
        }

        var count = quadrature.Temperature > 1 ? pairs : Math.Min(pairs, Width * (int)Math.Round(0.92 * pairs / Width));
        return [.. Enumerable.Range(0, pairs).OrderByDescending(i => shares[i]).Take(count).Order()];
    }
}
