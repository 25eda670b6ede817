using DiscreteGradients.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Torch;

/// <summary>Fills tensors of any device with random numbers, which a generator decides.</summary>
/// <remarks>TorchSharp makes generators of the CPU alone, and libtorch refuses them for tensors of another device. There each
/// number is computed from its index and a seed that the generator gives: <see cref="SplitMix64"/> by tensor
/// operations.</remarks>
internal static class Noise
{
    /// <summary>Fills with independent numbers of the exponential law of rate 1.</summary>
    /// <param name="target">float32 or float64, overwritten.</param>
    /// <param name="generator">Source of randomness; null for torch's default generator of the CPU.</param>
    public static Tensor Exponential(Tensor target, Generator? generator)
    {
        if (target.device_type == DeviceType.CPU) return target.exponential_(1.0, generator);
        using var scope = NewDisposeScope();
        return target.copy_(Counted(target.shape, Seed.Next(generator), ScalarType.Float64, target.device).log_().neg_());
    }

    /// <summary>Fills with independent uniform numbers: on the CPU of [0, 1), elsewhere of (0, 1).</summary>
    /// <param name="target">float32 or float64, overwritten.</param>
    /// <param name="generator">Source of randomness; null for torch's default generator of the CPU.</param>
    public static Tensor Uniform(Tensor target, Generator? generator)
    {
        if (target.device_type == DeviceType.CPU) return target.uniform_(0, 1, generator);
        using var scope = NewDisposeScope();
        return target.copy_(Counted(target.shape, Seed.Next(generator), target.dtype, target.device));
    }

    /// <summary>Computes (w + ½)/2^b, uniform in (0, 1), from the upper b bits w of a word for each index: b = 23 in float32, 52
    /// in float64, the most for which the largest number is not rounded to 1.</summary>
    internal static Tensor Counted(long[] shape, ulong seed, ScalarType dtype, Device device)
    {
        using var scope = NewDisposeScope();
        var bits = dtype == ScalarType.Float32 ? 23 : 52;
        using Scalar increment = unchecked((long)SplitMix64.Increment), start = unchecked((long)seed);
        using Scalar first = unchecked((long)SplitMix64.First), second = unchecked((long)SplitMix64.Second);
        using Scalar half = 0.5, scale = Math.ScaleB(1, -bits);
        var elements = shape.Aggregate(1L, (product, size) => product * size);
        var word = Scalars.Range(1, elements + 1, device: device).mul_(increment).Accumulate(start);
        Fold(30);
        word.mul_(first);
        Fold(27);
        word.mul_(second);
        Fold(31);
        return Shifted(64 - bits).to(dtype).Accumulate(half).mul_(scale).reshape(shape).MoveToOuterDisposeScope();

        void Fold(int count)
        {
            using var shifted = Shifted(count);
            word.bitwise_xor_(shifted);
        }

        // Without the sign, which an arithmetic shift brings in from the left.
        Tensor Shifted(int count)
        {
            using Tensor places = tensor((long)count, device: device), mask = tensor((1L << (64 - count)) - 1, device: device);
            return word.bitwise_right_shift(places).bitwise_and_(mask);
        }
    }
}
