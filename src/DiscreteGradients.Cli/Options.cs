using System.CommandLine;

namespace DiscreteGradients.Cli;

/// <summary>Options of a name, of what they mean and, if they have one, of a default.</summary>
internal static class Options
{
    /// <summary>Makes an option without a default.</summary>
    /// <param name="word">What help calls its value; null for what its type says.</param>
    public static Option<T> Of<T>(string name, string description, string? word = null) =>
        new(name) { Description = description, HelpName = word };

    /// <summary>Makes an option with a default.</summary>
    /// <param name="word">What help calls its value; null for what its type says.</param>
    public static Option<T> With<T>(string name, string description, T value, string? word = null) =>
        new(name) { Description = description, HelpName = word, DefaultValueFactory = _ => value };
}
