using System.ComponentModel;
using System.Diagnostics;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Cli.Launchers;

/// <summary>A job array whose tasks are workers of one search.</summary>
/// <param name="Time">The limit of a task, as sbatch takes it.</param>
/// <param name="Partition">Null for the cluster's default.</param>
/// <param name="Extra">Further options of sbatch.</param>
internal sealed record SlurmScript(WorkerLine Worker, int Tasks, string Time, int Cpus, string? Partition,
    IReadOnlyList<string> Extra)
{
    private const int WarningSeconds = 60;

    private string Folder => Path.Combine(Worker.Search, "slurm");

    public string Text
    {
        get
        {
            string?[] options =
            [
                "--job-name=dgrad-" + string.Concat(Path.GetFileName(Worker.Search.TrimEnd(Path.DirectorySeparatorChar))
                    .Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' ? c : '-')),
                FormattableString.Invariant($"--array=0-{Tasks - 1}"),
                "--ntasks=1",
                FormattableString.Invariant($"--cpus-per-task={Cpus}"),
                $"--time={Time}",
                Partition is null ? null : $"--partition={Partition}",
                "--requeue",
                "--open-mode=append",
                FormattableString.Invariant($"--signal=B:USR1@{WarningSeconds}"),
                $"--output=\"{Folder.Replace("%", "%%", StringComparison.Ordinal)}/%A_%a.log\"",
                .. Extra,
            ];
            var lines = options.Where(option => option is not null).Select(option => $"#SBATCH {option}\n");
            var command = string.Join(' ', new[] { WorkerLine.Program }.Concat(Worker.Arguments).Select(Quoted));
            return $"""
                #!/bin/bash
                {string.Concat(lines)}
                # A worker takes trials until none is left. USR1 comes before the time limit: the worker writes a checkpoint, and the
                # task goes back to the queue. TERM comes from scancel: it writes a checkpoint and ends.
                {command} &
                worker=$!
                again=0
                trap 'again=1; kill -TERM $worker' USR1
                trap 'kill -TERM $worker' TERM INT
                # A trap ends wait; the worker needs a moment more.
                wait $worker; code=$?
                while kill -0 $worker 2>/dev/null; do wait $worker; code=$?; done
                if [ $again = 1 ] && [ $code != 0 ]; then
                    echo "near the time limit: back to the queue" >&2
                    scontrol requeue "$SLURM_ARRAY_JOB_ID"_"$SLURM_ARRAY_TASK_ID"
                    exit 0
                fi
                exit $code

                """.ReplaceLineEndings("\n");
        }
    }

    /// <summary>Refuses what would end a line of the script, or the quotes in it, and so be read as something else.</summary>
    /// <exception cref="InputException">There is such a thing; it is named.</exception>
    public static void Check(string search, string? partition, IReadOnlyList<string> extra)
    {
        Refuse("--out", search, c => char.IsControl(c) || c is '"' or '\\');
        Refuse("--partition", partition ?? "", c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '"' or '\'' or '\\' or '#');
        foreach (var option in extra) Refuse("--sbatch", option, char.IsControl);
    }

    private static void Refuse(string option, string value, Predicate<char> isBad)
    {
        var bad = Array.FindIndex(value.ToCharArray(), isBad);
        if (bad >= 0) throw new InputException(
            $"{option} is {Quote.Of(value)} with {Quote.Of([value[bad]])} in it, "
            + "which a script of Slurm cannot hold; expected a value without it.");
    }

    /// <summary>Writes the script into the search's folder and hands it to sbatch; the job's number.</summary>
    /// <exception cref="InputException">There is no sbatch, or it refuses.</exception>
    public async Task<string> Submit(CancellationToken cancellation)
    {
        Directory.CreateDirectory(Folder);
        var path = Path.Combine(Folder, "job.sh");
        AtomicFile.Write(path, Text);
        try
        {
            using var sbatch = Process.Start(WorkerLine.Piped("sbatch", "--parsable", path))!;
            var (output, error) =
                (sbatch.StandardOutput.ReadToEndAsync(cancellation), sbatch.StandardError.ReadToEndAsync(cancellation));
            await sbatch.WaitForExitAsync(cancellation).ConfigureAwait(false);
            if (sbatch.ExitCode != 0) throw new InputException(
                $"sbatch refused the job: {(await error.ConfigureAwait(false)).Trim().ReplaceLineEndings("; ")}");
            return (await output.ConfigureAwait(false)).Trim().Split(';')[0];
        }
        catch (Win32Exception e)
        {
            throw new InputException(
                "there is no sbatch on the path; expected to run where Slurm's commands are, or with --launcher local.", e);
        }
    }

    private static string Quoted(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
