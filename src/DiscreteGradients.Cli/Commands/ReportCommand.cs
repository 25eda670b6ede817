using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Reports;
using TorchSharp;

namespace DiscreteGradients.Cli.Commands;

/// <summary>The command dgrad report PATH…</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var paths = new Argument<DirectoryInfo[]>("PATH")
        {
            Description =
                "The folder of a run, a search, a comparison or a study of gradients; or of several runs, which are shown side by side.",
            Arity = ArgumentArity.OneOrMore,
        };
        var into = Options.Of<FileInfo?>("--out", "The page. Default: report.html in the folder; of several runs there is none.");
        var data = Options.Of<string?>("--data", "Where the data are now.");
        var command = new Command("report",
            "A page of what one has made: what it shows, curves with their values, settings, commands. It needs no other file.")
        {
            paths, into, data,
        };
        command.SetAction(parsed =>
        {
            torch.set_num_threads(1);
            var folders = parsed.GetValue(paths)!.Select(folder => folder.FullName).Distinct(StringComparer.Ordinal).ToList();
            var path = parsed.GetValue(into)?.FullName
                ?? (folders.Count == 1 ? Path.Combine(folders[0], "report.html")
                    : throw new InputException("several runs have no folder for their report; expected --out FILE."));
            OutFile.Write(path, Report.Page(folders, parsed.GetValue(data)));
            Console.Out.WriteLine(Quote.Visible(path));
        });
        return command;
    }
}
