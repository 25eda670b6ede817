using System.CommandLine;
using DiscreteGradients.Experiments;

namespace DiscreteGradients.Cli;

/// <summary>The words that somebody may have meant by a word that a command does not know.</summary>
internal static class Suggestion
{
    /// <summary>An option of a command: of another name, of which the word is the beginning, or nearly written so.</summary>
    public static string? Option(Command command, string word) =>
        Spelling.Setting(word, command.Options.Where(option => !option.Hidden)
            .Select(option => option.Name.TrimStart('-'))) is { } name ? $"--{name}" : null;

    /// <summary>A command below another, by its name nearly written so, or further below by its name alone, as in "train
    /// vae".</summary>
    public static string? Below(Command command, string word)
    {
        var names = Visible(command).Select(part => part.Name).ToList();
        return Spelling.Nearest(word, names)
            ?? Visible(command).Where(part => Visible(part).Any(inner => inner.Name == word))
                .Select(part => $"{part.Name} {word}").FirstOrDefault();
    }

    private static IEnumerable<Command> Visible(Command command) => command.Subcommands.Where(part => !part.Hidden);
}
