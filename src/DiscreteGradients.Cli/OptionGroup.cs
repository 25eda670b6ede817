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
            "--estimator", "--temperature", "--baseline", "--masking", "compare --estimators",
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
            "--batch", "--seconds", "--thresholds", "figure 1 --samples", "figure 1 --seed", "figure cost --temperature",
            "figure cost --seed", "figure idea --temperature", "figure idea --samples", "figure idea --seed",
            "gradients simplex --seed", "gradients polynomial --seed", "bench kernel --samples", "bench iwae --samples",
            "bench search --steps", "--recorded",
        ],
        [OptionGroup.Evaluation] =
        [
            "--split", "--samples", "--images", "--weights", "evaluate --max-length", "evaluate --seed",
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
        Groups.TryGetValue($"{Path(command)} {option.Name}", out var group)
            ? group : Groups.GetValueOrDefault(option.Name, OptionGroup.Run);

    private static string Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent and not RootCommand
            ? $"{Path(parent)} {command.Name}" : command.Name;
}
