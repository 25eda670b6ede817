using System.CommandLine;
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

/// <summary>The settings of a study of the VAE's gradients as options.</summary>
internal sealed class VaeGradientOptions : SettingsOptions<VaeGradientSettings>
{
    private readonly VaeGradientSettings defaults;
    private readonly Option temperatures;

    public VaeGradientOptions(VaeGradientSettings defaults, bool withReference)
    {
        this.defaults = defaults;
        Bind("--estimators", $"{EstimatorName.Known}; separated by commas.", new CommaList<EstimatorName>(defaults.Estimators), (s, v) => s with { Estimators = v.Values });
        temperatures = Bind("--temperatures", "τ, separated by commas.", new CommaList<double>(defaults.Temperatures), (s, v) => s with { Temperatures = v.Values });
        Bind("--minibatches", "At random; the paper: 5000.", defaults.Minibatches, (s, v) => s with { Minibatches = v });
        Bind("--passes", "Independent forward passes of each; the paper: 100.", defaults.Passes, (s, v) => s with { Passes = v });
        Bind<ulong>("--study-seed", "Of the minibatches and the noise of the study.", (s, v) => s with { Seed = v });
        if (withReference) Bind("--reference-passes", "Passes of the reference for each minibatch.", defaults.ReferencePasses, (s, v) => s with { ReferencePasses = v });
    }

    /// <summary>Whether temperatures were named.</summary>
    public bool HasTemperatures(ParseResult parsed) => IsGiven(parsed, temperatures);

    /// <summary>The settings, validated.</summary>
    public VaeGradientSettings Read(ParseResult parsed, VaeSettings model) => (Over(parsed, defaults) with { BatchSize = model.BatchSize }).Validated();
}
