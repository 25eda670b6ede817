using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Reports;

/// <summary>The page of a run, of several runs, of a search, of a comparison or of a study of gradients, from their
/// folders.</summary>
internal static class Report
{
    /// <summary>Makes the page.</summary>
    /// <param name="elsewhere">Where the data are now; null for where the settings say.</param>
    /// <exception cref="InputException">A folder is none of these, or several are not all runs.</exception>
    public static string Page(IReadOnlyList<string> paths, string? elsewhere = null)
    {
        if (paths.FirstOrDefault(path => !Directory.Exists(path)) is { } missing)
            throw new InputException($"{missing} is no folder.");
        if (paths.Count > 1)
        {
            return paths.FirstOrDefault(path => !RunRecord.Is(path)) is { } other
                ? throw new InputException($"{other} is no run folder; expected runs alone where there are several.")
                : RunReport.Page(paths, elsewhere);
        }
        var path = paths[0];
        if (File.Exists(Path.Combine(path, SearchFolder.SpecName)))
            return SearchReport.Page(SearchFolder.Open(path, SearchTasks.All, elsewhere));
        if (VaeComparison.Is(path)) return ComparisonReport.Page(path, elsewhere);
        if (RunRecord.Is(path)) return RunReport.Page(paths, elsewhere);
        return GradientReport.Studies(path) is { Count: > 0 } studies
            ? GradientReport.Page(path, studies)
            : throw new InputException(
                $"{path} holds nothing to report of; expected the folder of a run, "
                + "a search, or a comparison or study of gradients that has ended.");
    }

    /// <summary>Adds how a folder was made: its settings, and the commands with their dates and versions.</summary>
    /// <param name="of">The run that it is of, where there are several.</param>
    internal static HtmlReport Origin(this HtmlReport report, string path, IEnumerable<(string Name, string? Value)> settings,
        string? of = null)
    {
        var whose = of is null ? "" : $" of {of}";
        report.Heading($"Settings{whose}").Facts(settings.Append(("folder", path)));
        var commands = CommandRecord.Read(path);
        if (commands.Count == 0) return report;
        return report.Heading($"Commands{whose}")
            .Facts(commands.Select(
            one => (Invariant($"{one.Utc:yyyy-MM-dd HH:mm} UTC"), (string?)$"{one.Command} (program {one.Version})")));
    }

    /// <summary>A document as names and values.</summary>
    internal static IEnumerable<(string Name, string? Value)> Facts(System.Text.Json.Nodes.JsonObject document) =>
        document.Select(pair => (pair.Key, pair.Value?.ToString()));
}
