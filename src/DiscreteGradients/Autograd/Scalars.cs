using TorchSharp;

namespace DiscreteGradients.Autograd;

/// <summary>
/// Constants that live as long as the process. A number that TorchSharp converts on the way into an operation may be
/// finalised while the operation reads it, which gives a wrong value or an error. So nothing here passes bare numbers:
/// a Scalar is one of these, or held by a using declaration.
/// </summary>
internal static class Scalars
{
    public static readonly Scalar Zero = 0.0;
    public static readonly Scalar MinusOne = -1.0;
    public static readonly Scalar Infinity = double.PositiveInfinity;
    public static readonly Scalar NaN = double.NaN;

    /// <summary>The log-probability of a category that a mask excludes.</summary>
    public static readonly Scalar Excluded = -1e9;
}
