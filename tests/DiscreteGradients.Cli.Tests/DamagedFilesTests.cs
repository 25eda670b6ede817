
namespace DiscreteGradients.Cli.Tests;

/// <summary>Every file of a run and of a search folder, damaged in every way, under every command that reads it: the command
/// ends well, or says in one line which file is wrong.</summary>
[Collection(nameof(InProcess))]
public sealed class DamagedFilesTests(TrainedRun run) : IDisposable
{
    private static readonly byte[]?[] Contents = [[], null, .. new[] { "null", "{}", "[]", "\"text\"", "7", "{\"a\":1}\n", "[null]\n", "\n" }.Select(System.Text.Encoding.UTF8.GetBytes), [0, 255, 1, 254, 10, 200]];
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true, Explicit = true)]
    [Trait("Category", "Slow")]
    public async Task OfASearch(bool all)
    {
        File.WriteAllText(folder.At("spec.toml"), SmallSearch.Spec(steps: 4, interval: 2).Replace("trials = 3", "trials = 2", StringComparison.Ordinal)
            .Replace("arity = [8, 2]", "arity = [8]", StringComparison.Ordinal).Replace("task = \"vae\"", "task = \"vae\"\nkeep-checkpoints = true", StringComparison.Ordinal)
            .Replace("[settings]", $"[settings]\ndata = \"{run.Data}\"", StringComparison.Ordinal) + "\nfinal-of-all = true\n");
        const string Trial = "trials/arity=8,estimator=st-gs/0000/";
        (await Dgrad.Run(folder.FullPath, "search", "spec.toml", "--out", "search", "--workers", "1", "--quiet", "--halving", "2:0.9")).Good();
        File.WriteAllText(folder.At("search/workers/gone.json"), "{}");
        (await Run("status search")).Good();
        var whole = (await Run("table 2 search")).Good();
        string[] cached = ["index.jsonl", "plans.json", "workers/gone.json", Trial + "claim-0.json", Trial + "timing.jsonl", Trial + ".lock", Trial + "result.json", Trial + "rung-2.json"];
        string[] needed = ["search.json", Trial + "trial.json", Trial + "final.json", Trial + "settings.json", Trial + "metrics.jsonl", Trial + "checkpoint/state.safetensors"];
        foreach (var (number, file) in cached.Concat(needed).Index())
        {
            foreach (var (i, content) in Chosen(all, number))
            {
                using var damage = new Damage(folder.At("search/" + file), content);
                foreach (var command in new[] { "table 2 search", "status search", "figure 2c search --out figures", "figure 4 search --out figures", "results search", "report search", "worker search" })
                {
                    var outcome = await Run(command);
                    AssertNamed(outcome, Path.GetFileName(damage.Path), $"{command} with {file} of kind {i}");
                    if (cached.Contains(file) && command == "table 2 search") Assert.Equal(whole, outcome);
                }
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true, Explicit = true)]
    [Trait("Category", "Slow")]
    public async Task OfARun(bool all)
    {
        var copy = run.Copy();
        (await Run($"evaluate {copy} --samples 1 --quiet")).Good();
        (await Run($"gradients vae --run {copy} --estimators st-gs --temperatures 0.5 --reference none --minibatches 10 --passes 2 --quiet")).Good();
        var study = Directory.EnumerateFiles(copy, "work.jsonl", SearchOption.AllDirectories).Single();
        File.WriteAllText(Path.Combine(copy, "timing.jsonl"), "{}\n");
        File.WriteAllText(Path.Combine(copy, "figure-1.json"), "{\"name\":\"1\",\"command\":\"x\",\"version\":\"1\"}\n");
        string[] files =
        [
            "settings.json", "metrics.jsonl", "timing.jsonl", "result.json", "evaluation-test.json", "evaluation-test-2-1-0.partial.jsonl", "figure-1.json",
            "checkpoint/state.safetensors", Path.GetRelativePath(copy, study), Path.GetRelativePath(copy, Path.Combine(Path.GetDirectoryName(study)!, "settings.json")),
        ];
        string[] commands =
        [
            $"train vae --resume {copy} --quiet", $"evaluate {copy} --samples 1 --images 2 --quiet", $"export {copy} --quiet", $"export {copy} --format tensorboard --quiet", $"results {copy}", $"report {copy}",
            $"gradients vae --run {copy} --estimators st-gs --temperatures 0.5 --reference none --minibatches 10 --passes 2 --quiet",
        ];
        foreach (var (number, file) in files.Index())
        {
            foreach (var (i, content) in Chosen(all, number))
            {
                using var damage = new Damage(Path.Combine(copy, file), content);
                foreach (var command in commands) AssertNamed(await Run(command), Path.GetFileName(file), $"{command} with {file} of kind {i}");
            }
        }
    }

    public void Dispose() => folder.Dispose();

    private Task<Dgrad.Outcome> Run(string line) => InProcess.Run(folder.FullPath, line.Split(' '), TestContext.Current.CancellationToken);

    // In a short run each file is damaged in one way, the next in the next.
    private static IEnumerable<(int, byte[]?)> Chosen(bool all, int file) => Contents.Index().Where(pair => all || pair.Index == file % Contents.Length);

    private static void AssertNamed(Dgrad.Outcome outcome, string file, string what)
    {
        if (outcome.Code == 0) return;
        var lines = outcome.Error.TrimEnd('\n').Split('\n');
        var good = outcome.Code == 2 && lines.Length == 1 && lines[0].StartsWith("dgrad: ", StringComparison.Ordinal) && lines[0].Length < 700 && !lines[0].Contains("System.", StringComparison.Ordinal);
        Assert.True(good, $"{what}: code {outcome.Code}: {outcome.Error}");
        Assert.True(lines[0].Contains(file, StringComparison.Ordinal), $"{what}: {outcome.Error}");
    }

    /// <summary>A damaged file, mended at the end; a content that is null cuts it in the middle.</summary>
    private sealed class Damage : IDisposable
    {
        private readonly byte[]? before;

        public Damage(string path, byte[]? content)
        {
            Path = path;
            before = File.Exists(path) ? File.ReadAllBytes(path) : null;
            File.WriteAllBytes(path, content ?? (before is null ? [] : before[..(before.Length / 2)]));
        }

        public string Path { get; }

        public void Dispose()
        {
            if (before is not null) File.WriteAllBytes(Path, before);
            else File.Delete(Path);
        }
    }
}
