using System.Collections.Concurrent;

namespace DiscreteGradients.Kernels;

/// <summary>The tables of the temperatures last used: a bounded cache of a pure function's values.</summary>
internal static class BinaryTables
{
    private const int Most = 32;

    private static readonly ConcurrentDictionary<double, BinaryTable> Tables = new();

    /// <summary>The table of one temperature, made at its first use.</summary>
    public static BinaryTable For(double temperature)
    {
        if (Tables.TryGetValue(temperature, out var table))
        {
            return table;
        }

        // An annealed temperature must not fill the memory.
        if (Tables.Count >= Most)
        {
            Tables.Clear();
        }

        return Tables.GetOrAdd(temperature, static t => new BinaryTable(t));
    }
}
