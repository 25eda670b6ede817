using static DiscreteGradients.Experiments.InputException;

namespace DiscreteGradients.Experiments.Simplex;

/// <summary>The optimisation of a programme by stochastic gradients; each value is a key of settings.json.</summary>
public sealed record ProgrammeSettings
{
    /// <summary>The name of <see cref="QuadraticProgramme"/>.</summary>
    public const string Simplex = "simplex";

    /// <summary>The name of <see cref="PolynomialProgramme"/>.</summary>
    public const string Polynomial = "polynomial";

    /// <summary>One of the two.</summary>
    public string Programme { get; init; } = Simplex;

    /// <summary>Where the simplex programme starts: three probabilities separated by commas, none of them 0.</summary>
    public string P { get; init; } = "0.6,0.3,0.1";

    /// <summary>p of the polynomial programme.</summary>
    public double Power { get; init; } = 2;

    /// <summary>Of the polynomial programme.</summary>
    public int Variables { get; init; } = 128;

    /// <summary>Where the polynomial programme starts: that a variable is 1.</summary>
    public double Probability { get; init; } = 0.5;

    /// <summary>The gradient estimator of the variables.</summary>
    public EstimatorName Estimator { get; init; } = new(EstimatorFamily.GumbelRao, 100);

    /// <summary>τ.</summary>
    public double Temperature { get; init; } = 0.5;

    /// <summary>Samples averaged in a step.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>Steps of SGD.</summary>
    public int Steps { get; init; } = 2_000;

    /// <summary>Constant learning rate on the logits.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>In [0, 1).</summary>
    public double Momentum { get; init; }

    /// <summary>Of the noise.</summary>
    public ulong Seed { get; init; }

    /// <summary>Steps between the points of the path that are logged.</summary>
    public int ValidationInterval { get; init; } = 20;

    /// <summary>Checks each value.</summary>
    /// <exception cref="InputException">Names the first that is out of range.</exception>
    public ProgrammeSettings Validated()
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

    /// <summary>The programme.</summary>
    public IProgramme Create() => Programme == Polynomial ? PolynomialProgramme.Create(Power, Variables) : new QuadraticProgramme();

    /// <summary>p at the start, [V, n].</summary>
    /// <exception cref="InputException">Not probabilities, or one of them is 0.</exception>
    public double[,] Start()
    {
        if (Programme == Polynomial) return PolynomialProgramme.Create(Power, Variables).Point(Probability);
        var parts = NumberText.ReadList<double>("p", P);
        Require(parts.All(p => p > 0), "p", P, "three numbers above 0 with the sum 1, with a decimal point");
        return QuadraticProgramme.Point(parts);
    }
}
