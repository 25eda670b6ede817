using System.CommandLine;
using DiscreteGradients.Cli.Launchers;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Cli.Commands;

/// <summary>The command dgrad search SPEC.</summary>
internal static class SearchCommand
{
    public static Command Create()
    {
        var spec = new Argument<string?>("SPEC")
        {
            Description =
                "A TOML or JSON file, the folder or the search.json of a search that is there, "
                + $"or one of {string.Join(", ", SearchSpec.Shipped)}.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        spec.CompletionSources.Add([.. SearchSpec.Shipped]);
        var into = Options.Of<DirectoryInfo?>("--out",
            "The folder of the search; the same search that is there goes on. Not needed with --resume, or for a search.json.");
        var resume = Options.Of<DirectoryInfo?>("--resume", "Go on with the search of this folder; more trials may be given.");
        var workers = Options.With("--workers", "Worker processes at once on this machine.", Environment.ProcessorCount)
            .From(1, CommonOptions.MostThreads);
        var threads = Options.With("--threads",
            "Threads of each worker; two trials on one thread each are faster than one on two.", 1)
            .From(1, CommonOptions.MostThreads);
        var checkpoint = RunOptions.CheckpointSeconds("Seconds from one checkpoint of a trial to the next.");
        var launcher = Options.With("--launcher", "Where the workers run: on this machine, or as a job array of Slurm.", "local");
        launcher.AcceptOnlyFromAmong("local", "slurm");
        var data = SearchOptions.Data();
        var events = LiveEventsOption.Create();
        var quiet = Options.Of<bool>("--quiet", "Say nothing of progress.");
        var (budget, slurm) = (new BudgetOptions(), new SlurmOptions());
        var command = new Command("search",
            "Run the trials of a random or grid search: unattended, resumable, on this machine or on a Slurm cluster.")
        {
            spec, into, resume, workers, threads, checkpoint, launcher, data, events, quiet,
        };
        budget.AddTo(command);
        slurm.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var bySlurm = parsed.GetValue(launcher) == "slurm";
            var (source, path) = Place(parsed.GetValue(spec), parsed.GetValue(into)?.FullName, parsed.GetValue(resume)?.FullName);
            slurm.Check(parsed, bySlurm, path, workers, events);
            var goesOn = Path.GetFullPath(source) == SearchFolder.SpecPath(path);
            var given = budget.Over(parsed, goesOn ? SearchFolder.Read(path) : SearchSpec.Read(source)).Validated();
            var search = budget.Given(parsed) ? Create() : SearchSpec.Naming(source, Create);
            search.OpenData();
            Typed.Record(parsed, search.Path);
            var display = new SearchDisplay(search, parsed.GetValue(quiet));
            display.Begin();
            var worker = new WorkerLine(search.Path, parsed.GetValue(threads), parsed.GetValue(checkpoint));
            if (bySlurm) return await slurm.Launch(parsed, search, worker, cancellation).ConfigureAwait(false);
            using var live = events.Follow(parsed, () => search.Trials.Select(trial => (trial.Path, search.PathOf(trial))));
            await new LocalLauncher(search, worker, parsed.GetValue(workers), display).Run(cancellation).ConfigureAwait(false);
            return display.End();

            SearchFolder Create()
            {
                // A folder knows where the data of its search are, from wherever it goes on.
                var elsewhere = parsed.GetValue(data);
                return SearchFolder.Create(path, goesOn && elsewhere is null
                    ? given
                    : SearchFolder.WithData(path, given, SearchTasks.All, elsewhere), SearchTasks.All, cancellation);
            }
        });
        return command;
    }

    /// <summary>The file of the search, and its folder.</summary>
    private static (string Source, string Path) Place(string? spec, string? into, string? resumed)
    {
        if (resumed is not null)
        {
            return spec is null && into is null
                ? (SearchFolder.SpecPath(resumed), resumed)
                : throw new InputException("--resume takes the search of its folder; expected no SPEC and no --out beside it.");
        }
        if (spec is null) throw new InputException(
            $"no search is named; expected a file, one of {string.Join(", ", SearchSpec.Shipped)}, or --resume DIR.");
        if (File.Exists(SearchFolder.SpecPath(spec))) spec = SearchFolder.SpecPath(spec);
        if (into is not null) return (spec, into);
        return Path.GetFileName(spec) == SearchFolder.SpecName && File.Exists(spec)
            ? (spec, Path.GetDirectoryName(Path.GetFullPath(spec))!)
            : throw new InputException("--out is missing; expected --out DIR, the folder of the search.");
    }
}
