using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DiscreteGradients.Kernels;

/// <summary>The sum over the draws of GR-MCK, for either layout: the one place where the algorithm stands.</summary>
/// <remarks>Given D = e_i, draws x ~ θ + G have softmax(x/τ) ∝ w with w_i = 1 and, for j ≠ i,
/// w_j = (p_j E_i / (E_j + p_j E_i))^(1/τ), E iid exponential: no weight exceeds 1. With S = 1 + Σ w and
/// m = Σ w_j (g_j − g_i)/S, ∂_j is the mean over the draws of (w_j/S)(g_j − g_i − m)/τ, and ∂_i = −Σ ∂_j.</remarks>
internal static unsafe class ConditionalJacobian
{
    /// <summary>Adds Σ_k (w_j/S)(g_j − g_i − m) to the totals of the first <paramref name="count"/> positions.</summary>
    /// <param name="problem">The problem, of which K and τ are used.</param>
    /// <param name="words">The exponential variates: coordinate 0 is E_i, q + 1 that of position q.</param>
    /// <param name="scratch">The arrays of the rows, all filled but the weights and the words.</param>
    /// <param name="count">The number of categories that compete with the drawn one.</param>
    /// <remarks>An element takes two logarithms and one power, and the arrays fit the first cache. Each operation has a loop
    /// of its own: in one loop the chain of dependent operations is longer than the processor looks ahead, and takes half as
    /// long again.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Accumulate<TWords, TLayout>(
        in GumbelRaoProblem problem, TWords words, JacobianScratch scratch, int count)
        where TWords : struct, IRandomWords<TWords>
        where TLayout : IJacobianLayout
    {
        var samples = problem.Samples;
        Vector512<float>* probs = scratch.Probs, scaledLogProbs = scratch.ScaledLogProbs, differences = scratch.Differences;
        Vector512<float>* weights = scratch.Weights, totals = scratch.Totals;
        var (power, wholePower) = (Vector512.Create(1 / problem.Temperature), problem.WholePower);
        for (var k = 0; k < samples; k += TLayout.DrawsAStep)
        {
            words.Begin(k / TLayout.DrawsAStep);
            // −E_i, then −E_j: the sign cancels in the ratios below.
            var drawn = VectorMath.NegativeExponential2(words.Next(0));
            for (var q = 0; q < count; q++)
                weights[q] = VectorMath.NegativeExponential2(words.Next(q + 1));

            if (wholePower > 0)
            {
                for (var q = 0; q < count; q++)
                {
                    var part = drawn * TLayout.At(probs, q);
                    weights[q] = VectorMath.Power(part / (weights[q] + part), wholePower);
                }
            }
            else
            {
                var scaledLog = VectorMath.Log2OfNegated(drawn) * power;
                for (var q = 0; q < count; q++)
                {
                    var log = VectorMath.Log2OfNegated(Vector512.FusedMultiplyAdd(drawn, TLayout.At(probs, q), weights[q]));
                    weights[q] = Vector512.FusedMultiplyAdd(log, -power, scaledLog + TLayout.At(scaledLogProbs, q));
                }

                for (var q = 0; q < count; q++)
                    weights[q] = VectorMath.Exp2(weights[q]);
            }

            var sum = Vector512<float>.One;
            var dot = Vector512<float>.Zero;
            for (var q = 0; q < count; q++)
            {
                sum += weights[q];
                dot = Vector512.FusedMultiplyAdd(weights[q], TLayout.At(differences, q), dot);
            }

            var inverse = Vector512<float>.One / sum;
            // The last vector may hold more draws than are wanted: they count for nothing.
            if (samples - k < TLayout.DrawsAStep)
                inverse &= Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(samples - k)).AsSingle();
            var mean = dot * inverse;
            for (var q = 0; q < count; q++)
                totals[q] = Vector512.FusedMultiplyAdd(weights[q] * inverse, TLayout.At(differences, q) - mean, totals[q]);
        }
    }
}

/// <summary>The meaning of a vector's 16 lanes: 16 rows of the problem, or 16 draws of one row.</summary>
internal unsafe interface IJacobianLayout
{
    /// <summary>The number of draws of a row that one vector holds: 1 or 16.</summary>
    static abstract int DrawsAStep { get; }

    /// <summary>Reads one position of an array that does not depend on the draw: in each lane the number of the lane's
    /// row.</summary>
    static abstract Vector512<float> At(Vector512<float>* numbers, int position);
}
