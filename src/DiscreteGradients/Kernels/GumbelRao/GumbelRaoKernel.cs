namespace DiscreteGradients.Kernels;

/// <summary>The backward pass of GR-MCK: chooses the kernel that suits the shape. No memory grows with K.</summary>
/// <remarks>Computes (1/(Kτ)) Σ_k J(s_k) g with J(s) = diag s − s sᵀ, s_k = softmax(x_k/τ) and x_k ~ θ + G given D.
/// Every row sums to zero, a masked category gets exactly 0, and the result depends on the problem alone: not on the
/// number of threads, not on the machine. Relative error of one draw's weights: about 2e-6/τ.</remarks>
internal static class GumbelRaoKernel
{
    // Fewer rows leave lanes idle; with more categories the arrays of sixteen rows crowd the first cache.
    private const int MostCategoriesByRows = 32;
    private const int FewestRowsByRows = 12;
    // A tenth of a millisecond: less is not worth waking a thread for.
    private const int FewestElementsByThread = 200_000;

    /// <summary>Fills the output of the problem, on at most <paramref name="threads"/> threads.</summary>
    public static void JacobianProduct(in GumbelRaoProblem problem, NoiseKind kind, int threads)
    {
        if (kind == NoiseKind.Antithetic)
            JacobianProduct<AntitheticWords, AntitheticLanes>(problem, threads);
        else
            JacobianProduct<IndependentWords, IndependentWords>(problem, threads);
    }

    /// <summary>Tells whether 16 rows share a vector, rather than 16 draws of a row. The answer depends on the shape alone,
    /// never on the machine, or the numbers would too.</summary>
    public static bool ByRows(int rows, int categories) => rows >= FewestRowsByRows && categories <= MostCategoriesByRows;

    /// <summary>Tells whether <see cref="BinaryJacobian{TWords}"/> serves, which takes one uniform variate a draw.</summary>
    public static bool IsClosedForm(int rows, int categories) => categories == 2 && ByRows(rows, categories);

    // The words where a step is one draw of each of 16 rows, and where it is 16 draws of one row.
    private static unsafe void JacobianProduct<TWords, TLanes>(in GumbelRaoProblem problem, int threads)
        where TWords : struct, IRandomWords<TWords>
        where TLanes : struct, IRandomWords<TLanes>
    {
        var elements = (long)problem.Rows * problem.Categories * problem.Samples;
        threads = (int)Math.Min(threads, 1 + elements / FewestElementsByThread);
        var blocks = (problem.Rows + RowsLayout<TWords>.Width - 1) / RowsLayout<TWords>.Width;
        if (problem.Categories == 1)
            new Span<float>(problem.Output, problem.Rows).Clear();
        else if (!ByRows(problem.Rows, problem.Categories))
            Blocks.Run(new DrawsLayout<TLanes>(problem), problem.Rows, threads);
        else if (IsClosedForm(problem.Rows, problem.Categories))
            Blocks.Run(new BinaryJacobian<TWords>(problem), blocks, threads);
        else
            Blocks.Run(new RowsLayout<TWords>(problem), blocks, threads);

        problem.MarkRowsOfNaN();
    }
}
