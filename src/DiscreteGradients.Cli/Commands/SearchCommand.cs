using System.CommandLine;
using DiscreteGradients.Cli.Launchers;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Cli.Commands;

/// <summary>dgrad search SPEC.</summary>
internal static class SearchCommand
{
    public static Command Create()
    {
        var spec = new Argument<string>("SPEC") { Description = $"A TOML or JSON file, or one of {string.Join(", ", SearchSpec.Shipped)}." };
        var into = new Option<DirectoryInfo>("--out") { Description = "The search's folder; the same search that is there goes on.", Required = true };
        var workers = new Option<int>("--workers") { Description = "Processes at once on this machine.", DefaultValueFactory = _ => Environment.ProcessorCount }.From(1, CommonOptions.MostThreads);
        var threads = new Option<int>("--threads") { Description = "Of each worker; two single-threaded trials are faster than one on two threads.", DefaultValueFactory = _ => 1 }.From(1, CommonOptions.MostThreads);
        var checkpoint = RunOptions.CheckpointSeconds("Seconds between checkpoints of a trial.");
        var launcher = new Option<string>("--launcher") { Description = "local, or slurm: a job array.", DefaultValueFactory = _ => "local" };
        launcher.AcceptOnlyFromAmong("local", "slurm");
        var data = SearchOptions.Data();
        var events = LiveEventsOption.Create();
        var quiet = new Option<bool>("--quiet") { Description = "No progress." };
        var (budget, slurm) = (new BudgetOptions(), new SlurmOptions());
        var command = new Command("search", "Run the trials of a random or grid search: unattended, resumable, on this machine or on a Slurm cluster.")
        {
            spec, into, workers, threads, checkpoint, launcher, data, events, quiet,
        };
        budget.AddTo(command);
        slurm.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var bySlurm = parsed.GetValue(launcher) == "slurm";
            var path = parsed.GetValue(into)!.FullName;
            slurm.Check(parsed, bySlurm, path);
            var source = parsed.GetValue(spec)!;
            var given = budget.Over(parsed, SearchSpec.Read(source)).Validated();
            var search = budget.Given(parsed) ? Create() : SearchSpec.Naming(source, Create);
            search.RunOf(search.Trials[0]).Open();
            Typed.Record(parsed, search.Path);
            var display = new SearchDisplay(search, parsed.GetValue(quiet));
            display.Begin();
            var worker = new WorkerLine(search.Path, parsed.GetValue(threads), parsed.GetValue(checkpoint));
            if (bySlurm) return await slurm.Launch(parsed, search, worker, cancellation).ConfigureAwait(false);
            using var live = events.Follow(parsed, () => search.Trials.Select(trial => (trial.Path, search.PathOf(trial))));
            await new LocalLauncher(search, worker, parsed.GetValue(workers), display).Run(cancellation).ConfigureAwait(false);
            return display.End();

            SearchFolder Create() => SearchFolder.Create(path, SearchFolder.WithData(path, given, SearchTasks.All, parsed.GetValue(data)), SearchTasks.All, cancellation);
        });
        return command;
    }
}
