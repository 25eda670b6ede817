namespace DiscreteGradients.Experiments.Gradients;

/// <summary>What several independent blocks of draws of one estimator found.</summary>
/// <param name="Traces">tr cov(g) as each block estimates it, unbiased.</param>
/// <param name="Products">⟨δ_i, δ_j⟩ of the blocks' mean less the reference's.</param>
internal sealed record BlockedErrors(double[] Traces, double[,] Products)
{
    /// <summary>As many as a squared bias and its error need; see <see cref="BlockMeans"/>.</summary>
    public const int Blocks = BlockMeans.Default;

    public Estimate SquaredBias => new(SquaredNorm.Estimate(Products), SquaredNorm.StandardError(Products));

    /// <summary>E‖g − r‖² for the mean g of <paramref name="batch"/> draws. Its error is that of the jackknife over blocks, but never less
    /// than that of the squared bias.</summary>
    public Estimate MeanSquaredError(double batch = 1) => new(Without(-1, batch),
        Math.Max(SquaredBias.Error, Jackknife.StandardError([.. Enumerable.Range(0, Traces.Length).Select(block => Without(block, batch))])));

    /// <summary>The τ of least error, from measurements by common random numbers.</summary>
    public static TemperatureChoice Choose(IReadOnlyList<double> temperatures, IReadOnlyList<BlockedErrors> errors, double batch = 1) => TemperatureChoice.Of(
        temperatures, [.. errors.Select(error => error.Without(-1, batch))],
        [.. Enumerable.Range(0, Blocks).Select(block => errors.Select(error => error.Without(block, batch)).ToList())]);

    /// <summary>E‖g − r‖² as all blocks but one find it; −1 for all of them.</summary>
    public double Without(int without, double batch) => Traces.Where((_, block) => block != without).Average() / batch + SquaredNorm.Estimate(Products, without);
}
