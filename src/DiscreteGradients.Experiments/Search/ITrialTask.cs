using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Search;

/// <summary>The part of a task that a search needs; it knows no more of any.</summary>
internal interface ITrialTask
{
    /// <summary>Tells whether a larger score is better.</summary>
    bool HigherIsBetter { get; }

    /// <summary>The unit of scores.</summary>
    string Unit { get; }

    /// <summary>Opens data by name or path.</summary>
    /// <exception cref="InputException">They are missing, or are none of this task.</exception>
    SearchData OpenData(string data);

    /// <summary>Completes the settings of a trial with the defaults and checks them: the one place where they are read.</summary>
    /// <exception cref="InputException">One is unknown or out of range.</exception>
    ITrialRun Read(JsonObject settings);

    /// <summary>Checks that no number of a protocol is given that has no effect on the task.</summary>
    /// <exception cref="InputException">Names the first that is.</exception>
    void Check(SelectionProtocol evaluation)
    {
    }

    /// <summary>Lists the departures of a search from the paper's protocol, in words; empty where there is none.</summary>
    IReadOnlyList<string> Departures(SearchSpec spec);

    /// <summary>Says in a phrase whether a search follows the paper's protocol, and where it does not.</summary>
    sealed string Protocol(SearchSpec spec) => Departures(spec) is { Count: > 0 } departures
        ? $"not the paper's protocol: {string.Join("; ", departures)}"
        : "the paper's protocol";
}

/// <summary>A trial whose settings are read: what a search does with it.</summary>
internal interface ITrialRun
{
    /// <summary>The settings that the size of the trial depends on, as a text.</summary>
    string PlanKey { get; }

    /// <summary>The size of the trial, which may depend on the data.</summary>
    TrialPlan Plan();

    /// <summary>Makes sure that the data are there, with a test set.</summary>
    /// <exception cref="InputException">They are not.</exception>
    void Open();

    /// <summary>Trains in a folder, from its checkpoint on, to a step or to the end.</summary>
    /// <param name="folder">Held by the caller.</param>
    /// <param name="until">A step, at most the last.</param>
    TrialOutcome Train(RunFolder folder, int until, TrialOptions options, CancellationToken cancellation);

    /// <summary>Scores the model of a folder; a stopped evaluation goes on where it was.</summary>
    /// <param name="path">The trial's folder.</param>
    /// <param name="samples">M of a bound.</param>
    /// <param name="examples">How many; 0 for all.</param>
    Score Evaluate(string path, Split split, int samples, int examples, TrialOptions options, CancellationToken cancellation);
}

/// <param name="ValidationInterval">Steps between validations.</param>
internal sealed record TrialPlan(int Steps, int ValidationInterval);

/// <summary>The options of a trial that is run; nothing here changes its numbers.</summary>
/// <param name="Threads">The number of threads, at least 1.</param>
/// <param name="CheckpointInterval">The time between checkpoints.</param>
/// <param name="Progress">Told the part done, all of it, and what it is.</param>
internal sealed record TrialOptions(int Threads, TimeSpan CheckpointInterval, Action<double, double, Activity>? Progress = null);

/// <summary>The state that a training has reached.</summary>
/// <param name="Diverged">Whether the loss stopped being a number.</param>
/// <param name="Steps">Steps done.</param>
/// <param name="Validation">The validation by which trials are compared at the step that was asked for; null at the end, and
/// where the training diverged.</param>
internal sealed record TrialOutcome(bool Diverged, int Steps, double? Validation)
{
    /// <summary>Trains a task in a trial's folder, from its checkpoint on, to a step or to the end.</summary>
    /// <param name="metric">The validation's name in the metrics.</param>
    /// <param name="choose">Gives the one that counts of those up to a step.</param>
    /// <exception cref="InputException">The metrics have no validation of a step that the checkpoint is past.</exception>
    internal static TrialOutcome Of<TResult>(ITrainingTask<TResult> task, string metric, Func<IEnumerable<double>, double> choose,
        RunFolder folder, int until, TrialOptions options, CancellationToken cancellation)
        where TResult : TrainingResult
    {
        using var trainer = new Trainer<TResult>(task, folder) { CheckpointInterval = options.CheckpointInterval };
        var result = trainer.Run(progress => options.Progress?.Invoke(progress.Step, progress.Steps, Activity.Training),
            until: until, cancellation: cancellation);
        var hasDiverged = result is { HasDiverged: true };
        double? validation = hasDiverged || until >= task.Steps ? null : choose(Validations(folder, metric, until));
        return new(hasDiverged, trainer.Step, validation);
    }

    // From the metrics, for the checkpoint may be past the step.
    private static IEnumerable<double> Validations(RunFolder folder, string metric, int until)
    {
        var lines = MetricsLine.Read(folder.Path).Where(line => line.Step <= until && line.Number(metric) is not null).ToList();
        return lines is [.., { } last] && last.Step == until
            ? lines.Select(line => line.Number(metric)!.Value)
            : throw new InputException(Invariant(
                $"{folder.MetricsPath} has no {metric} of step {until}, which was trained to; expected one. Delete {folder.Path} to train anew."));
    }
}

/// <summary>The kinds of work that a worker does with a trial.</summary>
internal enum Activity
{
    Training,

    /// <summary>Evaluates the bound of a VAE on the validation set.</summary>
    [JsonStringEnumMemberName("valid bound")]
    ValidBound,

    /// <summary>Evaluates the bound of a VAE on the test set.</summary>
    [JsonStringEnumMemberName("test bound")]
    TestBound,

    /// <summary>Evaluates the accuracy on the validation set of ListOps.</summary>
    [JsonStringEnumMemberName("valid accuracy")]
    ValidAccuracy,

    /// <summary>Evaluates the accuracy on the test set of ListOps.</summary>
    [JsonStringEnumMemberName("test accuracy")]
    TestAccuracy,
}

/// <summary>The tasks of this program that are searched over.</summary>
internal static class SearchTasks
{
    /// <summary>Each by the name that a search's file gives it.</summary>
    public static IReadOnlyDictionary<string, Func<ITrialTask>> All { get; } =
        new Dictionary<string, Func<ITrialTask>>(StringComparer.Ordinal)
        {
            ["vae"] = () => new VaeTrials(),
            ["listops"] = () => new ListOpsTrials(),
        };
}
