namespace DiscreteGradients.Experiments.Vae;

/// <summary>Running log Σ w and log Σ w² of weights given as logarithms, in float64.</summary>
internal struct LogSum()
{
    private double largest = double.NegativeInfinity;
    private double sum, squares;

    public void Add(double logWeight)
    {
        if (logWeight > largest)
        {
            var scale = Math.Exp(largest - logWeight);
            (sum, squares, largest) = (sum * scale, squares * scale * scale, logWeight);
        }
        var weight = Math.Exp(logWeight - largest);
        sum += weight;
        squares += weight * weight;
    }

    public readonly double LogMean(int count) => largest + Math.Log(sum / count);

    /// <summary>(Σw)²/Σw².</summary>
    public readonly double EffectiveSampleSize => sum * sum / squares;
}
