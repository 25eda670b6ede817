namespace DiscreteGradients.Cli.Tests;

/// <summary>What dgrad search, status, table and figure refuse, and what a dry run prints.</summary>
[Collection(nameof(InProcess))]
public sealed class SearchInputTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public SearchInputTests() => File.WriteAllText(folder.At("spec.toml"), SmallSearch.Spec());

    [Fact]
    public async Task ADryRunPrintsTheJobArray()
    {
        var script = (await InProcess.Run(folder.FullPath, "search", folder.At("spec.toml"), "--out", folder.At("50%j slurm"), "--launcher", "slurm",
            "--dry-run", "--partition", "long", "--time", "2-00", "--array-size", "7", "--quiet")).Good().Output;
        foreach (var part in new[] { "--array=0-6\n", "--time=2-00\n", "--partition=long\n", "--requeue\n", "scontrol requeue", "/50%%j slurm/slurm/%A_%a.log", "--job-name=dgrad-50-j-slurm\n" })
            Assert.Contains(part, script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ByDefaultEachTrialHasATask_AtMost32_OfAsManyProcessorsAsItsWorkerHasThreads()
    {
        string[] search = ["search", folder.At("spec.toml"), "--launcher", "slurm", "--dry-run", "--threads", "3",
            "--checkpoint-seconds", "7.5", "--out"];
        var script = (await InProcess.Run(folder.FullPath, [.. search, "few"])).Good().Output;
        foreach (var part in new[] { "--array=0-11\n", "--cpus-per-task=3\n", "--time=1-00:00:00\n",
            "'--threads' '3' '--checkpoint-seconds' '7.5'" })
            Assert.Contains(part, script, StringComparison.Ordinal);
        Assert.DoesNotContain("--partition", script, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.At("few/slurm")), "nothing is submitted");
        var many = (await InProcess.Run(folder.FullPath, [.. search, "many", "--trials", "9", "--cpus", "5"])).Good().Output;
        Assert.Contains("--array=0-31\n", many, StringComparison.Ordinal);
        Assert.Contains("--cpus-per-task=5\n", many, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("search none --out x", "no such file, and no search of that name")]
    [InlineData("search", "no search is named; expected a file, one of estimators, figure2c, ")]
    [InlineData("search SPEC", "--out is missing; expected --out DIR")]
    [InlineData("search --resume nowhere", "nowhere holds no search: it has no search.json.")]
    [InlineData("search SPEC --resume nowhere", "--resume takes the search of its folder; expected no SPEC and no --out beside it.")]
    [InlineData("search --resume nowhere --out x", "--resume takes the search of its folder; expected no SPEC and no --out beside it.")]
    [InlineData("search SPEC --out x --trials 0", "trials is 0")]
    [InlineData("search SPEC --out x --steps 0", "steps is 0")]
    [InlineData("search VARIED --out x --steps 7", "--steps has no effect: the grid decides it for each trial; expected it nowhere else.")]
    [InlineData("search PARTLY --out x --steps 7", "--steps has no effect on some trials: the grid decides it for these; ")]
    [InlineData("search DRAWN --out x --steps 7", "--steps has no effect: [random] decides it for each trial; expected it nowhere else.")]
    [InlineData("search SPEC --out x --halving 7:0.5", "halving has a rung at 7")]
    [InlineData("search SPEC --out x --halving nonsense", "halving is 'nonsense'")]
    [InlineData("search SPEC --out x --workers 0", "--workers is 0")]
    [InlineData("search SPEC --out x --array-size 4", "--array-size goes with --launcher slurm")]
    [InlineData("search SPEC --out x --launcher slurm --time tomorrow", "--time is 'tomorrow'")]
    [InlineData("search SPEC --out x --launcher slurm --dry-run --workers 2", "--workers goes with --launcher local")]
    [InlineData("search SPEC --out x --launcher slurm --dry-run --tensorboard events", "--tensorboard goes with --launcher local")]
    [InlineData("search table1-small --out x --launcher slurm --dry-run --selection-samples 2", "selection-samples is 2; expected none")]
    [InlineData("search table1-small --out x --launcher slurm --dry-run --selection-examples 2", "selection-examples is 2; expected none")]
    [InlineData("search table1-small --out x --launcher slurm --dry-run --final-samples 2", "final-samples is 2; expected none")]
    [InlineData("search TREES --out x --launcher slurm --dry-run", "trees.toml: line 3: final-examples is 2; expected none: listops is scored on all expressions, without samples.")]
    [InlineData("search WORD --out x", "colour")]
    [InlineData("search table2-smal --out x", "no search of that name comes with dgrad; did you mean 'table2-small'?")]
    [InlineData("search LAW --out x", "random.momentum is no law")]
    [InlineData("search SPEC --out x --launcher slurm --dry-run --partition a\nb", "U+000A")]
    [InlineData("search SPEC --out x --launcher slurm --dry-run --sbatch=--mem=4G\ntouch", "U+000A")]
    [InlineData("search SPEC --out x\ny --launcher slurm --dry-run", "U+000A")]
    [InlineData("search SPEC --out x\"y --launcher slurm --dry-run", "--out is")]
    [InlineData("status nowhere", "holds no search")]
    [InlineData("table 2 nowhere", "holds no search")]
    [InlineData("table 4 nowhere", "'4'")]
    [InlineData("figure 2c nowhere", "holds no search")]
    [InlineData("figure 4 nowhere", "holds no search")]
    public async Task BadInputIsOneLine(string line, string expected)
    {
        File.WriteAllText(folder.At("word.toml"), SmallSearch.Spec().Replace("steps = 30", "colour = 30", StringComparison.Ordinal));
        File.WriteAllText(folder.At("law.toml"), SmallSearch.Spec().Replace("uniform = [0.0, 1.0]", "uniform = [1.0, 0.0]", StringComparison.Ordinal));
        File.WriteAllText(folder.At("trees.toml"), "task = \"listops\"\n[evaluation]\nfinal-examples = 2\n");
        var free = SmallSearch.Spec().Replace("steps = 30\n", "", StringComparison.Ordinal);
        File.WriteAllText(folder.At("varied.toml"), free.Replace("[[grid]]\n", "[[grid]]\nsteps = [30, 60]\n", StringComparison.Ordinal));
        const string Block = "[[grid]]\narity = [4]\nsteps = [60]\n\n";
        File.WriteAllText(folder.At("partly.toml"), SmallSearch.Spec().Replace("[[grid]]\n", $"{Block}[[grid]]\n", StringComparison.Ordinal));
        File.WriteAllText(folder.At("drawn.toml"), free.Replace("[random]\n", "[random]\nsteps = { choice = [30, 60] }\n", StringComparison.Ordinal));
        var words = line.Replace("TREES", "trees.toml", StringComparison.Ordinal).Replace("VARIED", "varied.toml", StringComparison.Ordinal).Replace("DRAWN", "drawn.toml", StringComparison.Ordinal).Replace("SPEC", "spec.toml", StringComparison.Ordinal).Replace("WORD", "word.toml", StringComparison.Ordinal).Replace("LAW", "law.toml", StringComparison.Ordinal);
        words = words.Replace("PARTLY", "partly.toml", StringComparison.Ordinal);
        var outcome = await InProcess.Run(folder.FullPath, words.Split(' '));
        Assert.Equal(2, outcome.Code);
        Assert.Contains(expected, outcome.Error, StringComparison.Ordinal);
        Assert.Single(outcome.Error.TrimEnd('\n').Split('\n'));
    }

    public void Dispose() => folder.Dispose();
}
