using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Runs;

/// <summary>The task that a <see cref="Trainer{TResult}"/> trains: the step, the state that a checkpoint keeps, the
/// validation.</summary>
/// <typeparam name="TResult">What stands in result.json.</typeparam>
internal interface ITrainingTask<out TResult> : IDisposable
    where TResult : TrainingResult
{
    /// <summary>A record; what settings.json says.</summary>
    object Settings { get; }

    int Steps { get; }

    /// <summary>Steps between validations; there is one after the last step too.</summary>
    int ValidationInterval { get; }

    /// <summary>Weights, velocities and whatever else a step changes; a checkpoint is copied into them.</summary>
    IEnumerable<(string Name, Tensor Value)> State { get; }

    /// <summary>The generator of the noise of the steps.</summary>
    Generator Generator { get; }

    /// <summary>The scalar part of the state, by name; null stands for a value that there is not yet.</summary>
    IReadOnlyDictionary<string, double?> Numbers { get; set; }

    /// <summary>The step of this number, counted from 0. Returns its loss; where that is not finite, the weights are left
    /// as they were.</summary>
    double Run(int step);

    /// <summary>Measures the model as it is; null where it has diverged. Stopped, it has changed nothing.</summary>
    Validation? Validate(int step, CancellationToken cancellation);

    /// <summary>Makes the result of a run that has ended: the status, the steps done, the mean loss of the last logged steps or
    /// null.</summary>
    TResult Result(RunStatus status, int steps, double? loss);
}

/// <summary>The findings of a validation.</summary>
/// <param name="Line">The line of the metrics.</param>
/// <param name="Note">The findings in words, for a reader.</param>
internal sealed record Validation(object Line, string Note);
