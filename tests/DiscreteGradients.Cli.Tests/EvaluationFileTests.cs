using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.Runs;
using static TorchSharp.torch;

namespace DiscreteGradients.Cli.Tests;

/// <summary>Evaluations during which the training goes on: by the first word on their progress the weights have been read.</summary>
[Collection(nameof(InProcess))]
public sealed class EvaluationFileTests(TrainedRun run) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task ABoundOfAModelThatIsNoMoreThereIsPrintedAndNotKept()
    {
        var copy = run.Copy();
        await NotKept(copy, Path.Combine(copy, "evaluation-test.json"), ["evaluate", copy, "--samples", "2", "--json"]);
        Assert.Empty(Directory.EnumerateFiles(copy, "*.partial.jsonl"));
    }

    [Fact]
    public async Task AnAccuracyOfAModelThatIsNoMoreThereIsPrintedAndNotKept()
    {
        var path = Directory.CreateDirectory(folder.At("tree")).FullName;
        // The training data are not asked for.
        RunFolder.WriteJson(path, "settings.json", new ListOpsSettings { Data = folder.At("none") });
        using (var model = new TreeLstm(1))
            SafeTensors.Write(RunFolder.CheckpointIn(path), model.Parameters, new Dictionary<string, string>(StringComparer.Ordinal));
        folder.Write("set", "9\t[MAX 2 9 ]\n3\t[MIN 3 4 ]\n");
        await NotKept(path, Path.Combine(path, "evaluation-file-set-last.json"),
            ["evaluate", path, "--data", folder.At("set"), "--weights", "last", "--json"]);
    }

    public void Dispose() => folder.Dispose();

    private async Task NotKept(string path, string file, string[] evaluate)
    {
        var checkpoint = RunFolder.CheckpointIn(path);
        var before = (await Run(meanwhile: null)).Good();
        var kept = File.ReadAllBytes(file);
        var during = (await Run(Train)).Good();
        Assert.Equal(before.Output, during.Output);
        Assert.EndsWith(
            $"{file} is not written: the training went on meanwhile, and the run has another model now\n", during.Error,
            StringComparison.Ordinal);
        Assert.Equal(kept, File.ReadAllBytes(file));
        // The model that is there now, and then none.
        var after = (await Run(meanwhile: null)).Good();
        Assert.NotEqual(before.Output, after.Output);
        Assert.EndsWith($"{file}\n", after.Error, StringComparison.Ordinal);
        kept = File.ReadAllBytes(file);
        Assert.Equal(after.Output, (await Run(() => File.Delete(checkpoint))).Good().Output);
        Assert.Equal(kept, File.ReadAllBytes(file));

        Task<Dgrad.Outcome> Run(Action? meanwhile) =>
            InProcess.Run(folder.FullPath, evaluate, meanwhile, TestContext.Current.CancellationToken);

        void Train()
        {
            var (tensors, texts) = SafeTensors.Read(checkpoint);
            SafeTensors.Write(checkpoint, tensors.Select(pair =>
                (pair.Key, is_floating_point(pair.Value) ? pair.Value.neg() : pair.Value)), texts);
            foreach (var tensor in tensors.Values) tensor.Dispose();
        }
    }
}
