using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Torch;

/// <summary>
/// The constants that tensor operations take, which live as long as the process, and the operations that TorchSharp itself would
/// call with a passing number. Such a number becomes an object that may be finalised while libtorch reads it, which gives a wrong
/// value or an error. So nothing here passes bare numbers: a Scalar is one of these, or held by a using declaration; and nothing
/// calls a member of TorchSharp that makes one within, as a + b, add_ and square do. A test reads the compiled code for both.
/// </summary>
internal static class Scalars
{
    public static readonly Scalar Zero = 0.0;
    public static readonly Scalar One = 1;
    public static readonly Scalar MinusOne = -1.0;
    public static readonly Scalar Infinity = double.PositiveInfinity;
    public static readonly Scalar MinusInfinity = double.NegativeInfinity;
    public static readonly Scalar NaN = double.NaN;

    /// <summary>The log-probability of a category of probability 0: finite, so that 0 · log 0 is 0.</summary>
    public static readonly Scalar LogZero = -1e9;

    /// <summary>Computes a + b.</summary>
    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);

    /// <summary>Computes a + b.</summary>
    public static Tensor Plus(this Tensor left, Scalar right) => left.add(right, One);

    /// <summary>Adds b to a in place.</summary>
    public static Tensor Accumulate(this Tensor target, Tensor addend) => target.add_(addend, One);

    /// <summary>Adds b to a in place.</summary>
    public static Tensor Accumulate(this Tensor target, Scalar addend) => target.add_(addend, One);

    /// <summary>Computes a².</summary>
    public static Tensor Squared(this Tensor tensor) => tensor * tensor;

    /// <summary>Makes the numbers first … last − 1.</summary>
    public static Tensor Range(long first, long last, ScalarType dtype = ScalarType.Int64, Device? device = null)
    {
        using Scalar start = first, stop = last, step = 1L;
        return arange(start, stop, step, dtype: dtype, device: device);
    }
}
