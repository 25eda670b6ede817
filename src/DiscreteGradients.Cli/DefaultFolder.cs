using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Cli;

/// <summary>The folder of what a command makes where none is named: below runs/, with the settings that are not the defaults
/// in its name, and a number where that holds something else.</summary>
internal static partial class DefaultFolder
{
    private const string ChecksumKey = "data-checksum", DataKey = "data";
    private const int MostCharacters = 120, Digits = 8;

    /// <summary>A name that says what distinguishes settings, as in "compare-temperature-0.3".</summary>
    /// <param name="prefix">What it is of.</param>
    /// <param name="but">Settings that the name does not tell.</param>
    public static string Name<TSettings>(string prefix, TSettings settings, TSettings defaults, params IReadOnlyList<string> but)
        where TSettings : class
    {
        var parts = SettingDifference.Between(Document(defaults), Document(settings), [ChecksumKey, .. but])
            .Select(difference =>
                $"{difference.Key}-{(difference.Key == DataKey ? LastName(difference.Here) : difference.Here)}");
        var name = Odd().Replace(string.Join('-', parts.Prepend(prefix)), "-").TrimEnd('-', '.');
        if (name.Length <= MostCharacters) return name;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        return $"{name[..(MostCharacters - Digits - 1)]}-{hash[..Digits]}";
    }

    /// <summary>The first of FOLDER, FOLDER-2, FOLDER-3, ... that is free for it, or holds it already.</summary>
    /// <param name="refusal">Why a folder cannot have it; null where it can.</param>
    public static string Free(string folder, Func<string, object?> refusal)
    {
        var path = Path.GetFullPath(folder);
        for (var number = 2; refusal(path) is not null; number++)
            path = Path.GetFullPath(FormattableString.Invariant($"{folder}-{number}"));
        return path;
    }

    private static string LastName(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(path));

    private static JsonObject Document<T>(T settings) => JsonSerializer.SerializeToNode(settings, JsonText.Line)!.AsObject();

    [GeneratedRegex("[^A-Za-z0-9.+_-]+")]
    private static partial Regex Odd();
}
