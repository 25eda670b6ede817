namespace DiscreteGradients;

/// <summary>The jackknife: how an estimate varies, from the values that it takes with each block of draws left out.</summary>
internal static class Jackknife
{
    /// <summary>The variance of the estimate, (n − 1)/n Σ (v_i − v̄)².</summary>
    /// <param name="leftOut">v_i, one a block, at least 2.</param>
    public static double Variance(IReadOnlyCollection<double> leftOut)
    {
        var centre = leftOut.Average();
        return (leftOut.Count - 1.0) / leftOut.Count * leftOut.Sum(value => (value - centre) * (value - centre));
    }

    /// <summary>The standard error of the estimate.</summary>
    /// <inheritdoc cref="Variance"/>
    public static double StandardError(IReadOnlyCollection<double> leftOut) => Math.Sqrt(Variance(leftOut));
}
