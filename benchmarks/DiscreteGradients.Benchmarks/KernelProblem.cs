using DiscreteGradients.Kernels;

namespace DiscreteGradients.Benchmarks;

/// <summary>A conditional Jacobian product to solve: 1200 rows of n categories at τ = 0.5.</summary>
internal sealed unsafe class KernelProblem : IDisposable
{
    public const int Rows = 1200;
    public const double Temperature = 0.5;
    private readonly FloatBuffer logProbs, value, gradient, output;

    public KernelProblem(int categories, int samples)
    {
        var length = Rows * categories;
        (logProbs, value, gradient, output) = (new(length), new(length), new(length), new(length));
        for (var i = 0; i < length; i++)
        {
            logProbs.Span[i] = MathF.Log(1f / categories);
            gradient.Span[i] = MathF.Cos(0.7f * i);
        }
        CategoricalKernel.Draw(logProbs.Pointer, value.Pointer, Rows, categories, seed: 1, threads: 1);
        Problem = new()
        {
            LogProbs = logProbs.Pointer,
            Value = value.Pointer,
            Gradient = gradient.Pointer,
            Output = output.Pointer,
            Rows = Rows,
            Categories = categories,
            Samples = samples,
            Temperature = (float)Temperature,
            Seed = 2,
        };
    }

    public GumbelRaoProblem Problem { get; }

    public void Dispose()
    {
        logProbs.Dispose();
        value.Dispose();
        gradient.Dispose();
        output.Dispose();
    }
}
