using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Backward;

/// <summary>
/// The sums over all subsets of k of n elements by dynamic programming, in O(nk) and in log space. With w_S = exp Σ_{i∈S} θ_i,
/// the prefix sum P_ij is the logarithm of Σ w_S over the subsets of j of the first i elements, and the suffix sum the same of
/// the last ones.
/// </summary>
/// <remarks>θ = −∞ leaves an element out. A row with fewer than k other elements gives NaN, as one of NaN does.</remarks>
internal sealed class SubsetSums
{
    private static readonly Scalar MinusOne = -1L, Zero = 0L;
    private readonly int size;
    private readonly Tensor logits, prefix;     // [n, B], [n + 1, B, k + 1]
    private Tensor? suffix;                     // [n + 1, B, k + 1]

    /// <summary>Computes the sums.</summary>
    /// <param name="logits">θ, [B, n], float64, constant; +∞ nowhere.</param>
    /// <param name="size">k, 1 to n.</param>
    public SubsetSums(Tensor logits, int size)
    {
        this.size = size;
        this.logits = logits.t().contiguous();
        prefix = Prefix(this.logits);
    }

    // Neither a total nor a draw needs them.
    private Tensor Suffix => suffix ??= Prefix(logits.flip(0)).flip(0);

    /// <summary>The log of the sum over all subsets, [B].</summary>
    public Tensor LogTotal => prefix[-1].select(1, size);

    /// <summary>The marginals μ_i = P(z_i = 1), [B, n].</summary>
    public Tensor Marginals() => Weights().sum(-1).t();

    /// <summary>Computes Cov(z) g, [B, n].</summary>
    /// <param name="gradient">g, [B, n].</param>
    public Tensor CovarianceProduct(Tensor gradient)
    {
        using Scalar count = size;
        var weights = Weights();
        var marginals = weights.sum(-1);
        // The sum of z is constant, so that a constant in g does not matter: with ⟨μ, g⟩ = 0, Cov(z) g = E z⟨g, z⟩.
        var g = gradient.t();
        g = (g - (marginals * g).sum(dim: 0, keepdim: true).div_(count)).unsqueeze(-1);
        var before = Means(g, prefix, logits).narrow(0, 0, g.shape[0]).narrow(2, 0, size);
        var after = Means(g.flip(0), Suffix.flip(0), logits.flip(0)).flip(0).narrow(0, 1, g.shape[0]).narrow(2, 0, size).flip(2);
        return (weights * before.Plus(g).Plus(after)).sum(-1).t();
    }

    /// <summary>Draws subsets, [B, n], bool, from the last element to the first.</summary>
    /// <param name="uniforms">One number of [0, 1) an element, [n, B].</param>
    public Tensor Draw(Tensor uniforms)
    {
        var taken = new Tensor[logits.shape[0]];
        var shares = Shares(prefix, logits);
        using Scalar all = size;
        var left = full([uniforms.shape[1], 1], all, dtype: ScalarType.Int64, device: uniforms.device);
        for (var i = taken.Length - 1; i >= 0; i--)
        {
            var share = shares[i].gather(1, left.add(MinusOne, Scalars.One).clamp_min_(Zero));
            taken[i] = (uniforms[i].unsqueeze(-1) < share).logical_and_(left > Scalars.Zero);
            left = left - taken[i].to(ScalarType.Int64);
        }
        return cat(taken, 1);
    }

    // exp(P_ij + θ_i + S_i,k−1−j − total): the part of the subsets that have element i and j elements before it, [n, B, k].
    private Tensor Weights()
    {
        var n = logits.shape[0];
        var before = prefix.narrow(0, 0, n).narrow(2, 0, size);
        var after = Suffix.narrow(0, 1, n).narrow(2, 0, size).flip(2);
        return before.Plus(after).Accumulate((logits - LogTotal).unsqueeze(-1)).exp_();
    }

    private Tensor Prefix(Tensor rows)
    {
        var sums = new Tensor[rows.shape[0] + 1];
        var impossible = full([rows.shape[1], size], Scalars.MinusInfinity, dtype: rows.dtype, device: rows.device);
        var none = zeros_like(impossible).narrow(1, 0, 1);
        sums[0] = cat([none, impossible], 1);
        for (var i = 0; i < rows.shape[0]; i++)
        {
            var with = sums[i].narrow(1, 0, size).Plus(rows[i].unsqueeze(-1));
            sums[i + 1] = cat([none, logaddexp(sums[i].narrow(1, 1, size), with)], 1);
        }
        return stack(sums);
    }

    // The part of the subsets of j of the first i elements that have element i, [n, B, k] for j from 1 to k; 0 where there are
    // none.
    private Tensor Shares(Tensor sums, Tensor rows)
    {
        var n = rows.shape[0];
        var with = sums.narrow(0, 0, n).narrow(2, 0, size).Plus(rows.unsqueeze(-1));
        var all = sums.narrow(0, 1, n).narrow(2, 1, size);
        return (with - all).exp_().masked_fill_(all == Scalars.MinusInfinity, Scalars.Zero);
    }

    // The mean of ⟨g, z⟩ over the subsets of j of the first i elements, [n + 1, B, k + 1].
    private Tensor Means(Tensor g, Tensor sums, Tensor rows)
    {
        var shares = Shares(sums, rows);
        var means = new Tensor[rows.shape[0] + 1];
        means[0] = zeros_like(sums[0]);
        var none = means[0].narrow(1, 0, 1);
        for (var i = 0; i < rows.shape[0]; i++)
        {
            var (without, with) = (means[i].narrow(1, 1, size), means[i].narrow(1, 0, size).Plus(g[i]));
            means[i + 1] = cat([none, (with - without).mul_(shares[i]).Accumulate(without)], 1);
        }
        return stack(means);
    }
}
