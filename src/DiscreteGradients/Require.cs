using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>The checks that several entry points share; messages name the argument, what it was and what it must be.</summary>
internal static class Require
{
    public static void Logits(Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        if (logits.dim() == 0)
            throw new ArgumentException("logits is a scalar; expected a tensor whose last axis holds the categories.", nameof(logits));
        if (logits.dtype is not (ScalarType.Float32 or ScalarType.Float64))
            throw new ArgumentException($"logits has dtype {logits.dtype}; expected Float32 or Float64.", nameof(logits));
        if (logits.shape[^1] == 0)
            throw new ArgumentException($"logits has shape {Shape(logits)}; expected at least one category in the last axis.", nameof(logits));
    }

    public static void Mask(Tensor mask, Tensor logits)
    {
        if (mask.dtype != ScalarType.Bool)
            throw new ArgumentException($"mask has dtype {mask.dtype}; expected Bool.", nameof(mask));
        SameShape(mask, nameof(mask), logits, "logits");
    }

    public static void SameShape(Tensor tensor, string name, Tensor other, string otherName)
    {
        ArgumentNullException.ThrowIfNull(tensor, name);
        if (!tensor.shape.AsSpan().SequenceEqual(other.shape))
            throw new ArgumentException($"{name} has shape {Shape(tensor)}; expected the shape of {otherName}, {Shape(other)}.", name);
    }

    public static double Temperature(double temperature) =>
        temperature > 0 && double.IsFinite(temperature)
            ? temperature
            : throw new ArgumentOutOfRangeException(nameof(temperature), $"temperature is {temperature}; expected a finite number above 0.");

    public static int Samples(int samples) => AtLeastOne(samples, nameof(samples));

    public static int Threads(int threads) => AtLeastOne(threads, nameof(threads));

    public static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";

    private static int AtLeastOne(int number, string name) =>
        number >= 1 ? number : throw new ArgumentOutOfRangeException(name, $"{name} is {number}; expected at least 1.");
}
