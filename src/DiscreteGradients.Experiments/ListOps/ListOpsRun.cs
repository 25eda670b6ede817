using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.ListOps;

/// <summary>What a run folder of this task holds.</summary>
internal static class ListOpsRun
{
    /// <summary>Whether the folder is a run of this task.</summary>
    /// <exception cref="InputException">It is no run folder at all.</exception>
    public static bool Is(string runFolder) => RunFolder.ReadSettings<System.Text.Json.Nodes.JsonObject>(runFolder).ContainsKey("max-length");

    /// <summary>The model of the run's latest checkpoint.</summary>
    /// <param name="runFolder">Of this task.</param>
    /// <param name="weights">Those of the best epoch on the validation set, or the last.</param>
    /// <exception cref="InputException">There is none, no epoch is done yet, or it does not fit.</exception>
    public static TreeLstm Model(string runFolder, Weights weights)
    {
        var path = RunFolder.CheckpointIn(runFolder);
        return SavedWeights.Load(path, () => new TreeLstm(0), model => model.Parameters, metadata => weights == Weights.Last ? ""
            : metadata.GetValueOrDefault("best-epoch") is null or "" ? throw new InputException($"{path} has no best weights: no epoch is done; expected one, or the last weights.")
            : ListOpsTask.BestPrefix);
    }
}
