using System.Diagnostics;

namespace DiscreteGradients.Cli.Tests;

/// <summary>The command as a process of its own.</summary>
internal sealed class Dgrad : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly string Host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
    private readonly Process process;
    private readonly Task<string> output, error;

    private Dgrad(Process process)
    {
        this.process = process;
        (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
    }

    /// <summary>What it left behind.</summary>
    /// <param name="Code">Exit code.</param>
    /// <param name="Output">Standard output.</param>
    /// <param name="Error">Standard error.</param>
    public sealed record Outcome(int Code, string Output, string Error)
    {
        /// <summary>The same, if it went well.</summary>
        public Outcome Good()
        {
            Assert.True(Code == 0, $"exit code {Code}: {Error}");
            return this;
        }
    }

    public static Dgrad Start(string directory, params string[] arguments)
    {
        // Whoever started the tests may ignore Ctrl-C, as a script does for what it starts with &; a child inherits that.
        var program = Path.Combine(AppContext.BaseDirectory, "dgrad.dll");
        var start = new ProcessStartInfo("env", ["--default-signal=INT", Host, program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = directory,
        };
        start.Environment["XDG_CACHE_HOME"] = Path.Combine(directory, "cache");
        start.Environment["DOTNET_TieredPGO"] = "0";   // as of the tests themselves
        var started = Process.Start(start)!;
        started.StandardInput.Close();
        return new(started);
    }

    public static async Task<Outcome> Run(string directory, params string[] arguments)
    {
        using var dgrad = Start(directory, arguments);
        return await dgrad.End();
    }

    public async Task<Outcome> End(TimeSpan? atMost = null)
    {
        using var patience = new CancellationTokenSource(atMost ?? Patience);
        await process.WaitForExitAsync(patience.Token);
        return new(process.ExitCode, await output, await error);
    }

    /// <summary>Sends Ctrl-C once a file is new or written again. Where the process ended first, as it may on a busy machine,
    /// what it made is deleted, and another started.</summary>
    public static async Task<Outcome> Interrupted(Func<Dgrad> start, string made, string file)
    {
        for (var tries = 4; ; tries--)
        {
            using var dgrad = start();
            await dgrad.UntilWritten(Path.Combine(made, file));
            dgrad.Interrupt();
            var outcome = await dgrad.End();
            if (outcome.Code != 0 || tries == 0) return outcome;
            Directory.Delete(made, recursive: true);
        }
    }

    /// <summary>Waits until a file is there, or the process has ended.</summary>
    public async Task Until(string path)
    {
        while (!File.Exists(path) && !process.HasExited) await Task.Delay(5);
    }

    /// <summary>Waits until a file is new or written again, or the process has ended.</summary>
    public async Task UntilWritten(string path)
    {
        var before = File.GetLastWriteTimeUtc(path);
        while (File.GetLastWriteTimeUtc(path) == before && !process.HasExited) await Task.Delay(5);
    }

    /// <summary>Waits until a file of a name, anywhere in a folder, is new or written again, or the process has ended.</summary>
    public async Task UntilAnyIsWritten(string directory, string name)
    {
        var now = DateTime.UtcNow;
        var all = new EnumerationOptions { RecurseSubdirectories = true };
        bool IsWritten() => Directory.Exists(directory)
            && Directory.EnumerateFiles(directory, name, all).Any(file => File.GetLastWriteTimeUtc(file) > now);
        while (!IsWritten() && !process.HasExited) await Task.Delay(20);
    }

    /// <summary>What Ctrl-C does; the second one at once, as Slurm's come, must change nothing.</summary>
    public void Interrupt()
    {
        using var kill = Process.Start("kill", ["-INT", $"{process.Id}", $"{process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>SIGKILL.</summary>
    public void Kill() => process.Kill();

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }
}
