using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.ListOps;

namespace DiscreteGradients.Cli;

/// <summary>The settings of App. D.1 as options.</summary>
internal sealed class ListOpsOptions : TaskOptions<ListOpsSettings>
{
    public ListOpsOptions()
    {
        BindData("listops (generated), a folder with train_d20s.tsv or train.tsv, or such a file; plain or gzip. Of a run that is there, where its data are now.", (s, v) => s with { Data = v });
        Bind<int>("--max-length", "L: longer expressions are left out; tokens without parentheses.", (s, v) => s with { MaxLength = v });
        Bind<EstimatorName>("--estimator", $"{EstimatorName.Known}; not gs.", (s, v) => s with { Estimator = v });
        Bind<double>("--temperature", "τ > 0.", (s, v) => s with { Temperature = v });
        Bind<int>("--batch-size", "Expressions a step; by default L.", (s, v) => s with { BatchSize = v });
        Bind<int>("--epochs", "Passes over the training expressions.", (s, v) => s with { Epochs = v });
        Bind<double>("--learning-rate", "Constant.", (s, v) => s with { LearningRate = v });
        Bind<double>("--weight-decay", "On every parameter.", (s, v) => s with { WeightDecay = v });
        Bind<BaselineKind>("--baseline", "Of reinforce: running-mean or self-critical.", (s, v) => s with { Baseline = v });
        Bind<Batching>("--batching", "buckets (of one length) or shuffled.", (s, v) => s with { Batching = v });
        Bind<Masking>("--masking", "right, or reference: flawed, for comparison only; st-gs and gr-mc:K.", (s, v) => s with { Masking = v });
        Bind<ulong>("--seed", "Of the validation split, initialisation, order and noise.", (s, v) => s with { Seed = v });
    }

    public override ListOpsSettings Validated(ListOpsSettings settings)
    {
        settings.Estimator.Offered();
        return settings.Validated();
    }
}
