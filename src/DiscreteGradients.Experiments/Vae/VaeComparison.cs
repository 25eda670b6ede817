using System.Text.Json.Serialization;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>Trains several estimators side by side, measures their gradients' variance along the way and the bound at the
/// end. Each has a run folder below the comparison's, so a comparison that was stopped goes on.</summary>
internal static class VaeComparison
{
    private const string RecordName = "comparison.json", BoundName = "comparison-bound.json";

    /// <summary>Runs what is not done yet.</summary>
    /// <param name="path">The comparison's folder.</param>
    /// <param name="threads">Trainings at once; what is left over goes to the bound.</param>
    /// <param name="progress">Told a training's position in <see cref="ComparisonSettings.Trainings"/> and its progress; from
    /// several threads.</param>
    public static ComparisonResult Run(ComparisonSettings settings, MnistData data, string path, int threads,
        Action<int, TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (Refusal(settings, data, path) is { } refusal) throw refusal;
        var trainings = settings.Trainings;
        var atOnce = Math.Min(threads, trainings.Count);
        var folders = new List<RunFolder>();
        try
        {
            foreach (var training in trainings)
                folders.Add(RunFolder.Open(Path.Combine(path, ComparisonSettings.FolderOf(training))));
            Parallel.For(0, trainings.Count, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, i =>
                Train(settings, trainings[i], data, folders[i], Math.Max(1, threads / atOnce), step => progress?.Invoke(i, step),
                    cancellation));
        }
        finally
        {
            foreach (var folder in folders) folder.Dispose();
        }
        RunFolder.WriteJson(path, RecordName, new Record(settings with { Training = settings.Training.On(data) }, data.Name,
            data.Binarisation, ProgramVersion.Text));
        return Read(path);
    }

    /// <summary>Tells whether a folder is that of a comparison that has ended.</summary>
    public static bool Is(string path) => File.Exists(Path.Combine(path, RecordName));

    /// <summary>Reads what a comparison has found.</summary>
    /// <exception cref="InputException">A file of it is missing or not readable.</exception>
    public static ComparisonResult Read(string path)
    {
        var record = JsonFile.Read<Record>(Path.Combine(path, RecordName))
            ?? throw new InputException($"{path} holds no comparison that has ended: it has no {RecordName}.");
        return new(record.Data, record.Binarisation, record.Settings.Training,
            [.. record.Settings.Validated().Trainings.Select(training => Row(training, path))], record.Version);
    }

    /// <summary>Why a folder cannot have the comparison, of all of its trainings; null where it can.</summary>
    /// <exception cref="InputException">Settings there are damaged.</exception>
    public static InputException? Refusal(ComparisonSettings settings, MnistData data, string path) => settings.Trainings
        .Select(training => RunFolder.Refusal(Path.Combine(path, ComparisonSettings.FolderOf(training)), training.On(data)))
        .FirstOrDefault(refusal => refusal is not null);

    private static void Train(ComparisonSettings settings, VaeSettings training, MnistData data, RunFolder folder, int threads,
        Action<TrainingProgress> progress, CancellationToken cancellation)
    {
        using var task = new VaeTask(training, data, threads);
        using var trainer = new Trainer<VaeTrainingResult>(task, folder);
        var estimator = training.Estimator.Create(training.Temperature);
        var variances = Seeds.For(training.Seed, SeedPurpose.ComparisonVariance);
        var result = trainer.Run(progress, step => Points(step) > Points(step - 1) ? Variance(step) : null,
            cancellation: cancellation)!;
        if (result.HasDiverged) return;
        using var bound = new ImportanceBound(task.Model);
        var count = Math.Min(settings.BoundImages, data.Valid.Count);
        var (bounds, effective) = (new double[count], new double[count]);
        bound.Fill(data.Valid, 0, bounds, effective, count, settings.BoundSamples,
            Seeds.For(training.Seed, SeedPurpose.ComparisonBound), threads, progress: null, cancellation);
        RunFolder.WriteJson(folder.Path, BoundName,
            new BoundOfImages(BoundResult.Of(bounds, effective, settings.BoundSamples), [.. bounds.Select(one => -one)]));

        // Evenly spread, the last of them at the last step.
        long Points(int step) => (long)step * settings.Points / training.Steps;

        VariancePoint Variance(int step) => new(step, VaeGradients.MonteCarloVariance(task.Model, data.Train, estimator,
            training.BatchSize, settings.Minibatches, settings.Passes, Seeds.Derive(variances, (ulong)step)));
    }

    private static ComparisonRow Row(VaeSettings training, string path)
    {
        var folder = Path.Combine(path, ComparisonSettings.FolderOf(training));
        var result = JsonFile.Read<VaeTrainingResult>(Path.Combine(folder, "result.json"))
            ?? throw new InputException($"{folder} has no result.json; expected a training that has ended.");
        var bound = result.HasDiverged ? null : JsonFile.Read<BoundOfImages>(Path.Combine(folder, BoundName))
            ?? throw new InputException($"{folder} has no {BoundName}; expected a comparison that has ended.");
        var lines = MetricsLine.Read(folder);
        IReadOnlyList<VariancePoint> variances = [.. lines.Where(line => line.Values.ContainsKey("variance"))
            .Select(line => new VariancePoint(line.Step, line.Get<GradientVariance>("variance")))];
        IReadOnlyList<LossPoint> losses = [.. lines.Where(line => line.Values.ContainsKey("loss"))
            .Select(line => new LossPoint(line.Step, line.Get<double>("loss")))];
        return new(training.Estimator, result.Status, variances, losses, bound?.Result)
        {
            Seed = training.Seed,
            Bounds = bound?.Images,
            Folder = folder,
        };
    }

    private sealed record Record(ComparisonSettings Settings, string Data, string Binarisation, string Version);

    /// <param name="Images">The bound of each image, nats, in the order of the split.</param>
    private sealed record BoundOfImages(BoundResult Result, IReadOnlyList<double> Images);
}

/// <summary>The findings of a comparison.</summary>
/// <param name="Settings">Settings that the trainings share.</param>
/// <param name="Rows">One a training: estimators in the order asked for, the seeds of each.</param>
/// <param name="Version">Version of the program, with the commit.</param>
internal sealed record ComparisonResult(string Data, string Binarisation, VaeSettings Settings, IReadOnlyList<ComparisonRow> Rows,
    string Version);

/// <summary>One training of a comparison.</summary>
/// <param name="Variances">Variances of the gradient along its training.</param>
/// <param name="Losses">The training objective, mean of each 100 steps, nats.</param>
/// <param name="Bound">The bound on validation images at the end; null if it diverged.</param>
internal sealed record ComparisonRow(EstimatorName Estimator, RunStatus Status, IReadOnlyList<VariancePoint> Variances,
    IReadOnlyList<LossPoint> Losses, BoundResult? Bound)
{
    public ulong Seed { get; init; }

    /// <summary>The bound of each image, nats; null if the training diverged.</summary>
    [JsonIgnore]
    public IReadOnlyList<double>? Bounds { get; init; }

    /// <summary>The run folder.</summary>
    [JsonIgnore]
    public string Folder { get; init; } = "";
}

/// <summary>The variance of the gradient at a step.</summary>
internal sealed record VariancePoint(int Step, GradientVariance Variance);

/// <summary>The training objective at a step, nats.</summary>
internal sealed record LossPoint(int Step, double Loss);

/// <summary>A side-by-side training of several estimators: the same start, the same minibatches.</summary>
/// <param name="Estimators">At least one; each name once.</param>
/// <param name="Training">What they share; its estimator does not matter.</param>
internal sealed record ComparisonSettings(IReadOnlyList<EstimatorName> Estimators, VaeSettings Training)
{
    private const int MostSeeds = 1000;

    /// <summary>Trainings of each estimator, with the seed of <see cref="Training"/> and those after it.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>The number of points along training at which the variance is measured.</summary>
    public int Points { get; init; } = 4;

    /// <summary>Minibatches of each measurement.</summary>
    public int Minibatches { get; init; } = 10;

    /// <summary>Forward passes of each minibatch.</summary>
    public int Passes { get; init; } = 20;

    /// <summary>M of the final bound on the validation set.</summary>
    public int BoundSamples { get; init; } = 500;

    /// <summary>Images of the final bound.</summary>
    public int BoundImages { get; init; } = 1000;

    /// <summary>The settings of every training.</summary>
    [JsonIgnore]
    public IReadOnlyList<VaeSettings> Trainings => [.. from name in Estimators
                                                       from seed in Enumerable.Range(0, Seeds)
                                                       select Training with
                                                       {
                                                           Estimator = name,
                                                           Seed = Training.Seed + (ulong)seed,
                                                       }];

    /// <summary>The folder of a training below the comparison's.</summary>
    public static string FolderOf(VaeSettings training) =>
        training.Seed == 0 ? training.Estimator.FileName : Invariant($"{training.Estimator.FileName}-seed{training.Seed}");

    /// <summary>Checks each value.</summary>
    /// <exception cref="InputException">Names what is wrong.</exception>
    public ComparisonSettings Validated()
    {
        InputException.Require(Seeds is >= 1 and <= MostSeeds, "seeds", Seeds, Invariant($"1 to {MostSeeds}"));
        InputException.Require(Training.Seed <= ulong.MaxValue - MostSeeds, "seed", Training.Seed, "a smaller number");
        if (Estimators.Count == 0) throw new InputException("no estimator is named; expected a list such as st-gs,gr-mc:100.");
        InputException.RequireOnce("estimator", Estimators);
        foreach (var name in Estimators) (Training with { Estimator = name }).Validated();
        return this;
    }
}
