using System.Text.Json.Nodes;

namespace DiscreteGradients.Experiments.Search;

/// <summary>The law of one setting in a random search; exactly one of the three is given.</summary>
internal sealed record RandomParameter
{
    /// <summary>[a, b]: uniform on [a, b).</summary>
    public double[]? Uniform { get; init; }

    /// <summary>[a, b]: uniform on the whole numbers a … b, divided by <see cref="Over"/>.</summary>
    public int[]? Integers { get; init; }

    /// <summary>A divisor rather than a factor: 7/10000 is the number nearest 0.0007, 7 · 0.0001 is not.</summary>
    public double Over { get; init; } = 1;

    /// <summary>Each with the same probability.</summary>
    public JsonNode[]? Choice { get; init; }

    /// <summary>The value for a random word.</summary>
    public JsonNode Draw(ulong word)
    {
        if (Uniform is [var a, var b]) return JsonValue.Create(a + ((b - a) * ((word >> 11) * Math.ScaleB(1, -53))));
        if (Integers is [var first, var last]) return JsonValue.Create((first + Below(last - first + 1)) / Over);
        return Choice![Below(Choice.Length)].DeepClone();
        // The high half of a 64 x 32 bit product: bias below 2^-32.
        int Below(int count) => (int)((UInt128)word * (ulong)count >> 64);
    }

    /// <summary>Checks that there is one law and that it is not empty.</summary>
    /// <exception cref="InputException">Names the setting.</exception>
    public void Validate(string name)
    {
        var laws = (Uniform is null ? 0 : 1) + (Integers is null ? 0 : 1) + (Choice is null ? 0 : 1);
        var good = laws == 1 && (Uniform is null || (Uniform is [var a, var b] && a <= b)) && (Integers is null || (Integers is [var i, var j] && i <= j));
        if (!good || Choice is { Length: 0 } || !double.IsFinite(Over) || Over == 0) throw new InputException($"random.{name} is no law; expected one of uniform = [a, b], integers = [a, b] (over = c) and choice = [...].") { Key = $"random.{name}" };
    }
}
