using System.Diagnostics;
using System.Text.Json.Nodes;

namespace DiscreteGradients.Cli.Tests;

/// <summary>dgrad search on a real Slurm cluster of two nodes.</summary>
public sealed class SlurmTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private readonly TemporaryFolder folder = new();
    private string job = "";

    [Fact(Explicit = true)]
    [Trait("Category", "Slow")]
    public async Task ANodeLost_ATaskCancelled_ATimeLimitHit_AndTheTableIsTheSame()
    {
        Assert.SkipWhen(SlurmCluster.Missing() is not null, $"no Slurm: {SlurmCluster.Missing()}");
        // Of a size that a task reaches its time limit of two minutes, or rather the warning a minute and a half before.
        File.WriteAllText(folder.At("spec.toml"), SmallSearch.Spec(steps: 2400, interval: 200));
        (await Dgrad.Start(folder.FullPath, "search", folder.At("spec.toml"), "--out", folder.At("local"), "--workers", "2", "--quiet").End(Patience)).Good();

        using var cluster = new SlurmCluster(folder.At("slurm"));
        await Until(async () => (await SlurmCluster.Run("sinfo", "-h", "-t", "idle", "-N", "-o", "%N")).Split('\n').Length == 2, "both nodes are idle", cluster);
        var submitted = (await Dgrad.Run(folder.FullPath, "search", folder.At("spec.toml"), "--out", folder.At("array"), "--launcher", "slurm",
            "--array-size", "4", "--time", "2", "--checkpoint-seconds", "1", "--quiet")).Good().Output;
        job = submitted.Split(' ', ':')[1];
        await Until(async () => (await Workers()).Count(worker => (double)worker["done"]! > 0) == 4, "four tasks train", cluster);
        Assert.Contains($"(job {job}_3)", (await Dgrad.Run(folder.FullPath, "status", folder.At("array"))).Good().Output, StringComparison.Ordinal);

        var lost = (await SlurmCluster.Run("squeue", "-h", "-j", job, "-t", "R", "-r", "-w", "n2", "-o", "%K")).Split('\n');
        var cancelled = (await SlurmCluster.Run("squeue", "-h", "-j", job, "-t", "R", "-r", "-w", "n1", "-o", "%K")).Split('\n')[0];
        Assert.Equal(2, lost.Length);
        cluster.Kill(2);
        await SlurmCluster.Run("scancel", $"{job}_{cancelled}");
        await Until(() => Is(cancelled, "JobState=CANCELLED"), "the task is cancelled", cluster);
        await SlurmCluster.Run("scontrol", "requeue", $"{job}_{cancelled}");
        foreach (var task in lost) await Until(() => Is(task, "Restarts=1"), "the lost node's tasks are queued again", cluster);
        cluster.Start(2);
        var ended = Records();
        await Until(async () => (await Task.WhenAll(Enumerable.Range(0, 4).Select(task => Is($"{task}", "JobState=COMPLETED")))).All(done => done), "all tasks are done", cluster);

        Assert.Contains(Enumerable.Range(0, 4), task => File.ReadAllText(folder.At($"array/slurm/{job}_{task}.log")).Contains("time limit", StringComparison.Ordinal));
        Assert.All(ended, record => Assert.Equal(record.Value, Records()[record.Key]));
        Assert.Equal(12, Records().Count);
        Assert.True(Resumed() >= 2, $"{Resumed()} trials were taken up from a checkpoint");
        Assert.Equal(await Table("local"), await Table("array"));
    }

    public void Dispose() => folder.Dispose();

    private static async Task Until(Func<Task<bool>> condition, string what, SlurmCluster cluster)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(clock.Elapsed < Patience, $"waited in vain until {what}\n{await SlurmCluster.Run("scontrol", "show", "job")}\n{cluster.Logs()}");
            await Task.Delay(500, TestContext.Current.CancellationToken);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{clock.Elapsed.TotalSeconds:F0} s until {what}");
    }

    private async Task<bool> Is(string task, string state) =>
        (await SlurmCluster.Run("scontrol", "-o", "show", "job", $"{job}_{task}")).Contains(state, StringComparison.Ordinal);

    private async Task<List<JsonNode>> Workers() =>
        [.. JsonNode.Parse((await Dgrad.Run(folder.FullPath, "status", folder.At("array"), "--json")).Good().Output)!["workers"]!.AsArray().Select(worker => worker!)];

    private Dictionary<string, string> Records() =>
        Directory.EnumerateFiles(folder.At("array/trials"), "trial.json", SearchOption.AllDirectories).ToDictionary(file => file, File.ReadAllText);

    // Trials with a line of timing that counts from a later step than the first.
    private int Resumed() => Directory.EnumerateFiles(folder.At("array/trials"), "timing.jsonl", SearchOption.AllDirectories)
        .Count(file => File.ReadLines(file).Select(line => JsonNode.Parse(line)!).Any(line => line["evaluated"] is null && (double)line["step"]! - ((double)line["steps-per-second"]! * (double)line["seconds"]!) > 0.5));

    private async Task<string> Table(string name) => (await Dgrad.Run(folder.FullPath, "table", "2", folder.At(name), "--format", "csv")).Good().Output;
}
