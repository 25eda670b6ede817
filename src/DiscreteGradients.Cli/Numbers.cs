using System.CommandLine;
using System.Globalization;
using DiscreteGradients.Experiments;

namespace DiscreteGradients.Cli;

/// <summary>Lists of numbers on the command line, separated by commas.</summary>
internal static class Numbers
{
    public static IReadOnlyList<double> Of(ParseResult parsed, Option<string> option) => Parse(option, parsed.GetValue(option)!, double.Parse);

    public static IReadOnlyList<int> WholeOf(ParseResult parsed, Option<string> option) => Parse(option, parsed.GetValue(option)!, int.Parse);

    private static List<T> Parse<T>(Option<string> option, string text, Func<string, IFormatProvider, T> parse)
    {
        try
        {
            return text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(part => parse(part, CultureInfo.InvariantCulture)).ToList();
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new InputException($"{option.Name} is '{text}'; expected numbers separated by commas.", e);
        }
    }
}
