using System.Buffers.Binary;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.Export;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Cli.Tests;

/// <summary>What other programs are given, read back by other means than it was written by.</summary>
[Collection(nameof(InProcess))]
public sealed class ExportTests(TrainedRun run) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task TheWeightsOfAVaeAreSafetensors()
    {
        var file = folder.At("vae.safetensors");
        var outcome = (await InProcess.Run(folder.FullPath, "export", run.Path, "--out", file, "--json")).Good();
        var (header, numbers) = Parse(file);
        Assert.Equal(["decoder.0.bias", "decoder.0.weight", "encoder.0.bias", "encoder.0.weight", "pixel-means", "prior"], header.Select(pair => pair.Key).Where(key => key != "__metadata__").Order(StringComparer.Ordinal));
        Assert.Equal(header.Count - 1, JsonNode.Parse(outcome.Output)!["tensors"]!.AsObject().Count);
        Assert.Equal(("vae", "pt"), ((string)header["__metadata__"]!["task"]!, (string)header["__metadata__"]!["format"]!));
        Assert.Equal(4, (int)JsonNode.Parse((string)header["__metadata__"]!["settings"]!)!["arity"]!);
        SameAsInTheCheckpoint(run.Path, header, numbers, ["encoder.0.weight", "encoder.0.bias", "decoder.0.weight", "decoder.0.bias", "prior"], "");
        Assert.Equal(TestData.Mnist().Train.PixelMeans(), numbers["pixel-means"]);
    }

    [Fact]
    public async Task TheWeightsOfATreeLstmAreSafetensors()
    {
        (await InProcess.Run(folder.FullPath, "data", "generate", "listops", "--count", "300", "--seed", "1", "--out", "data")).Good();
        (await InProcess.Run(folder.FullPath, "train", "listops", "--data", "data", "--max-length", "6", "--epochs", "1", "--estimator", "gr-mc:5", "--out", "tree", "--quiet")).Good();
        await Refused("--data is for the safetensors of a VAE's run.", "export", "tree", "--data", "data");
        // After one epoch the best weights are the last: they are told apart here.
        var (tensors, texts) = SafeTensors.Read(RunFolder.CheckpointIn(folder.At("tree")));
        SafeTensors.Write(RunFolder.CheckpointIn(folder.At("tree")), tensors.Select(pair =>
            (pair.Key, pair.Key.StartsWith("best.", StringComparison.Ordinal) ? pair.Value.neg() : pair.Value)), texts);
        foreach (var tensor in tensors.Values) tensor.Dispose();
        foreach (var (weights, prefix) in new[] { ("best", "best."), ("last", "") })
        {
            (await InProcess.Run(folder.FullPath, "export", "tree", "--weights", weights)).Good();
            var (header, numbers) = Parse(folder.At("tree/weights.safetensors"));
            Assert.Equal("listops", (string)header["__metadata__"]!["task"]!);
            Assert.True(numbers.Count >= 8);
            SameAsInTheCheckpoint(folder.At("tree"), header, numbers, numbers.Keys, prefix);
        }
    }

    [Fact]
    public async Task TheMetricsAreTensorBoardEvents()
    {
        // Twice: the second takes the place of the first.
        for (var time = 0; time < 2; time++) (await InProcess.Run(folder.FullPath, "export", run.Path, "--format", "tensorboard", "--out", "events")).Good();
        var events = EventFile.Read(Assert.Single(Directory.EnumerateFileSystemEntries(folder.At("events"))));
        Assert.Equal("brain.Event:2", events[0].FileVersion);
        var written = Written(events);
        Assert.Equal(Metrics(run.Path), written);
        Assert.Contains(written, one => one.Tag == "loss" && one.Step == 700);
        Assert.Contains(written, one => one.Tag == "validation-bound");
    }

    /// <summary>The point of a toy problem is a list: it is no event, and does not count.</summary>
    [Fact]
    public void NumbersAloneAreEvents_AndTheyAreCounted()
    {
        var path = Directory.CreateDirectory(folder.At("run")).FullName;
        File.WriteAllText(Path.Combine(path, "metrics.jsonl"), """
            {"step":100,"loss":2.5,"probabilities":[0.5,0.5],"note":"a text"}
            {"step":200,"loss":1.5,"bound":-90}

            """);
        Assert.Equal(3, TensorBoardExport.Write(path, Directory.CreateDirectory(folder.At("events")).FullName));
        List<(long, string, float)> expected = [(100, "loss", 2.5f), (200, "loss", 1.5f), (200, "bound", -90)];
        Assert.Equal(expected, Written(EventFile.Read(folder.At("events/events.out.tfevents.dgrad-run"))));
    }

    [Fact]
    public async Task FilesThatItDidNotWriteStay()
    {
        var events = Directory.CreateDirectory(folder.At("mine")).FullName;
        string[] others = ["events.out.tfevents.1700000000.host", "events.out.tfevents.dgrad-another", ".partial-1", "notes"];
        foreach (var name in others) File.WriteAllText(Path.Combine(events, name), "kept");
        (await InProcess.Run(folder.FullPath, "export", run.Path, "--format", "tensorboard", "--out", events)).Good();
        Assert.All(others, name => Assert.Equal("kept", File.ReadAllText(Path.Combine(events, name))));
        Assert.Equal(others.Append("events.out.tfevents.dgrad-whole").Order(StringComparer.Ordinal), Directory.EnumerateFileSystemEntries(events).Select(Path.GetFileName).Order(StringComparer.Ordinal)!);
    }

    [Fact]
    public async Task BadInputIsOneLine()
    {
        await Refused("none is no run folder", "export", "none");
        await Refused("none has no metrics.jsonl", "export", "none", "--format", "tensorboard");
        await Refused("onnx", "export", run.Path, "--format", "onnx");
        await Refused("--weights is for the safetensors of a ListOps run.", "export", run.Path, "--weights", "last");
        await Refused("--data is for the safetensors of a VAE's run.", "export", run.Path, "--format", "tensorboard", "--data", run.Data);
        var broken = run.Copy();
        File.AppendAllText(Path.Combine(broken, "metrics.jsonl"), "{\"loss\": 3}\n");
        await Refused("is not a line of metrics", "export", broken, "--format", "tensorboard");
    }

    [Fact]
    public async Task TheEventsOfATrainingThatGoesOnAreThoseOfItsMetrics()
    {
        string[] arguments = ["train", "vae", .. run.Options, "--out", folder.At("live"), "--tensorboard", folder.At("board"), "--quiet"];
        using (var stop = new CancellationTokenSource())
        {
            stop.CancelAfter(TimeSpan.FromSeconds(1));
            await InProcess.Run(folder.FullPath, arguments, stop.Token);
        }
        (await InProcess.Run(folder.FullPath, arguments)).Good();
        var events = EventFile.Read(folder.At("board/live/events.out.tfevents.dgrad-live"));
        Assert.Equal(Metrics(folder.At("live")), Written(events));
    }

    [Fact]
    public async Task EventsAreWrittenWhileTheRunGoesOn_AndAddedToInPlace()
    {
        var path = Directory.CreateDirectory(folder.At("run")).FullName;
        using (var live = new LiveEvents(folder.At("board"), () => [("run", path)]))
        {
            var file = folder.At("board/run/events.out.tfevents.dgrad-run");
            File.WriteAllText(Path.Combine(path, "metrics.jsonl"), """{"step":100,"loss":2.5}""" + "\n");
            while (!File.Exists(file) || EventFile.Read(file).Count < 2) await Task.Delay(50, TestContext.Current.CancellationToken);
            File.AppendAllText(Path.Combine(path, "metrics.jsonl"), """{"step":200,"loss":1.5}""" + "\n");
        }
        Assert.Equal(Metrics(path), Written(EventFile.Read(folder.At("board/run/events.out.tfevents.dgrad-run"))));
    }

    [Fact]
    public void EventsThatCouldNotBeWrittenAreWrittenTheNextTime_ThoughTheRunWroteNoMore()
    {
        const BindingFlags Own = BindingFlags.Instance | BindingFlags.NonPublic;
        var path = Directory.CreateDirectory(folder.At("run")).FullName;
        File.WriteAllText(Path.Combine(path, "metrics.jsonl"), """{"step":100,"loss":2.5}""" + "\n");
        var file = folder.At("board/run/events.out.tfevents.dgrad-run");
        using (var live = new LiveEvents(folder.At("board"), () => [("run", path)]))
        {
            var inThePlace = Directory.CreateDirectory(file);
            var update = typeof(LiveEvents).GetMethod("Update", Own)!;
            Assert.Throws<TargetInvocationException>(() => update.Invoke(live, null));
            inThePlace.Delete();
        }
        Assert.Equal(Metrics(path), Written(EventFile.Read(file)));
    }

    [Fact]
    public void EachRunHasEventsOfItsOwn()
    {
        var (first, second) = (Directory.CreateDirectory(folder.At("a")).FullName, Directory.CreateDirectory(folder.At("b")).FullName);
        File.WriteAllText(Path.Combine(first, "metrics.jsonl"), """{"step":100,"loss":2.5}""" + "\n");
        File.WriteAllText(Path.Combine(second, "metrics.jsonl"), """{"step":100,"loss":7.5}""" + "\n" + """{"step":300,"loss":6.5}""" + "\n");
        new LiveEvents(folder.At("board"), () => [("one", first), ("cell/two", second)]).Dispose();
        Assert.Equal(Metrics(first), Written(EventFile.Read(folder.At("board/one/events.out.tfevents.dgrad-one"))));
        Assert.Equal(Metrics(second), Written(EventFile.Read(folder.At("board/cell/two/events.out.tfevents.dgrad-two"))));
    }

    public void Dispose() => folder.Dispose();

    private static List<(long Step, string Tag, float Value)> Written(IEnumerable<Tensorboard.Event> events) =>
        [.. events.Skip(1).Select(one => (one.Step, one.Summary.Value.Single().Tag, one.Summary.Value.Single().SimpleValue))];

    private static List<(long Step, string Tag, float Value)> Metrics(string path) =>
    [
        .. from line in File.ReadLines(Path.Combine(path, "metrics.jsonl")).Select(line => JsonNode.Parse(line)!.AsObject())
           from entry in line
           where entry.Key != "step"
           select ((long)line["step"]!, entry.Key, (float)(double)entry.Value!),
    ];

    private async Task Refused(string message, params string[] arguments)
    {
        var outcome = await InProcess.Run(folder.FullPath, arguments);
        Assert.Equal((2, ""), (outcome.Code, outcome.Output));
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
        Assert.Equal(outcome.Error.Length - 1, outcome.Error.IndexOf('\n', StringComparison.Ordinal));
    }

    private static void SameAsInTheCheckpoint(string path, JsonObject header, Dictionary<string, float[]> numbers, IEnumerable<string> names, string prefix)
    {
        var (tensors, _) = SafeTensors.Read(RunFolder.CheckpointIn(path));
        foreach (var name in names)
        {
            var kept = tensors[prefix + name];
            Assert.Equal(kept.shape, header[name]!["shape"]!.AsArray().Select(axis => (long)axis!));
            Assert.Equal(kept.data<float>().ToArray(), numbers[name]);
        }
        foreach (var tensor in tensors.Values) tensor.Dispose();
    }

    /// <summary>The format as its specification says, float32 only.</summary>
    private static (JsonObject Header, Dictionary<string, float[]> Numbers) Parse(string path)
    {
        var file = File.ReadAllBytes(path);
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        var header = JsonNode.Parse(file.AsSpan(8, length))!.AsObject();
        var numbers = header.Where(pair => pair.Key != "__metadata__").ToDictionary(pair => pair.Key, pair =>
        {
            Assert.Equal("F32", (string)pair.Value!["dtype"]!);
            var (start, end) = ((int)pair.Value["data_offsets"]![0]!, (int)pair.Value["data_offsets"]![1]!);
            return MemoryMarshal.Cast<byte, float>(file.AsSpan(8 + length)[start..end]).ToArray();
        }, StringComparer.Ordinal);
        return (header, numbers);
    }
}
