using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DiscreteGradients.Kernels;

/// <summary>The conditional Jacobian product with 16 draws of one row a vector: for many categories or few rows.</summary>
/// <remarks>The equations of <see cref="RowLanes{TDraws}"/>. Masked categories take neither time nor random words.</remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct DrawLanes<TDraws>(GumbelRaoProblem problem) : IBlockJob
    where TDraws : struct, IDraws<TDraws>
{
    private const int Width = 16;

    private readonly float inverseTemperature = 1 / problem.Temperature;

    /// <inheritdoc/>
    public void Run(int first, int end)
    {
        using var scratch = new AlignedBuffer(KernelLanes.Vectors(problem.Categories));
        var lanes = new KernelLanes(scratch, problem.Categories);
        for (var row = first; row < end; row++)
        {
            var drawn = problem.Drawn(row);
            if (drawn < 0)
            {
                new Span<float>(problem.Output + problem.Offset(row), problem.Categories).Clear();
                continue;
            }

            var open = SetUp(lanes, row, drawn);
            Accumulate(TDraws.OfDraws(problem.Seed, (ulong)row, lanes.State, open + 1), lanes, open);
            Store(lanes, row, drawn, open);
        }
    }

    // Gathers the open categories into the first lane of each position; returns how many there are.
    private int SetUp(in KernelLanes lanes, int row, int drawn)
    {
        var order = new Span<int>(lanes.Order, problem.Categories - 1);
        var logProbs = new ReadOnlySpan<float>(problem.LogProbs + problem.Offset(row), problem.Categories);
        var gradient = problem.Gradient + problem.Offset(row);
        var open = CategoryOrder.Open(order, logProbs, drawn);
        order = order[..open];
        for (var q = 0; q < order.Length; q++)
        {
            Scalars(lanes.Probs)[q] = logProbs[order[q]];
            Scalars(lanes.LogProbs)[q] = logProbs[order[q]] * VectorMath.Log2E * inverseTemperature;
            Scalars(lanes.Gradient)[q] = gradient[order[q]] - gradient[drawn];
            lanes.Total[q] = Vector512<float>.Zero;
        }

        var probs = new Span<float>(Scalars(lanes.Probs), open);
        VectorMath.Exp(probs, probs);
        return open;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Accumulate(TDraws draws, KernelLanes lanes, int count)
    {
        var samples = problem.Samples;
        float* probs = Scalars(lanes.Probs), logProbs = Scalars(lanes.LogProbs), gradient = Scalars(lanes.Gradient);
        Vector512<float>* weights = lanes.Weights, total = lanes.Total;
        var (power, wholePower) = (Vector512.Create(inverseTemperature), problem.WholePower);
        for (var k = 0; k < samples; k += Width)
        {
            draws.Begin(k / Width);
            var drawn = VectorMath.NegativeExponential2(draws.Next(0));
            for (var q = 0; q < count; q++)
            {
                weights[q] = VectorMath.NegativeExponential2(draws.Next(q + 1));
            }

            if (wholePower > 0)
            {
                for (var q = 0; q < count; q++)
                {
                    var part = drawn * Vector512.Create(probs[q]);
                    weights[q] = VectorMath.Power(part / (weights[q] + part), wholePower);
                }
            }
            else
            {
                var scaledLog = VectorMath.Log2OfNegated(drawn) * power;
                for (var q = 0; q < count; q++)
                {
                    var log = VectorMath.Log2OfNegated(Vector512.FusedMultiplyAdd(drawn, Vector512.Create(probs[q]), weights[q]));
                    weights[q] = Vector512.FusedMultiplyAdd(log, -power, scaledLog + Vector512.Create(logProbs[q]));
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
                dot = Vector512.FusedMultiplyAdd(weights[q], Vector512.Create(gradient[q]), dot);
            }

            // The last vector may hold more draws than are wanted: they count for nothing.
            var wanted = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(samples - k)).AsSingle();
            var inverse = (Vector512<float>.One / sum) & wanted;
            var mean = dot * inverse;
            for (var q = 0; q < count; q++)
            {
                var centred = Vector512.Create(gradient[q]) - mean;
                total[q] = Vector512.FusedMultiplyAdd(weights[q] * inverse, centred, total[q]);
            }
        }
    }

    private void Store(in KernelLanes lanes, int row, int drawn, int open)
    {
        var output = problem.Output + problem.Offset(row);
        var sum = 0f;
        new Span<float>(output, problem.Categories).Clear();
        for (var q = 0; q < open; q++)
        {
            var gradient = VectorMath.Sum(lanes.Total[q]) * problem.Scale;
            output[lanes.Order[q]] = gradient;
            sum += gradient;
        }

        output[drawn] = 0 - sum;
    }

    private static float* Scalars(Vector512<float>* lanes) => (float*)lanes;
}
