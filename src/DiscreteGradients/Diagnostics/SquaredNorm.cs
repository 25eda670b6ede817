namespace DiscreteGradients;

/// <summary>‖δ‖² from the inner products M_ij = ⟨δ_i, δ_j⟩ of independent, equally precise estimates of δ.</summary>
internal static class SquaredNorm
{
    /// <summary>The mean of M_ij over i ≠ j: unbiased, so it may come out below 0. Blocks marked in
    /// <paramref name="without"/> are left out.</summary>
    public static double Estimate(double[,] products, int without = -1)
    {
        var (sum, count) = (0.0, products.GetLength(0) - (without < 0 ? 0 : 1));
        for (var i = 0; i < products.GetLength(0); i++)
        {
            for (var j = 0; j < products.GetLength(1); j++)
            {
                if (i != j && i != without && j != without) sum += products[i, j];
            }
        }
        return sum / (count * (count - 1.0));
    }

    /// <summary>Standard error of <see cref="Estimate"/>, a U-statistic U of order two.</summary>
    /// <remarks>U² less the mean of M_ij M_kl over distinct i, j, k, l is unbiased for the variance, for any law. Being a
    /// difference it may come out too small; half the jackknife's variance, what that gives where δ = 0 (it is twice too
    /// large there), is the floor.</remarks>
    public static double StandardError(double[,] products)
    {
        var n = products.GetLength(0);
        var estimate = Estimate(products);
        var jackknife = Jackknife.Variance([.. Enumerable.Range(0, n).Select(i => Estimate(products, i))]);
        return Math.Sqrt(Math.Max(estimate * estimate - Disjoint(products), jackknife / 2));
    }

    /// <summary>The mean of M_ij M_kl over distinct i, j, k, l: all pairs of products less those that share an index.</summary>
    private static double Disjoint(double[,] products)
    {
        var n = products.GetLength(0);
        var (total, rows, squares) = (0.0, 0.0, 0.0);
        for (var i = 0; i < n; i++)
        {
            var row = 0.0;
            for (var j = 0; j < n; j++)
            {
                if (i == j) continue;
                var symmetric = (products[i, j] + products[j, i]) / 2;
                row += symmetric;
                squares += symmetric * symmetric;
            }
            total += row;
            rows += row * row;
        }
        return (total * total - 4 * rows + 2 * squares) / (n * (n - 1.0) * (n - 2) * (n - 3));
    }
}
