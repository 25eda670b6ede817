namespace DiscreteGradients;

/// <summary>The variance and the bias of an estimator, measured in independent blocks of draws.</summary>
/// <param name="Traces">The trace tr cov(g) by each block, unbiased.</param>
/// <param name="Products">The inner products ⟨δ_i, δ_j⟩ of the blocks' means less those of the reference.</param>
internal sealed record BlockedErrors(IReadOnlyList<double> Traces, double[,] Products)
{
    /// <summary>The squared bias ‖E g − r‖², unbiased.</summary>
    public Estimate SquaredBias => SquaredNorm.Of(Products);

    /// <summary>Gives E‖g − r‖² for the mean g of <paramref name="batch"/> draws. The error is that of the jackknife over blocks,
    /// but never less than that of the squared bias.</summary>
    public Estimate MeanSquaredError(double batch = 1)
    {
        var whole = Jackknife.Of(Traces.Count, without => Without(without, batch));
        return whole with { Error = Math.Max(SquaredBias.Error, whole.Error) };
    }

    /// <summary>Gives E‖g − r‖² by all blocks but one; by all of them where <paramref name="without"/> is −1.</summary>
    public double Without(int without, double batch = 1) =>
        Traces.Where((_, block) => block != without).Average() / batch + SquaredNorm.Without(Products, without);
}
