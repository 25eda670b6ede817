using System.Globalization;
using System.Numerics;

namespace DiscreteGradients.Experiments;

/// <summary>The one reader of numbers that a person writes: digits and a point, no separators of thousands, finite. It is
/// the same under every culture.</summary>
internal static class NumberText
{
    /// <summary>Reads one number of a type with a sign, a point and an exponent where the type has them.</summary>
    /// <param name="name">What the number is, for the message.</param>
    /// <exception cref="InputException">It is no such number.</exception>
    public static T Read<T>(string name, string text)
        where T : struct, INumber<T>, IMinMaxValue<T> =>
        Find<T>(text) ?? throw new InputException($"{name} is {Quote.Of(text)}; expected {Expected<T>(text)}.", name);

    /// <summary>Reads one number within bounds, which are part of what is allowed.</summary>
    /// <exception cref="InputException">It is no such number.</exception>
    public static T Read<T>(string name, string text, T least, T most)
        where T : struct, INumber<T>, IMinMaxValue<T>
    {
        var value = Read<T>(name, text);
        InputException.Require(value >= least && value <= most, name, text, Range(least, most));
        return value;
    }

    /// <summary>Reads numbers separated by commas; none in an empty text.</summary>
    /// <exception cref="InputException">One is no such number, or is missing between two commas.</exception>
    public static IReadOnlyList<T> ReadList<T>(string name, string text)
        where T : struct, INumber<T>, IMinMaxValue<T>
    {
        var parts = text.Length == 0 ? [] : text.Split(',', StringSplitOptions.TrimEntries);
        // "1,000" and "0,05" are one number to those who wrote them.
        var wrong = Array.FindIndex(parts, part => Find<T>(part) is null || part.Length > 1 && part[0] == '0'
            && char.IsAsciiDigit(part[1]));
        if (wrong < 0) return [.. parts.Select(part => Find<T>(part)!.Value)];
        var kind = IsWhole<T>() ? "whole numbers separated by commas, as in 2,1000"
            : "numbers separated by commas, with a decimal point, as in 0.5,1";
        throw new InputException($"{name} is {Quote.Of(text)}, of which {Quote.Of(parts[wrong])} is no number; expected {kind}.",
            name);
    }

    /// <summary>Numbers as <see cref="ReadList{T}"/> reads them.</summary>
    public static string List<T>(IEnumerable<T> numbers) => string.Join(',', numbers.Select(number => Invariant($"{number}")));

    private static T? Find<T>(string text)
        where T : struct, INumber<T> =>
        T.TryParse(text, Styles<T>(), CultureInfo.InvariantCulture, out var value) && T.IsFinite(value) ? value : null;

    private static string Expected<T>(string text)
        where T : struct, INumber<T>, IMinMaxValue<T>
    {
        if (text.Contains(',')) return IsWhole<T>()
            ? "a whole number without commas, as in 1000"
            : "a number with a decimal point, not a comma, as in 0.5";
        if (!IsWhole<T>()) return "a finite number, as in 0.5";
        return BigInteger.TryParse(text, Styles<T>(), CultureInfo.InvariantCulture, out _)
            ? string.Create(CultureInfo.InvariantCulture, $"a whole number from {T.MinValue} to {T.MaxValue}")
            : "a whole number in digits alone, as in 1000";
    }

    private static string Range<T>(T least, T most)
        where T : struct, INumber<T>, IMinMaxValue<T>
    {
        var kind = IsWhole<T>() ? "a whole number" : "a number";
        return Invariant(most == T.MaxValue
            ? (FormattableString)$"{kind} of at least {least}"
            : $"{kind} from {least} to {most}");
    }

    private static bool IsWhole<T>() => typeof(T) != typeof(double);

    private static NumberStyles Styles<T>() => IsWhole<T>()
        ? NumberStyles.AllowLeadingSign
        : NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
}
