using static DiscreteGradients.Experiments.InputException;

namespace DiscreteGradients.Experiments.ToyProblems;

/// <summary>The optimisation of a toy problem by stochastic gradients; each value is a key of settings.json.</summary>
internal sealed record ToyProblemSettings
{
    /// <summary>The name of <see cref="QuadraticProblem"/>.</summary>
    public const string Simplex = "simplex";

    /// <summary>The name of <see cref="PolynomialProblem"/>.</summary>
    public const string Polynomial = "polynomial";

    /// <summary>The name of the problem, one of the two.</summary>
    public string Programme { get; init; } = Simplex;

    /// <summary>The start of the simplex problem: three probabilities separated by commas, none of them 0.</summary>
    public string P { get; init; } = "0.6,0.3,0.1";

    /// <summary>The power p of the polynomial problem.</summary>
    public double Power { get; init; } = 2;

    /// <summary>The number of variables of the polynomial problem.</summary>
    public int Variables { get; init; } = 128;

    /// <summary>The start of the polynomial problem: the probability that a variable is 1.</summary>
    public double Probability { get; init; } = 0.5;

    /// <summary>The gradient estimator of the variables.</summary>
    public EstimatorName Estimator { get; init; } = new(EstimatorFamily.GumbelRao, 100);

    /// <summary>The temperature τ.</summary>
    public double Temperature { get; init; } = 0.5;

    /// <summary>Samples averaged in a step.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>Steps of SGD.</summary>
    public int Steps { get; init; } = 2_000;

    /// <summary>Constant learning rate on the logits.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>The momentum of SGD, in [0, 1).</summary>
    public double Momentum { get; init; }

    /// <summary>Seed of the noise.</summary>
    public ulong Seed { get; init; }

    /// <summary>Steps between the points of the path that are logged.</summary>
    public int ValidationInterval { get; init; } = 20;

    /// <summary>Checks each value.</summary>
    /// <exception cref="InputException">Names the first that is out of range.</exception>
    public ToyProblemSettings Validated()
    {
        Require(Programme is Simplex or Polynomial, "programme", Programme, "simplex or polynomial");
        _ = Start();
        Require(EstimatorName.IsTemperature(Temperature), "temperature", Temperature, EstimatorName.TemperatureRange);
        Require(BatchSize >= 1, "batch-size", BatchSize, "at least 1");
        Require(Steps >= 1, "steps", Steps, "at least 1");
        Require(LearningRate > 0 && double.IsFinite(LearningRate), "learning-rate", LearningRate, "a finite number above 0");
        Require(Momentum is >= 0 and < 1, "momentum", Momentum, "a number in [0, 1)");
        Require(ValidationInterval >= 1, "validation-interval", ValidationInterval, "at least 1");
        return this;
    }

    public IToyProblem Create() => Programme == Polynomial ? PolynomialProblem.Create(Power, Variables) : new QuadraticProblem();

    /// <summary>Gives p at the start, [V, n].</summary>
    /// <exception cref="InputException">Not probabilities, or one of them is 0.</exception>
    public double[,] Start()
    {
        if (Programme == Polynomial) return PolynomialProblem.Create(Power, Variables).Point(Probability);
        var parts = NumberText.ReadList<double>("p", P);
        Require(parts.All(p => p > 0), "p", P, "three numbers above 0 with the sum 1, with a decimal point");
        return QuadraticProblem.Point(parts);
    }
}
