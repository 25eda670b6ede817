namespace DiscreteGradients.Experiments.Runs;

/// <summary>
/// The order in which training examples are seen: a fresh random permutation an epoch, a pure function of (seed, step),
/// so that a resumed run needs no state of it. A batch may span two epochs.
/// </summary>
/// <param name="count">Examples in an epoch.</param>
/// <param name="seed">Equal seeds, equal orders.</param>
internal sealed class SampleOrder(int count, ulong seed)
{
    private readonly int[] permutation = new int[count];
    private long epoch = -1;

    /// <summary>Fills <paramref name="indices"/> with the examples of a step, counted from 0.</summary>
    public void Fill(long step, Span<int> indices)
    {
        for (var i = 0; i < indices.Length; i++)
        {
            var position = step * indices.Length + i;
            if (position / permutation.Length != epoch) Shuffle(position / permutation.Length);
            indices[i] = permutation[position % permutation.Length];
        }
    }

    private void Shuffle(long next)
    {
        epoch = next;
        for (var i = 0; i < permutation.Length; i++) permutation[i] = i;
        var state = Seeds.Derive(seed, (ulong)epoch);
        for (var i = permutation.Length - 1; i > 0; i--)
        {
            // The high half of a 64 x 32 bit product: bias below 2^-32 for any count.
            var j = (int)((UInt128)(state = Seeds.Derive(state, (ulong)i)) * (ulong)(i + 1) >> 64);
            (permutation[i], permutation[j]) = (permutation[j], permutation[i]);
        }
    }
}

/// <summary>The part of a data set that a model is evaluated on.</summary>
internal enum Split
{
    Test,

    /// <summary>Settings are chosen on it.</summary>
    Valid,
}
