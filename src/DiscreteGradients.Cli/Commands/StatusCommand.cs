using System.CommandLine;
using System.Text.Json;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Cli.Commands;

/// <summary>The command dgrad status DIR.</summary>
internal static class StatusCommand
{
    private const int WidestFile = 200;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    public static Command Create()
    {
        var search = new SearchOptions();
        var json = Options.Of<bool>("--json", "Print the state as one JSON line.");
        var watch = Options.Of<bool>("--watch", "Stay until the search is done, and show it as it goes on.");
        var command = new Command("status",
            "Show how far a search is: its cells, its workers, the time left. At any time, from any process.")
        {
            json, watch,
        };
        search.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var folder = search.Open(parsed);
            var frame = LiveFrame.Of(Console.Out, Console.IsOutputRedirected);
            if (parsed.GetValue(watch))
            {
                if (parsed.GetValue(json))
                    throw new InputException("--watch is for people, --json for programs; expected one of them.");
                return await Watch(folder, frame, cancellation).ConfigureAwait(false);
            }
            var summary = SearchSummary.Of(folder);
            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(JsonSerializer.Serialize(summary, JsonText.Line));
                return ExitCode.Success;
            }
            var (width, height) = frame?.Room ?? (WidestFile, int.MaxValue);
            foreach (var line in SearchScreen.Lines(summary, width, height)) Console.Out.WriteLine(line);
            return ExitCode.Success;
        });
        return command;
    }

    private static async Task<int> Watch(SearchFolder folder, LiveFrame? frame, CancellationToken cancellation)
    {
        var (display, agenda) = (new SearchDisplay(folder, quiet: false) { To = Console.Out, Frame = frame }, new Agenda(folder));
        while (!agenda.IsDone)
        {
            display.Refresh();
            await Task.Delay(Poll, cancellation).ConfigureAwait(false);
        }
        return display.End();
    }
}
