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
    public const int Width = Lanes.Width;

    private readonly int positions = problem.Categories - 1;
    private readonly float inverseTemperature = 1 / problem.Temperature;

    /// <inheritdoc/>
    public void Run(int first, int end)
    {
        using var scratch = new AlignedBuffer(KernelLanes.Vectors(positions + 1));
        var lanes = new KernelLanes(scratch, positions + 1);
        for (var block = first; block < end; block++)
        {
            var row = block * Width;
            var rows = Math.Min(Width, problem.Rows - row);
            Load(lanes, row, rows);
            SetUp(lanes);
            Accumulate(TDraws.OfRows(problem.Seed, (ulong)block, lanes.State, positions + 1), lanes);
            Store(lanes, row, rows);
        }
    }

    // Position q holds category q, that of the drawn category the last one.
    private void Load(in KernelLanes lanes, int first, int rows)
    {
        Lanes.FromRows(problem.LogProbs + problem.Offset(first), rows, positions + 1, lanes.LogProbs);
        Lanes.FromRows(problem.Gradient + problem.Offset(first), rows, positions + 1, lanes.Gradient);
        for (var lane = 0; lane < Width; lane++)
        {
            var row = first + Math.Min(lane, rows - 1);
            var found = problem.Drawn(row);
            var drawn = found < 0 ? positions : found;
            float* logProbs = (float*)lanes.LogProbs + lane, gradient = (float*)lanes.Gradient + lane;
            lanes.Drawn[lane] = drawn;
            ((float*)lanes.DrawnGradient)[lane] = found < 0 ? 0 : gradient[drawn * Width];
            logProbs[drawn * Width] = logProbs[positions * Width];
            gradient[drawn * Width] = gradient[positions * Width];
            for (var q = 0; found < 0 && q < positions; q++)
            {
                logProbs[q * Width] = float.NegativeInfinity;
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

    private void Store(in KernelLanes lanes, int first, int rows)
    {
        var scale = Vector512.Create(problem.Scale);
        var sum = Vector512<float>.Zero;
        for (var q = 0; q < positions; q++)
        {
            lanes.Total[q] *= scale;
            sum += lanes.Total[q];
        }

        var rest = Vector512<float>.Zero - sum;
        for (var lane = 0; lane < rows; lane++)
        {
            var target = (float*)lanes.Total + lane;
            target[positions * Width] = target[lanes.Drawn[lane] * Width];
            target[lanes.Drawn[lane] * Width] = rest[lane];
        }

        Lanes.ToRows(lanes.Total, rows, positions + 1, problem.Output + problem.Offset(first));
    }
}
