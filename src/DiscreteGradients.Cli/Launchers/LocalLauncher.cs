using System.Diagnostics;
using System.Globalization;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Cli.Launchers;

/// <summary>Starts the workers of a search as processes of this machine, and again where they end before the work does.
/// They stop when their standard input closes: with this process, however it ends.</summary>
internal sealed class LocalLauncher(SearchFolder search, WorkerLine line, int workers, SearchDisplay display)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200), Settled = TimeSpan.FromSeconds(20),
        LastWord = TimeSpan.FromMinutes(1);
    private const int MostEarlyEnds = 5;
    private readonly List<Child> children = [];
    private readonly Agenda agenda = new(search);
    private int earlyEnds;

    /// <summary>Runs until nothing is left.</summary>
    /// <exception cref="InputException">A worker found something wrong that is not its trial's fault.</exception>
    /// <exception cref="IOException">The machine is at fault, as where the disk is full.</exception>
    /// <exception cref="OperationCanceledException">Stopped; the workers have left their checkpoints.</exception>
    public async Task Run(CancellationToken cancellation)
    {
        if (agenda.IsDone) return;
        try
        {
            for (var i = 0; i < workers; i++) children.Add(new(line));
            while (children.Count > 0)
            {
                foreach (var child in children.Where(child => child.HasExited).ToList()) Replace(child);
                display.Refresh();
                await Task.Delay(Poll, cancellation).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            display.Line($"stopped; go on with: dgrad search --resume {Quote.Word(search.Path)}");
            throw;
        }
        finally
        {
            foreach (var child in children) child.Stop(LastWord);
        }
    }

    private void Replace(Child child)
    {
        children.Remove(child);
        var (code, words, lived) = (child.ExitCode, child.LastWords, child.Age);
        child.Dispose();
        if (code == ExitCode.Success) return;
        var said = words.StartsWith("dgrad: ", StringComparison.Ordinal) ? words["dgrad: ".Length..] : words;
        if (code == ExitCode.BadInput) throw new InputException(said);
        if (code == ExitCode.Failed) throw new IOException(said);
        earlyEnds = lived < Settled ? earlyEnds + 1 : 0;
        display.Line($"a worker ended with code {code}{(words.Length > 0 ? ": " + words : "")}; another takes its place");
        if (earlyEnds >= MostEarlyEnds * workers) throw new IOException(
            $"workers end as soon as they start, the last with code {code}{(words.Length > 0 ? ": " + words : "")}.");
        if (!agenda.IsDone) children.Add(new(line));
    }

    private sealed class Child : Process
    {
        private readonly Stopwatch clock = Stopwatch.StartNew();
        private volatile string lastWords = "";

        public Child(WorkerLine line)
        {
            StartInfo = WorkerLine.Piped(WorkerLine.Program, [.. line.Arguments, "--until-input-ends"]);
            StartInfo.RedirectStandardInput = true;
            ErrorDataReceived += (_, line) => lastWords = line.Data is { Length: > 0 } text ? text : lastWords;
            Start();
            BeginErrorReadLine();
            BeginOutputReadLine();
        }

        public TimeSpan Age => clock.Elapsed;

        /// <summary>The last line on its standard error, of a child that has ended.</summary>
        public string LastWords
        {
            get
            {
                // Its end may be known before its last line is read.
                WaitForExit();
                return lastWords;
            }
        }

        public void Stop(TimeSpan patience)
        {
            StandardInput.Close();
            if (!WaitForExit(patience)) Kill(entireProcessTree: true);
            Dispose();
        }
    }
}

/// <summary>The command line of one worker of a search.</summary>
/// <param name="CheckpointSeconds">The seconds between checkpoints.</param>
internal sealed record WorkerLine(string Search, int Threads, double CheckpointSeconds)
{
    public static string Program => Environment.ProcessPath!;

    /// <summary>The words after the program's name; the first is the program's own assembly where dotnet runs it.</summary>
    public IReadOnlyList<string> Arguments =>
    [
        .. OwnAssembly,
        "worker", Search, "--threads", Threads.ToString(CultureInfo.InvariantCulture),
        "--checkpoint-seconds", CheckpointSeconds.ToString(CultureInfo.InvariantCulture),
    ];

    private static string[] OwnAssembly =>
        Path.GetFileNameWithoutExtension(Program) == "dotnet" ? [typeof(WorkerLine).Assembly.Location] : [];

    /// <summary>Runs this program with other words, to its end, and drops what it prints.</summary>
    /// <exception cref="IOException">It failed.</exception>
    /// <exception cref="OperationCanceledException">It was stopped, by Ctrl-C for both.</exception>
    public static void Run(IReadOnlyList<string> words)
    {
        using var process = Process.Start(Piped(Program, [.. OwnAssembly, .. words]))!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode == ExitCode.Interrupted) throw new OperationCanceledException();
        if (process.ExitCode != ExitCode.Success)
            throw new IOException($"dgrad {string.Join(' ', words)} ended with code {process.ExitCode}: {errors}");
    }

    /// <summary>Says how a program is started whose output and errors are read.</summary>
    internal static ProcessStartInfo Piped(string program, params IEnumerable<string> words) => new(program, words)
    {
        UseShellExecute = false,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };
}
