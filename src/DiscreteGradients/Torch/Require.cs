using System.Globalization;
using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>The checks that several entry points share; messages name the argument, what it was and what it must be.</summary>
internal static class Require
{
    public static void Logits(Tensor logits, [CallerArgumentExpression(nameof(logits))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(logits, name);
        if (logits.dim() == 0)
            throw new ArgumentException($"{name} is a scalar; expected a tensor whose last axis holds the categories.", name);
        if (logits.dtype is not (ScalarType.Float32 or ScalarType.Float64))
            throw new ArgumentException($"{name} has dtype {logits.dtype}; expected Float32 or Float64.", name);
        if (logits.shape[^1] == 0)
            throw new ArgumentException($"{name} has shape {Shape(logits)}; expected at least one category in the last axis.", name);
    }

    public static void Mask(Tensor mask, Tensor logits)
    {
        if (mask.dtype != ScalarType.Bool)
            throw new ArgumentException($"mask has dtype {mask.dtype}; expected Bool.", nameof(mask));
        BroadcastsTo(mask, nameof(mask), logits, "logits");
    }

    /// <summary>A one-hot value of the shape of the logits.</summary>
    public static void Value(Tensor value, Tensor logits)
    {
        SameShape(value, nameof(value), logits, "the logits");
        Real(value, nameof(value));
    }

    public static void Real(Tensor tensor, string name)
    {
        if (is_complex(tensor)) throw new ArgumentException($"{name} has dtype {tensor.dtype}; expected a real one.", name);
    }

    public static void SameShape(Tensor tensor, string name, Tensor other, string otherName)
    {
        ArgumentNullException.ThrowIfNull(tensor, name);
        if (!tensor.shape.AsSpan().SequenceEqual(other.shape))
            throw new ArgumentException($"{name} has shape {Shape(tensor)}; expected the shape of {otherName}, {Shape(other)}.", name);
    }

    /// <summary>Expanding the tensor gives the shape of the target, which itself is not expanded.</summary>
    /// <param name="tensor">What is to broadcast.</param>
    /// <param name="name">Its name.</param>
    /// <param name="target">The shape to arrive at.</param>
    /// <param name="targetName">Its name.</param>
    /// <param name="lastAxisToo">Whether the last axis may be expanded, too.</param>
    public static void BroadcastsTo(Tensor tensor, string name, Tensor target, string targetName, bool lastAxisToo = true)
    {
        long[] own = tensor.shape, wanted = target.shape;
        var fits = own.Length <= wanted.Length;
        for (var axis = 1; fits && axis <= own.Length; axis++)
            fits = own[^axis] == wanted[^axis] || (own[^axis] == 1 && (axis > 1 || lastAxisToo));
        if (!fits)
            throw new ArgumentException($"{name} has shape {Shape(tensor)}; expected one that broadcasts to that of {targetName}, {Shape(target)}.", name);
    }

    public static double Temperature(double temperature) =>
        temperature > 0 && double.IsFinite(temperature)
            ? temperature
            : throw new ArgumentOutOfRangeException(nameof(temperature), Invariant($"temperature is {temperature}; expected a finite number above 0."));

    /// <summary>A temperature by which numbers of this dtype can be divided.</summary>
    public static void Temperature(double temperature, ScalarType dtype)
    {
        // A hundred nats divided by it are still in the range of the dtype.
        var least = dtype == ScalarType.Float32 ? 1e-36 : 1e-306;
        if (temperature < least)
            throw new ArgumentOutOfRangeException(nameof(temperature), Invariant($"temperature is {temperature}; expected at least {least} for logits of dtype {dtype}."));
    }

    public static int Samples(int samples) => AtLeastOne(samples, nameof(samples));

    public static int Threads(int threads) => AtLeastOne(threads, nameof(threads));

    public static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";

    /// <summary>The text with numbers as everywhere, whatever the current culture.</summary>
    public static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static int AtLeastOne(int number, string name) =>
        number >= 1 ? number : throw new ArgumentOutOfRangeException(name, Invariant($"{name} is {number}; expected at least 1."));
}
