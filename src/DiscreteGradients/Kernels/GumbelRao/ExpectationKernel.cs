using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DiscreteGradients.Kernels;

/// <summary>The backward pass of GR-MCK for K = ∞: the conditional expectation itself, without a draw.</summary>
/// <remarks>∂_j = (1/τ) Σ ω exp(Σ_l log φ_l) r_j (d_j (1 + R) − B) over the nodes, with d_j = g_j − g_i, R = Σ r_l, B = Σ r_l d_l
/// over the categories not drawn, and ∂_i = −Σ ∂_j. Nodes are in lanes; a masked category has φ = 1 and r = 0.</remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct ExpectationKernel : IBlockJob
{
    private const int RowsPerBlock = 16;
    private const int Width = 16;
    private const int Points = 4;
    // A tenth of a millisecond: less is not worth waking a thread for.
    private const int FewestElementsByThread = 4000;

    private readonly GumbelRaoProblem problem;
    private readonly ExpectationTable table;
    private readonly int elementVectors;

    private ExpectationKernel(in GumbelRaoProblem problem, ExpectationTable table)
    {
        this.problem = problem;
        this.table = table;
        elementVectors = (RowsPerBlock * problem.Categories + Width - 1) / Width;
    }

    /// <summary>Fills the output, on at most <paramref name="threads"/> threads; samples and seed do not matter.</summary>
    public static void JacobianProduct(in GumbelRaoProblem problem, ExpectationTable table, int threads)
    {
        threads = (int)Math.Min(threads, 1 + (long)problem.Rows * problem.Categories / FewestElementsByThread);
        Blocks.Run(new ExpectationKernel(problem, table), (problem.Rows + RowsPerBlock - 1) / RowsPerBlock, threads);
        GC.KeepAlive(table);
        problem.MarkRowsOfNaN();
    }

    /// <inheritdoc/>
    public void Run(int first, int end)
    {
        var (n, vectors) = (problem.Categories, table.Vectors);
        using var scratch = new AlignedBuffer((long)n * vectors + 2 * vectors + (Points + 2L) * elementVectors);
        var r = scratch.At<float>(0);
        var sums = r + n * vectors;
        var coefficients = sums + 2 * vectors;
        var places = (int*)(coefficients + Points * elementVectors);
        var gradients = (float*)(places + elementVectors * Width);
        for (var block = first; block < end; block++)
        {
            var row = block * RowsPerBlock;
            var rows = Math.Min(RowsPerBlock, problem.Rows - row);
            SetUp(problem.Offset(row), rows * n, coefficients, places, gradients);
            for (var k = 0; k < rows; k++)
            {
                var drawn = problem.Drawn(row + k);
                if (drawn < 0)
                {
                    new Span<float>(problem.Output + problem.Offset(row + k), n).Clear();
                    continue;
                }

                Accumulate((float*)coefficients + k * n, places + k * n, gradients + k * n, drawn, r, sums);
                Store(row + k, gradients + k * n, drawn, r, sums);
                if (!float.IsFinite(gradients[k * n + drawn])) ClearMasked(row + k);
            }
        }
    }

    // Where each category stands in the table, and p^κ times the weights of the four points about it; and the gradients, 0
    // where a category is masked, as what stands there does not matter.
    private void SetUp(long offset, int count, Vector512<float>* coefficients, int* places, float* gradients)
    {
        for (var i = 0; i < count; i += Width)
        {
            var logProb = VectorMath.Load(new(problem.LogProbs + offset + i, count - i));
            var open = Vector512.GreaterThan(logProb, Vector512.Create(GumbelRaoProblem.MaskedLogProb));
            (VectorMath.Load(new(problem.Gradient + offset + i, count - i)) & open).Store(gradients + i);
            var ratio = Vector512.FusedMultiplyAdd(logProb, Vector512.Create(-1 / ExpectationTable.Bend), Vector512<float>.One);
            var farthest = Vector512.Create(ExpectationTable.Farthest);
            ratio = Vector512.ConditionalSelect(Vector512.LessThan(ratio, farthest), ratio, farthest);
            var position = VectorMath.Log2(ratio) * Vector512.Create(ExpectationTable.PerDoubling);
            // Not below 0, for a log p that rounding left above 0; nor NaN.
            position &= Vector512.GreaterThan(position, Vector512<float>.Zero);
            var place = Vector512.ConvertToInt32(position);
            (place * Vector512.Create(2 * table.Vectors * Width)).Store(places + i);
            var f = position - Vector512.ConvertToSingle(place);
            var (before, after, afterNext) = (f + Vector512<float>.One, f - Vector512<float>.One, f - Vector512.Create(2f));
            var whole = VectorMath.Exp(logProb * Vector512.Create(table.Power));
            var (sixth, half) = (whole * Vector512.Create(1f / 6), whole * Vector512.Create(0.5f));
            var at = coefficients + i / Width;
            at[0] = -sixth * f * after * afterNext;
            at[elementVectors] = half * before * after * afterNext;
            at[2 * elementVectors] = -half * before * f * afterNext;
            at[3 * elementVectors] = sixth * before * f * after;
        }
    }

    // r of every category, and two sums of each node: ω e^Σ log φ (1 + R) and −ω e^Σ log φ B. Three or four vectors of nodes at a
    // time, written out so that their sums stay in registers.
    private void Accumulate(
        float* coefficients, int* places, float* gradients, int drawn, Vector512<float>* r, Vector512<float>* sums)
    {
        var u = 0;
        for (; (table.Vectors - u) % 4 != 0; u += 3) Three(u, coefficients, places, gradients, drawn, r, sums);
        for (; u < table.Vectors; u += 4) Four(u, coefficients, places, gradients, drawn, r, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Three(
        int u, float* coefficients, int* places, float* gradients, int drawn, Vector512<float>* r, Vector512<float>* sums)
    {
        int n = problem.Categories, vectors = table.Vectors, stride = elementVectors * Width;
        var own = gradients[drawn];
        var values = (float*)(table.Values + u);
        Vector512<float> log0 = default, log1 = default, log2 = default;
        Vector512<float> mean0 = default, mean1 = default, mean2 = default;
        Vector512<float> sum0 = Vector512<float>.One, sum1 = Vector512<float>.One, sum2 = Vector512<float>.One;
        r += u;
        for (var j = 0; j < n; j++, r += vectors)
        {
            if (j == drawn) continue;
            var log = (Vector512<float>*)(values + places[j]);
            var first = log + vectors;
            var coefficient = coefficients + j;
            var c = Vector512.Create(*coefficient);
            Vector512<float> r0 = c * first[0], r1 = c * first[1], r2 = c * first[2];
            log0 = Vector512.FusedMultiplyAdd(c, log[0], log0);
            log1 = Vector512.FusedMultiplyAdd(c, log[1], log1);
            log2 = Vector512.FusedMultiplyAdd(c, log[2], log2);
            for (var point = 1; point < Points; point++)
            {
                log += 2 * vectors;
                first += 2 * vectors;
                coefficient += stride;
                c = Vector512.Create(*coefficient);
                log0 = Vector512.FusedMultiplyAdd(c, log[0], log0);
                log1 = Vector512.FusedMultiplyAdd(c, log[1], log1);
                log2 = Vector512.FusedMultiplyAdd(c, log[2], log2);
                r0 = Vector512.FusedMultiplyAdd(c, first[0], r0);
                r1 = Vector512.FusedMultiplyAdd(c, first[1], r1);
                r2 = Vector512.FusedMultiplyAdd(c, first[2], r2);
            }

            var d = Vector512.Create(gradients[j] - own);
            (r[0], r[1], r[2]) = (r0, r1, r2);
            (sum0, sum1, sum2) = (sum0 + r0, sum1 + r1, sum2 + r2);
            mean0 = Vector512.FusedMultiplyAdd(r0, d, mean0);
            mean1 = Vector512.FusedMultiplyAdd(r1, d, mean1);
            mean2 = Vector512.FusedMultiplyAdd(r2, d, mean2);
        }

        Weigh(u, log0, sum0, mean0, sums);
        Weigh(u + 1, log1, sum1, mean1, sums);
        Weigh(u + 2, log2, sum2, mean2, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Four(
        int u, float* coefficients, int* places, float* gradients, int drawn, Vector512<float>* r, Vector512<float>* sums)
    {
        int n = problem.Categories, vectors = table.Vectors, stride = elementVectors * Width;
        var own = gradients[drawn];
        var values = (float*)(table.Values + u);
        Vector512<float> log0 = default, log1 = default, log2 = default, log3 = default;
        Vector512<float> mean0 = default, mean1 = default, mean2 = default, mean3 = default;
        var (sum0, sum1) = (Vector512<float>.One, Vector512<float>.One);
        var (sum2, sum3) = (Vector512<float>.One, Vector512<float>.One);
        r += u;
        for (var j = 0; j < n; j++, r += vectors)
        {
            if (j == drawn) continue;
            var log = (Vector512<float>*)(values + places[j]);
            var first = log + vectors;
            var coefficient = coefficients + j;
            var c = Vector512.Create(*coefficient);
            Vector512<float> r0 = c * first[0], r1 = c * first[1], r2 = c * first[2], r3 = c * first[3];
            (log0, log1) = (Vector512.FusedMultiplyAdd(c, log[0], log0), Vector512.FusedMultiplyAdd(c, log[1], log1));
            (log2, log3) = (Vector512.FusedMultiplyAdd(c, log[2], log2), Vector512.FusedMultiplyAdd(c, log[3], log3));
            for (var point = 1; point < Points; point++)
            {
                log += 2 * vectors;
                first += 2 * vectors;
                coefficient += stride;
                c = Vector512.Create(*coefficient);
                log0 = Vector512.FusedMultiplyAdd(c, log[0], log0);
                log1 = Vector512.FusedMultiplyAdd(c, log[1], log1);
                log2 = Vector512.FusedMultiplyAdd(c, log[2], log2);
                log3 = Vector512.FusedMultiplyAdd(c, log[3], log3);
                r0 = Vector512.FusedMultiplyAdd(c, first[0], r0);
                r1 = Vector512.FusedMultiplyAdd(c, first[1], r1);
                r2 = Vector512.FusedMultiplyAdd(c, first[2], r2);
                r3 = Vector512.FusedMultiplyAdd(c, first[3], r3);
            }

            var d = Vector512.Create(gradients[j] - own);
            (r[0], r[1], r[2], r[3]) = (r0, r1, r2, r3);
            (sum0, sum1, sum2, sum3) = (sum0 + r0, sum1 + r1, sum2 + r2, sum3 + r3);
            mean0 = Vector512.FusedMultiplyAdd(r0, d, mean0);
            mean1 = Vector512.FusedMultiplyAdd(r1, d, mean1);
            mean2 = Vector512.FusedMultiplyAdd(r2, d, mean2);
            mean3 = Vector512.FusedMultiplyAdd(r3, d, mean3);
        }

        Weigh(u, log0, sum0, mean0, sums);
        Weigh(u + 1, log1, sum1, mean1, sums);
        Weigh(u + 2, log2, sum2, mean2, sums);
        Weigh(u + 3, log3, sum3, mean3, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Weigh(int u, Vector512<float> log, Vector512<float> sum, Vector512<float> mean, Vector512<float>* sums)
    {
        var weight = VectorMath.Exp(log) * table.Weights[u];
        sums[u] = weight * sum;
        sums[table.Vectors + u] = -(weight * mean);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Store(int row, float* gradients, int drawn, Vector512<float>* r, Vector512<float>* sums)
    {
        var output = problem.Output + problem.Offset(row);
        var vectors = table.Vectors;
        var means = sums + vectors;
        var own = gradients[drawn];
        var total = 0f;
        for (var j = 0; j < problem.Categories; j++, r += vectors)
        {
            if (j == drawn) continue;
            var d = Vector512.Create(gradients[j] - own);
            var product = r[0] * Vector512.FusedMultiplyAdd(d, sums[0], means[0]);
            for (var u = 1; u < vectors; u++)
                product = Vector512.FusedMultiplyAdd(r[u], Vector512.FusedMultiplyAdd(d, sums[u], means[u]), product);
            var sum = VectorMath.Sum(product);
            output[j] = sum;
            total += sum;
        }

        output[drawn] = 0 - total;
    }

    // Where g_i is infinite or NaN, so is d of a masked category, but its gradient is 0 all the same.
    private void ClearMasked(int row)
    {
        var offset = problem.Offset(row);
        for (var j = 0; j < problem.Categories; j++)
            if (problem.LogProbs[offset + j] <= GumbelRaoProblem.MaskedLogProb) problem.Output[offset + j] = 0;
    }
}
