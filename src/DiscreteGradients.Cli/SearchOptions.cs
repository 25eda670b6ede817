using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Cli;

/// <summary>A search that is there, of the commands that read its record.</summary>
internal sealed class SearchOptions
{
    private readonly Argument<DirectoryInfo> folder = new("DIR") { Description = "A search's folder; the search may still run." };
    private readonly Option<string?> data = Data();

    public static Option<string?> Data() => new("--data") { Description = "Where the data of the search are now." };

    public void AddTo(Command command)
    {
        command.Arguments.Add(folder);
        command.Options.Add(data);
    }

    /// <summary>The folder as it was given.</summary>
    public string Given(ParseResult parsed) => $"{parsed.GetValue(folder)}";

    public SearchFolder Open(ParseResult parsed) => SearchFolder.Open(parsed.GetValue(folder)!.FullName, SearchTasks.All, parsed.GetValue(data));
}
