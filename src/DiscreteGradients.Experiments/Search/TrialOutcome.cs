using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Search;

/// <summary>Where a training stands.</summary>
/// <param name="Diverged">Whether the loss stopped being a number.</param>
/// <param name="Steps">Steps done.</param>
/// <param name="Validation">The last validation while training; null where there was none.</param>
internal sealed record TrialOutcome(bool Diverged, int Steps, double? Validation)
{
    /// <summary>Trains a task in a trial's folder, from its checkpoint on, to a step or to the end.</summary>
    internal static TrialOutcome Of<TResult>(ITrainingTask<TResult> task, Func<double?> validation, RunFolder folder, int until, TrialOptions options, CancellationToken cancellation)
        where TResult : TrainingResult
    {
        using var trainer = new Trainer<TResult>(task, folder) { CheckpointInterval = options.CheckpointInterval };
        var result = trainer.Run(progress => options.Progress?.Invoke(progress.Step, progress.Steps, Activity.Training), until: until, cancellation: cancellation);
        return new(result is { HasDiverged: true }, trainer.Step, validation());
    }
}
