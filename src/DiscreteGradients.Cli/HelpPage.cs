using System.Collections;
using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;
using System.Text;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Presentation;

namespace DiscreteGradients.Cli;

/// <summary>The page that --help prints of a command: what it does, examples, and its options in groups, each with its values and
/// default.</summary>
internal sealed class HelpPage : SynchronousCommandLineAction
{
    private const int WidthOfAFile = 100, LeastWidth = 60, MostWidth = 120, MostNames = 30;

    private const char Unbroken = '\u00a0';

    // Of a command with few options a group each would be more headings than options.
    private const int FewOptions = 6;

    public override bool ClearsParseErrors => true;

    /// <summary>Puts these pages in the place of those that the parser brings.</summary>
    public static void Serve(RootCommand root)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
            (option.Action, option.Description) = (new HelpPage(), "Show this page.");
        foreach (var option in root.Options.OfType<VersionOption>()) option.Description = "Show the version.";
    }

    public override int Invoke(ParseResult parsed)
    {
        Print(parsed.CommandResult.Command);
        return ExitCode.Success;
    }

    /// <summary>Prints the page of a command on standard output.</summary>
    public static void Print(Command command) =>
        Console.Out.Write(Text(command, Console.IsOutputRedirected
            ? WidthOfAFile : Math.Clamp(Console.WindowWidth, LeastWidth, MostWidth)));

    /// <summary>The page of a command.</summary>
    public static string Text(Command command, int width)
    {
        var (page, path) = (new StringBuilder(), Failure.Path(command));
        Paragraph($"{command.Description}", 0);
        page.AppendLine().AppendLine("Usage:").AppendLine(CultureInfo.InvariantCulture, $"  {Usage(command)}");
        Section(command is RootCommand ? "Begin with:" : "Examples:", Examples.Of(path), beside: false);
        Section("Commands:", command.Subcommands.Where(part => !part.Hidden).Select(part => (part.Name, $"{part.Description}")));
        Section("Arguments:", command.Arguments.Select(argument => (Values(argument), $"{argument.Description}")));
        var options = command.Options.Concat(Inherited(command)).Where(option => !option.Hidden).ToList();
        var groups =
            options.GroupBy(option => options.Count > FewOptions ? OptionGroups.Of(command, option) : OptionGroup.Options)
            .OrderBy(group => group.Key);
        foreach (var group in groups) Section($"{group.Key}:", group.Select(option => (Names(option), Described(option))));
        if (command.Subcommands.Count > 0)
            page.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"More: {path} COMMAND --help");
        return page.ToString();

        void Section(string heading, IEnumerable<(string Name, string Text)> rows, bool beside = true)
        {
            var all = rows.ToList();
            if (all.Count == 0) return;
            page.AppendLine().AppendLine(heading);
            var column = Math.Min(MostNames, all.Max(row => row.Name.Length)) + 4;
            foreach (var (name, text) in all)
            {
                page.Append("  ").Append(name);
                if (!beside || name.Length + 4 > column) page.AppendLine();
                else page.Append(' ', column - 2 - name.Length);
                Paragraph(text, beside ? column : 6, isBegun: beside && name.Length + 4 <= column);
            }
        }

        void Paragraph(string text, int indent, bool isBegun = false)
        {
            var margin = new string(' ', indent);
            var lines = Cells.Wrap(text.Split(' ', StringSplitOptions.RemoveEmptyEntries), " ", width - indent)
                .Select((line, i) => isBegun && i == 0 ? line : margin + line);
            page.AppendLine(string.Join(Environment.NewLine, lines).Replace(Unbroken, ' '));
        }
    }

    /// <summary>The words that an option or argument takes, where they are few; none where any will do.</summary>
    public static IReadOnlyList<string> Choices(Symbol symbol) =>
        symbol is Option { ValueType: var type } && type == typeof(bool) ? []
        : [.. Sources(symbol).SelectMany(source => source(CompletionContext.Empty)).Select(item => item.Label)];

    /// <summary>The default of an option as one would type it; null where there is none.</summary>
    public static string? Default(Option option) => option.HasDefaultValue ? Typed(option.GetDefaultValue()) : null;

    private static List<Func<CompletionContext, IEnumerable<CompletionItem>>> Sources(Symbol symbol) => symbol switch
    {
        Option option => option.CompletionSources,
        Argument argument => argument.CompletionSources,
        _ => [],
    };

    private static IEnumerable<Option> Inherited(Command command) =>
        command.Parents.OfType<Command>()
            .SelectMany(parent => parent.Options.Where(option => option.Recursive).Concat(Inherited(parent)));

    private static string Usage(Command command) => string.Join(' ',
    [
        Failure.Path(command),
        .. command.Subcommands.Count > 0 ? ["COMMAND"] : Array.Empty<string>(),
        .. command.Arguments.Select(argument => argument.Arity switch
        {
            { MaximumNumberOfValues: > 1 } => $"{argument.Name}...",
            { MinimumNumberOfValues: 0 } => $"[{argument.Name}]",
            _ => argument.Name,
        }),
        "[options]",
    ]);

    private static string Names(Option option) =>
        $"{(option is HelpOption ? "-h, " : "")}{option.Name} {Placeholder(option)}".TrimEnd();

    private static string Described(Option option) =>
        Default(option) is { } value
            ? $"{option.Description} [default:{Unbroken}{value.Replace(' ', Unbroken)}]"
            : $"{option.Description}";

    private static string Values(Argument argument) =>
        Choices(argument) is { Count: > 0 and <= 3 } choices ? $"{argument.Name} ({string.Join('|', choices)})" : argument.Name;

    private static string Placeholder(Option option)
    {
        if (option.HelpName is { } own) return own;
        var type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;
        if (type.GetElementType() is { } element) type = element;
        if (type == typeof(bool) || type == typeof(void)) return "";
        if (type == typeof(EstimatorName)) return "NAME";
        if (type == typeof(CommaList<EstimatorName>)) return "NAME,...";
        if (Choices(option) is { Count: > 0 } choices) return string.Join('|', choices);
        if (type == typeof(CommaList<int>)) return "N,...";
        if (type == typeof(CommaList<double>)) return "X,...";
        if (type == typeof(double)) return "X";
        if (type == typeof(int) || type == typeof(ulong)) return "N";
        return type == typeof(DirectoryInfo) ? "DIR" : "FILE";
    }

    private static string? Typed(object? value) => value switch
    {
        null or false or "" => null,
        string text => text,
        Enum member => Words.Typed(member),
        Array { Length: 0 } => null,
        IEnumerable list => string.Join(' ', list.Cast<object>()),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() is { Length: > 0 } text ? text : null,
    };
}
