using System.Text.Json.Nodes;

namespace DiscreteGradients.Experiments.Search;

/// <summary>What a search needs of a task; it knows no more of any.</summary>
internal interface ITrialTask
{
    /// <summary>Whether a larger score is better.</summary>
    bool HigherIsBetter { get; }

    /// <summary>The unit of scores.</summary>
    string Unit { get; }

    /// <summary>Opens data by name or path.</summary>
    /// <exception cref="InputException">They are missing, or are none of this task.</exception>
    SearchData OpenData(string data);

    /// <summary>Completes the settings of a trial with the defaults and checks them: the one place where they are read.</summary>
    /// <exception cref="InputException">One is unknown or out of range.</exception>
    ITrialRun Read(JsonObject settings);

    /// <summary>How a search departs from the paper's protocol, in words; empty where it does not.</summary>
    IReadOnlyList<string> Departures(SearchSpec spec);
}
