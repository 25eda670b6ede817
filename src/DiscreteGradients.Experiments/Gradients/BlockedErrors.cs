namespace DiscreteGradients.Experiments.Gradients;

/// <summary>What several independent blocks of draws of one estimator found.</summary>
/// <param name="Traces">tr cov(g) as each block estimates it, unbiased.</param>
/// <param name="Products">⟨δ_i, δ_j⟩ of the blocks' mean less the reference's.</param>
internal sealed record BlockedErrors(double[] Traces, double[,] Products)
{
    /// <summary>As many as a squared bias and its error need; see <see cref="BlockMeans"/>.</summary>
    public const int Blocks = BlockMeans.Default;

    public double SquaredBias => SquaredNorm.Estimate(Products);

    public double SquaredBiasError => SquaredNorm.StandardError(Products);

    /// <summary>E‖g − r‖² for the mean g of <paramref name="batch"/> draws.</summary>
    public double MeanSquaredError(double batch = 1, int without = -1) =>
        Traces.Where((_, block) => block != without).Average() / batch + SquaredNorm.Estimate(Products, without);

    /// <summary>By the jackknife over blocks, but never less than that of the squared bias.</summary>
    public double MeanSquaredErrorError(double batch = 1) =>
        Math.Max(SquaredBiasError, Jackknife.StandardError([.. Enumerable.Range(0, Traces.Length).Select(block => MeanSquaredError(batch, block))]));

    /// <summary>The τ of least error, from measurements by common random numbers.</summary>
    public static TemperatureChoice Choose(IReadOnlyList<double> temperatures, IReadOnlyList<BlockedErrors> errors, double batch = 1) => TemperatureChoice.Of(
        temperatures, [.. errors.Select(error => error.MeanSquaredError(batch))],
        [.. Enumerable.Range(0, Blocks).Select(block => errors.Select(error => error.MeanSquaredError(batch, block)).ToList())]);
}
