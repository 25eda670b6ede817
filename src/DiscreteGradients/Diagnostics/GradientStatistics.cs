using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// These are the mean, variance and errors of a stream of gradient draws, in float64 and with the memory of a few gradients.
/// </summary>
/// <remarks>The draws must be independent for the standard errors and the bias corrections to hold.</remarks>
/// <example>
/// <code>
/// using var statistics = new GradientStatistics(dimension: 5);
/// for (var draw = 0; draw &lt; 100; draw++) statistics.Add(randn(5));
/// Console.WriteLine(statistics.Trace);                                    // near 5
/// </code>
/// </example>
public sealed class GradientStatistics : IDisposable
{
    private readonly Tensor mean;      // [dimension]
    private readonly Tensor squares;   // [dimension], Σ (g − mean)²
    private Tensor? before, after;     // scratch
    private double increments;         // Σ of each draw's increment to tr Σ (g − mean)², squared

    /// <summary>Makes statistics without a draw.</summary>
    /// <param name="dimension">The number of elements of a gradient.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public GradientStatistics(long dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        Dimension = dimension;
        using var _ = NewDisposeScope();
        mean = zeros(dimension, dtype: ScalarType.Float64, device: CPU).DetachFromDisposeScope();
        squares = zeros(dimension, dtype: ScalarType.Float64, device: CPU).DetachFromDisposeScope();
    }

    /// <summary>The number of elements of a gradient.</summary>
    public long Dimension { get; }

    /// <summary>The number N of draws so far.</summary>
    public long Count { get; private set; }

    /// <summary>Adds one draw of any shape with <see cref="Dimension"/> elements.</summary>
    /// <exception cref="ArgumentException">The draw has another number of elements.</exception>
    public void Add(Tensor gradient)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        if (gradient.numel() != Dimension)
        {
            throw new ArgumentException(Require.Invariant(
                $"gradient has shape {Require.Shape(gradient)}; expected {Dimension} elements."), nameof(gradient));
        }
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        // In place: for the gradient of a network, fresh temporaries would cost more than the arithmetic.
        before ??= empty_like(mean).DetachFromDisposeScope();
        after ??= empty_like(mean).DetachFromDisposeScope();
        var row = gradient.reshape(Dimension);
        Count++;
        before.copy_(row).sub_(mean);
        using Scalar weight = 1.0 / Count;
        mean.add_(before, weight);
        after.copy_(row).sub_(mean);
        before.mul_(after);
        squares.Accumulate(before);
        increments += Math.Pow(before.sum().item<double>(), 2);
    }

    /// <summary>Adds draws along the first axis: [draws, ...] with <see cref="Dimension"/> elements a draw.</summary>
    /// <exception cref="ArgumentException">The draws have another number of elements.</exception>
    public void AddRange(Tensor gradients)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        if (gradients.dim() == 0 || gradients.numel() != gradients.shape[0] * Dimension)
        {
            throw new ArgumentException($"gradients has shape {Require.Shape(gradients)}; expected [draws, ...] with "
                + Require.Invariant($"{Dimension} elements a draw."), nameof(gradients));
        }
        var draws = gradients.shape[0];
        if (draws == 0) return;
        if (draws == 1)
        {
            Add(gradients);
            return;
        }
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var rows = gradients.reshape(draws, Dimension).to(ScalarType.Float64).cpu();
        using Scalar past = Count;
        var counts = Scalars.Range(Count + 1, Count + draws + 1, ScalarType.Float64, CPU).unsqueeze(1);
        var means = rows.cumsum(0).Accumulate(mean.mul(past)).div_(counts);                   // after each draw
        var previous = cat([mean.unsqueeze(0), means.slice(0, 0, draws - 1, 1)]);              // ahead of each draw
        var added = (rows - previous).mul_(rows - means);                                     // Welford's increments
        squares.Accumulate(added.sum(dim: 0));
        increments += added.sum(1).Squared().sum().item<double>();
        mean.copy_(means[-1]);
        Count += draws;
    }

    /// <summary>Gives the mean of the draws, [dimension], float64: a copy.</summary>
    public Tensor Mean() => mean.clone();

    /// <summary>Gives the standard error of each element of the mean, [dimension], float64; needs two draws.</summary>
    /// <exception cref="InvalidOperationException">There are fewer.</exception>
    public Tensor StandardError()
    {
        Needs(2);
        using var scope = NewDisposeScope();
        using Scalar degrees = (double)Count * (Count - 1);
        return squares.div(degrees).sqrt_().MoveToOuterDisposeScope();
    }

    /// <summary>The trace of the covariance, tr cov(g), unbiased; needs two draws, and its standard error three.</summary>
    /// <remarks>The increments ⟨g_i − m_{i−1}, g_i − m_i⟩ each have mean tr cov(g); their spread gives the error.</remarks>
    /// <exception cref="InvalidOperationException">There are fewer than two draws.</exception>
    public Estimate Trace
    {
        get
        {
            Needs(2);
            using var sum = squares.sum();
            var terms = Count - 1.0;
            var trace = sum.item<double>() / terms;
            var spread = Math.Max(0, increments / terms - trace * trace);
            return new(trace, Count < 3 ? double.NaN : Math.Sqrt(spread / (terms - 1)));
        }
    }

    /// <summary>Frees the memory of the statistics.</summary>
    public void Dispose()
    {
        mean.Dispose();
        squares.Dispose();
        before?.Dispose();
        after?.Dispose();
    }

    private void Needs(long draws)
    {
        if (Count >= draws) return;
        throw new InvalidOperationException(Require.Invariant($"{Count} draws so far; this statistic needs at least {draws}."));
    }
}
