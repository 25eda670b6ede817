using System.CommandLine;
using System.CommandLine.Parsing;
using System.Numerics;
using System.Reflection;
using DiscreteGradients.Experiments;

namespace DiscreteGradients.Cli;

/// <summary>The words of a command line as values: one way for each type, whatever the culture, with errors of ours.</summary>
internal static class Words
{
    private static readonly MethodInfo BindTyped = ((Delegate)Bind<int>).Method.GetGenericMethodDefinition();

    /// <summary>Makes every option and argument of a command and of those below it read its words here.</summary>
    public static void Read(Command command)
    {
        // Not --help and --version, which have no value.
        foreach (var option in command.Options.Where(option => option.GetType().IsGenericType))
            BindTyped.MakeGenericMethod(option.ValueType).Invoke(null, [option]);
        foreach (var argument in command.Arguments) BindTyped.MakeGenericMethod(argument.ValueType).Invoke(null, [argument]);
        foreach (var part in command.Subcommands) Read(part);
    }

    /// <summary>Gives the same option, whose number must be in a range.</summary>
    public static Option<T> From<T>(this Option<T> option, T least, T? most = null)
        where T : struct, INumber<T>, IMinMaxValue<T> =>
        option.By(word => NumberText.Read(option.Name, word, least, most ?? T.MaxValue));

    /// <inheritdoc cref="From{T}(Option{T}, T, T?)"/>
    public static Option<T?> From<T>(this Option<T?> option, T least, T? most = null)
        where T : struct, INumber<T>, IMinMaxValue<T> =>
        option.By(word => (T?)NumberText.Read(option.Name, word, least, most ?? T.MaxValue));

    /// <summary>Gives the same option, whose word is read in a way of its own.</summary>
    public static Option<T> By<T>(this Option<T> option, Func<string, T> read)
    {
        option.CustomParser = result => Take(result, words => read(words[^1].Value));
        return option;
    }

    private static void Bind<T>(Symbol symbol)
    {
        if (symbol is Option<T> option)
        {
            option.CustomParser ??= result => Take(result, words => (T)Of(typeof(T), option.Name, words));
            if (Choices(Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T)) is not { } choices) return;
            option.CompletionSources.Clear();
            option.CompletionSources.Add(choices);
        }
        if (symbol is Argument<T> argument)
            argument.CustomParser ??= result => Take(result, words => (T)Of(typeof(T), argument.Name, words));
    }

    private static T? Take<T>(ArgumentResult result, Func<IReadOnlyList<Token>, T> read)
    {
        try
        {
            if (typeof(T) == typeof(bool) && result.Tokens.Count == 0) return (T)(object)true;   // a flag
            return read(result.Tokens);
        }
        catch (InputException e)
        {
            result.AddError(e.Message);
            return default;
        }
    }

    private static object Of(Type type, string name, IReadOnlyList<Token> tokens)
    {
        if (type.GetElementType() is not { } element) return One(type, name, tokens[^1].Value);
        var values = Array.CreateInstance(element, tokens.Count);
        for (var i = 0; i < tokens.Count; i++) values.SetValue(One(element, name, tokens[i].Value), i);
        return values;
    }

    private static object One(Type type, string name, string word)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(int)) return NumberText.Read<int>(name, word);
        if (type == typeof(ulong)) return NumberText.Read<ulong>(name, word);
        if (type == typeof(double)) return NumberText.Read<double>(name, word);
        if (type == typeof(CommaList<int>)) return new CommaList<int>(NumberText.ReadList<int>(name, word));
        if (type == typeof(CommaList<double>)) return new CommaList<double>(NumberText.ReadList<double>(name, word));
        if (type == typeof(bool)) return bool.TryParse(word, out var flag) ? flag : throw Wrong(name, word, "true or false");
        if (type.IsEnum) return Choice(type, name, word);
        if (word.Length == 0) throw new InputException(
            $"{name} is empty; expected {(type == typeof(FileInfo) || type == typeof(DirectoryInfo) ? "a path" : "a text")}.");
        if (type == typeof(EstimatorName)) return EstimatorSpelling.Read(word).Offered();
        if (type == typeof(CommaList<EstimatorName>)) return new CommaList<EstimatorName>(EstimatorName.ParseList(word));
        if (type == typeof(FileInfo)) return new FileInfo(word);
        if (type == typeof(DirectoryInfo)) return new DirectoryInfo(word);
        return word;
    }

    private static object Choice(Type type, string name, string word)
    {
        var names = Enum.GetNames(type);
        var found = Array.FindIndex(names,
            one => string.Equals(one, word.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase));
        return found >= 0 ? Enum.Parse(type, names[found]) : throw Wrong(name, word, Listed([.. names.Select(Hyphenated)]));
    }

    private static string[]? Choices(Type type) => type.IsEnum ? [.. Enum.GetNames(type).Select(Hyphenated)]
        : type == typeof(EstimatorName) || type == typeof(CommaList<EstimatorName>) ? [.. EstimatorSpelling.Names]
        : null;

    private static string Hyphenated(string name) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(name);

    /// <summary>A member of an enumeration as one types it.</summary>
    public static string Typed(Enum member) => Hyphenated($"{member}");

    /// <summary>Lists names as in "deep, tanh or linear".</summary>
    public static string Listed(IReadOnlyList<string> names) =>
        names.Count > 1 ? $"{string.Join(", ", names.SkipLast(1))} or {names[^1]}" : names[0];

    private static InputException Wrong(string name, string word, string expected) =>
        new($"{name} is {Quote.Of(word)}; expected {expected}.");
}

/// <summary>Values of one option, separated by commas.</summary>
internal sealed record CommaList<T>(params IReadOnlyList<T> Values)
{
    public override string ToString() => NumberText.List(Values);
}
