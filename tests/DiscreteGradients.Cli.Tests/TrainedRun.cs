using DiscreteGradients.Cli.Tests;

[assembly: AssemblyFixture(typeof(TrainedRun))]

namespace DiscreteGradients.Cli.Tests;

/// <summary>Small data, and a run on them that nobody interrupted; made once.</summary>
public sealed class TrainedRun : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();

    public string Root => folder.FullPath;

    public string Data => folder.At("data");

    /// <summary>The run folder.</summary>
    public string Path => folder.At("whole");

    public string Output { get; private set; } = "";

    /// <summary>The settings of the run, as options.</summary>
    public string[] Options =>
    [
        "--data", Data, "--arity", "4", "--architecture", "linear", "--estimator", "gr-mc:5", "--batch-size", "4", "--steps", "700",
        "--validation-interval", "400", "--validation-samples", "3", "--seed", "5",
    ];

    public async ValueTask InitializeAsync()
    {
        TestData.WriteAmat(Data);
        var outcome = await InProcess.Run(Root, ["train", "vae", .. Options, "--out", Path, "--json", "--quiet"]);
        Assert.Equal("", outcome.Good().Error);
        Output = outcome.Output;
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A copy of the run, for tests that spoil it.</summary>
    public string Copy()
    {
        var copy = folder.At($"copy-{Guid.NewGuid():N}");
        Directory.CreateDirectory(System.IO.Path.Combine(copy, "checkpoint"));
        foreach (var name in new[] { "settings.json", "metrics.jsonl", "result.json", "checkpoint/state.safetensors" })
            File.Copy(System.IO.Path.Combine(Path, name), System.IO.Path.Combine(copy, name));
        return copy;
    }

    /// <summary>Another folder holds the same run, to the bit.</summary>
    public void AssertSame(string path)
    {
        foreach (var name in new[] { "settings.json", "metrics.jsonl", "checkpoint/state.safetensors", "result.json" })
        {
            var same = File.ReadAllBytes(System.IO.Path.Combine(Path, name)).AsSpan().SequenceEqual(File.ReadAllBytes(System.IO.Path.Combine(path, name)));
            Assert.True(same, $"{name} differs");
        }
    }
}
