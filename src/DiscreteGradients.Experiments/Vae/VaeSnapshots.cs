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
        if (Refusal(settings, data, path, steps) is { } refusal) throw refusal;
        using var folder = RunFolder.Open(path);
        // A run that makes room may have kept weights of other settings, and takes them with it.
        if (!RunStanding.Of(path, settings.On(data)).MakesRoom && steps.All(step => File.Exists(PathOf(path, step)))) return;
        using var task = new VaeTask(settings, data, threads);
        using var trainer = new Trainer<VaeTrainingResult>(task, folder);
        FolderFile.Make(Path.Combine(path, "snapshots"));
        var result = trainer.Run(progress, step =>
        {
            if (steps.Contains(step)) SafeTensors.Write(PathOf(path, step), task.Model.Parameters,
                new Dictionary<string, string>(StringComparer.Ordinal));
            return null;
        }, steps.Max(), cancellation);
        if (result is { HasDiverged: true })
            throw new InputException(
                Invariant($"{path}: the training diverged after step {result.Steps}; expected earlier steps."));
    }

    /// <summary>Why a folder cannot have the run and its snapshots; null where it can.</summary>
    /// <param name="steps">Those that are wanted.</param>
    /// <exception cref="InputException">A step is out of range, or a file there is damaged.</exception>
    public static InputException? Refusal(VaeSettings settings, MnistData data, string path, IReadOnlyList<int> steps)
    {
        foreach (var step in steps)
        {
            if (step < 1 || step > settings.Steps) throw new InputException(
                Invariant($"step {step} was asked for; expected a step from 1 to {settings.Steps}, the last of the training."));
        }
        var standing = RunStanding.Of(path, settings.On(data));
        if (standing.Refusal is not null || standing.There is null || standing.MakesRoom) return standing.Refusal;
        var latest = File.Exists(RunFolder.CheckpointIn(path)) ? Latest(path) : default;
        // Weights are kept after the validation, and a run that was stopped within one begins with it.
        var passed = latest.IsValidationDue ? latest.Step - 1 : latest.Step;
        return steps.FirstOrDefault(step => step <= passed && !File.Exists(PathOf(path, step))) is > 0 and var missing
            ? InputException.Naming(
                $"{path} has no weights of step {missing}, which its training has passed; expected steps that its training kept, or another {new Setting("out")}.")
            : null;
    }

    /// <summary>The model as it was at a step.</summary>
    /// <exception cref="InputException">Its weights were not kept.</exception>
    public static VaeModel Load(string path, VaeSettings settings, MnistData data, int step) =>
        VaeModel.Read(PathOf(path, step), settings, data).Model;

    /// <summary>The model of the latest checkpoint, and its step: of one reading, since a training that goes on replaces the
    /// file.</summary>
    /// <exception cref="InputException">There is none, or it does not fit.</exception>
    public static VaeModel LoadLatest(string path, VaeSettings settings, MnistData data, out int step)
    {
        var (model, metadata) = VaeModel.Read(RunFolder.CheckpointIn(path), settings, data);
        step = Place(path, metadata).Step;
        return model;
    }

    private static (int Step, bool IsValidationDue) Latest(string path)
    {
        var (tensors, metadata) = SafeTensors.Read(RunFolder.CheckpointIn(path));
        foreach (var tensor in tensors.Values) tensor.Dispose();
        return Place(path, metadata);
    }

    // Where in its training the checkpoint of a run is, by the file's metadata.
    private static (int Step, bool IsValidationDue) Place(string path, IReadOnlyDictionary<string, string> metadata) =>
        int.TryParse(metadata.GetValueOrDefault(Trainer<VaeTrainingResult>.StepKey), NumberStyles.None,
            CultureInfo.InvariantCulture, out var step)
            ? (step, metadata.ContainsKey(Trainer<VaeTrainingResult>.DueKey))
            : throw new InputException(
                $"{RunFolder.CheckpointIn(path)} does not say its step; expected a checkpoint of a training run.");

    private static string PathOf(string path, int step) => Path.Combine(path, "snapshots", Invariant($"step-{step}.safetensors"));
}
