using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Paper;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Cli.Commands;

/// <summary>The commands dgrad figure 2c and 4, which draw from the record of a search.</summary>
internal static class SearchFigureCommand
{
    public static Command Convergence()
    {
        var thresholds = Options.With("--thresholds",
            "Thresholds in nats, separated by commas. By default some that suit the runs, for each arity.",
            new CommaList<double>());
        var command = Create("2c",
            "Draw the iterations until the validation objective falls to a threshold, "
            + "by estimator: the mean over the runs of a search that reach it (Figure 2c).",
            new SearchOptions(),
            (parsed, searches, path) =>
            {
                var search = searches.Single();
                ConvergenceFigure.Make(search, parsed.GetValue(thresholds)!.Values, path);
                if (search.Spec.Random.Count > 0) Console.Out.WriteLine(
                    $"the trials differ in {string.Join(", ", search.Spec.Random.Keys)}: these are not runs at equal settings");
            });
        command.Options.Add(thresholds);
        return command;
    }

    public static Command BatchSize() => Create("4",
        "Draw the test bound of the best trial of a search against the batch size, "
        + "by estimator, and against K at batch size 20 (Figure 4).",
        new SearchOptions(several: true),
        (_, searches, path) =>
        {
            BatchSizeFigure.Make(searches, path);
            var protocols = searches.Select(search => search.Task.Protocol(search.Spec));
            foreach (var protocol in protocols.Distinct(StringComparer.Ordinal)) Console.Out.WriteLine(protocol);
        });

    private static Command Create(string name, string description, SearchOptions options,
        Action<ParseResult, IReadOnlyList<SearchFolder>, string> draw)
    {
        var into = FigureCommand.Out();
        into.Description = "The folder of the files. By default that of the search, of several the first.";
        var command = new Command(name, description) { into };
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            var searches = options.OpenAll(parsed);
            var path = FolderFile.MakeNamed(parsed.GetValue(into)?.FullName ?? searches[0].Path);
            FigureCommand.Draw(Console.Error.WriteLine, path, name, () => draw(parsed, searches, path));
            var states = searches.SelectMany(SearchIndex.Load).ToList();
            if (states.Count(state => state.Record is null) is > 0 and var missing)
                Console.Out.WriteLine($"{missing} of {states.Count} trials have not ended");
            var given = options.Given(parsed).Select(Path.TrimEndingDirectorySeparator)
                .Select(folder => Path.IsPathRooted(folder) ? Path.GetFileName(folder) : folder);
            Console.Out.WriteLine(FigureCommand.Done(parsed, path, name, given));
        });
        return command;
    }
}
