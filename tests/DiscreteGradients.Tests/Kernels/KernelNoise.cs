using DiscreteGradients.Kernels;

namespace DiscreteGradients.Tests.Kernels;

/// <summary>The exponential variates that <see cref="GumbelRaoKernel"/> uses, for references that want the same noise.</summary>
internal static unsafe class KernelNoise
{
    private const int Width = 16;

    /// <summary>E [K, rows, n] in float64, natural units; 1 where a category takes no variate.</summary>
    /// <remarks>A draw of x ~ θ + G given D = e_i is x_i = −log E_i, x_j = −log(E_j/p_j + E_i). For n = 2 by rows, the
    /// kernel takes one uniform variate u = E_j/(E_i + E_j): here E_i = 1 − u and E_j = u, up to the scale that x leaves free.</remarks>
    public static double[] Exponentials(in GumbelRaoProblem problem, NoiseKind kind) =>
        kind == NoiseKind.Antithetic
            ? Exponentials<AntitheticWords, AntitheticLanes>(problem) : Exponentials<IndependentWords, IndependentWords>(problem);

    private static double[] Exponentials<TWords, TLanes>(in GumbelRaoProblem problem)
        where TWords : struct, IRandomWords<TWords>
        where TLanes : struct, IRandomWords<TLanes>
    {
        var result = new double[(long)problem.Samples * problem.Rows * problem.Categories];
        Array.Fill(result, 1);
        var byRows = GumbelRaoKernel.ByRows(problem.Rows, problem.Categories);
        var blocks = byRows ? (problem.Rows + Width - 1) / Width : problem.Rows;
        for (var block = 0; block < blocks; block++)
        {
            if (byRows)
            {
                OfRows<TWords>(problem, block, result);
            }
            else if (problem.Drawn(block) >= 0)
            {
                OfDraws<TLanes>(problem, block, result);
            }
        }

        return result;
    }

    private static void OfRows<TWords>(in GumbelRaoProblem problem, int block, double[] result)
        where TWords : struct, IRandomWords<TWords>
    {
        var n = problem.Categories;
        using var state = new AlignedBuffer(n);
        var draws = TWords.Create(problem.Seed, (ulong)block, state.At<uint>(0));
        var closedForm = GumbelRaoKernel.IsClosedForm(problem.Rows, n);
        var rows = Math.Min(Width, problem.Rows - (block * Width));
        for (var k = 0; k < problem.Samples; k++)
        {
            draws.Begin(k);
            for (var coordinate = 0; coordinate < (closedForm ? 1 : n); coordinate++)
            {
                var words = draws.Next(coordinate);
                for (var lane = 0; lane < rows; lane++)
                {
                    var row = (block * Width) + lane;
                    var categories = Categories(problem, row, keepMasked: true);
                    var at = (((long)k * problem.Rows) + row) * n;
                    if (closedForm && problem.Drawn(row) >= 0)
                    {
                        result[at + problem.Drawn(row)] = 1 - Uniform(words[lane]);
                        result[at + 1 - problem.Drawn(row)] = Uniform(words[lane]);
                    }
                    else if (problem.Drawn(row) >= 0)
                    {
                        result[at + categories[coordinate]] = -Math.Log(Uniform(words[lane]));
                    }
                }
            }
        }
    }

    private static void OfDraws<TWords>(in GumbelRaoProblem problem, int row, double[] result)
        where TWords : struct, IRandomWords<TWords>
    {
        var n = problem.Categories;
        var categories = Categories(problem, row, keepMasked: false);
        using var state = new AlignedBuffer(n);
        var draws = TWords.Create(problem.Seed, (ulong)row, state.At<uint>(0));
        for (var step = 0; step * Width < problem.Samples; step++)
        {
            draws.Begin(step);
            for (var coordinate = 0; coordinate < categories.Length; coordinate++)
            {
                var words = draws.Next(coordinate);
                for (var lane = 0; lane < Math.Min(Width, problem.Samples - (step * Width)); lane++)
                {
                    var at = (((((long)step * Width) + lane) * problem.Rows) + row) * n;
                    result[at + categories[coordinate]] = -Math.Log(Uniform(words[lane]));
                }
            }
        }
    }

    // The category of each coordinate, the drawn one first. By rows, the drawn category's position holds the last one.
    private static int[] Categories(in GumbelRaoProblem problem, int row, bool keepMasked)
    {
        var (drawn, last) = (problem.Drawn(row), problem.Categories - 1);
        if (keepMasked) return [drawn, .. Enumerable.Range(0, last).Select(q => q == drawn ? last : q)];
        var open = new List<int> { drawn };
        for (var j = 0; j <= last; j++)
        {
            if (j != drawn && problem.LogProbs[problem.Offset(row) + j] > GumbelRaoProblem.MaskedLogProb) open.Add(j);
        }

        return [.. open];
    }

    private static double Uniform(uint word) => ((word >> 8) | 1) * Math.ScaleB(1, -24);
}
