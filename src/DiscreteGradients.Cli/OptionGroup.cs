using System.CommandLine;

namespace DiscreteGradients.Cli;

/// <summary>The headings of options in help, in their order.</summary>
internal enum OptionGroup
{
    Options,

    Model,

    Estimator,

    Optimisation,

    Measurement,

    Evaluation,

    Slurm,

    Run,
}

/// <summary>The heading of each option.</summary>
internal static class OptionGroups
{
    private static readonly Dictionary<OptionGroup, string[]> Members = new()
    {
        [OptionGroup.Model] =
        [
            "--task", "--data", "--arity", "--arities", "--architecture", "--log-ratio", "--max-length", "--p", "--power",
            "--variables", "--probability", "--workload",
        ],
        [OptionGroup.Estimator] =
        [
            "--estimator", "--temperature", "--baseline", "--masking", "dgrad compare --estimators",
        ],
        [OptionGroup.Optimisation] =
        [
            "--batch-size", "--batching", "--steps", "--epochs", "--learning-rate", "--momentum", "--weight-decay", "--seed",
            "--seeds",
        ],
        [OptionGroup.Measurement] =
        [
            "--run", "--at", "--estimators", "--temperatures", "--minibatches", "--passes", "--study-seed", "--reference",
            "--reference-passes", "--suggest-temperature", "--side", "--exact", "--draws", "--rao-draws", "--direct",
            "--batch", "--seconds", "--thresholds", "--recorded", "dgrad figure 1 --samples", "dgrad figure 1 --seed",
            "dgrad figure cost --temperature", "dgrad figure cost --seed", "dgrad figure idea --temperature",
            "dgrad figure idea --samples", "dgrad figure idea --seed", "dgrad gradients simplex --seed",
            "dgrad gradients polynomial --seed", "dgrad bench kernel --samples", "dgrad bench iwae --samples",
            "dgrad bench search --steps",
        ],
        [OptionGroup.Evaluation] =
        [
            "--split", "--samples", "--images", "--weights", "dgrad evaluate --max-length", "dgrad evaluate --seed",
            "--validation-interval", "--validation-samples", "--validation-images", "--trials", "--halving",
            "--selection-samples", "--selection-examples", "--final-samples", "--final-examples",
        ],
        [OptionGroup.Slurm] =
        [
            "--launcher", "--array-size", "--time", "--partition", "--cpus", "--sbatch", "--dry-run",
        ],
    };

    private static readonly Dictionary<string, OptionGroup> Groups =
        Members.SelectMany(group => group.Value.Select(name => KeyValuePair.Create(name, group.Key)))
            .ToDictionary(StringComparer.Ordinal);

    /// <summary>The heading of an option of a command.</summary>
    public static OptionGroup Of(Command command, Option option) =>
        Groups.TryGetValue($"{Failure.Path(command)} {option.Name}", out var group)
            ? group : Groups.GetValueOrDefault(option.Name, OptionGroup.Run);
}
