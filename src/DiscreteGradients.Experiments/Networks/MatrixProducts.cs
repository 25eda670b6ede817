using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Networks;

/// <summary>The three matrix products of an affine layer y = x Wᵀ + b, with x [B, in], W [out, in] and y [B, out]: in float32 on
/// processors with vectors of 512 bits by kernels on one thread, elsewhere by libtorch.</summary>
/// <remarks>A kernel keeps a tile of 16 to 20 vectors of its result in registers. Each sum is one chain of fused multiply-adds (of
/// 16 chains in the forward pass): the relative error is that of libtorch's products, about 1e-6, and the bits depend on the
/// shapes only. At batch sizes of 20 to 200 the kernels reach 60 to 80 % of the processor's peak, libtorch 45 to 65 %; the update
/// saves writing and reading the gradient besides.</remarks>
internal static unsafe class MatrixProducts
{
    private const int Width = 16;

    // Of a tile: rows of the minibatch, rows of the weight, and vectors of a row.
    private const int Rows = 5, Outputs = 4, Vectors = 4;

    // Rows of the weight whose part of a tile's columns stays in the first cache.
    private const int OutputsAtOnce = 64;

    /// <summary>Computes max(z, slope · z) of z = x Wᵀ + b: a leaky ReLU, and nothing but z for the slope 1.</summary>
    public static Tensor Forward(Tensor input, Tensor weight, Tensor bias, Scalar slope)
    {
        if (!Serves(weight, input)) return nn.functional.linear(input, weight, bias).leaky_relu_(slope);
        using var x = new ContiguousRows(input);
        var output = empty([.. input.shape[..^1], weight.size(0)]);
        Forward(x.Pointer, CpuKernels.Pointer(weight), CpuKernels.Pointer(bias), CpuKernels.Pointer(output),
            x.Rows, (int)weight.size(1), (int)weight.size(0), slope.ToSingle());
        return output;
    }

    /// <summary>Computes the gradient with respect to the input, dx = dy W.</summary>
    public static Tensor Backward(Tensor gradient, Tensor weight)
    {
        if (!Serves(weight, gradient)) return gradient.matmul(weight);
        using var dy = new ContiguousRows(gradient);
        var result = zeros([.. gradient.shape[..^1], weight.size(1)]);
        var (rows, outputs, inputs) = (dy.Rows, (int)weight.size(0), (int)weight.size(1));
        float* from = dy.Pointer, w = CpuKernels.Pointer(weight), to = CpuKernels.Pointer(result);
        for (var first = 0; first < outputs; first += OutputsAtOnce)
        {
            var count = Math.Min(OutputsAtOnce, outputs - first);
            for (int column = 0, width; column < inputs; column += width)
            {
                width = Columns(inputs - column);
                for (var row = 0; row < rows; row += Rows)
                {
                    float* dyTile = from + (long)row * outputs + first, wTile = w + (long)first * inputs + column, dxTile = to + (long)row * inputs + column;
                    if (width == Width) BackwardTile<One>(dyTile, wTile, dxTile, rows - row, inputs, outputs, count);
                    else BackwardTile<Four>(dyTile, wTile, dxTile, rows - row, inputs, outputs, count);
                }
            }
        }
        return result;
    }

    /// <summary>Multiplies the gradient of a leaky ReLU's value, [..., B, width], by its derivative, in place.</summary>
    /// <param name="value">Of the leaky ReLU, [B, width].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rectify(Tensor gradient, Tensor value, Scalar slope)
    {
        if (!CpuKernels.Serve(gradient) || !gradient.is_contiguous() || !value.is_contiguous() || value.numel() % Width != 0)
        {
            gradient.copy_(where(value > Scalars.Zero, gradient, gradient * slope));
            return;
        }
        float* g = CpuKernels.Pointer(gradient), y = CpuKernels.Pointer(value);
        var (count, factor) = (value.numel(), Vector512.Create(slope.ToSingle()));
        for (var turn = gradient.numel() / count; turn > 0; turn--, g += count)
        {
            for (long k = 0; k < count; k += Width)
            {
                var one = Vector512.Load(g + k);
                Vector512.ConditionalSelect(Vector512.GreaterThan(Vector512.Load(y + k), Vector512<float>.Zero), one, one * factor).Store(g + k);
            }
        }
    }

    /// <summary>Makes the step of stochastic gradient descent from the gradient dW = dyᵀ x, which is never formed: v ← μv + dW + λW,
    /// W ← W − ηv; without momentum v is left alone. False where no kernel serves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Update(Tensor gradient, Tensor input, Tensor weight, Tensor velocity, Descent descent)
    {
        if (!Serves(weight, input)) return false;
        using var dy = new ContiguousRows(gradient);
        using var x = new ContiguousRows(input);
        var (rows, outputs, inputs) = (x.Rows, (int)weight.size(0), (int)weight.size(1));
        float* behind = dy.Pointer, ahead = x.Pointer, w = CpuKernels.Pointer(weight), v = CpuKernels.Pointer(velocity);
        float* tile = stackalloc float[Outputs * Vectors * Width];
        for (var output = 0; output < outputs; output += Outputs)
        {
            for (int column = 0, width; column < inputs; column += width)
            {
                width = Columns(inputs - column);
                var at = (long)output * inputs + column;
                Prefetch(w + at + width, v + at + width, inputs);
                if (width == Width) GradientTile<One>(behind + output, ahead + column, tile, rows, inputs, outputs);
                else GradientTile<Four>(behind + output, ahead + column, tile, rows, inputs, outputs);
                for (var row = 0; row < Outputs; row++, at += inputs)
                {
                    for (var k = 0; k < width; k += Width) descent.Step(w + at + k, v + at + k, Vector512.Load(tile + row * Vectors * Width + k));
                }
            }
        }
        return true;
    }

    private static bool Serves(Tensor weight, Tensor rows) => Vector512.IsHardwareAccelerated && Sse3.IsSupported && CpuKernels.Serve(rows) && CpuKernels.Serve(weight)
        && weight.is_contiguous() && weight.size(0) % Outputs == 0 && weight.size(1) % Width == 0;

    private static int Columns(int left) => left >= Vectors * Width ? Vectors * Width : Width;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward(float* x, float* w, float* bias, float* y, int rows, int inputs, int outputs, float slope)
    {
        for (var o = 0; o < outputs; o += Outputs)
        {
            float* w0 = w + (long)o * inputs, w1 = w0 + inputs, w2 = w1 + inputs, w3 = w2 + inputs;
            for (var r = 0; r < rows; r += Rows)
            {
                // Where the tile has more rows than are left, the last one stands in for them.
                var last = rows - 1 - r;
                float* x0 = x + (long)r * inputs, x1 = x0 + Math.Min(1, last) * inputs, x2 = x0 + Math.Min(2, last) * inputs,
                    x3 = x0 + Math.Min(3, last) * inputs, x4 = x0 + Math.Min(4, last) * inputs;
                Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default,
                    c0 = default, c1 = default, c2 = default, c3 = default, d0 = default, d1 = default, d2 = default, d3 = default,
                    e0 = default, e1 = default, e2 = default, e3 = default;
                for (var k = 0; k < inputs; k += Width)
                {
                    var (p0, p1, p2, p3) = (Vector512.Load(w0 + k), Vector512.Load(w1 + k), Vector512.Load(w2 + k), Vector512.Load(w3 + k));
                    Add(Vector512.Load(x0 + k), p0, p1, p2, p3, ref a0, ref a1, ref a2, ref a3);
                    Add(Vector512.Load(x1 + k), p0, p1, p2, p3, ref b0, ref b1, ref b2, ref b3);
                    Add(Vector512.Load(x2 + k), p0, p1, p2, p3, ref c0, ref c1, ref c2, ref c3);
                    Add(Vector512.Load(x3 + k), p0, p1, p2, p3, ref d0, ref d1, ref d2, ref d3);
                    Add(Vector512.Load(x4 + k), p0, p1, p2, p3, ref e0, ref e1, ref e2, ref e3);
                }
                var to = y + (long)r * outputs + o;
                Put(to, a0, a1, a2, a3, bias + o, slope);
                Put(to + Math.Min(1, last) * outputs, b0, b1, b2, b3, bias + o, slope);
                Put(to + Math.Min(2, last) * outputs, c0, c1, c2, c3, bias + o, slope);
                Put(to + Math.Min(3, last) * outputs, d0, d1, d2, d3, bias + o, slope);
                Put(to + Math.Min(4, last) * outputs, e0, e1, e2, e3, bias + o, slope);
            }
        }
    }

    // dx += dy W for five rows, one or four vectors of columns, and some rows of W.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardTile<T>(float* dy, float* w, float* dx, int rows, int inputs, int outputs, int count)
        where T : struct, IWidth
    {
        var (g1, g2, g3, g4) = (Math.Min(1, rows - 1) * outputs, Math.Min(2, rows - 1) * outputs, Math.Min(3, rows - 1) * outputs, Math.Min(4, rows - 1) * outputs);
        float* t1 = dx + Math.Min(1, rows - 1) * inputs, t2 = dx + Math.Min(2, rows - 1) * inputs, t3 = dx + Math.Min(3, rows - 1) * inputs, t4 = dx + Math.Min(4, rows - 1) * inputs;
        Get<T>(dx, out var a0, out var a1, out var a2, out var a3);
        Get<T>(t1, out var b0, out var b1, out var b2, out var b3);
        Get<T>(t2, out var c0, out var c1, out var c2, out var c3);
        Get<T>(t3, out var d0, out var d1, out var d2, out var d3);
        Get<T>(t4, out var e0, out var e1, out var e2, out var e3);
        for (var o = 0; o < count; o++, dy++, w += inputs)
        {
            Get<T>(w, out var p0, out var p1, out var p2, out var p3);
            Add<T>(Vector512.Create(dy[0]), p0, p1, p2, p3, ref a0, ref a1, ref a2, ref a3);
            Add<T>(Vector512.Create(dy[g1]), p0, p1, p2, p3, ref b0, ref b1, ref b2, ref b3);
            Add<T>(Vector512.Create(dy[g2]), p0, p1, p2, p3, ref c0, ref c1, ref c2, ref c3);
            Add<T>(Vector512.Create(dy[g3]), p0, p1, p2, p3, ref d0, ref d1, ref d2, ref d3);
            Add<T>(Vector512.Create(dy[g4]), p0, p1, p2, p3, ref e0, ref e1, ref e2, ref e3);
        }
        Set<T>(dx, a0, a1, a2, a3);
        Set<T>(t1, b0, b1, b2, b3);
        Set<T>(t2, c0, c1, c2, c3);
        Set<T>(t3, d0, d1, d2, d3);
        Set<T>(t4, e0, e1, e2, e3);
    }

    // dyᵀ x for four rows and one or four vectors of columns of W.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GradientTile<T>(float* dy, float* x, float* tile, int rows, int inputs, int outputs)
        where T : struct, IWidth
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default,
            c0 = default, c1 = default, c2 = default, c3 = default, d0 = default, d1 = default, d2 = default, d3 = default;
        for (var r = 0; r < rows; r++, dy += outputs, x += inputs)
        {
            Get<T>(x, out var p0, out var p1, out var p2, out var p3);
            Add<T>(Vector512.Create(dy[0]), p0, p1, p2, p3, ref a0, ref a1, ref a2, ref a3);
            Add<T>(Vector512.Create(dy[1]), p0, p1, p2, p3, ref b0, ref b1, ref b2, ref b3);
            Add<T>(Vector512.Create(dy[2]), p0, p1, p2, p3, ref c0, ref c1, ref c2, ref c3);
            Add<T>(Vector512.Create(dy[3]), p0, p1, p2, p3, ref d0, ref d1, ref d2, ref d3);
        }
        Set<T>(tile, a0, a1, a2, a3);
        Set<T>(tile + Vectors * Width, b0, b1, b2, b3);
        Set<T>(tile + 2 * Vectors * Width, c0, c1, c2, c3);
        Set<T>(tile + 3 * Vectors * Width, d0, d1, d2, d3);
    }

    // Weights and velocities of the next tile, on their way while this one is computed.
    private static void Prefetch(float* w, float* v, int inputs)
    {
        for (var row = 0; row < Outputs; row++, w += inputs, v += inputs)
        {
            for (var k = 0; k < Vectors * Width; k += Width)
            {
                Sse.Prefetch0(w + k);
                Sse.Prefetch0(v + k);
            }
        }
    }

    // Four sums of lanes, the bias and the activation.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(float* target, Vector512<float> s0, Vector512<float> s1, Vector512<float> s2, Vector512<float> s3, float* bias, float slope)
    {
        var pairs = (Sse3.HorizontalAdd(Quarter(s0), Quarter(s1)), Sse3.HorizontalAdd(Quarter(s2), Quarter(s3)));
        var sums = Sse3.HorizontalAdd(pairs.Item1, pairs.Item2) + Vector128.Load(bias);
        Vector128.Max(sums, sums * slope).Store(target);

        static Vector128<float> Quarter(Vector512<float> sum)
        {
            var half = sum.GetLower() + sum.GetUpper();
            return half.GetLower() + half.GetUpper();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector512<float> x, Vector512<float> p0, Vector512<float> p1, Vector512<float> p2, Vector512<float> p3,
        ref Vector512<float> s0, ref Vector512<float> s1, ref Vector512<float> s2, ref Vector512<float> s3) => Add<Four>(x, p0, p1, p2, p3, ref s0, ref s1, ref s2, ref s3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<T>(Vector512<float> x, Vector512<float> p0, Vector512<float> p1, Vector512<float> p2, Vector512<float> p3,
        ref Vector512<float> s0, ref Vector512<float> s1, ref Vector512<float> s2, ref Vector512<float> s3)
        where T : struct, IWidth
    {
        s0 = Vector512.FusedMultiplyAdd(p0, x, s0);
        if (!T.IsFour) return;
        s1 = Vector512.FusedMultiplyAdd(p1, x, s1);
        s2 = Vector512.FusedMultiplyAdd(p2, x, s2);
        s3 = Vector512.FusedMultiplyAdd(p3, x, s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Get<T>(float* source, out Vector512<float> p0, out Vector512<float> p1, out Vector512<float> p2, out Vector512<float> p3)
        where T : struct, IWidth
    {
        p0 = Vector512.Load(source);
        p1 = p2 = p3 = default;
        if (!T.IsFour) return;
        p1 = Vector512.Load(source + Width);
        p2 = Vector512.Load(source + 2 * Width);
        p3 = Vector512.Load(source + 3 * Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Set<T>(float* target, Vector512<float> p0, Vector512<float> p1, Vector512<float> p2, Vector512<float> p3)
        where T : struct, IWidth
    {
        p0.Store(target);
        if (!T.IsFour) return;
        p1.Store(target + Width);
        p2.Store(target + 2 * Width);
        p3.Store(target + 3 * Width);
    }

    // The vectors of a tile's row, known to the compiler.
    private interface IWidth
    {
        static abstract bool IsFour { get; }
    }

    private readonly struct One : IWidth
    {
        public static bool IsFour => false;
    }

    private readonly struct Four : IWidth
    {
        public static bool IsFour => true;
    }
}
