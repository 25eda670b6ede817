using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DiscreteGradients.Kernels;

/// <summary>The conditional expectation itself for n = 2: GR-MCK with K = ∞, without noise, one table look-up a row.</summary>
/// <remarks>∂_j = (g_j − g_i) · factor(θ_j − θ_i) for the category j that was not drawn, ∂_i = −∂_j.</remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct GumbelRaoBinary : IBlockJob
{
    private const int Width = 16;
    private const int BlocksPerChunk = 16;

    private readonly GumbelRaoProblem problem;
    private readonly BinaryTable table;

    private GumbelRaoBinary(in GumbelRaoProblem problem, BinaryTable table)
    {
        this.problem = problem;
        this.table = table;
    }

    /// <summary>Fills the output of a problem with n = 2; its samples and its seed do not matter.</summary>
    /// <param name="problem">What to compute.</param>
    /// <param name="table">The table of the problem's temperature.</param>
    /// <param name="threads">At most so many threads.</param>
    public static void JacobianProduct(in GumbelRaoProblem problem, BinaryTable table, int threads)
    {
        Blocks.Run(
            new GumbelRaoBinary(problem, table),
            (problem.Rows + (Width * BlocksPerChunk) - 1) / (Width * BlocksPerChunk),
            threads);
        problem.MarkRowsOfNaN();
    }

    /// <inheritdoc/>
    public void Run(int first, int end)
    {
        var last = (int)Math.Min((long)end * Width * BlocksPerChunk, problem.Rows);
        for (var row = first * Width * BlocksPerChunk; row < last; row += Width)
        {
            Run16(row, Math.Min(Width, last - row));
        }
    }

    private void Run16(int firstRow, int rows)
    {
        var logProbs = problem.LogProbs + problem.Offset(firstRow);
        var gradient = problem.Gradient + problem.Offset(firstRow);
        var output = problem.Output + problem.Offset(firstRow);
        var drawn = stackalloc int[Width];
        var differences = stackalloc float[Width];
        new Span<float>(differences, Width).Clear();
        for (var lane = 0; lane < rows; lane++)
        {
            drawn[lane] = problem.Drawn(firstRow + lane);
            var open = drawn[lane] >= 0 && logProbs[(2 * lane) + 1 - drawn[lane]] > GumbelRaoProblem.MaskedLogProb;
            drawn[lane] = open ? drawn[lane] : -1;
            differences[lane] = open ? logProbs[(2 * lane) + 1 - drawn[lane]] - logProbs[(2 * lane) + drawn[lane]] : 0;
        }

        var factors = stackalloc float[Width];
        table.Factor(Vector512.Load(differences)).Store(factors);
        for (var lane = 0; lane < rows; lane++)
        {
            // Where one category is masked, or both, its g may be NaN.
            var i = (2 * lane) + Math.Max(drawn[lane], 0);
            var j = (4 * lane) + 1 - i;
            output[j] = drawn[lane] < 0 ? 0 : (gradient[j] - gradient[i]) * factors[lane];
            output[i] = 0 - output[j];
        }
    }
}
