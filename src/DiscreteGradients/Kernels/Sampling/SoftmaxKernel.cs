using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DiscreteGradients.Kernels;

/// <summary>Softmax, log-softmax and the backward passes of both for rows of few categories, 16 rows a vector.</summary>
/// <remarks>libtorch takes 15 to 18 ns an element where rows are short. The bits are the same on every machine. The relative
/// error of the softmax is at most 3e-7, and so is the absolute error of a log-softmax near 0. A logit of −∞ has softmax 0;
/// a row of NaN stays NaN.</remarks>
internal static unsafe class SoftmaxKernel
{
    /// <summary>The longest rows: in longer ones libtorch uses vectors itself.</summary>
    public const int MostCategories = 32;

    private const int Width = RowTranspose.Width;

    /// <summary>Computes the log-softmax θ − log Σ exp θ.</summary>
    /// <param name="logits">θ, [rows, n].</param>
    /// <param name="target">[rows, n]; may be the source.</param>
    /// <param name="rows">≥ 0.</param>
    /// <param name="categories">n, 1 to <see cref="MostCategories"/>.</param>
    public static void LogSoftmax(float* logits, float* target, int rows, int categories)
    {
        var x = stackalloc Vector512<float>[2 * MostCategories];
        for (var row = 0; row < rows; row += Width, logits += Width * categories, target += Width * categories)
        {
            var count = Math.Min(Width, rows - row);
            RowTranspose.FromRows(logits, count, categories, x);
            var sum = Exponentials(x, x + MostCategories, categories, 1, out var largest);
            var logSum = VectorMath.Log2(sum) * Vector512.Create(VectorMath.Ln2);
            for (var j = 0; j < categories; j++) x[j] = x[j] - largest - logSum;
            RowTranspose.ToRows(x, count, categories, target);
        }
    }

    /// <summary>Computes the backward pass of log-softmax, g − softmax(θ) Σ g.</summary>
    /// <param name="logits">θ, [rows, n].</param>
    /// <param name="gradient">g, [rows, n].</param>
    /// <param name="target">[rows, n]; may be a source.</param>
    /// <param name="rows">≥ 0.</param>
    /// <param name="categories">n, 1 to <see cref="MostCategories"/>.</param>
    public static void LogSoftmaxBackward(float* logits, float* gradient, float* target, int rows, int categories)
    {
        var x = stackalloc Vector512<float>[2 * MostCategories];
        var g = x + MostCategories;
        for (var row = 0; row < rows; row += Width)
        {
            var (count, offset) = (Math.Min(Width, rows - row), (long)row * categories);
            RowTranspose.FromRows(logits + offset, count, categories, x);
            RowTranspose.FromRows(gradient + offset, count, categories, g);
            var sum = Exponentials(x, x, categories, 1, out _);
            var total = Vector512<float>.Zero;
            for (var j = 0; j < categories; j++) total += g[j];
            var share = total / sum;
            for (var j = 0; j < categories; j++) g[j] = Vector512.FusedMultiplyAdd(x[j], -share, g[j]);
            RowTranspose.ToRows(g, count, categories, target + offset);
        }
    }

    /// <summary>Computes the tempered softmax, softmax(x/τ).</summary>
    /// <param name="scores">x, [rows, n].</param>
    /// <param name="target">[rows, n]; may be the source.</param>
    /// <param name="rows">≥ 0.</param>
    /// <param name="categories">n, 1 to <see cref="MostCategories"/>.</param>
    /// <param name="inverseTemperature">1/τ.</param>
    public static void Softmax(float* scores, float* target, int rows, int categories, float inverseTemperature)
    {
        var x = stackalloc Vector512<float>[MostCategories];
        for (var row = 0; row < rows; row += Width, scores += Width * categories, target += Width * categories)
        {
            var count = Math.Min(Width, rows - row);
            RowTranspose.FromRows(scores, count, categories, x);
            var inverse = Vector512<float>.One / Exponentials(x, x, categories, inverseTemperature, out _);
            for (var j = 0; j < categories; j++) x[j] *= inverse;
            RowTranspose.ToRows(x, count, categories, target);
        }
    }

    /// <summary>Computes the backward pass of softmax(x/τ), s∘(g − ⟨s, g⟩)/τ.</summary>
    /// <param name="soft">s, [rows, n].</param>
    /// <param name="gradient">g, [rows, n].</param>
    /// <param name="target">[rows, n]; may be a source.</param>
    /// <param name="rows">≥ 0.</param>
    /// <param name="categories">n, 1 to <see cref="MostCategories"/>.</param>
    /// <param name="inverseTemperature">1/τ.</param>
    public static void SoftmaxBackward(
        float* soft, float* gradient, float* target, int rows, int categories, float inverseTemperature)
    {
        var s = stackalloc Vector512<float>[2 * MostCategories];
        var g = s + MostCategories;
        for (var row = 0; row < rows; row += Width)
        {
            var (count, offset) = (Math.Min(Width, rows - row), (long)row * categories);
            RowTranspose.FromRows(soft + offset, count, categories, s);
            RowTranspose.FromRows(gradient + offset, count, categories, g);
            var mean = Vector512<float>.Zero;
            for (var j = 0; j < categories; j++) mean = Vector512.FusedMultiplyAdd(s[j], g[j], mean);
            for (var j = 0; j < categories; j++) s[j] *= (g[j] - mean) * Vector512.Create(inverseTemperature);
            RowTranspose.ToRows(s, count, categories, target + offset);
        }
    }

    /// <summary>Computes the second-order backward pass, a·s∘(g − ⟨s, g⟩) + b⟨g, d⟩d with d = D − s.</summary>
    /// <param name="soft">s, [rows, n].</param>
    /// <param name="value">D, one-hot [rows, n].</param>
    /// <param name="gradient">g, [rows, n].</param>
    /// <param name="target">[rows, n]; may be a source.</param>
    /// <param name="rows">≥ 0.</param>
    /// <param name="categories">n, 1 to <see cref="MostCategories"/>.</param>
    /// <param name="jacobian">a.</param>
    /// <param name="outer">b.</param>
    public static void SecondOrderBackward(
        float* soft, float* value, float* gradient, float* target, int rows, int categories, float jacobian, float outer)
    {
        var s = stackalloc Vector512<float>[3 * MostCategories];
        var d = s + MostCategories;
        var g = d + MostCategories;
        for (var row = 0; row < rows; row += Width)
        {
            var (count, offset) = (Math.Min(Width, rows - row), (long)row * categories);
            RowTranspose.FromRows(soft + offset, count, categories, s);
            RowTranspose.FromRows(value + offset, count, categories, d);
            RowTranspose.FromRows(gradient + offset, count, categories, g);
            var (mean, along) = (Vector512<float>.Zero, Vector512<float>.Zero);
            for (var j = 0; j < categories; j++)
            {
                d[j] -= s[j];
                mean = Vector512.FusedMultiplyAdd(s[j], g[j], mean);
                along = Vector512.FusedMultiplyAdd(d[j], g[j], along);
            }
            along *= Vector512.Create(outer);
            for (var j = 0; j < categories; j++)
                s[j] = Vector512.FusedMultiplyAdd(along, d[j], s[j] * (g[j] - mean) * Vector512.Create(jacobian));
            RowTranspose.ToRows(s, count, categories, target + offset);
        }
    }

    // target_j = exp((x_j − max x)/τ); returns Σ target.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Exponentials(
        Vector512<float>* x, Vector512<float>* target, int categories, float inverseTemperature, out Vector512<float> largest)
    {
        largest = x[0];
        for (var j = 1; j < categories; j++) largest = Vector512.Max(largest, x[j]);
        var sum = Vector512<float>.Zero;
        for (var j = 0; j < categories; j++)
        {
            target[j] = VectorMath.Exp((x[j] - largest) * Vector512.Create(inverseTemperature));
            sum += target[j];
        }

        return sum;
    }
}
