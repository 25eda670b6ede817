using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DiscreteGradients.Kernels;

/// <summary>The conditional Jacobian product with 16 rows a vector: for many rows of few categories.</summary>
/// <remarks>Given D = e_i, draws x ~ θ + G have softmax(x/τ) ∝ w with w_i = 1 and, for j ≠ i,
/// w_j = (p_j E_i / (E_j + p_j E_i))^(1/τ), E iid exponential: no weight exceeds 1. With S = 1 + Σ w and
/// m = Σ w_j (g_j − g_i)/S, ∂_j is the mean over the draws of (w_j/S)(g_j − g_i − m)/τ, and ∂_i = −Σ ∂_j.</remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct RowLanes<TDraws>(GumbelRaoProblem problem) : IBlockJob
    where TDraws : struct, IDraws<TDraws>
{
    /// <summary>Rows a block.</summary>
    public const int Width = 16;

    private readonly int positions = problem.Categories - 1;
    private readonly float inverseTemperature = 1 / problem.Temperature;

    /// <inheritdoc/>
    public void Run(int first, int end)
    {
        using var scratch = new AlignedBuffer(KernelLanes.Vectors(positions));
        var lanes = new KernelLanes(scratch, positions);
        for (var block = first; block < end; block++)
        {
            for (var lane = 0; lane < Width; lane++)
            {
                // The last block repeats the last row.
                Load(lanes, lane, Math.Min((block * Width) + lane, problem.Rows - 1));
            }

            SetUp(lanes);
            Accumulate(TDraws.OfRows(problem.Seed, (ulong)block, lanes.State, positions + 1), lanes);
            Finish(lanes);
            for (var lane = 0; lane < Math.Min(Width, problem.Rows - (block * Width)); lane++)
            {
                Store(lanes, lane, (block * Width) + lane);
            }
        }
    }

    private void Load(in KernelLanes lanes, int lane, int row)
    {
        var drawn = problem.Drawn(row);
        float* logProbs = problem.LogProbs + problem.Offset(row), gradient = problem.Gradient + problem.Offset(row);
        float* targetLogProbs = (float*)lanes.LogProbs + lane, targetGradient = (float*)lanes.Gradient + lane;
        lanes.Drawn[lane] = drawn;
        ((float*)lanes.DrawnGradient)[lane] = drawn < 0 ? 0 : gradient[drawn];
        if (drawn < 0)
        {
            for (var q = 0; q < positions; q++)
            {
                targetLogProbs[q * Width] = float.NegativeInfinity;
            }
        }
        else if (TDraws.Ordered)
        {
            var order = new Span<int>(lanes.Order + (lane * positions), positions);
            CategoryOrder.Plain(order, drawn);
            CategoryOrder.Sort(order, new ReadOnlySpan<float>(logProbs, positions + 1));
            for (var q = 0; q < order.Length; q++)
            {
                targetLogProbs[q * Width] = logProbs[order[q]];
                targetGradient[q * Width] = gradient[order[q]];
            }
        }
        else
        {
            // The plain order, without the array.
            for (var q = 0; q < positions; q++)
            {
                targetLogProbs[q * Width] = logProbs[q];
                targetGradient[q * Width] = gradient[q];
            }

            if (drawn < positions)
            {
                targetLogProbs[drawn * Width] = logProbs[positions];
                targetGradient[drawn * Width] = gradient[positions];
            }
        }
    }

    // A masked category gets weight 2^−∞ = 0 and gradient 0.
    private void SetUp(in KernelLanes lanes)
    {
        for (var q = 0; q < positions; q++)
        {
            var logProb = lanes.LogProbs[q];
            var open = Vector512.GreaterThan(logProb, Vector512.Create(GumbelRaoProblem.MaskedLogProb));
            var difference = lanes.Gradient[q] - *lanes.DrawnGradient;
            lanes.Gradient[q] = Vector512.ConditionalSelect(open, difference, Vector512<float>.Zero);
            lanes.Probs[q] = VectorMath.Exp(logProb);
            lanes.LogProbs[q] = logProb * Vector512.Create(VectorMath.Log2E * inverseTemperature);
            lanes.Total[q] = Vector512<float>.Zero;
        }
    }

    // Two logarithms and one power an element; nothing in memory but what fits the first cache. A loop for each: in one
    // loop their chain of dependent operations is longer than the processor looks ahead, and takes half as long again.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Accumulate(TDraws draws, KernelLanes lanes)
    {
        var (count, samples) = (positions, problem.Samples);
        Vector512<float>* probs = lanes.Probs, logProbs = lanes.LogProbs, gradient = lanes.Gradient;
        Vector512<float>* weights = lanes.Weights, total = lanes.Total;
        var (power, wholePower) = (Vector512.Create(inverseTemperature), problem.WholePower);
        for (var k = 0; k < samples; k++)
        {
            draws.Begin(k);
            var drawn = VectorMath.NegativeExponential2(draws.Next(0));
            for (var q = 0; q < count; q++)
            {
                weights[q] = VectorMath.NegativeExponential2(draws.Next(q + 1));
            }

            if (wholePower > 0)
            {
                for (var q = 0; q < count; q++)
                {
                    var part = drawn * probs[q];
                    weights[q] = VectorMath.Power(part / (weights[q] + part), wholePower);
                }
            }
            else
            {
                var scaledLog = VectorMath.Log2OfNegated(drawn) * power;
                for (var q = 0; q < count; q++)
                {
                    var log = VectorMath.Log2OfNegated(Vector512.FusedMultiplyAdd(drawn, probs[q], weights[q]));
                    weights[q] = Vector512.FusedMultiplyAdd(log, -power, scaledLog + logProbs[q]);
                }

                for (var q = 0; q < count; q++)
                {
                    weights[q] = VectorMath.Exp2(weights[q]);
                }
            }

            var sum = Vector512<float>.One;
            var dot = Vector512<float>.Zero;
            for (var q = 0; q < count; q++)
            {
                sum += weights[q];
                dot = Vector512.FusedMultiplyAdd(weights[q], gradient[q], dot);
            }

            var inverse = Vector512<float>.One / sum;
            var mean = dot * inverse;
            for (var q = 0; q < count; q++)
            {
                total[q] = Vector512.FusedMultiplyAdd(weights[q] * inverse, gradient[q] - mean, total[q]);
            }
        }
    }

    // The means over the draws, and in the place of the first weights their sum.
    private void Finish(in KernelLanes lanes)
    {
        var scale = Vector512.Create(problem.Scale);
        var sum = Vector512<float>.Zero;
        for (var q = 0; q < positions; q++)
        {
            lanes.Total[q] *= scale;
            sum += lanes.Total[q];
        }

        lanes.Weights[0] = sum;
    }

    private void Store(in KernelLanes lanes, int lane, int row)
    {
        var drawn = lanes.Drawn[lane] < 0 ? positions : lanes.Drawn[lane];
        var output = problem.Output + problem.Offset(row);
        var total = (float*)lanes.Total + lane;
        if (TDraws.Ordered && lanes.Drawn[lane] >= 0)
        {
            var order = lanes.Order + (lane * positions);
            for (var q = 0; q < positions; q++)
            {
                output[order[q]] = total[q * Width];
            }
        }
        else
        {
            for (var q = 0; q < positions; q++)
            {
                output[q] = total[q * Width];
            }

            output[positions] = output[drawn];
        }

        output[drawn] = 0 - ((float*)lanes.Weights)[lane];
    }
}
