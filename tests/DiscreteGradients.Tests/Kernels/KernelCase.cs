using DiscreteGradients.Kernels;

namespace DiscreteGradients.Tests.Kernels;

/// <summary>Inputs of the kernel in managed arrays, and its float64 reference.</summary>
internal sealed unsafe class KernelCase
{
    public KernelCase(int rows, int categories, double spread, int seed)
    {
        Rows = rows;
        Categories = categories;
        LogProbs = new float[rows * categories];
        Value = new float[rows * categories];
        Gradient = new float[rows * categories];
        var random = new Random(seed);
        for (var row = 0; row < rows; row++)
        {
            var logits = Enumerable.Range(0, categories).Select(_ => spread * ((2 * random.NextDouble()) - 1)).ToArray();
            SetRow(row, logits, random.Next(categories));
        }

        for (var i = 0; i < Gradient.Length; i++)
        {
            Gradient[i] = (float)((2 * random.NextDouble()) - 1);
        }
    }

    public int Rows { get; }

    public int Categories { get; }

    public float[] LogProbs { get; }

    public float[] Value { get; }

    public float[] Gradient { get; }

    public int Samples { get; init; } = 10;

    public float Temperature { get; init; } = 0.5f;

    public ulong Seed { get; init; } = 1;

    /// <summary>Sets one row from logits; −∞ masks. A negative index draws nothing.</summary>
    public void SetRow(int row, double[] logits, int drawn)
    {
        var largest = logits.Max();
        var logSum = largest + Math.Log(logits.Sum(x => Math.Exp(x - largest)));
        for (var j = 0; j < Categories; j++)
        {
            var masked = double.IsNegativeInfinity(logits[j]);
            LogProbs[(row * Categories) + j] = masked ? -1e9f : (float)(logits[j] - logSum);
            Value[(row * Categories) + j] = j == drawn ? 1 : 0;
        }
    }

    public NoiseKind Kind { get; init; }

    public float[] Run(int threads = 1) => With(problem => Run(problem, threads));

    /// <summary>The expectation, K = ∞.</summary>
    public float[] RunExpectation(int threads = 1) =>
        With(problem => ExpectationKernel.JacobianProduct(problem, ExpectationTable.For(Temperature, Categories), threads));

    public void Run(in GumbelRaoProblem problem, int threads)
    {
        GumbelRaoKernel.JacobianProduct(problem, Kind, threads);
    }

    /// <summary>The same quantity in float64 from the same exponentials.</summary>
    public double[] Reference() => Reference(Exponentials());

    /// <summary>The kernel's noise, [K, rows, n].</summary>
    public double[] Exponentials()
    {
        double[] exponentials = [];
        With(problem => exponentials = KernelNoise.Exponentials(problem, Kind));
        return exponentials;
    }

    /// <summary>Calls with the arrays pinned; returns the output.</summary>
    public float[] With(Action<GumbelRaoProblem> use)
    {
        var output = new float[Value.Length];
        Array.Fill(output, float.NaN);
        fixed (float* logProbs = LogProbs, value = Value, gradient = Gradient, target = output)
        {
            var problem = new GumbelRaoProblem
            {
                LogProbs = logProbs,
                Value = value,
                Gradient = gradient,
                Output = target,
                Rows = Rows,
                Categories = Categories,
                Samples = Samples,
                Temperature = Temperature,
                Seed = Seed,
            };
            use(problem);
        }

        return output;
    }

    public double[] Reference(double[] exponentials)
    {
        var result = new double[Value.Length];
        for (var row = 0; row < Rows; row++)
        {
            var drawn = Array.IndexOf(Value, 1, row * Categories, Categories) - (row * Categories);
            for (var k = 0; k < Samples && drawn >= 0; k++)
            {
                var e = exponentials.AsSpan(((k * Rows) + row) * Categories, Categories);
                Add(result, row, Weights(row, drawn, e));
            }
        }

        return result;
    }

    // softmax(x/τ) for x_i = −log E_i, x_j = −log(E_j/p_j + E_i), scaled so that w_i = 1
    private double[] Weights(int row, int drawn, ReadOnlySpan<double> e)
    {
        var weights = new double[Categories];
        for (var j = 0; j < Categories; j++)
        {
            double logProb = LogProbs[(row * Categories) + j];
            var log = j == drawn ? 0 : Math.Log(e[drawn]) + logProb - Math.Log(e[j] + (Math.Exp(logProb) * e[drawn]));
            weights[j] = logProb <= -1e8 ? 0 : Math.Exp(log / Temperature);
        }

        var sum = weights.Sum();
        return [.. weights.Select(w => w / sum)];
    }

    private void Add(double[] result, int row, double[] s)
    {
        var mean = 0.0;
        for (var j = 0; j < Categories; j++)
        {
            mean += s[j] == 0 ? 0 : s[j] * Gradient[(row * Categories) + j];
        }

        for (var j = 0; j < Categories; j++)
        {
            var centred = s[j] == 0 ? 0 : s[j] * (Gradient[(row * Categories) + j] - mean);
            result[(row * Categories) + j] += centred / (Samples * (double)Temperature);
        }
    }
}
