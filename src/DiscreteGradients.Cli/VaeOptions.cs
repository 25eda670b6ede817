using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Cli;

/// <summary>The settings of App. D.2 as options.</summary>
internal sealed class VaeOptions : TaskOptions<VaeSettings>
{
    public VaeOptions(bool ofOneEstimator)
    {
        BindData("mnist (embedded), binarized-mnist (see dgrad data) or a folder of .amat or IDX files; of a run that is there, where its data are now.", (s, v) => s with { Data = v });
        Bind<int>("--arity", "Categories a variable: 2, 4, 8 or 16; the code has 240 bits at each.", (s, v) => s with { Arity = v });
        Bind<VaeArchitecture>("--architecture", "deep, tanh or linear.", (s, v) => s with { Architecture = v });
        Bind<LogRatio>("--log-ratio", "analytic or sampled.", (s, v) => s with { LogRatio = v });
        if (ofOneEstimator) Bind<EstimatorName>("--estimator", EstimatorName.Known + ".", (s, v) => s with { Estimator = v });
        Bind<double>("--temperature", "τ > 0.", (s, v) => s with { Temperature = v });
        Bind<int>("--batch-size", "Images a step.", (s, v) => s with { BatchSize = v });
        Bind<int>("--steps", "Steps of SGD.", (s, v) => s with { Steps = v });
        Bind<double>("--learning-rate", "Constant.", (s, v) => s with { LearningRate = v });
        Bind<double>("--momentum", "In [0, 1).", (s, v) => s with { Momentum = v });
        Bind<double>("--weight-decay", "On weight matrices.", (s, v) => s with { WeightDecay = v });
        Bind<ulong>("--seed", "Of initialisation, order and noise.", (s, v) => s with { Seed = v });
        Bind<int>("--validation-interval", "Steps between validation bounds.", (s, v) => s with { ValidationInterval = v });
        Bind<int>("--validation-samples", "M of the validation bound.", (s, v) => s with { ValidationSamples = v });
        Bind<int>("--validation-images", "Images of the validation bound.", (s, v) => s with { ValidationImages = v });
    }

    public override VaeSettings Validated(VaeSettings settings)
    {
        settings.Estimator.Offered();
        return settings.Validated();
    }
}
