using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.ToyProblems;

/// <summary>The toy problem of the literature: min_θ E[(1/V) Σ_v |z_v − 0.45|^p] over V binary variables z_v, category 1 meaning
/// z_v = 1. Its minimum is at z_v = 0 for every p.</summary>
/// <param name="power">The power p; 1.5, 2 and 3 are customary.</param>
/// <param name="variables">The number V of variables.</param>
internal sealed class PolynomialProblem(double power, int variables = 128) : IToyProblem
{
    private const double Target = 0.45;
    private static readonly Scalar TargetScalar = Target;
    private readonly Scalar powerScalar = power;

    /// <summary>Checks its arguments.</summary>
    /// <exception cref="InputException">Names the one that is out of range.</exception>
    public static PolynomialProblem Create(double power, int variables = 128)
    {
        InputException.Require(power >= 1 && double.IsFinite(power), "power", power, "a finite number of at least 1");
        InputException.Require(variables is >= 1 and <= 1_000_000, "variables", variables, "a number from 1 to 1000000");
        return new(power, variables);
    }

    /// <summary>Every variable 1 with the same probability.</summary>
    /// <exception cref="InputException">Not between 0 and 1.</exception>
    public double[,] Point(double probability)
    {
        InputException.Require(probability is > 0 and < 1, "probability", probability, "a number between 0 and 1");
        var point = new double[variables, 2];
        for (var v = 0; v < variables; v++) (point[v, 0], point[v, 1]) = (1 - probability, probability);
        return point;
    }

    public int Variables => variables;

    public int Arity => 2;

    public Tensor Cost(OneHotCategorical distribution, Tensor value) => Cost(value);

    public Func<Tensor, Tensor> CostAt(double[,] probabilities) => Cost;

    public bool IsSingular(double[,] probabilities) => false;

    public double Objective(double[,] probabilities) => Enumerable.Range(0, variables).Average(v =>
        probabilities[v, 0] * Math.Pow(Target, power) + probabilities[v, 1] * Math.Pow(1 - Target, power));

    public (double[,]? ByValue, double[,] Total) ExactGradient(double[,] probabilities)
    {
        var gradient = new double[variables, 2];
        for (var v = 0; v < variables; v++)
        {
            gradient[v, 1] =
                probabilities[v, 0] * probabilities[v, 1] * (Math.Pow(1 - Target, power) - Math.Pow(Target, power)) / variables;
            gradient[v, 0] = -gradient[v, 1];
        }
        return (gradient, gradient);
    }

    private Tensor Cost(Tensor value)
    {
        using var scope = NewDisposeScope();
        return (value[.., .., 1] - TargetScalar).abs().pow(powerScalar).mean([-1]).MoveToOuterDisposeScope();
    }
}
