using System.Diagnostics;
using System.Text.Json.Nodes;

namespace DiscreteGradients.Cli.Tests.Fuzzing;

/// <summary>What the cases of the fuzzer are tried on: a run of each kind, a search that is done, small data, and a folder
/// for each case with things in it that are no files.</summary>
internal sealed class Workplace(TrainedRun trained) : IDisposable
{
    private const string Out = "out";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TemporaryFolder folder = new();
    private int number;

    /// <summary>The runs and the search, by the name of their folder.</summary>
    public const string Vae = "vae", Tree = "tree", Programme = "programme", Searched = "search";

    public string Root => folder.FullPath;

    // A command that is left may still write in the last one.
    private string Here => folder.At($"case-{number}/here");

    /// <summary>Makes the originals.</summary>
    public async Task Make()
    {
        Directory.CreateDirectory(folder.At("original"));
        Directory.Move(trained.Copy(), Original(Vae));
        await Good($"data generate listops --count 200 --out {folder.At("trees")}");
        await Good($"train listops --data {folder.At("trees")} --max-length 6 --epochs 1 --estimator st --out {Original(Tree)} --quiet");
        await Good($"train polynomial --variables 2 --steps 3 --batch-size 2 --out {Original(Programme)} --quiet");
        await Good($"evaluate {Original(Vae)} --samples 1 --quiet");
        await Good($"evaluate {Original(Tree)} --quiet");
        await Good($"gradients vae --run {Original(Vae)} --estimators st-gs --temperatures 0.5 --reference none --minibatches 10 --passes 2 --quiet");
    }

    /// <summary>Makes a search that is done too; takes some seconds.</summary>
    public async Task MakeSearch()
    {
        File.WriteAllText(folder.At("spec.toml"), Specification);
        (await Dgrad.Run(Root, "search", folder.At("spec.toml"), "--out", Original(Searched), "--workers", "1", "--quiet")).Good();
    }

    /// <summary>A search of two trials, as TOML.</summary>
    public string Specification => $$"""
        task = "vae"
        trials = 1
        keep-checkpoints = true
        [settings]
        data = "{{trained.Data}}"
        steps = 4
        validation-interval = 2
        validation-images = 2
        validation-samples = 2
        architecture = "linear"
        [[grid]]
        arity = [8]
        estimator = ["st-gs", "gr-mc:2"]
        [random]
        learning-rate = { integers = [5, 50], over = 10_000 }
        momentum = { uniform = [0.0, 1.0] }
        temperature = { choice = [0.5, 1] }
        [evaluation]
        selection-samples = 2
        selection-examples = 2
        final-samples = 2
        final-examples = 2
        [halving]
        rungs = [2]
        keep = 0.5
        """;

    /// <summary>An empty folder for a case, with copies of originals in it.</summary>
    public void Begin(params string[] copies)
    {
        TryDelete(folder.At($"case-{number++}"));
        Directory.CreateDirectory(Path.Combine(Here, "folder"));
        File.WriteAllText(Path.Combine(Here, "file"), "x");
        using (var made = Process.Start("mkfifo", [Path.Combine(Here, "pipe")])) made.WaitForExit();
        foreach (var name in copies) Copy(new(Original(name)), At(name));
    }

    public string At(string name) => Path.Combine(Here, name);

    /// <summary>The paths of a copy's files, from it on, in order.</summary>
    public IReadOnlyList<string> Files(string copy) =>
        [.. Directory.EnumerateFiles(At(copy), "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(At(copy), path)).Order(StringComparer.Ordinal)];

    /// <summary>Names of runs and data in a line become their paths.</summary>
    public IReadOnlyList<string> Words(string line) => [.. line.Split(' ').Select(word => word switch
    {
        "VAE" => At(Vae),
        "TREE" => At(Tree),
        "PROGRAMME" => At(Programme),
        "SEARCH" => At(Searched),
        "DATA" => trained.Data,
        "TREES" => folder.At("trees"),
        "TEST" => Path.Combine(folder.At("trees"), "test.tsv"),
        "SPEC" => folder.At("spec.toml"),
        "OUT" => At(Out),
        _ => word.Replace('_', ' '),
    })];

    /// <summary>Runs a command, stopped after a while; it must end soon after that, and well.</summary>
    public async Task Try(string which, IReadOnlyList<string> words, int stopAfter)
    {
        using var stop = new CancellationTokenSource(stopAfter);
        var said = $"{which}: dgrad {new JsonArray([.. words.Select(word => (JsonNode)word)]).ToJsonString()}";
        Dgrad.Outcome outcome;
        try
        {
            outcome = await Task.Run(() => InProcess.Run(Here, [.. words], stop.Token)).WaitAsync(Patience);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{said}\n{(e is TimeoutException ? "it hangs" : e)}", e);
        }
        string[] never = ["   at ", "Unhandled", "System.", "a bug:", "\u001b"];
        var lines = outcome.Error.TrimEnd('\n').Split('\n');
        var good = outcome.Code is ExitCode.Success or ExitCode.Failed or ExitCode.BadInput or ExitCode.Interrupted
            && !never.Any(word => outcome.Error.Contains(word, StringComparison.Ordinal))
            && lines.Length <= 20 && lines.All(line => line.Length < 1100)
            && (outcome.Code == ExitCode.Success || outcome.Output.Contains("diverged", StringComparison.Ordinal) || lines[^1].StartsWith("dgrad: ", StringComparison.Ordinal));
        Assert.True(good, $"{said}\ncode {outcome.Code}: {outcome.Error}");
    }

    public void Dispose() => TryDelete(Root);

    private static void TryDelete(string path)
    {
        try
        {
            if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        }
        catch (IOException)
        {
            // It is the system's to clean up.
        }
    }

    private string Original(string name) => Path.Combine(folder.At("original"), name);

    private async Task Good(string line) => (await InProcess.Run(Root, line.Split(' '))).Good();

    private static void Copy(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in from.EnumerateFiles()) file.CopyTo(Path.Combine(to, file.Name));
        foreach (var part in from.EnumerateDirectories()) Copy(part, Path.Combine(to, part.Name));
    }
}
