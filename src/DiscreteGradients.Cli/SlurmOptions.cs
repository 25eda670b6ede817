using System.CommandLine;
using System.Globalization;
using DiscreteGradients.Cli.Launchers;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Cli;

/// <summary>The options of --launcher slurm.</summary>
internal sealed class SlurmOptions
{
    private readonly Option<int?> arraySize = Options.Of<int?>("--array-size",
        "Tasks of the Slurm array, each a worker. By default one for each trial, at most 32.").From(1);
    private readonly Option<string?> time = Options.Of<string?>("--time",
        "Time limit of a Slurm task, as sbatch takes it; a task that reaches it goes on in a new turn. By default 1-00:00:00.",
        "LIMIT");
    private readonly Option<string?> partition = Options.Of<string?>("--partition", "Slurm partition to run in.", "NAME");
    private readonly Option<int?> cpus = Options.Of<int?>("--cpus", "CPUs of a Slurm task. By default --threads.").From(1);
    private readonly Option<string[]> extra = Options.Of<string[]>("--sbatch",
        "A further option of sbatch, as in --sbatch=--mem=4G; may be given several times.", "OPTION");
    private readonly Option<bool> dryRun = Options.Of<bool>("--dry-run", "Print the Slurm script and submit nothing.");

    private IReadOnlyList<Option> All => [arraySize, time, partition, cpus, extra, dryRun];

    public void AddTo(Command command)
    {
        foreach (var option in All) command.Options.Add(option);
    }

    /// <param name="local">The options that have an effect without Slurm alone.</param>
    /// <exception cref="InputException">They are given without Slurm, or those others with it, or out of range.</exception>
    public void Check(ParseResult parsed, bool bySlurm, string search, params IReadOnlyList<Option> local)
    {
        if ((bySlurm ? local : All).FirstOrDefault(parsed.IsGiven) is { } given)
            throw new InputException($"{given.Name} goes with --launcher {(bySlurm ? "local" : "slurm")}.");
        if (parsed.GetValue(time) is { } limit
            && (limit.Length == 0 || limit.Any(c => !char.IsAsciiDigit(c) && c is not (':' or '-'))))
            throw new InputException(
                $"--time is '{limit}'; expected a limit as sbatch takes it: minutes, hours:minutes:seconds or days-hours.");
        if (bySlurm) SlurmScript.Check(search, parsed.GetValue(partition), parsed.GetValue(extra) ?? []);
    }

    public async Task<int> Launch(ParseResult parsed, SearchFolder search, WorkerLine worker, CancellationToken cancellation)
    {
        var script = new SlurmScript(worker, parsed.GetValue(arraySize) ?? Math.Min(search.Trials.Count, 32),
            parsed.GetValue(time) ?? "1-00:00:00", parsed.GetValue(cpus) ?? worker.Threads, parsed.GetValue(partition),
            parsed.GetValue(extra) ?? []);
        if (parsed.GetValue(dryRun))
        {
            await Console.Out.WriteAsync(script.Text).ConfigureAwait(false);
            return ExitCode.Success;
        }
        var job = await script.Submit(cancellation).ConfigureAwait(false);
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"job {job}: {script.Tasks} tasks; dgrad status {Quote.Word(search.Path)} shows the trials, squeue -j {job} the tasks, scancel {job} stops them"));
        return ExitCode.Success;
    }
}
