using System.CommandLine;
using DiscreteGradients.Experiments.Export;

namespace DiscreteGradients.Cli;

/// <summary>The option --tensorboard.</summary>
internal static class LiveEventsOption
{
    public static Option<DirectoryInfo?> Create() => Options.Of<DirectoryInfo?>("--tensorboard",
        "Write the metrics to event files of TensorBoard in this folder, as the training goes on.");

    /// <summary>Follows runs until it is disposed of; null where the option is not given.</summary>
    /// <param name="runs">The runs with the names of their event folders.</param>
    public static LiveEvents? Follow(this Option<DirectoryInfo?> option, ParseResult parsed,
        Func<IEnumerable<(string Name, string Folder)>> runs) =>
        parsed.GetValue(option) is { } folder ? new(folder.FullName, runs) : null;
}
