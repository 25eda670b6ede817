using System.Diagnostics;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Paper;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Cli.Tests;

/// <summary>dgrad search with real worker processes; every disturbed search must give the table of an undisturbed one.</summary>
public sealed class SearchTests(SearchTests.Undisturbed undisturbed) : IDisposable, IClassFixture<SearchTests.Undisturbed>
{
    private const string First = "trials/arity=8,estimator=st-gs/0000";
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData(3, 30, 2)]
    [InlineData(20, 1500, 20, Explicit = true)]
    [Trait("Category", "Slow")]
    public async Task KilledAtRandom_ASearchEndsWithTheSameTable(int kills, int steps, int least)
    {
        var spec = SmallSearch.Spec(steps);
        var (random, atWork) = (new Random(kills), 0);
        for (var kill = 0; kill < kills; kill++)
        {
            using var search = Search("killed", spec);
            // At any moment after a checkpoint, of which there is one every 0.05 s.
            await search.UntilAnyIsWritten(folder.At("killed"), "state.safetensors");
            await Task.Delay(random.Next(200), TestContext.Current.CancellationToken);
            if (Ended("killed") < 12) atWork++;
            var victims = Process.GetProcesses().Where(process => Works(process, folder.At("killed")))
                .OrderBy(process => process.Id).ToList();
            if (victims.Count > 0) victims[random.Next(victims.Count)].Kill();
            await Task.Delay(random.Next(200), TestContext.Current.CancellationToken);
            search.Kill();
            await search.End();
        }
        Assert.True(atWork >= least, $"{atWork} of {kills} kills came before the last trial had ended");
        (await Search("killed", spec).End(Long)).Good();
        if (spec != SmallSearch.Spec()) (await Search("whole", spec).End(Long)).Good();
        Assert.Equal(spec == SmallSearch.Spec() ? undisturbed.Table : Table("whole"), Table("killed"));
    }

    [Fact]
    public async Task TwoSearchesInOneFolderWorkTogether()
    {
        using var one = Search("shared", workers: 1);
        using var two = Search("shared", workers: 1);
        (await one.End()).Good();
        (await two.End()).Good();
        Assert.Equal(undisturbed.Table, Table("shared"));
        Assert.Empty(Directory.EnumerateFiles(folder.At("shared/workers")));
    }

    [Fact]
    public async Task AfterCtrlC_ASearchGoesOn_AndMoreTrialsChangeNoneOfTheFirst()
    {
        Dgrad Begin() => Dgrad.Start(folder.FullPath, "search", folder.Write("stopped.toml", SmallSearch.Spec()), "--out", folder.At("my search"), "--workers", "2", "--checkpoint-seconds", "0.05", "--trials", "2");
        var stopped = await Dgrad.Interrupted(Begin, folder.At("my search"), $"{First}/trial.json");
        Assert.Equal(130, stopped.Code);
        Assert.Contains($"stopped; go on with: dgrad search --resume '{folder.At("my search")}'\n", stopped.Error, StringComparison.Ordinal);
        File.Delete(folder.At("stopped.toml"));
        (await Dgrad.Run(folder.FullPath, "search", "--resume", folder.At("my search"), "--workers", "1", "--quiet")).Good();
        var first = File.ReadAllText(folder.At($"my search/{First}/trial.json"));
        (await Dgrad.Run(folder.FullPath, "search", folder.At("my search/search.json"), "--trials", "3", "--workers", "2", "--quiet")).Good();
        Assert.Equal(first, File.ReadAllText(folder.At($"my search/{First}/trial.json")));
        Assert.Equal(undisturbed.Table, Table("my search"));
    }

    [Fact]
    public async Task HalvingPrunesTheSameTrialsEveryTime()
    {
        foreach (var (name, workers) in new[] { ("halved", 2), ("again", 1) })
            (await Search(name, SmallSearch.Spec(arities: "8"), workers, more: ["--halving", "10,20:0.5"]).End()).Good();
        Assert.Contains(",1,", Table("halved"), StringComparison.Ordinal);
        Assert.Equal(Table("halved"), Table("again"));
        var status = (await Dgrad.Run(folder.FullPath, "status", folder.At("halved"))).Good().Output;
        Assert.Contains("4 pruned", status, StringComparison.Ordinal);
        var watched = (await Dgrad.Run(folder.FullPath, "status", "halved", "--watch")).Good().Output;
        Assert.Matches(@"\A6 of 6 trials done, 4 pruned, 0 running, 2 of 2 cells tested\nnext: dgrad table 2 halved\n\z", watched);
        (await Dgrad.Run(folder.FullPath, "report", "halved")).Good();
        Assert.Contains("6 of 6 trials have ended: 2 completed, 4 pruned.", File.ReadAllText(folder.At("halved/report.html")), StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private Dgrad Search(string name, string? spec = null, int workers = 2, params string[] more) =>
        Start(folder, name, spec ?? SmallSearch.Spec(), workers, ["--checkpoint-seconds", "0.05", .. more]);

    private int Ended(string name) => Directory.Exists(folder.At(name)) ? Directory.EnumerateFiles(folder.At(name), "trial.json", SearchOption.AllDirectories).Count() : 0;

    private string Table(string name) => TableOf(folder.At(name));

    private static string TableOf(string path) => SearchTable.Make(SearchFolder.Open(path, SearchTasks.All), 2).Csv();

    private static Dgrad Start(TemporaryFolder folder, string name, string spec, int workers, params string[] more) =>
        Dgrad.Start(folder.FullPath,
            ["search", folder.Write($"{name}.toml", spec), "--out", folder.At(name), "--workers", $"{workers}", "--quiet", .. more]);

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

    /// <summary>The same search with nobody in its way.</summary>
    public sealed class Undisturbed : IAsyncLifetime
    {
        private readonly TemporaryFolder folder = new();

        public string Table { get; private set; } = "";

        public async ValueTask InitializeAsync()
        {
            (await Start(folder, "whole", SmallSearch.Spec(), workers: 2).End()).Good();
            Table = TableOf(folder.At("whole"));
        }

        public ValueTask DisposeAsync()
        {
            folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
