using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>Trains several estimators side by side, measures their gradients' variance along the way and the bound at the
/// end. Each has a run folder below the comparison's, so a comparison that was stopped goes on.</summary>
internal static class VaeComparison
{
    /// <summary>Runs what is not done yet.</summary>
    /// <param name="path">The comparison's folder.</param>
    /// <param name="threads">Estimators at once; what is left over goes to the bound.</param>
    /// <param name="progress">Told an estimator's position in the list and its progress; from several threads.</param>
    public static ComparisonResult Run(ComparisonSettings settings, MnistData data, string path, int threads,
        Action<int, TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (Refusal(settings, data, path) is { } refusal) throw refusal;
        var rows = new ComparisonRow[settings.Estimators.Count];
        var atOnce = Math.Min(threads, rows.Length);
        var folders = new List<RunFolder>();
        try
        {
            foreach (var name in settings.Estimators) folders.Add(RunFolder.Open(Path.Combine(path, name.FileName)));
            Parallel.For(0, rows.Length, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, i =>
                rows[i] = Row(settings, i, data, folders[i], Math.Max(1, threads / atOnce), step => progress?.Invoke(i, step), cancellation));
        }
        finally
        {
            foreach (var folder in folders) folder.Dispose();
        }
        return new(data.Name, data.Binarisation, settings.Training, rows, ProgramVersion.Text);
    }

    /// <summary>Why a folder cannot have the comparison, of all of its estimators; null where it can.</summary>
    /// <exception cref="InputException">Settings there are damaged.</exception>
    public static InputException? Refusal(ComparisonSettings settings, MnistData data, string path) => settings.Estimators
        .Select(name => RunFolder.Refusal(Path.Combine(path, name.FileName), (settings.Training with { Estimator = name }).On(data))).FirstOrDefault(refusal => refusal is not null);

    private static ComparisonRow Row(ComparisonSettings settings, int index, MnistData data, RunFolder folder, int threads,
        Action<TrainingProgress> progress, CancellationToken cancellation)
    {
        var name = settings.Estimators[index];
        var training = settings.Training with { Estimator = name };
        using var task = new VaeTask(training, data, threads);
        using var trainer = new Trainer<VaeTrainingResult>(task, folder);
        var estimator = name.Create(training.Temperature);
        var variances = Seeds.For(training.Seed, SeedPurpose.ComparisonVariance);
        var interval = Math.Max(1, training.Steps / settings.Points);
        var result = trainer.Run(progress, step => step % interval != 0 ? null : new VariancePoint(step, VaeGradients.MonteCarloVariance(
            task.Model, data.Train, estimator, training.BatchSize, settings.Minibatches, settings.Passes, Seeds.Derive(variances, (ulong)step))), cancellation: cancellation)!;
        BoundResult? bound = null;
        if (!result.HasDiverged)
        {
            using var evaluation = new ImportanceBound(task.Model);
            bound = evaluation.Evaluate(data.Valid, settings.BoundImages, settings.BoundSamples, Seeds.For(training.Seed, SeedPurpose.ComparisonBound), threads, cancellation: cancellation);
        }
        var (points, losses) = Read(folder.Path);
        return new(name, result.Status, points, losses, bound);
    }

    private static (IReadOnlyList<VariancePoint>, IReadOnlyList<LossPoint>) Read(string folder)
    {
        var lines = MetricsLine.Read(folder);
        return (
            [.. lines.Where(line => line.Values.ContainsKey("variance")).Select(line => new VariancePoint(line.Step, line.Get<GradientVariance>("variance")))],
            [.. lines.Where(line => line.Values.ContainsKey("loss")).Select(line => new LossPoint(line.Step, line.Get<double>("loss")))]);
    }
}

/// <summary>The findings of a comparison.</summary>
/// <param name="Settings">Settings that the estimators share.</param>
/// <param name="Rows">One an estimator, in the order asked for.</param>
/// <param name="Version">Version of the program, with the commit.</param>
internal sealed record ComparisonResult(string Data, string Binarisation, VaeSettings Settings, IReadOnlyList<ComparisonRow> Rows, string Version);

/// <summary>One estimator of a comparison.</summary>
/// <param name="Variances">Variances of the gradient along its training.</param>
/// <param name="Losses">The training objective, mean of each 100 steps, nats.</param>
/// <param name="Bound">The bound on validation images at the end; null if it diverged.</param>
internal sealed record ComparisonRow(EstimatorName Estimator, RunStatus Status, IReadOnlyList<VariancePoint> Variances, IReadOnlyList<LossPoint> Losses, BoundResult? Bound);

/// <summary>The variance of the gradient at a step.</summary>
internal sealed record VariancePoint(int Step, GradientVariance Variance);

/// <summary>The training objective at a step, nats.</summary>
internal sealed record LossPoint(int Step, double Loss);

/// <summary>A side-by-side training of several estimators: the same start, the same minibatches.</summary>
/// <param name="Estimators">At least one; each name once.</param>
/// <param name="Training">What they share; its estimator does not matter.</param>
internal sealed record ComparisonSettings(IReadOnlyList<EstimatorName> Estimators, VaeSettings Training)
{
    /// <summary>How often along training the variance is measured.</summary>
    public int Points { get; init; } = 4;

    /// <summary>Minibatches of each measurement.</summary>
    public int Minibatches { get; init; } = 10;

    /// <summary>Forward passes of each minibatch.</summary>
    public int Passes { get; init; } = 20;

    /// <summary>M of the final bound on the validation set.</summary>
    public int BoundSamples { get; init; } = 500;

    /// <summary>Images of the final bound.</summary>
    public int BoundImages { get; init; } = 1000;

    /// <summary>Checks each value.</summary>
    /// <exception cref="InputException">Names what is wrong.</exception>
    public ComparisonSettings Validated()
    {
        if (Estimators.Count == 0) throw new InputException("no estimator is named; expected a list such as st-gs,gr-mc:100.");
        if (Estimators.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InputException($"estimator '{twice.Key}' is named twice; expected each once.");
        foreach (var name in Estimators) (Training with { Estimator = name }).Validated();
        return this;
    }
}
