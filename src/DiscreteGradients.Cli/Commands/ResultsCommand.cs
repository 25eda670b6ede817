using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Paper;

namespace DiscreteGradients.Cli.Commands;

/// <summary>The command dgrad results DIR.</summary>
internal static class ResultsCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "A folder of evaluated runs, searches and figures." };
        var into = Options.Of<string?>("--out", "A Markdown file. By default standard output.");
        var command = new Command("results", "Write up runs, searches and figures beside the paper's numbers, as Markdown.")
        {
            folder, into,
        };
        command.SetAction(parsed =>
        {
            var (root, path) = (Path.TrimEndingDirectorySeparator(parsed.GetValue(folder)!), parsed.GetValue(into));
            var home = Path.GetDirectoryName(Path.GetFullPath(path ?? "stdout"))!;
            var text = ResultsDocument.Markdown(root, Wording.Dgrad, link: Path.GetRelativePath(home, root).Replace('\\', '/'));
            if (path is not null) OutFile.Write(path, text);
            else Console.Out.Write(text);
        });
        return command;
    }
}
