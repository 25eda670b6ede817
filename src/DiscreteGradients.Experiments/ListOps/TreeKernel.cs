using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DiscreteGradients.Kernels;

namespace DiscreteGradients.Experiments.ListOps;

/// <summary>One cell of the TreeLSTM forward and backward, and sums over states: c = σ(f_l + 1) c_l + σ(f_r + 1) c_r + σ(i) tanh
/// u, h = σ(o) tanh c. A state is [h; c].</summary>
internal static unsafe class TreeKernel
{
    private const int Width = TreeLstm.Width, Lanes = 16;

    /// <summary>Computes the state of a cell.</summary>
    /// <param name="gates">[640]: the affine map of i, f_l, f_r, o and u; their values afterwards.</param>
    /// <param name="left">State of the left node.</param>
    /// <param name="right">State of the right node.</param>
    /// <param name="state">The state of the cell afterwards.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(float* gates, float* left, float* right, float* state)
    {
        for (var k = 0; k < Width; k += Lanes)
        {
            var (i, o, u) = (Sigmoid(At(gates, 0, k)), Sigmoid(At(gates, 3, k)), Tanh(At(gates, 4, k)));
            var (forgetLeft, forgetRight) =
                (Sigmoid(At(gates, 1, k) + Vector512<float>.One), Sigmoid(At(gates, 2, k) + Vector512<float>.One));
            var cell = i * u + forgetLeft * At(left, 1, k) + forgetRight * At(right, 1, k);
            i.Store(gates + k);
            forgetLeft.Store(gates + Width + k);
            forgetRight.Store(gates + 2 * Width + k);
            o.Store(gates + 3 * Width + k);
            u.Store(gates + 4 * Width + k);
            (o * Tanh(cell)).Store(state + k);
            cell.Store(state + Width + k);
        }
    }

    /// <summary>Computes the gradients of the affine map, and those of the two nodes' c.</summary>
    /// <param name="gates">As <see cref="Forward"/> left them.</param>
    /// <param name="hidden">The gradient of h, [128].</param>
    /// <param name="cell">The gradient of c, [128], or null for 0.</param>
    /// <param name="target">[640].</param>
    /// <param name="leftCell">[128].</param>
    /// <param name="rightCell">[128].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(float* gates, float* left, float* right, float* state, float* hidden, float* cell, float* target,
        float* leftCell, float* rightCell)
    {
        for (var k = 0; k < Width; k += Lanes)
        {
            var (i, forgetLeft, forgetRight, o, u) =
                (At(gates, 0, k), At(gates, 1, k), At(gates, 2, k), At(gates, 3, k), At(gates, 4, k));
            var (one, tanh, ofHidden) = (Vector512<float>.One, Tanh(At(state, 1, k)), At(hidden, 0, k));
            var ofCell = ofHidden * o * (one - tanh * tanh);
            if (cell != null) ofCell += At(cell, 0, k);
            (ofCell * u * i * (one - i)).Store(target + k);
            (ofCell * At(left, 1, k) * forgetLeft * (one - forgetLeft)).Store(target + Width + k);
            (ofCell * At(right, 1, k) * forgetRight * (one - forgetRight)).Store(target + 2 * Width + k);
            (ofHidden * tanh * o * (one - o)).Store(target + 3 * Width + k);
            (ofCell * i * (one - u * u)).Store(target + 4 * Width + k);
            (ofCell * forgetLeft).Store(leftCell + k);
            (ofCell * forgetRight).Store(rightCell + k);
        }
    }

    /// <summary>Adds a multiple of the source to the target; the length is a multiple of 16.</summary>
    public static void Add(float* source, float factor, float* target, int length)
    {
        for (var k = 0; k < length; k += Lanes)
            Vector512.FusedMultiplyAdd(Vector512.Load(source + k), Vector512.Create(factor), Vector512.Load(target + k))
                .Store(target + k);
    }

    /// <summary>Multiplies by a factor in place; the length is a multiple of 16.</summary>
    public static void Scale(float* target, float factor, int length)
    {
        for (var k = 0; k < length; k += Lanes) (Vector512.Load(target + k) * Vector512.Create(factor)).Store(target + k);
    }

    /// <summary>The inner product; the length is a multiple of 16.</summary>
    public static float Dot(float* a, float* b, int length)
    {
        var sum = Vector512<float>.Zero;
        for (var k = 0; k < length; k += Lanes)
            sum = Vector512.FusedMultiplyAdd(Vector512.Load(a + k), Vector512.Load(b + k), sum);
        return VectorMath.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> At(float* source, int part, int k) => Vector512.Load(source + part * Width + k);

    // Within 2e-7; NaN stays NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Sigmoid(Vector512<float> x) =>
        Vector512<float>.One / (Vector512<float>.One + VectorMath.Exp(Vector512.Min(-x, Vector512.Create(80f))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Tanh(Vector512<float> x) =>
        Vector512.FusedMultiplyAdd(Sigmoid(x + x), Vector512.Create(2f), -Vector512<float>.One);
}
