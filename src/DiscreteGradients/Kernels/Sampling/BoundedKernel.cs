using System.Runtime.Intrinsics;

namespace DiscreteGradients.Kernels;

/// <summary>Tells ordinary numbers from those that need care.</summary>
internal static unsafe class BoundedKernel
{
    /// <summary>Tells whether every number lies in [−<paramref name="bound"/>, <paramref name="bound"/>]; a NaN does
    /// not.</summary>
    public static bool Holds(float* numbers, long length, float bound)
    {
        long i = 0;
        for (; i <= length - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            if (!Vector512.LessThanOrEqualAll(Vector512.Abs(Vector512.Load(numbers + i)), Vector512.Create(bound))) return false;
        }
        for (; i < length; i++)
        {
            if (!(MathF.Abs(numbers[i]) <= bound)) return false;
        }
        return true;
    }
}
