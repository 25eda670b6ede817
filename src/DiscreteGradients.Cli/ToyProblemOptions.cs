using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.ToyProblems;

namespace DiscreteGradients.Cli;

/// <summary>The settings of a problem's optimisation as options.</summary>
internal sealed class ToyProblemOptions : TaskOptions<ToyProblemSettings>
{
    public ToyProblemOptions(ToyProblemSettings defaults)
        : base(defaults)
    {
        if (defaults.Programme == ToyProblemSettings.Simplex)
            Bind("--p", "Start of the optimisation: three probabilities above 0 with the sum 1, separated by commas.",
            s => s.P, (s, v) => s with { P = v }).HelpName = "P1,P2,P3";
        else
        {
            Bind("--power", "Power p of the objective E|z - 0.45|^p.", s => s.Power, (s, v) => s with { Power = v });
            Bind("--variables", "Number of binary variables z.", s => s.Variables, (s, v) => s with { Variables = v });
            Bind("--probability", "Start of the optimisation: the probability that a variable is 1.",
                s => s.Probability, (s, v) => s with { Probability = v });
        }
        Bind("--estimator", $"The estimator that the logits are trained with: {EstimatorName.Known}.",
            s => s.Estimator, (s, v) => s with { Estimator = v });
        Bind("--temperature", $"Temperature τ of the estimator, above 0; {EstimatorName.WithoutTemperature} have none.",
            s => s.Temperature, (s, v) => s with { Temperature = v });
        Bind("--batch-size", "Samples that the gradient of a step is averaged over.",
            s => s.BatchSize, (s, v) => s with { BatchSize = v });
        BindLength("--steps", "Steps of SGD on the logits.", s => s.Steps, (s, v) => s with { Steps = v });
        Bind("--learning-rate", "Learning rate of SGD, the same at every step.",
            s => s.LearningRate, (s, v) => s with { LearningRate = v });
        Bind("--momentum", "Momentum of SGD, from 0 to below 1.", s => s.Momentum, (s, v) => s with { Momentum = v });
        Bind("--seed", "Seed of the noise.", s => s.Seed, (s, v) => s with { Seed = v });
        Bind("--validation-interval", "Steps from one logged point of the path to the next.",
            s => s.ValidationInterval, (s, v) => s with { ValidationInterval = v });
    }

    public override ToyProblemSettings Validated(ToyProblemSettings settings)
    {
        settings.Estimator.Offered();
        InputException.Require(settings.Programme == Defaults.Programme, "programme", settings.Programme, Defaults.Programme);
        return settings.Validated();
    }
}
