using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.Paper;
using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Cli.Commands;

/// <summary>The command dgrad table 1|2|3 DIR.</summary>
internal static class TableCommand
{
    public static Command Create()
    {
        var number = new Argument<string>("TABLE") { Description = "The table of the paper." };
        number.AcceptOnlyFromAmong("1", "2", "3");
        var options = new SearchOptions();
        var format = Options.With("--format", "The form of the table.", "md");
        format.AcceptOnlyFromAmong("md", "csv", "html");
        var columns = Options.Of<string>("--columns",
            "Few columns, or all: the settings of the best trial and the counts too. By default few, and of csv all.");
        columns.AcceptOnlyFromAmong("few", "all");
        var missing = Options.Of<bool>("--not-run", "With the cells of the paper's table that were not run.");
        var into = Options.Of<FileInfo?>("--out", "A file. By default standard output.");
        var command = new Command("table", "Print a table of the paper from the record of a search, ours beside the paper's.")
        {
            number, format, columns, missing, into,
        };
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            var search = options.Open(parsed);
            var onlyRun = !parsed.GetValue(missing);
            var table = parsed.GetValue(number) switch
            {
                "1" => Table1(search, onlyRun),
                "2" => SearchTable.Make(search, 2, onlyRun),
                _ => SearchTable.Make(search, 3, onlyRun),
            };
            if ((parsed.GetValue(columns) ?? (parsed.GetValue(format) == "csv" ? "all" : "few")) == "few") table = table.Short();
            var text = Text(table, parsed.GetValue(format)!);
            if (parsed.GetValue(into) is { } path) OutFile.Write(path.FullName, text);
            else Console.Out.Write(text);
        });
        return command;
    }

    private static string Text(Table table, string format) => format switch
    {
        "csv" => table.Csv(),
        "html" => table.Page(),
        _ => table.MarkdownPage(),
    };

    private static Table Table1(SearchFolder search, bool onlyRun) => search.Task is ListOpsTrials
        ? ListOpsTable.Make(Path.Combine(search.Path, "trials"), onlyRun)
        : throw new InputException($"{search.Path} is a search of {search.Spec.Task}; Table 1 is of listops.");
}
