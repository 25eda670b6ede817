using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.ToyProblems;

namespace DiscreteGradients.Cli;

/// <summary>The settings of a problem's optimisation as options.</summary>
internal sealed class ToyProblemOptions : TaskOptions<ToyProblemSettings>
{
    private readonly string problem;

    public ToyProblemOptions(string problem)
    {
        this.problem = problem;
        if (problem == ToyProblemSettings.Simplex) Bind<string>("--p", "The start: three probabilities above 0, separated by commas.", (s, v) => s with { P = v });
        else
        {
            Bind<double>("--power", "p of E|z − 0.45|^p.", (s, v) => s with { Power = v });
            Bind<int>("--variables", "How many.", (s, v) => s with { Variables = v });
            Bind<double>("--probability", "That a variable is 1 at the start.", (s, v) => s with { Probability = v });
        }
        Bind<EstimatorName>("--estimator", EstimatorName.Known + ".", (s, v) => s with { Estimator = v });
        Bind<double>("--temperature", "τ > 0.", (s, v) => s with { Temperature = v });
        Bind<int>("--batch-size", "Samples averaged in a step.", (s, v) => s with { BatchSize = v });
        Bind<int>("--steps", "Steps of SGD.", (s, v) => s with { Steps = v });
        Bind<double>("--learning-rate", "On the logits, constant.", (s, v) => s with { LearningRate = v });
        Bind<double>("--momentum", "In [0, 1).", (s, v) => s with { Momentum = v });
        Bind<ulong>("--seed", "Of the noise.", (s, v) => s with { Seed = v });
        Bind<int>("--validation-interval", "Steps between the logged points of the path.", (s, v) => s with { ValidationInterval = v });
    }

    public override ToyProblemSettings Validated(ToyProblemSettings settings)
    {
        settings.Estimator.Offered();
        InputException.Require(settings.Programme == problem, "programme", settings.Programme, problem);
        return settings.Validated();
    }
}
