namespace DiscreteGradients;

/// <summary>The variance and the bias of an estimator as independent blocks of draws of it tell them.</summary>
/// <param name="Traces">tr cov(g) by each block, unbiased.</param>
/// <param name="Products">⟨δ_i, δ_j⟩ of the blocks' means less the reference's.</param>
internal sealed record BlockedErrors(IReadOnlyList<double> Traces, double[,] Products)
{
    /// <summary>‖E g − r‖², unbiased.</summary>
    public Estimate SquaredBias => SquaredNorm.Of(Products);

    /// <summary>E‖g − r‖² for the mean g of <paramref name="batch"/> draws. Its error is that of the jackknife over blocks, but
    /// never less than that of the squared bias.</summary>
    public Estimate MeanSquaredError(double batch = 1)
    {
        var whole = Jackknife.Of(Traces.Count, without => Without(without, batch));
        return whole with { Error = Math.Max(SquaredBias.Error, whole.Error) };
    }

    /// <summary>E‖g − r‖² by all blocks but one; by all of them where <paramref name="without"/> is −1.</summary>
    public double Without(int without, double batch = 1) =>
        Traces.Where((_, block) => block != without).Average() / batch + SquaredNorm.Without(Products, without);
}
