using System.CommandLine;
using DiscreteGradients.Experiments;

namespace DiscreteGradients.Cli;

/// <summary>The words that somebody may have meant by a word that a command does not know.</summary>
internal static class Suggestion
{
    private const int LeastBeginning = 4;

    // As papers and other programs call it.
    private static readonly Dictionary<string, string> Synonyms = new(StringComparer.Ordinal)
    {
        ["--tau"] = "--temperature",
        ["--lr"] = "--learning-rate",
        ["--wd"] = "--weight-decay",
        ["--bs"] = "--batch-size",
        ["--iterations"] = "--steps",
        ["--iters"] = "--steps",
        ["--categories"] = "--arity",
        ["--method"] = "--estimator",
        ["--dataset"] = "--data",
        ["--model"] = "--architecture",
        ["--output"] = "--out",
        ["--config"] = "--settings",
        ["--jobs"] = "--workers",
        ["-o"] = "--out",
        ["-j"] = "--workers",
        ["-q"] = "--quiet",
    };

    /// <summary>An option of a command: of another name, of which the word is the beginning, or nearly written so.</summary>
    public static string? Option(Command command, string word)
    {
        var names = command.Options.Where(option => !option.Hidden).Select(option => option.Name).OrderBy(name => name.Length).ToList();
        var meant = Synonyms.GetValueOrDefault(word.ToLowerInvariant(), word.ToLowerInvariant());
        var begun = meant.Length >= LeastBeginning ? names.Find(name => name.StartsWith(meant, StringComparison.Ordinal)) : null;
        return begun ?? Spelling.Nearest(word, names);
    }

    /// <summary>A command below another, by its name nearly written so, or further below by its name alone, as in "train vae".</summary>
    public static string? Below(Command command, string word)
    {
        var names = Visible(command).Select(part => part.Name).ToList();
        return Spelling.Nearest(word, names)
            ?? Visible(command).Where(part => Visible(part).Any(inner => inner.Name == word))
                .Select(part => $"{part.Name} {word}").FirstOrDefault();
    }

    private static IEnumerable<Command> Visible(Command command) => command.Subcommands.Where(part => !part.Hidden);
}
