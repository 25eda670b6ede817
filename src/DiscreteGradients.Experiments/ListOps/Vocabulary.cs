namespace DiscreteGradients.Experiments.ListOps;

/// <summary>The fifteen tokens of ListOps, in a fixed order: the digits 0 to 9 as themselves, then [MIN, [MAX, [MED, [SM,
/// ].</summary>
internal static class Vocabulary
{
    public const int Count = 15;

    /// <summary>Digits, and so labels.</summary>
    public const int Digits = 10;

    /// <summary>The token that ends the arguments of an operator.</summary>
    public const byte Close = 14;

    private static readonly string[] Texts =
        ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "[MIN", "[MAX", "[MED", "[SM", "]"];

    /// <summary>The token as files write it.</summary>
    public static string Text(byte token) => Texts[token];

    /// <summary>The number of a token; null where there is no such token.</summary>
    public static byte? Find(ReadOnlySpan<char> text)
    {
        for (byte token = 0; token < Count; token++)
        {
            if (text.SequenceEqual(Texts[token])) return token;
        }
        return null;
    }

    /// <summary>Tells whether the token opens an operator's arguments.</summary>
    public static bool IsOperator(byte token) => token is >= Digits and < Close;

    /// <summary>The value of an operator: the least, the largest, the whole part of the median, the sum modulo 10.</summary>
    /// <param name="arguments">At least one, each 0 to 9; sorted on return.</param>
    public static byte Apply(byte token, Span<byte> arguments)
    {
        arguments.Sort();
        var middle = arguments.Length / 2;
        return token switch
        {
            10 => arguments[0],
            11 => arguments[^1],
            12 => arguments.Length % 2 == 1 ? arguments[middle] : (byte)((arguments[middle - 1] + arguments[middle]) / 2),
            _ => Sum(arguments),
        };
    }

    private static byte Sum(ReadOnlySpan<byte> arguments)
    {
        var sum = 0;
        foreach (var argument in arguments) sum += argument;
        return (byte)(sum % Digits);
    }
}
