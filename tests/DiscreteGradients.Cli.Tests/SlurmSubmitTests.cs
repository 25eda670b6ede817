using DiscreteGradients.Experiments;

namespace DiscreteGradients.Cli.Tests;

/// <summary>A job array is handed to the sbatch on the path, here a script, for hosts without Slurm; <see cref="SlurmTests"/> run
/// Slurm itself.</summary>
[Collection(nameof(InProcess))]
public sealed class SlurmSubmitTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string? path = Environment.GetEnvironmentVariable("PATH");

    public SlurmSubmitTests()
    {
        folder.Write("spec.toml", SmallSearch.Spec());
        Environment.SetEnvironmentVariable("PATH", Directory.CreateDirectory(folder.At("bin")).FullName);
    }

    [Fact]
    public async Task ItsNumberIsSaid_WithTheCommandsThatFollowIt()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a script is run by its first line");
        Sbatch($"echo \"$@\" > '{folder.At("arguments")}'\necho '815;cluster'\n");
        var script = (await Search("--dry-run")).Good().Output;
        Assert.False(File.Exists(folder.At("arguments")), "nothing is submitted");
        var search = folder.At("search");
        Assert.Equal(new(ExitCode.Success, $"job 815: 12 tasks; dgrad status {Quote.Word(search)} shows the trials, squeue -j 815 the tasks, scancel 815 stops them\n", ""),
            await Search());
        Assert.Equal($"--parsable {search}/slurm/job.sh\n", File.ReadAllText(folder.At("arguments")));
        Assert.Equal(script, File.ReadAllText(folder.At("search/slurm/job.sh")));
    }

    [Fact]
    public async Task WhatItRefusesIsSaidInOneLine()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a script is run by its first line");
        Sbatch("echo 'sbatch: no such partition' >&2\necho 'sbatch: try another' >&2\nexit 1\n");
        Assert.Equal(new(ExitCode.BadInput, "", "dgrad: sbatch refused the job: sbatch: no such partition; sbatch: try another\n"), await Search());
    }

    [Fact]
    public async Task WhereThereIsNone_ItIsSaidWhatToDo() => Assert.Equal(
        new(ExitCode.BadInput, "", "dgrad: there is no sbatch on the path; expected to run where Slurm's commands are, or with --launcher local.\n"), await Search());

    [Fact]
    public async Task ASearchThatBeginsSaysItsSizeAndWhereItDepartsFromThePaper()
    {
        var outcome = (await InProcess.Run(folder.FullPath, "search", "spec.toml", "--out", "search", "--launcher", "slurm", "--dry-run")).Good();
        Assert.Equal($"{folder.At("search")}: 12 trials in 4 cells\n"
            + "not the paper's protocol: 30 steps (paper: 50000); 3 trials a cell (paper: 20); selection with M = 5 on 50 images (paper: M = 5000 on all); "
            + "reported bounds with M = 5 on 150 images (paper: M = 5000 on all); data mnist (paper: binarized-mnist)\n",
            outcome.Error);
        Assert.Equal(new(ExitCode.BadInput, "", "dgrad: --watch is for people, --json for programs; expected one of them.\n"),
            await InProcess.Run(folder.FullPath, "status", "search", "--watch", "--json"));
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PATH", path);
        folder.Dispose();
    }

    private Task<Dgrad.Outcome> Search(params string[] more) =>
        InProcess.Run(folder.FullPath, ["search", "spec.toml", "--out", "search", "--launcher", "slurm", "--quiet", .. more]);

    private void Sbatch(string script)
    {
        var file = folder.Write("bin/sbatch", $"#!/bin/sh\n{script}");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }
}
