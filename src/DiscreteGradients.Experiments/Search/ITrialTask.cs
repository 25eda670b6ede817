using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Search;

/// <summary>What a search needs of a task.</summary>
public interface ITrialTask
{
    /// <summary>Whether a larger score is better.</summary>
    bool HigherIsBetter { get; }

    /// <summary>The unit of scores.</summary>
    string Unit { get; }

    /// <summary>Completes the settings of a trial with the defaults and checks them.</summary>
    /// <exception cref="InputException">One is unknown or out of range.</exception>
    void Check(JsonObject settings);

    /// <summary>What the size of a trial depends on, as a text.</summary>
    string PlanKey(JsonObject settings);

    /// <summary>The size of a trial, which may depend on the data.</summary>
    TrialPlan Plan(JsonObject settings);

    /// <summary>Opens data by name or path.</summary>
    /// <exception cref="InputException">They are missing, or are none of this task.</exception>
    SearchData OpenData(string data);

    /// <summary>Makes sure that the data of these settings is there.</summary>
    /// <exception cref="InputException">It is not.</exception>
    void Open(JsonObject settings);

    /// <summary>Trains in a folder, from its checkpoint on, to a step or to the end.</summary>
    /// <param name="settings">Of the trial.</param>
    /// <param name="folder">Held by the caller.</param>
    /// <param name="until">A step, at most the last.</param>
    /// <param name="options">Threads, progress, checkpoints.</param>
    /// <param name="cancellation">Stops with a checkpoint.</param>
    TrialOutcome Train(JsonObject settings, RunFolder folder, int until, TrialOptions options, CancellationToken cancellation);

    /// <summary>Scores the model of a folder; a stopped evaluation goes on where it was.</summary>
    /// <param name="settings">Of the trial.</param>
    /// <param name="path">Its folder.</param>
    /// <param name="split">"valid" or "test".</param>
    /// <param name="samples">M of a bound.</param>
    /// <param name="examples">How many; 0 for all.</param>
    /// <param name="options">Threads, progress.</param>
    /// <param name="cancellation">Stops.</param>
    Score Evaluate(JsonObject settings, string path, string split, int samples, int examples, TrialOptions options, CancellationToken cancellation);

    /// <summary>How a search departs from the paper's protocol, in words; empty where it does not.</summary>
    IReadOnlyList<string> Departures(SearchSpec spec);

    /// <summary>The task of that name.</summary>
    /// <exception cref="InputException">There is none.</exception>
    static ITrialTask Of(string name) => name switch
    {
        "vae" => new VaeTrials(),
        "listops" => new ListOpsTrials(),
        _ => throw new InputException($"task is '{name}'; expected vae or listops."),
    };
}
