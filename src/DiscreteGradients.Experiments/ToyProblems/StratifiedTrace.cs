using DiscreteGradients.Backward;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Kernels;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.ToyProblems;

/// <summary>The trace tr cov of GR-MCK on one variable, from as many draws given each category: the categories' probabilities,
/// which are known, add no noise. It is precise also where a category is rare, unlike the covariance of plain draws.</summary>
internal static class StratifiedTrace
{
    /// <summary>Measures tr cov(g) = Σ_k p_k (tr cov(g | k) + ‖m_k − m‖²), unbiased, with an upper bound of its
    /// standard error. K = 1 is ST-GS in law.</summary>
    /// <param name="problem">A problem of one variable; θ in f is held at p.</param>
    /// <param name="probabilities">p, [1, n], above 0.</param>
    /// <param name="samples">K; null for GR itself, which does not vary given the category.</param>
    /// <param name="temperature">τ, from 0.01 to 10.</param>
    /// <param name="draws">Given each category, at least 3.</param>
    /// <param name="seed">Seed of the draws.</param>
    public static Estimate Measure(IToyProblem problem, double[,] probabilities, int? samples, double temperature, int draws,
        ulong seed)
    {
        const int Alike = 3;
        if (samples is null) draws = Alike;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var logits = tensor(probabilities, dtype: ScalarType.Float32).log_();
        var slopes = Slopes(problem, probabilities);
        var (weights, means) =
            (Enumerable.Range(0, problem.Arity).Select(k => probabilities[0, k]).ToArray(), new List<Tensor>());
        var traces = new Estimate[weights.Length];
        for (var k = 0; k < weights.Length; k++)
        {
            using var statistics = new GradientStatistics(weights.Length);
            var value = zeros(draws, weights.Length);
            value.select(1, k).fill_(Scalars.One);
            IGradientMap average = samples is { } count
                ? new ConditionalDraws(count, temperature, NoiseKind.Independent, Seeds.Derive(seed, (ulong)k), ByKernel: true)
                : new ConditionalExpectation(temperature, ByKernel: true);
            statistics.AddRange(average.Product([logits.expand(draws, -1), value], slopes[k].unsqueeze(0).expand(draws, -1)));
            means.Add(statistics.Mean());
            traces[k] = statistics.Trace;
        }
        var mean = weights.Select((p, k) => means[k] * tensor(p)).Aggregate((a, b) => a.Plus(b));
        var distances = means.Select(m => (m - mean).Squared().sum().item<double>()).ToArray();
        // The second term takes the sampling variance of the means out of their distances.
        var trace = weights.Select((p, k) => p * (traces[k].Value + distances[k] - (1 - p) * traces[k].Value / draws)).Sum();
        var variance = weights.Select((p, k) =>
            p * p * (traces[k].Error * traces[k].Error + 4 * distances[k] * traces[k].Value / draws)).Sum();
        return new(trace, Math.Sqrt(variance));
    }

    /// <summary>Computes the slopes ∂f/∂D at each category, [n, n].</summary>
    private static Tensor Slopes(IToyProblem problem, double[,] probabilities)
    {
        using var scope = NewDisposeScope();
        using var _ = enable_grad();
        var values = eye(problem.Arity).unsqueeze(1).requires_grad_();
        return autograd.grad([problem.CostAt(probabilities)(values).sum()], [values])[0].squeeze(1).MoveToOuterDisposeScope();
    }
}
