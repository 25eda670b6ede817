namespace DiscreteGradients;

/// <summary>The variance and the bias of an estimator, measured in independent blocks of draws.</summary>
/// <param name="Traces">The trace tr cov(g) by each block, unbiased.</param>
/// <param name="Products">The inner products ⟨δ_i, δ_j⟩ of the blocks' means less those of the reference.</param>
internal sealed record BlockedErrors(IReadOnlyList<double> Traces, double[,] Products)
{
    /// <summary>The inner products of the means with each other and with the reference; null where they are not known.</summary>
    public MeanProducts? Means { get; init; }

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
        Trace(without) / batch + SquaredNorm.Without(Products, without);

    /// <summary>Gives E‖g − r‖² over that of another estimator, by blocks that the two have in common. The error is that of the
    /// jackknife over blocks.</summary>
    public Estimate RatioTo(BlockedErrors other) =>
        Jackknife.Of(Traces.Count, without => Without(without) / other.Without(without));

    /// <summary>Gives min over c of E‖c·g − r‖²/‖r‖² for the mean g of <paramref name="batch"/> draws, with the error of the
    /// jackknife over blocks; null where the reference does not differ from 0.</summary>
    public Estimate? ScaleFreeError(double batch = 1)
    {
        if (Means is null) return null;
        var error = Jackknife.Of(Traces.Count, without => Means.ScaleFreeError(Trace(without) / batch, without));
        return double.IsFinite(error.Value) && double.IsFinite(error.Error) ? error : null;
    }

    /// <summary>Gives tr cov(g) by all blocks but one.</summary>
    public double Trace(int without) => Traces.Where((_, block) => block != without).Average();
}

/// <summary>The inner products of the means m_i of blocks of draws and of the blocks r_j of a reference.</summary>
/// <param name="Own">⟨m_i, m_j⟩.</param>
/// <param name="Cross">⟨m_i, r_j⟩; one column for a reference that is known.</param>
/// <param name="Reference">⟨r_i, r_j⟩; one number for a reference that is known.</param>
internal sealed record MeanProducts(double[,] Own, double[,] Cross, double[,] Reference)
{
    /// <summary>Gives 1 − ⟨E g, r⟩²/(‖r‖² E‖g‖²) by all blocks but one, or by all of them for −1; each part is free of the
    /// sampling variance of the means, also where a block of the reference is of the same minibatches as that of the estimator.
    /// NaN where the reference does not differ from 0.</summary>
    /// <param name="trace">tr cov(g).</param>
    /// <param name="without">The block to be left out.</param>
    public double ScaleFreeError(double trace, int without)
    {
        var isDrawn = Reference.GetLength(0) > 1;
        var product = isDrawn ? SquaredNorm.SquareOfMean(Cross, without) : SquareOfKnown(without);
        var length = SquaredNorm.Without(Own, without) + trace;
        var reference = isDrawn ? SquaredNorm.Without(Reference, without) : Reference[0, 0];
        return reference > 0 ? length > 0 ? 1 - product / (reference * length) : 1 : double.NaN;
    }

    // The mean of ⟨m_i, r⟩⟨m_j, r⟩ over i ≠ j.
    private double SquareOfKnown(int without)
    {
        var kept = Jackknife.Kept(Cross.GetLength(0), without).Select(i => Cross[i, 0]).ToList();
        var sum = kept.Sum();
        return (sum * sum - kept.Sum(one => one * one)) / (kept.Count * (kept.Count - 1.0));
    }
}
