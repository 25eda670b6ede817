namespace DiscreteGradients.Kernels;

/// <summary>Which category stands at which position of a kernel's arrays: the n − 1 that were not drawn.</summary>
internal static class CategoryOrder
{
    /// <summary>Position q holds category q; the drawn category's position holds the last one.</summary>
    public static void Plain(Span<int> order, int drawn)
    {
        for (var q = 0; q < order.Length; q++)
        {
            order[q] = q == drawn ? order.Length : q;
        }
    }

    /// <summary>The categories neither drawn nor masked, in their order; returns how many.</summary>
    public static int Open(Span<int> order, ReadOnlySpan<float> logProbs, int drawn)
    {
        var count = 0;
        for (var category = 0; category < logProbs.Length; category++)
        {
            if (category != drawn && !(logProbs[category] <= GumbelRaoProblem.MaskedLogProb))
            {
                order[count++] = category;
            }
        }

        return count;
    }
}
