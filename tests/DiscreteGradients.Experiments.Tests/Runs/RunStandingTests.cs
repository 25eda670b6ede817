using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Runs;

public sealed class RunStandingTests : IDisposable
{
    private static readonly VaeSettings Settings = new() { Steps = 30, DataChecksum = "a" };
    private readonly TemporaryFolder folder = new();

    private string Run => folder.At("run");

    [Fact]
    public void ANewFolderTheSameRunAndALongerOneAreTaken()
    {
        Assert.Null(RunFolder.Refusal(Run, Settings));
        Claim(Settings);
        Assert.Null(RunFolder.Refusal(Run, Settings));
        Assert.Null(RunFolder.Refusal(Run, Settings with { Data = "elsewhere" }));
        Assert.Null(RunFolder.Refusal(Run, Settings with { Steps = 31 }));
        Assert.Null(RunFolder.Refusal(Run, new { Steps = 30, Arity = 8 }, isPart: true));
    }

    [Fact]
    public void TheRefusalNamesEachSettingBothValuesAndWhatToDo()
    {
        Claim(Settings);
        Refused(Settings with { Temperature = 0.3 }, "temperature is 0.5 there and 0.3 here; expected another out, or temperature 0.5 to go on.");
        Refused(Settings with { Steps = 29 }, "steps is 30 there and 29 here; expected another out, or steps 30 to go on.");
        Refused(Settings with { Steps = 31, Architecture = VaeArchitecture.Tanh }, "architecture is deep there and tanh here, steps is 30 there and 31 here; expected another out, or the settings that are there to go on.");
        Refused(new { Steps = 30, Colour = "red" }, "colour is not given there and red here, arity is 8 there and not given here, architecture is deep there and not given here, "
            + "log-ratio is analytic there and not given here, and 10 more; expected another out, or the settings that are there to go on.");
        Assert.StartsWith("mnist holds other data than those of the run: SHA-256 b; expected a ", RunFolder.Refusal(Run, Settings with { DataChecksum = "b" })!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ASettingWithinAnotherIsNamedWithItsPath_AndAListAsOneTypesIt()
    {
        Claim(new { Settings = new { Minibatches = 10, Temperatures = (double[])[0.5, 1] }, Model = "m" });
        foreach (var grid in (double[][])[[0.5, 1], [1, 0.5], [1], [2, 1, 0.5]])
            Assert.Null(RunFolder.Refusal(Run, new { Settings = new { Minibatches = 10, Temperatures = grid } }, isPart: true));
        Assert.Contains(": settings.temperatures is 0.5,1 there and 2 here; ", RunFolder.Refusal(Run, new { Settings = new { Minibatches = 10, Temperatures = (double[])[2] } }, isPart: true)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ARunThatDivergedMakesRoomForAnother_AndIsKept()
    {
        Claim(Settings);
        folder.Write("run/metrics.jsonl", "first\n");
        folder.Write("run/checkpoint/state.safetensors", "state");
        RunFolder.WriteJson(Run, "result.json", new { status = "diverged" });
        Assert.Null(Claim(Settings));
        Assert.True(File.Exists(Path.Combine(Run, "result.json")), "the same run goes on, to the same end");
        Assert.Equal($"a run that diverged was here (temperature is 0.5 there and 0.3 here); it is kept in {Path.Combine(Run, "diverged")}", Claim(Settings with { Temperature = 0.3 }));
        Assert.False(File.Exists(RunFolder.CheckpointIn(Run)));
        Assert.Equal("first\n", File.ReadAllText(Path.Combine(Run, "diverged/metrics.jsonl")));
        RunFolder.WriteJson(Run, "result.json", new { status = "diverged" });
        Assert.Contains("it is kept in " + Path.Combine(Run, "diverged-2"), Claim(Settings), StringComparison.Ordinal);
        Assert.Equal("first\n", File.ReadAllText(Path.Combine(Run, "diverged/metrics.jsonl")));
        RunFolder.WriteJson(Run, "result.json", new { status = "completed" });
        Refused(Settings with { Seed = 1 }, "seed is 0 there and 1 here; expected another out, or seed 0 to go on.");
    }

    /// <summary>A process that is killed while it makes room leaves the result, and of the rest any part.</summary>
    [Fact]
    public void RoomThatIsMadeByHalfIsMadeByTheNext()
    {
        string[] parts = ["checkpoint", "metrics.jsonl", "settings.json"];
        for (var moved = 0; moved < 1 << parts.Length; moved++)
        {
            Claim(Settings);
            folder.Write("run/metrics.jsonl", "first\n");
            folder.Write("run/checkpoint/state.safetensors", "state");
            RunFolder.WriteJson(Run, "result.json", new { status = "diverged" });
            Directory.CreateDirectory(Path.Combine(Run, "diverged"));
            foreach (var part in parts.Where((_, i) => (moved >> i & 1) == 1))
            {
                var (from, to) = (Path.Combine(Run, part), Path.Combine(Run, "diverged", part));
                if (part == parts[0]) Directory.Move(from, to);
                else File.Move(from, to);
            }
            Assert.EndsWith($"it is kept in {Path.Combine(Run, "diverged-2")}", Claim(Settings with { Seed = 1 }),
                StringComparison.Ordinal);
            Assert.Equal([".lock", "checkpoint", "diverged", "diverged-2", "settings.json"],
                new DirectoryInfo(Run).EnumerateFileSystemInfos().Select(entry => entry.Name).Order(StringComparer.Ordinal));
            Assert.False(File.Exists(RunFolder.CheckpointIn(Run)));
            Assert.Equal(1ul, RunFolder.ReadSettings<VaeSettings>(Run).Seed);
            Directory.Delete(Run, recursive: true);
        }
    }

    public void Dispose() => folder.Dispose();

    private string? Claim(object settings)
    {
        using var run = RunFolder.Open(Run);
        return run.Claim(settings);
    }

    private void Refused(object settings, string differences)
    {
        var refusal = $"{Run} holds a run of other settings: {differences}";
        Assert.Equal(refusal, RunFolder.Refusal(Run, settings)!.Message);
        Assert.Equal(refusal, Assert.Throws<InputException>(() => Claim(settings)).Message);
    }
}
