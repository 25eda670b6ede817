namespace DiscreteGradients;

/// <summary>The jackknife: estimates the error of a statistic from the values that it takes with each block of draws left
/// out.</summary>
internal static class Jackknife
{
    /// <summary>Gives a statistic of blocks of draws with its standard error.</summary>
    /// <param name="blocks">The number of blocks, at least 2.</param>
    /// <param name="without">The statistic without one block; of all of them for −1.</param>
    public static Estimate Of(int blocks, Func<int, double> without) =>
        new(without(-1), StandardError([.. Enumerable.Range(0, blocks).Select(without)]));

    /// <summary>Numbers the blocks but one; all of them for −1.</summary>
    public static IReadOnlyList<int> Kept(int blocks, int without) => [.. Enumerable.Range(0, blocks).Where(i => i != without)];

    /// <summary>Gives the standard error of the statistic, √((n − 1)/n Σ (v_i − v̄)²).</summary>
    /// <param name="leftOut">The values v_i, one a block, at least 2.</param>
    public static double StandardError(IReadOnlyCollection<double> leftOut)
    {
        var centre = leftOut.Average();
        return Math.Sqrt((leftOut.Count - 1.0) / leftOut.Count * leftOut.Sum(value => (value - centre) * (value - centre)));
    }
}
