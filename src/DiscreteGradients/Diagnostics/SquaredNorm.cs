namespace DiscreteGradients;

/// <summary>Estimates ‖δ‖² from the inner products M_ij = ⟨δ_i, δ_j⟩ of independent, equally precise estimates of δ.</summary>
internal static class SquaredNorm
{
    /// <summary>Gives the mean of M_ij over i ≠ j, unbiased, so it may come out below 0; with its standard error.</summary>
    public static Estimate Of(double[,] products) => new(Without(products), StandardError(products));

    /// <summary>Gives the mean of M_ij over i ≠ j without the estimate <paramref name="without"/>; of all of them where that is
    /// −1.</summary>
    public static double Without(double[,] products, int without = -1)
    {
        var kept = Jackknife.Kept(products.GetLength(0), without);
        var pairs = from i in kept from j in kept where i != j select products[i, j];
        return pairs.Sum() / (kept.Count * (kept.Count - 1.0));
    }

    /// <summary>Gives the mean of M_ij M_kl over distinct i, j, k, l, by all estimates but <paramref name="without"/>. For M_ij =
    /// ⟨a_i, b_j⟩ it is unbiased for ⟨E a, E b⟩², also where a_i and b_i are drawn together.</summary>
    public static double SquareOfMean(double[,] products, int without = -1) => Sums(products, without).Disjoint;

    /// <summary>Gives the standard error of the mean of all M_ij, i ≠ j, a U-statistic U of order two.</summary>
    /// <remarks>With D the mean of M_ij M_kl over distinct i, j, k, l, U² − D is unbiased for the variance, for any law; but a
    /// difference may come out too small. 2 (mean of M_ij² − D)/(n (n − 1)) is the floor: never below 0, but by rounding, in the
    /// mean at most the variance, and just that where δ = 0.</remarks>
    private static double StandardError(double[,] products)
    {
        var (pairs, mean, square, disjoint) = Sums(products, -1);
        return Math.Sqrt(Math.Max(0, Math.Max(mean * mean - disjoint, 2 * (square - disjoint) / pairs)));
    }

    // The number of pairs i ≠ j, and the means of M_ij, M_ij² and M_ij M_kl, of M made symmetric.
    private static (double Pairs, double Mean, double Square, double Disjoint) Sums(double[,] products, int without)
    {
        var kept = Jackknife.Kept(products.GetLength(0), without);
        var rows = kept.Select(i => kept.Where(j => j != i).Select(j => (products[i, j] + products[j, i]) / 2).ToList()).ToList();
        var sums = rows.ConvertAll(row => row.Sum());
        var (total, squares) = (sums.Sum(), rows.SelectMany(row => row).Sum(one => one * one));
        var pairs = kept.Count * (kept.Count - 1.0);
        // All pairs of products, less those that share an index.
        var distinct = pairs * (kept.Count - 2) * (kept.Count - 3);
        var disjoint = (total * total - 4 * sums.Sum(row => row * row) + 2 * squares) / distinct;
        return (pairs, total / pairs, squares / pairs, disjoint);
    }
}
