using System.CommandLine;
using DiscreteGradients.Experiments.Reports;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Cli.Commands;

/// <summary>dgrad results DIR.</summary>
internal static class ResultsCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "A folder of evaluated run folders." };
        var into = new Option<string?>("--out") { Description = "A Markdown file; standard output by default." };
        var command = new Command("results", "The table of evaluated runs beside the paper's figures, as Markdown.") { folder, into };
        command.SetAction(parsed =>
        {
            var text = ResultsDocument.Markdown(parsed.GetValue(folder)!);
            if (parsed.GetValue(into) is { } path) AtomicFile.Write(path, text);
            else Console.Out.Write(text);
        });
        return command;
    }
}
