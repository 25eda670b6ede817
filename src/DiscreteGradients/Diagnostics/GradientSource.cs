using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>Asks the closure of a study's user for gradients, a batch of draws at a time, and takes them in as rows.</summary>
internal sealed class GradientSource
{
    private readonly Func<IGradientEstimator, Generator, int, Tensor> gradients;
    private readonly int drawsAtOnce;

    /// <summary>Wraps a closure that draws one gradient of any shape.</summary>
    public GradientSource(Func<IGradientEstimator, Generator, Tensor> gradient)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        (gradients, drawsAtOnce) = ((estimator, generator, _) => Given(gradient(estimator, generator)).unsqueeze(0), 1);
    }

    /// <summary>Wraps a closure that draws several gradients, [draws, ...].</summary>
    public GradientSource(Func<IGradientEstimator, Generator, int, Tensor> gradients, int drawsAtOnce)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        ArgumentOutOfRangeException.ThrowIfLessThan(drawsAtOnce, 1);
        (this.gradients, this.drawsAtOnce) = (gradients, drawsAtOnce);
    }

    /// <summary>Wraps a closure that draws one gradient without an estimator.</summary>
    public GradientSource(Func<Generator, Tensor> gradient)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        (gradients, drawsAtOnce) = ((_, generator, _) => Given(gradient(generator)).unsqueeze(0), 1);
    }

    /// <summary>Requires a number of draws that is enough for a study.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two draws a block.</exception>
    public static int Checked(int draws) => draws >= 2 * GradientBlocks.Count
        ? draws
        : throw new ArgumentOutOfRangeException(nameof(draws), Require.Invariant(
            $"draws is {draws}; expected at least {2 * GradientBlocks.Count}."));

    /// <summary>Gives a known gradient as a row, [1, dimension], float64, on the CPU, constant.</summary>
    public static Tensor Row(Tensor gradient) => Given(gradient).detach().reshape(1, -1).to(ScalarType.Float64).cpu();

    /// <summary>Draws block by block; no batch spans two blocks.</summary>
    /// <param name="estimator">The estimator whose gradients are drawn; null where the closure takes none.</param>
    /// <param name="draws">The number of draws.</param>
    /// <param name="seed">The seed of the generator.</param>
    /// <param name="common">True where the noise of a batch depends on its position alone, and not on the draws before
    /// it.</param>
    /// <param name="take">Called with the number of the block and each batch, [draws, dimension].</param>
    /// <param name="dimension">The number of elements that a gradient must have; null for that of the first.</param>
    /// <exception cref="InvalidOperationException">A gradient has another number of elements.</exception>
    public GradientBlocks Draw(IGradientEstimator? estimator, int draws, long seed, bool common = false,
        Action<int, Tensor>? take = null, long? dimension = null)
    {
        Checked(draws);
        using var generator = new Generator((ulong)seed);
        GradientBlocks? blocks = null;
        for (var block = 0; block < GradientBlocks.Count; block++)
        {
            var end = GradientBlocks.Start(block + 1, draws);
            for (int draw = GradientBlocks.Start(block, draws), count; draw < end; draw += count)
            {
                count = Math.Min(drawsAtOnce, end - draw);
                using var scope = NewDisposeScope();
                if (common) generator.manual_seed((long)Kernels.SplitMix64.Stream((ulong)seed, (ulong)draw));
                var rows = Rows(gradients(estimator!, generator, count), count);
                dimension ??= rows.shape[1];
                if (rows.shape[1] != dimension)
                {
                    throw new InvalidOperationException(Require.Invariant(
                        $"the study's closure gave {rows.shape[1]} elements a draw; expected {dimension}, as many as the reference or the draws before have."));
                }
                blocks ??= new(rows.shape[1]);
                blocks.Add(block, rows);
                take?.Invoke(block, rows);
            }
        }
        return blocks!;
    }

    /// <summary>Takes draws as rows, [count, dimension], float64, on the CPU, constant.</summary>
    public static Tensor Rows(Tensor? drawn, int count)
    {
        var rows = Given(drawn);
        return rows.dim() > 0 && rows.shape[0] == count
            ? rows.detach().reshape(count, -1).to(ScalarType.Float64).cpu()
            : throw new InvalidOperationException(Require.Invariant(
                $"the study's closure gave shape {Require.Shape(rows)}; expected [{count}, ...], a row a draw."));
    }

    private static Tensor Given(Tensor? gradient) => gradient is null || gradient.IsInvalid || gradient.numel() == 0
        ? throw new InvalidOperationException(
            "the study's closure gave no gradient; expected a tensor of the same shape at each call.")
        : gradient;
}
