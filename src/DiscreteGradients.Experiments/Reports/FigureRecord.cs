using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Reports;

/// <summary>How a figure was made; lies beside its picture and its data.</summary>
/// <param name="Name">As the paper numbers it, for example 2a.</param>
/// <param name="Command">The command without what does not change its numbers.</param>
/// <param name="Version">Of the program, with the commit.</param>
public sealed record FigureRecord(string Name, string Command, string Version)
{
    /// <summary>Writes figure-NAME.json.</summary>
    public static void Write(string folder, string name, string command) =>
        RunFolder.WriteJson(folder, $"figure-{name}.json", new FigureRecord(name, command, ProgramVersion.Text));
}
