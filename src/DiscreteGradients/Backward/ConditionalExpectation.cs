using DiscreteGradients.Kernels;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Backward;

/// <summary>The expectation over the noise given D, K = ∞, by the fused kernel or by the same quadrature in float64 tensor
/// operations on any device. Constants: [log p, D].</summary>
/// <param name="Temperature">The temperature τ.</param>
/// <param name="ByKernel">True for the fused kernel, false for tensor operations.</param>
internal sealed record ConditionalExpectation(double Temperature, bool ByKernel) : IGradientMap
{
    // 4 MiB: the temporaries of a chunk stay in the cache.
    private const long ChunkElements = 1 << 19;

    public Tensor Relaxation(IReadOnlyList<Tensor> constants) => Integrate(Quadrature(constants[0]), constants, null, 1);

    public Tensor Product(IReadOnlyList<Tensor> constants, Tensor gradient)
    {
        if (ByKernel) return CpuKernels.ExpectedJacobianProduct(constants[0], constants[1], gradient, Temperature);
        return Integrate(Quadrature(constants[0]), constants, gradient, 1 / Temperature);
    }

    /// <summary>Integrates E[J(s) | D] g, or E[s | D] where there is no g, and multiplies it by a factor.</summary>
    internal static Tensor Integrate(
        ConditionalQuadrature quadrature, IReadOnlyList<Tensor> constants, Tensor? gradient, double factor)
    {
        using var scope = NewDisposeScope();
        var categories = constants[0].shape[^1];
        Tensor Rows(Tensor tensor) => tensor.to(ScalarType.Float64).reshape(-1, categories);
        var (logProbs, value, incoming) = (Rows(constants[0]), Rows(constants[1]), gradient is null ? null : Rows(gradient));
        var least = LeastProb(logProbs);
        using var nodes = new Nodes(quadrature, least, logProbs.device, squares: gradient is null);
        using Scalar scale = factor;
        var result = empty_like(logProbs);
        var elements = categories * quadrature.RatiosFor(least * quadrature.Variates[0]);
        var chunk = Math.Max(1, ChunkElements / elements);
        for (long first = 0; first < logProbs.shape[0]; first += chunk)
        {
            using var step = NewDisposeScope();
            var last = Math.Min(first + chunk, logProbs.shape[0]);
            var rows = TensorIndex.Slice(first, last);
            var nodesAtOnce = Math.Max(1, ChunkElements / ((last - first) * elements));
            result[rows] = nodes.Integrate(logProbs[rows], value[rows], incoming?[rows], nodesAtOnce).mul_(scale);
        }
        return result.reshape(constants[0].shape).to(constants[0].dtype).MoveToOuterDisposeScope();
    }

    private ConditionalQuadrature Quadrature(Tensor logProbs) => logProbs.dtype == ScalarType.Float64
        ? ConditionalQuadrature.Double(Temperature, (int)logProbs.shape[^1])
        : ConditionalQuadrature.Single(Temperature, (int)logProbs.shape[^1]);

    // The least that is not 0; 1 where there is none.
    private static double LeastProb(Tensor logProbs)
    {
        if (logProbs.numel() == 0) return 1;
        using var scope = NewDisposeScope();
        var probs = logProbs.exp();
        return probs.masked_fill(probs == Scalars.Zero, Scalars.One).min().item<double>();
    }

    /// <summary>The numbers of a quadrature as tensors.</summary>
    private sealed class Nodes : IDisposable
    {
        private readonly ConditionalQuadrature quadrature;
        private readonly Tensor variates, ratios, densities, terms, weights;
        private readonly double least;
        private readonly bool squares;

        public Nodes(ConditionalQuadrature quadrature, double least, Device device, bool squares)
        {
            this.quadrature = quadrature;
            this.least = least;
            this.squares = squares;
            var count = quadrature.Exponents.Length;
            variates = tensor(quadrature.Variates, device: device).reshape(-1, 1, 1);
            ratios = tensor(quadrature.Ratios, device: device).neg_();
            densities = tensor(quadrature.Densities, device: device);
            weights = tensor(quadrature.Weights, device: device).reshape(-1, count);
            terms = tensor(quadrature.Terms, device: device).reshape(-1, 2 * count);
            if (squares)
            {
                var own = tensor(quadrature.OwnWeights, device: device).unsqueeze(1);
                terms = cat([terms, terms[.., count..] * own], 1);
            }
        }

        /// <summary>Integrates for some rows, so many nodes e at once; gives zeros in rows without a category.</summary>
        public Tensor Integrate(Tensor logProbs, Tensor value, Tensor? gradient, long nodesAtOnce)
        {
            var drawn = value > Scalars.Zero;
            // The category drawn takes no part: a = 0 makes φ = 1 and r = 0.
            var probs = logProbs.exp().masked_fill_(drawn, Scalars.Zero);
            var differences = gradient is null ? null : gradient - (gradient * value).sum(-1, keepdim: true);
            var total = zeros_like(logProbs);
            for (long first = 0; first < variates.shape[0]; first += nodesAtOnce)
            {
                using var scope = NewDisposeScope();
                var part = TensorIndex.Slice(first, Math.Min(first + nodesAtOnce, variates.shape[0]));
                var taken = quadrature.RatiosFor(least * quadrature.Variates[first]);
                var (logPhi, r, second) = Moments(probs * variates[part], taken);               // [e, B, n, t]
                var sum = r.sum(dim: 2).Plus(Scalars.One);                                      // [e, B, t]
                var weight = logPhi.sum(dim: 2).exp_().mul_(weights[part].unsqueeze(1));
                if (differences is null)
                {
                    var own = (sum.unsqueeze(2) - r).mul_(r).Accumulate(second!);
                    total.Accumulate(own.matmul(weight.unsqueeze(-1)).squeeze(-1).sum(dim: 0));
                    total.Accumulate((weight * sum).sum(dim: 0).sum(dim: -1, keepdim: true) * value);
                }
                else
                {
                    var mean = differences.unsqueeze(-2).matmul(r).squeeze(-2);                 // Σ r d, [e, B, t]
                    var pair = r.matmul(stack([weight * sum, weight * mean], -1)).sum(dim: 0);  // [B, n, 2]
                    total.Accumulate(pair[.., .., 0] * differences - pair[.., .., 1]);
                }
            }
            if (differences is not null) total.sub_(total.sum(dim: -1, keepdim: true) * value);
            return total.masked_fill_(value.sum(-1, keepdim: true) == Scalars.Zero, Scalars.Zero);
        }

        // log φ, r and, for the mean, E[w² e^(−tw)]/φ, by the first nodes y/a.
        private (Tensor LogPhi, Tensor First, Tensor? Second) Moments(Tensor a, int taken)
        {
            var count = quadrature.Exponents.Length;
            using Scalar scale = quadrature.Scale, most = 1 - 1e-13;
            var density = (a.unsqueeze(-1) * ratios[..taken]).exp_().mul_(densities[..taken]);
            var sums = density.matmul(terms[..taken]).mul_((a * scale).unsqueeze(-1));
            var missing = sums.narrow(-1, 0, count).clamp_max_(most).neg_();
            var phi = missing.Plus(Scalars.One);
            var second = squares ? sums.narrow(-1, 2 * count, count).div_(phi) : null;
            return (missing.log1p_(), sums.narrow(-1, count, count).div_(phi), second);
        }

        public void Dispose() => Array.ForEach([variates, ratios, densities, terms, weights], tensor => tensor.Dispose());
    }
}
