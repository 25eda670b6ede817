using System.Diagnostics;

namespace DiscreteGradients.Cli.Tests;

/// <summary>The command as a shell starts it.</summary>
public sealed class StandardStreamsTests : IDisposable
{
    private const string Train = "dgrad train polynomial --variables 2 --steps 3 --batch-size 2 --out run";
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData(Train + " 2>&-", 0, "")]
    [InlineData("dgrad train vae --data none 2>&-", 2, "")]
    [InlineData("dgrad trane 2>/dev/full", 2, "")]
    [InlineData(Train + " 2>/dev/full", 0, "")]
    [InlineData(Train + " >&-", 1, "dgrad: standard output is closed; expected an open one, such as >/dev/null.\n")]
    [InlineData("dgrad --help >&- 2>&-", 1, "")]
    [InlineData(Train + " <&-", 0, null)]
    [InlineData(Train + " --quiet >/dev/full", 1, "dgrad: No space left on device")]
    [InlineData("mkdir gone; cd gone; rmdir ../gone; dgrad train simplex --steps 3", 1, "dgrad: the current folder is gone; expected one that is there.\n")]
    public async Task AMissingStreamIsNoCrash(string script, int code, string? error)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a shell of this kind is needed");
        var program = $"dgrad() {{ '{Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet"}' '{Path.Combine(AppContext.BaseDirectory, "dgrad.dll")}' \"$@\"; }}; ";
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", program + script])
        {
            WorkingDirectory = folder.FullPath,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var (output, said) = (shell.StandardOutput.ReadToEndAsync(), await shell.StandardError.ReadToEndAsync());
        await shell.WaitForExitAsync();
        Assert.True(shell.ExitCode == code, $"{shell.ExitCode}: {said}");
        if (error is not null) Assert.StartsWith(error, said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said + await output, StringComparison.Ordinal);
        if (script.StartsWith(Train, StringComparison.Ordinal)) Assert.Equal(!script.Contains(">&-", StringComparison.Ordinal) || code == 0, File.Exists(folder.At("run/result.json")));
    }

    public void Dispose() => folder.Dispose();
}
