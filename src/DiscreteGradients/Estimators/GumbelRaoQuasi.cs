using System.Numerics;
using DiscreteGradients.Autograd;
using DiscreteGradients.Kernels;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// GR-MCK with Sobol' points under a random digital shift in place of independent draws: the same mean as
/// <see cref="GumbelRao"/> for every K, and for K = 128 about the variance given D of 1000 independent draws.
/// </summary>
/// <remarks>The first coordinate goes to the category drawn, the next to the others by decreasing probability. Each row has
/// a shift of its own, so that rows are independent. In float32 on the CPU the two forms
/// (<see cref="RelaxedEstimator.Form"/>) draw the shifts by different means: the law is the same, the numbers are not. The
/// paper proposes such integration after its Prop. 3; points: Joe and Kuo, SIAM J. Sci. Comput. 30, 2008; digital shift: Cranley and Patterson's rotation in base 2.</remarks>
public sealed record GumbelRaoQuasi : RelaxedEstimator
{
    /// <param name="samples">K, a power of two.</param>
    /// <param name="temperature">τ &gt; 0.</param>
    public GumbelRaoQuasi(int samples, double temperature) : base(temperature) => Samples = samples;

    /// <summary>K, the number of points; a power of two.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a power of two.</exception>
    public int Samples
    {
        get;
        init => field = BitOperations.IsPow2(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), Require.Invariant($"samples is {value}; expected a power of two."));
    }

    /// <summary>The most threads of the fused kernel; see <see cref="GumbelRao.Threads"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int Threads { get; init => field = Require.Threads(value); } = Environment.ProcessorCount;

    private protected override Relaxed Draw(OneHotCategorical distribution, Generator? generator)
    {
        var categories = distribution.Normalised.shape[^1];
        if (categories > SobolSequence.Dimensions)
            throw new ArgumentException(Require.Invariant($"distribution has {categories} categories; expected at most {SobolSequence.Dimensions}, the coordinates of the Sobol' points. GumbelRao has no such limit."), nameof(distribution));
        return Conditional(distribution, generator, Samples, DrawKind.Sobol, Threads);
    }
}
