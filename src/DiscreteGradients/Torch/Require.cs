using System.Globalization;
using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>The checks that several entry points share; messages name the argument, what it was and what it must be.</summary>
internal static class Require
{
    /// <summary>Requires logits: float32 or float64, with at least one category in the last axis.</summary>
    public static void Logits(Tensor logits, [CallerArgumentExpression(nameof(logits))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(logits, name);
        if (logits.dim() == 0)
            throw new ArgumentException($"{name} is a scalar; expected a tensor whose last axis holds the categories.", name);
        if (logits.dtype is not (ScalarType.Float32 or ScalarType.Float64))
            throw new ArgumentException($"{name} has dtype {logits.dtype}; expected Float32 or Float64.", name);
        if (logits.shape[^1] > 0) return;
        throw new ArgumentException($"{name} has shape {Shape(logits)}; expected at least one category in the last axis.", name);
    }

    /// <summary>Requires a mask that broadcasts to the logits.</summary>
    public static void Mask(Tensor mask, Tensor logits)
    {
        if (mask.dtype != ScalarType.Bool)
            throw new ArgumentException($"mask has dtype {mask.dtype}; expected Bool.", nameof(mask));
        BroadcastsTo(mask, nameof(mask), logits, "logits");
    }

    /// <summary>Requires a one-hot value of the shape of the logits.</summary>
    public static void Value(Tensor value, Tensor logits)
    {
        SameShape(value, nameof(value), logits, "the logits");
        Real(value, nameof(value));
    }

    /// <summary>Requires numbers that are not complex.</summary>
    public static void Real(Tensor tensor, string name)
    {
        if (is_complex(tensor)) throw new ArgumentException($"{name} has dtype {tensor.dtype}; expected a real one.", name);
    }

    /// <summary>Requires a tensor of the shape of another.</summary>
    public static void SameShape(Tensor tensor, string name, Tensor other, string otherName)
    {
        ArgumentNullException.ThrowIfNull(tensor, name);
        if (tensor.shape.AsSpan().SequenceEqual(other.shape)) return;
        throw new ArgumentException(
            $"{name} has shape {Shape(tensor)}; expected the shape of {otherName}, {Shape(other)}.", name);
    }

    /// <summary>Requires a tensor that can be expanded to the shape of a target, which itself is not expanded.</summary>
    /// <param name="tensor">The tensor to be expanded.</param>
    /// <param name="name">The name of the tensor in messages.</param>
    /// <param name="target">The tensor of the shape to arrive at.</param>
    /// <param name="targetName">The name of the target in messages.</param>
    /// <param name="lastAxisToo">True where the last axis may be expanded, too.</param>
    public static void BroadcastsTo(Tensor tensor, string name, Tensor target, string targetName, bool lastAxisToo = true)
    {
        long[] own = tensor.shape, wanted = target.shape;
        var fits = own.Length <= wanted.Length;
        for (var axis = 1; fits && axis <= own.Length; axis++)
            fits = own[^axis] == wanted[^axis] || (own[^axis] == 1 && (axis > 1 || lastAxisToo));
        if (fits) return;
        throw new ArgumentException(
            $"{name} has shape {Shape(tensor)}; expected one that broadcasts to that of {targetName}, {Shape(target)}.", name);
    }

    /// <summary>Requires a temperature: a finite number above 0.</summary>
    public static double Temperature(double temperature) => temperature > 0 && double.IsFinite(temperature)
        ? temperature
        : throw new ArgumentOutOfRangeException(
            nameof(temperature), Invariant($"temperature is {temperature}; expected a finite number above 0."));

    /// <summary>Requires a temperature by which numbers of this dtype can be divided.</summary>
    public static void Temperature(double temperature, ScalarType dtype)
    {
        // A hundred nats divided by it are still in the range of the dtype.
        var least = dtype == ScalarType.Float32 ? 1e-36 : 1e-306;
        if (temperature >= least) return;
        throw new ArgumentOutOfRangeException(nameof(temperature),
            Invariant($"temperature is {temperature}; expected at least {least} for logits of dtype {dtype}."));
    }

    /// <summary>Requires a weight of the second-order term: a number in [0, 2].</summary>
    public static double Weight(double weight) => weight is >= 0 and <= 2
        ? weight
        : throw new ArgumentOutOfRangeException(nameof(weight), Invariant($"weight is {weight}; expected a number in [0, 2]."));

    /// <summary>Requires a number of samples of at least 1.</summary>
    public static int Samples(int samples) => AtLeastOne(samples, nameof(samples));

    /// <summary>Requires a number of threads of at least 1.</summary>
    public static int Threads(int threads) => AtLeastOne(threads, nameof(threads));

    /// <summary>Requires a number of gradients that are averaged, of at least 1.</summary>
    public static void Batch(double batch)
    {
        if (batch >= 1) return;
        throw new ArgumentOutOfRangeException(nameof(batch), Invariant($"batch is {batch}; expected at least 1."));
    }

    /// <summary>Writes a shape, as "[2, 3]".</summary>
    public static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";

    /// <summary>Writes a text whose numbers are the same in every culture.</summary>
    public static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static int AtLeastOne(int number, string name) => number >= 1
        ? number
        : throw new ArgumentOutOfRangeException(name, Invariant($"{name} is {number}; expected at least 1."));
}
