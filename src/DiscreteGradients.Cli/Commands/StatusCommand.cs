using System.CommandLine;
using System.Text.Json;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;
using Spectre.Console;

namespace DiscreteGradients.Cli.Commands;

/// <summary>dgrad status DIR.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var search = new SearchOptions();
        var json = new Option<bool>("--json") { Description = "Print the state as one JSON line." };
        var command = new Command("status", "Show how far a search is: its cells, its workers, the time left. At any time, from any process.") { json };
        search.AddTo(command);
        command.SetAction(parsed =>
        {
            var summary = SearchSummary.Of(search.Open(parsed));
            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(JsonSerializer.Serialize(summary, JsonText.Line));
                return;
            }
            var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
            if (Console.IsOutputRedirected) console.Profile.Width = 200;
            console.Write(SearchDisplay.Table(summary));
            Console.Out.WriteLine(SearchDisplay.Sentence(summary));
            foreach (var worker in summary.Workers)
            {
                var job = worker.Job is null ? "" : $" (job {worker.Job})";
                var doing = worker.Trial is null ? "between trials" : FormattableString.Invariant($"{worker.Trial}: {(worker.Activity is { } activity ? JsonText.Word(activity) : "")} {worker.Done:F0} of {worker.All:F0}");
                Console.Out.WriteLine(Quote.Visible($"{worker.Host}{job}: {doing}"));
            }
            foreach (var (trial, reason) in summary.Failures) Console.Out.WriteLine(Quote.Visible($"failed: {trial}: {reason}"));
        });
        return command;
    }
}
