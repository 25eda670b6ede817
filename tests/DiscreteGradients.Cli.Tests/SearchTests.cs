using System.Diagnostics;
using DiscreteGradients.Experiments.Tests.Vae;

namespace DiscreteGradients.Cli.Tests;

/// <summary>dgrad search with real worker processes; every disturbed search must give the table of an undisturbed one.</summary>
public sealed class SearchTests : IDisposable
{
    private const string First = "trials/arity=8,estimator=st-gs/0000";
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);
    private readonly TemporaryFolder folder = new();

    public SearchTests() => File.WriteAllText(folder.At("spec.toml"), SmallSearch.Spec());

    [Theory]
    [InlineData(4, 60, 1)]
    [InlineData(20, 1500, 20, Explicit = true)]
    [Trait("Category", "Slow")]
    public async Task KilledAtRandom_ASearchEndsWithTheSameTable(int kills, int steps, int least)
    {
        File.WriteAllText(folder.At("spec.toml"), SmallSearch.Spec(steps));
        var (random, atWork) = (new Random(kills), 0);
        for (var kill = 0; kill < kills; kill++)
        {
            using var search = Search("killed");
            await Task.Delay(random.Next(500, 3000), TestContext.Current.CancellationToken);
            if (Ended("killed") < 12) atWork++;
            var victims = Process.GetProcesses().Where(process => Works(process, folder.At("killed"))).OrderBy(process => process.Id).ToList();
            if (victims.Count > 0) victims[random.Next(victims.Count)].Kill();
            await Task.Delay(random.Next(500), TestContext.Current.CancellationToken);
            search.Kill();
            await search.End();
        }
        Assert.True(atWork >= least, $"{atWork} of {kills} kills came before the last trial had ended");
        (await Search("killed").End(Long)).Good();
        await AssertSameTable("killed");
    }

    [Fact]
    public async Task TwoSearchesInOneFolderWorkTogether()
    {
        using var one = Search("shared");
        using var two = Search("shared");
        (await one.End()).Good();
        (await two.End()).Good();
        await AssertSameTable("shared");
        Assert.Empty(Directory.EnumerateFiles(folder.At("shared/workers")));
    }

    [Fact]
    public async Task AfterCtrlC_ASearchGoesOn_AndMoreTrialsChangeNoneOfTheFirst()
    {
        Assert.Equal(130, (await Dgrad.Interrupted(() => Search("stopped", "--trials", "2"), folder.At("stopped"), $"{First}/trial.json")).Code);
        (await Search("stopped", "--trials", "2").End()).Good();
        var first = File.ReadAllText(folder.At($"stopped/{First}/trial.json"));
        (await Search("stopped").End()).Good();
        Assert.Equal(first, File.ReadAllText(folder.At($"stopped/{First}/trial.json")));
        await AssertSameTable("stopped");
    }

    [Fact]
    public async Task HalvingPrunesTheSameTrialsEveryTime()
    {
        (await Search("halved", "--halving", "20,40:0.5").End()).Good();
        (await Search("again", "--halving", "20,40:0.5").End()).Good();
        var table = await Table("halved");
        Assert.Contains(",1,", table, StringComparison.Ordinal);
        Assert.Equal(table, await Table("again"));
        var status = (await Dgrad.Run(folder.FullPath, "status", folder.At("halved"))).Good().Output;
        Assert.Contains("8 pruned", status, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADryRunPrintsTheJobArray()
    {
        var script = (await Dgrad.Run(folder.FullPath, "search", folder.At("spec.toml"), "--out", folder.At("50%j slurm"), "--launcher", "slurm",
            "--dry-run", "--partition", "long", "--time", "2-00", "--array-size", "7", "--quiet")).Good().Output;
        foreach (var part in new[] { "--array=0-6\n", "--time=2-00\n", "--partition=long\n", "--requeue\n", "scontrol requeue", "/50%%j slurm/slurm/%A_%a.log", "--job-name=dgrad-50-j-slurm\n" })
            Assert.Contains(part, script, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("search none --out x", "no such file, and no search of that name")]
    [InlineData("search SPEC --out x --trials 0", "trials is 0")]
    [InlineData("search SPEC --out x --steps 0", "steps is 0")]
    [InlineData("search SPEC --out x --halving 7:0.5", "halving has a rung at 7")]
    [InlineData("search SPEC --out x --halving nonsense", "halving is 'nonsense'")]
    [InlineData("search SPEC --out x --workers 0", "--workers is 0")]
    [InlineData("search SPEC --out x --array-size 4", "--array-size goes with --launcher slurm")]
    [InlineData("search SPEC --out x --launcher slurm --time tomorrow", "--time is 'tomorrow'")]
    [InlineData("search WORD --out x", "colour")]
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
        File.WriteAllText(folder.At("word.toml"), SmallSearch.Spec().Replace("steps = 60", "colour = 60", StringComparison.Ordinal));
        File.WriteAllText(folder.At("law.toml"), SmallSearch.Spec().Replace("uniform = [0.0, 1.0]", "uniform = [1.0, 0.0]", StringComparison.Ordinal));
        var words = line.Replace("SPEC", "spec.toml", StringComparison.Ordinal).Replace("WORD", "word.toml", StringComparison.Ordinal).Replace("LAW", "law.toml", StringComparison.Ordinal);
        var outcome = await Dgrad.Run(folder.FullPath, words.Split(' '));
        Assert.Equal(2, outcome.Code);
        Assert.Contains(expected, outcome.Error, StringComparison.Ordinal);
        Assert.Single(outcome.Error.TrimEnd('\n').Split('\n'));
    }

    public void Dispose() => folder.Dispose();

    private Dgrad Search(string name, params string[] more) => Dgrad.Start(folder.FullPath,
        ["search", folder.At("spec.toml"), "--out", folder.At(name), "--workers", "2", "--checkpoint-seconds", "0.05", "--quiet", .. more]);

    private int Ended(string name) => Directory.Exists(folder.At(name)) ? Directory.EnumerateFiles(folder.At(name), "trial.json", SearchOption.AllDirectories).Count() : 0;

    private async Task AssertSameTable(string name)
    {
        (await Dgrad.Start(folder.FullPath, "search", folder.At("spec.toml"), "--out", folder.At("whole"), "--workers", "2", "--quiet").End(Long)).Good();
        Assert.Equal(await Table("whole"), await Table(name));
    }

    private async Task<string> Table(string name) => (await Dgrad.Run(folder.FullPath, "table", "2", folder.At(name), "--format", "csv")).Good().Output;

    private static bool Works(Process process, string path)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/cmdline").Contains(path + '\0', StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
