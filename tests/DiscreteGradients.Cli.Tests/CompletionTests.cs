using System.Diagnostics;
using DiscreteGradients.Cli.Commands;

namespace DiscreteGradients.Cli.Tests;

[Collection(nameof(InProcess))]
public sealed class CompletionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("tr", "train")]
    [InlineData("train |", "vae listops simplex polynomial")]
    [InlineData("train vae --log", "--log-ratio")]
    [InlineData("train vae --seed 1 --se", "--settings")]
    [InlineData("train vae --architecture |", "deep tanh linear")]
    [InlineData("train vae --arity |", "2 4 8 16")]
    [InlineData("train vae --log-ratio=s", "--log-ratio=sampled")]
    [InlineData("train vae --estimator gr-", "gr-mc:100")]
    [InlineData("compare --estimators st,st-", "st,st-gs")]
    [InlineData("train vae --steps |", "")]
    [InlineData("train vae --out |", "")]
    [InlineData("train vae --quiet --js", "--json")]
    [InlineData("table |", "1 2 3")]
    [InlineData("table 2 |", "")]
    [InlineData("search table2-s", "table2-small")]
    [InlineData("completion |", "bash zsh fish powershell")]
    [InlineData("worker", "")]
    public async Task AWordBecomes(string line, string candidates)
    {
        var words = line.Split(' ').Select(word => word == "|" ? "" : word);
        var output = (await InProcess.Run(folder.FullPath, ["candidates", "--", .. words])).Good().Output;
        Assert.Equal(candidates, string.Join(' ', output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(found => found.Split('\t')[0])));
    }

    [Fact]
    public void EveryOptionThatIsShownCanBeCompleted()
    {
        foreach (var (path, command) in HelpTests.All(Root.Create(), "dgrad"))
            Assert.Equal(command.Options.Where(option => !option.Hidden).Select(option => option.Name), Candidates.Of(Root.Create(), [.. path.Split(' ').Skip(1), "-"]).Select(candidate => candidate.Word));
    }

    /// <summary>The script within the shell itself, with the command as it is called there.</summary>
    [Theory]
    [InlineData("bash", "source SCRIPT; COMP_LINE=$1; COMP_POINT=${#1}; _dgrad; printf '%s\n' \"${COMPREPLY[@]}\"")]
    [InlineData("zsh", "compdef() { :; }; compadd() { print -l -- \"${@[3,-1]}\"; }; source SCRIPT; words=(${(s: :)1}); CURRENT=${#words}; _dgrad")]
    [InlineData("fish", "source SCRIPT; complete -C $argv[1]")]
    [InlineData("pwsh", "param($line) . SCRIPT; (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText", Explicit = true)]
    public async Task AShellCompletes(string shell, string commands)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(path => File.Exists(Path.Combine(path, shell))), $"{shell} is not here");
        var script = (await InProcess.Run(folder.FullPath, "completion", shell == "pwsh" ? "powershell" : shell)).Good().Output;
        folder.Write("dgrad", $"#!/bin/sh\nexec {Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet"} {Path.Combine(AppContext.BaseDirectory, "dgrad.dll")} \"$@\"\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder.At("dgrad"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var ending = shell == "pwsh" ? ".ps1" : "";
        folder.Write($"commands{ending}", commands.Replace("SCRIPT", folder.Write($"completion{ending}", script), StringComparison.Ordinal));
        Assert.Equal("--log-ratio", await Complete("dgrad train vae --log"));
        Assert.EndsWith(shell == "bash" ? "100" : "gr-mc:100", await Complete("dgrad train vae --estimator gr-mc:"), StringComparison.Ordinal);

        async Task<string> Complete(string line)
        {
            string[] alone = shell switch { "fish" => ["--no-config"], "pwsh" => ["-NoProfile", "-NonInteractive", "-File"], _ => [] };
            var start = new ProcessStartInfo(shell, [.. alone, folder.At($"commands{ending}"), line]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
            start.Environment["PATH"] = $"{folder.FullPath}:{start.Environment["PATH"]}";
            start.Environment["HOME"] = folder.FullPath;
            using var process = Process.Start(start)!;
            var (output, error) = (await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
            Assert.True(error.Length == 0, error);
            return output.Trim().Split('\t')[0];
        }
    }

    public void Dispose() => folder.Dispose();
}
