using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.ToyProblems;

/// <summary>A small problem min_θ E[f(D, θ)] whose objective and gradients are known in closed form.</summary>
internal interface IToyProblem
{
    /// <summary>The number V of variables.</summary>
    int Variables { get; }

    /// <summary>The number n of categories.</summary>
    int Arity { get; }

    /// <summary>Computes the cost f(D, θ), [rows], differentiable in both.</summary>
    /// <param name="distribution">Logits [rows, V, n], float32 or float64.</param>
    /// <param name="value">D or a relaxed S, [rows, V, n].</param>
    Tensor Cost(OneHotCategorical distribution, Tensor value);

    /// <summary>Gives the cost f(D) with θ held at <paramref name="probabilities"/>; where that is singular, relative to its
    /// infinite part.</summary>
    /// <returns>A function of values, [rows, V, n], to their costs, [rows].</returns>
    Func<Tensor, Tensor> CostAt(double[,] probabilities);

    /// <summary>Tells whether f is infinite at these probabilities, though its mean is not.</summary>
    bool IsSingular(double[,] probabilities);

    /// <summary>E f(D, θ).</summary>
    /// <param name="probabilities">p, [V, n], each row with the sum 1.</param>
    double Objective(double[,] probabilities);

    /// <summary>Computes the exact gradient ∇_θ E f, by way of D alone (θ in f held constant) and in all; θ are the logits of
    /// p.</summary>
    /// <param name="probabilities">p, [V, n].</param>
    /// <returns>[V, n] each; the first is null where f is singular.</returns>
    (double[,]? ByValue, double[,] Total) ExactGradient(double[,] probabilities);
}
