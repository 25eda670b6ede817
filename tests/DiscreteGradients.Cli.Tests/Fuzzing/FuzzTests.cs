using System.CommandLine;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Cli.Tests.Fuzzing;

/// <summary>Random input of every kind under the commands that read it, each stopped at a random moment: no stack trace, no
/// hang, no exit code but 0, 1, 2 and 130. A failure names its seed and its case, which the variables DGRAD_FUZZ_SEED and
/// DGRAD_FUZZ_CASE run again; DGRAD_FUZZ_TIMES multiplies the number of cases.</summary>
[Collection(nameof(InProcess)), Trait("Category", "Slow")]
public sealed class FuzzTests(TrainedRun trained) : IDisposable
{
    private static readonly string[] Lines =
    [
        "compare --data DATA --arity 2 --architecture linear --steps 2 --batch-size 2 --validation-samples 2 --estimators st,gr-mc:2 --out OUT --quiet",
        "train vae --data DATA --arity 4 --architecture linear --steps 3 --batch-size 2 --validation-samples 2 --validation-interval 2 --out OUT --quiet", "train vae --resume VAE --quiet",
        "train listops --data TREES --max-length 5 --epochs 1 --estimator st --out OUT --quiet", "train listops --resume TREE --quiet", "train simplex --steps 3 --out OUT --quiet",
        "train polynomial --variables 2 --steps 3 --batch-size 2 --out OUT --quiet", "evaluate VAE --samples 2 --images 2 --split valid --quiet", "evaluate TREE --quiet",
        "evaluate TREE --data TEST --max-length 7 --weights last --quiet", "parse TREE [MAX_2_9_[MIN_4_7_]_0_] --out tree.svg", "export VAE --out OUT", "export TREE --weights last",
        "export VAE --format tensorboard --out OUT", "data list", "data check DATA", "data check TREES", "data generate listops --count 50 --seed 3 --out OUT --exclude TEST",
        "results VAE --out results.md", "bench kernel --workload 2,3,4 --samples 2 --seconds 0.01 --json", "bench vae --arity 2 --batch-size 2 --estimators st --seconds 0.01 --quiet",
        "bench iwae --samples 2 --seconds 0.01 --quiet", "gradients simplex --p 0.5,0.3,0.2 --temperatures 0.5 --estimators st-gs --draws 40 --quiet",
        "gradients polynomial --temperatures 0.5 --estimators st-gs --draws 40 --quiet",
        "gradients vae --run VAE --estimators st-gs --temperatures 0.5 --reference none --minibatches 10 --passes 2 --quiet",
        "figure 1 --side 6 --temperatures 0.5 --out OUT --quiet", "figure cost --arities 2 --estimators st-gs --draws 20 --seconds 0.001 --out OUT --quiet",
        "figure 2a --data DATA --at 1 --steps 2 --arity 2 --architecture linear --minibatches 10 --passes 2 --out OUT --quiet", "figure 2c SEARCH --out OUT", "figure 4 SEARCH --out OUT",
        "search SPEC --out OUT --launcher slurm --dry-run --quiet", "status SEARCH", "status SEARCH --json", "table 2 SEARCH --format csv", "worker SEARCH",
    ];

    private const int MostFailures = 20;
    private readonly Workplace place = new(trained);

    [Fact(Explicit = true)]
    public async Task CommandLines()
    {
        await place.MakeSearch();
        await Fuzz(800, async (random, which) =>
        {
            place.Begin(Workplace.Vae, Workplace.Tree, Workplace.Searched);
            var line = place.Words(OddInput.Of(random, Lines));
            var words = OddInput.Changed(random, line, Options(line));
            // Workers would be processes of their own.
            if (words is ["search", ..]) words = [.. words, "--launcher", "slurm", "--dry-run"];
            // And this waits for a network.
            if (!(words.Contains("data") && words.Contains("get"))) await place.Try(which, words, random.Next(1, 800));
        });
    }

    [Fact(Explicit = true)]
    public Task SettingsFiles() => Fuzz(250, async (random, which) =>
    {
        place.Begin();
        (string Task, object Settings, string Data)[] kinds =
        [
            ("vae", new VaeSettings { Steps = 2, ValidationSamples = 2, Architecture = VaeArchitecture.Linear }, "DATA"), ("listops", new ListOpsSettings { Epochs = 1, MaxLength = 5 }, "TREES"),
            ("simplex", new Experiments.ToyProblems.ToyProblemSettings { Steps = 2 }, ""), ("polynomial", new Experiments.ToyProblems.ToyProblemSettings { Programme = "polynomial", Steps = 2, Variables = 2 }, ""),
        ];
        var (task, settings, data) = OddInput.Of(random, kinds);
        var file = Document(random, System.Text.Json.JsonSerializer.SerializeToNode(settings, settings.GetType(), JsonText.Line)!, "settings");
        await place.Try(which, place.Words($"train {task} --settings {file} --out OUT --quiet{(data.Length > 0 && random.Next(4) > 0 ? " --data " + data : "")}"), random.Next(1, 800));
    });

    [Fact(Explicit = true)]
    public Task Specifications() => Fuzz(250, async (random, which) =>
    {
        place.Begin();
        var file = Document(random, Experiments.Runs.SettingsFile.Toml(place.Specification, "spec").Values, "spec");
        foreach (var command in new[] { $"search {file} --out OUT --launcher slurm --dry-run", "status OUT", "table 2 OUT", "worker OUT" })
            await place.Try(which, place.Words(command), random.Next(1, 600));
    });

    [Fact(Explicit = true)]
    public Task FilesOfARun() => Fuzz(300, async (random, which) =>
    {
        var (run, commands) = OddInput.Of(random, new[]
        {
            (Workplace.Vae, new[]
            {
                "train vae --resume VAE --quiet", "evaluate VAE --samples 1 --images 2 --quiet", "export VAE", "export VAE --format tensorboard", "results VAE",
                "gradients vae --run VAE --estimators st-gs --temperatures 0.5 --reference none --minibatches 10 --passes 2 --quiet",
            }),
            (Workplace.Tree, ["train listops --resume TREE --quiet", "evaluate TREE --quiet", "export TREE", "results TREE", "parse TREE [MAX_2_9_]"]),
            (Workplace.Programme, ["train polynomial --resume PROGRAMME --quiet", "results PROGRAMME", "export PROGRAMME --format tensorboard"]),
        });
        place.Begin(run);
        Damage(random, place.At(Path.Combine(run, OddInput.Of(random, place.Files(run)))));
        foreach (var command in commands) await place.Try(which, place.Words(command), random.Next(1, 2000));
    });

    [Fact(Explicit = true)]
    public async Task FilesOfASearch()
    {
        await place.MakeSearch();
        string[] commands = ["table 2 SEARCH", "status SEARCH", "figure 2c SEARCH --out OUT", "figure 4 SEARCH --out OUT", "results SEARCH", "worker SEARCH"];
        await Fuzz(200, async (random, which) =>
        {
            place.Begin(Workplace.Searched);
            Damage(random, place.At(Path.Combine(Workplace.Searched, OddInput.Of(random, place.Files(Workplace.Searched)))));
            foreach (var command in commands) await place.Try(which, place.Words(command), random.Next(1, 2000));
        });
    }

    [Fact(Explicit = true)]
    public Task DataFiles() => Fuzz(250, async (random, which) =>
    {
        place.Begin();
        var isTrees = random.Next(3) == 0;
        var data = Directory.CreateDirectory(place.At("data")).FullName;
        foreach (var file in Directory.EnumerateFiles(place.Words(isTrees ? "TREES" : "DATA")[0])) File.Copy(file, Path.Combine(data, Path.GetFileName(file)));
        if (!isTrees && random.Next(3) == 0) MakeIdx(data);
        var damaged = OddInput.Of(random, Directory.GetFiles(data).Order(StringComparer.Ordinal).ToList());
        var zipped = random.Next(3) == 0;
        var content = File.ReadAllBytes(damaged);
        if (!zipped || random.Next(2) == 0) content = OddInput.Changed(random, content);
        if (zipped) content = Zip(content);
        if (zipped && random.Next(2) == 0) content = OddInput.Changed(random, content);
        File.WriteAllBytes(damaged, content);
        await place.Try(which, ["data", "check", random.Next(4) == 0 ? damaged : data], 5000);
        var train = isTrees ? "train listops --max-length 5 --epochs 1 --estimator st" : "train vae --arity 2 --architecture linear --steps 1 --validation-samples 1";
        await place.Try(which, [.. place.Words($"{train} --out OUT --quiet --data"), data], random.Next(1, 2000));
    });

    [Fact(Explicit = true)]
    public Task ForgedCheckpoints() => Fuzz(250, async (random, which) =>
    {
        var (run, commands) = OddInput.Of(random, new[]
        {
            (Workplace.Vae, new[] { "train vae --resume VAE --quiet", "evaluate VAE --samples 1 --images 2 --quiet", "export VAE", "gradients vae --run VAE --estimators st-gs --temperatures 0.5 --reference none --minibatches 10 --passes 2 --quiet" }),
            (Workplace.Tree, ["train listops --resume TREE --quiet", "evaluate TREE --quiet", "export TREE", "parse TREE [MAX_2_9_]"]),
            (Workplace.Programme, ["train polynomial --resume PROGRAMME --quiet"]),
        });
        place.Begin(run);
        ForgedCheckpoint.Write(random, RunFolder.CheckpointIn(place.At(run)));
        foreach (var command in commands) await place.Try(which, place.Words(command), random.Next(1, 2000));
    });

    public void Dispose() => place.Dispose();

    private async Task Fuzz(int cases, Func<Random, string, Task> run)
    {
        var seed = Number("DGRAD_FUZZ_SEED") ?? 1;
        var only = Number("DGRAD_FUZZ_CASE");
        await place.Make();
        var failures = new List<string>();
        foreach (var number in only is { } one ? [one] : Enumerable.Range(0, cases * (Number("DGRAD_FUZZ_TIMES") ?? 1)))
        {
            if (await Record.ExceptionAsync(() => run(new Random(HashOf(seed, number)), $"seed {seed}, case {number}")) is { } failure) failures.Add(failure.Message);
            if (failures.Count == MostFailures) break;
        }
        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
    }

    private static int? Number(string variable) => Environment.GetEnvironmentVariable(variable) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private static int HashOf(int seed, int number) => unchecked(seed * 1_000_003 + number);

    private static IReadOnlyList<string> Options(IReadOnlyList<string> line)
    {
        Command command = Root.Create();
        foreach (var word in line) command = command.Subcommands.FirstOrDefault(part => part.Name == word) ?? command;
        return [.. command.Options.Select(option => option.Name)];
    }

    // As JSON or as TOML, changed as a document, as a text, or both.
    private string Document(Random random, JsonNode document, string name)
    {
        var isJson = random.Next(2) == 0;
        if (random.Next(4) > 0) document = OddInput.Changed(random, document) ?? "null";
        var text = Encoding.UTF8.GetBytes(isJson ? document.ToJsonString() : TomlText.Of(document));
        var path = place.At($"{name}.{(isJson ? "json" : "toml")}");
        File.WriteAllBytes(path, random.Next(3) == 0 ? OddInput.Changed(random, text) : text);
        return path;
    }

    private static void Damage(Random random, string path)
    {
        var content = File.ReadAllBytes(path);
        if (random.Next(10) == 0)
        {
            File.Delete(path);
        }
        else if (path.EndsWith(".json", StringComparison.Ordinal) && random.Next(3) > 0)
        {
            File.WriteAllText(path, OddInput.Changed(random, JsonNode.Parse(content))?.ToJsonString() ?? "null");
        }
        else if (path.EndsWith(".jsonl", StringComparison.Ordinal) && random.Next(3) > 0)
        {
            var lines = File.ReadAllLines(path);
            if (lines.Length == 0) return;
            var at = random.Next(lines.Length);
            lines[at] = OddInput.Changed(random, JsonNode.Parse(lines[at]))?.ToJsonString() ?? "null";
            File.WriteAllLines(path, lines);
        }
        else
        {
            File.WriteAllBytes(path, OddInput.Changed(random, content));
        }
    }

    private static void MakeIdx(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder)) File.Delete(file);
        foreach (var name in new[] { "train-images-idx3-ubyte", "t10k-images-idx3-ubyte" })
            File.WriteAllBytes(Path.Combine(folder, name), [0, 0, 8, 3, 0, 0, 0, 20, 0, 0, 0, 28, 0, 0, 0, 28, .. new byte[20 * 784]]);
    }

    private static byte[] Zip(byte[] content)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest)) gzip.Write(content);
        return zipped.ToArray();
    }
}
