using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Search;

/// <summary>A trial whose settings are read: what a search does with it.</summary>
internal interface ITrialRun
{
    /// <summary>What the size of the trial depends on, as a text.</summary>
    string PlanKey { get; }

    /// <summary>The size of the trial, which may depend on the data.</summary>
    TrialPlan Plan();

    /// <summary>Makes sure that the data are there.</summary>
    /// <exception cref="InputException">They are not.</exception>
    void Open();

    /// <summary>Trains in a folder, from its checkpoint on, to a step or to the end.</summary>
    /// <param name="folder">Held by the caller.</param>
    /// <param name="until">A step, at most the last.</param>
    /// <param name="options">Threads, progress, checkpoints.</param>
    /// <param name="cancellation">Stops with a checkpoint.</param>
    TrialOutcome Train(RunFolder folder, int until, TrialOptions options, CancellationToken cancellation);

    /// <summary>Scores the model of a folder; a stopped evaluation goes on where it was.</summary>
    /// <param name="path">The trial's folder.</param>
    /// <param name="split">The part of the data.</param>
    /// <param name="samples">M of a bound.</param>
    /// <param name="examples">How many; 0 for all.</param>
    /// <param name="options">Threads, progress.</param>
    /// <param name="cancellation">Stops.</param>
    Score Evaluate(string path, Split split, int samples, int examples, TrialOptions options, CancellationToken cancellation);
}
