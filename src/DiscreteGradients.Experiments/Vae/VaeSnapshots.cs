using System.Globalization;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>A training run that keeps its weights at chosen steps, in snapshots/ of its run folder.</summary>
internal static class VaeSnapshots
{
    /// <summary>Trains as far as the last of the steps; nothing is done where all snapshots are there.</summary>
    /// <param name="path">The run folder; new, or of the same settings.</param>
    /// <param name="steps">From 1 to the number of training steps.</param>
    /// <param name="threads">For the bound.</param>
    /// <exception cref="InputException">A step is out of range, or the run has passed it without keeping its weights.</exception>
    public static void Make(VaeSettings settings, MnistData data, string path, IReadOnlyList<int> steps, int threads,
        Action<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        foreach (var step in steps)
        {
            if (step < 1 || step > settings.Steps) throw new InputException(Invariant($"step {step} was asked for; expected a step from 1 to {settings.Steps}, the last of the training."));
        }
        using var folder = RunFolder.Open(path);
        folder.Claim(settings.On(data));
        if (steps.All(step => File.Exists(PathOf(path, step)))) return;
        FolderFile.Make(Path.Combine(path, "snapshots"));
        using var task = new VaeTask(settings, data, threads);
        using var trainer = new Trainer<VaeTrainingResult>(task, folder);
        var result = trainer.Run(progress, step =>
        {
            if (steps.Contains(step)) SafeTensors.Write(PathOf(path, step), task.Model.Parameters, new Dictionary<string, string>(StringComparer.Ordinal));
            return null;
        }, steps.Max(), cancellation);
        var missing = steps.Where(step => !File.Exists(PathOf(path, step))).ToList();
        if (missing.Count == 0) return;
        throw new InputException(result is { HasDiverged: true }
            ? Invariant($"{path}: the training diverged at step {result.Steps + 1}; expected steps before it.")
            : Invariant($"{path} has no weights of step {missing[0]}; expected steps that its training kept, or a new folder."));
    }

    /// <summary>The model as it was at a step.</summary>
    /// <exception cref="InputException">Its weights were not kept.</exception>
    public static VaeModel Load(string path, VaeSettings settings, MnistData data, int step) => VaeModel.OfFile(PathOf(path, step), settings, data);

    /// <summary>The step of the latest checkpoint.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static int LatestStep(string path)
    {
        var (tensors, metadata) = SafeTensors.Read(RunFolder.CheckpointIn(path));
        foreach (var tensor in tensors.Values) tensor.Dispose();
        return int.TryParse(metadata.GetValueOrDefault("step"), NumberStyles.None, CultureInfo.InvariantCulture, out var step)
            ? step
            : throw new InputException($"{RunFolder.CheckpointIn(path)} does not say its step; expected a checkpoint of a training run.");
    }

    private static string PathOf(string path, int step) => Path.Combine(path, "snapshots", Invariant($"step-{step}.safetensors"));
}
