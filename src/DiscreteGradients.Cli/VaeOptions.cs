using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Cli;

/// <summary>The settings of App. D.2 as options.</summary>
internal sealed class VaeOptions : TaskOptions<VaeSettings>
{
    public VaeOptions(VaeSettings defaults, bool ofOneEstimator)
        : base(defaults)
    {
        BindData(
            "The images: mnist (embedded), binarized-mnist (see dgrad data) or a folder "
            + "of .amat or IDX files. Of a run that is there, where they are now.",
            s => s.Data, (s, v) => s with { Data = v });
        Bind("--arity", "Categories n of a latent variable. The code has 240 bits, so there are 240 / log2 n variables.",
            s => s.Arity, (s, v) => s with { Arity = v }).CompletionSources.Add("2", "4", "8", "16");
        Bind("--architecture", "Networks of encoder and decoder: two hidden layers with leaky ReLU, two with tanh, or none.",
            s => s.Architecture, (s, v) => s with { Architecture = v });
        Bind("--log-ratio", "Form in which log q - log p enters the objective: its expectation (KL), or its value at the sample.",
            s => s.LogRatio, (s, v) => s with { LogRatio = v });
        if (ofOneEstimator) Bind("--estimator", $"The estimator that trains the model: {EstimatorName.Known}.",
            s => s.Estimator, (s, v) => s with { Estimator = v });
        Bind("--temperature", $"Temperature τ of the training, above 0; {EstimatorName.WithoutTemperature} have none.",
            s => s.Temperature, (s, v) => s with { Temperature = v });
        Bind("--batch-size", "Images of a training step.", s => s.BatchSize, (s, v) => s with { BatchSize = v });
        BindLength("--steps", "Training steps.", s => s.Steps, (s, v) => s with { Steps = v });
        Bind("--learning-rate", "Learning rate of SGD, the same at every step.",
            s => s.LearningRate, (s, v) => s with { LearningRate = v });
        Bind("--momentum", "Momentum of SGD, from 0 to below 1.", s => s.Momentum, (s, v) => s with { Momentum = v });
        Bind("--weight-decay", "L2 penalty on the weight matrices.", s => s.WeightDecay, (s, v) => s with { WeightDecay = v });
        Bind("--seed", "Seed of the initial weights, the order of the images and the noise.",
            s => s.Seed, (s, v) => s with { Seed = v });
        Bind("--validation-interval", "Training steps from one validation to the next.",
            s => s.ValidationInterval, (s, v) => s with { ValidationInterval = v });
        Bind("--validation-samples", "Samples M of the bound that a validation computes.",
            s => s.ValidationSamples, (s, v) => s with { ValidationSamples = v });
        Bind("--validation-images", "Images of the validation set that a validation takes.",
            s => s.ValidationImages, (s, v) => s with { ValidationImages = v });
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
    public VaeGradientOptions(VaeGradientSettings defaults, bool withReference)
        : base(defaults)
    {
        Bind("--estimators",
            $"The estimators whose gradients are measured at the trained model, separated by commas: {EstimatorName.Known}.",
            s => new CommaList<EstimatorName>(s.Estimators), (s, v) => s with { Estimators = v.Values });
        Bind("--temperatures", "Temperatures τ of the measured estimators, separated by commas.",
            s => new CommaList<double>(s.Temperatures), (s, v) => s with { Temperatures = v.Values });
        Bind("--minibatches", "Random minibatches that gradients are measured on; the paper has 5000.",
            s => s.Minibatches, (s, v) => s with { Minibatches = v });
        Bind("--passes", "Independent gradients of each estimator on each minibatch; the paper has 100.",
            s => s.Passes, (s, v) => s with { Passes = v });
        Bind("--study-seed", "Seed of the minibatches and the noise of the measurement.",
            s => s.Seed, (s, v) => s with { Seed = v });
        if (withReference) Bind("--reference-passes",
            "Passes of the reference on each minibatch, whose mean the biases are measured against.",
            s => s.ReferencePasses, (s, v) => s with { ReferencePasses = v });
    }

    /// <summary>The settings, validated.</summary>
    public VaeGradientSettings Read(ParseResult parsed, VaeSettings model) =>
        (Over(parsed, Defaults) with { BatchSize = model.BatchSize }).Validated();
}
