using DiscreteGradients.Experiments.Networks;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.ListOps;

/// <summary>
/// The basic Gumbel TreeLSTM of Choi et al. (arXiv:1707.02786) as App. D.1 uses it: no leaf RNN, no attention, no dropout,
/// every width 128. In each layer one pair of neighbours is joined, chosen by a categorical variable over the pairs; the
/// next layer's choice depends on it.
/// </summary>
internal sealed class TreeLstm : IDisposable
{
    /// <summary>Width of embeddings, states and the classifier.</summary>
    public const int Width = 128;

    private const int Gates = 5;   // i, f of the left, f of the right, o; then u, which goes through tanh

    private readonly List<(string Name, Tensor Value)> parameters = [];
    private readonly Tensor embedding, leafWeight, leafBias, query, hiddenWeight, hiddenBias, outputWeight, outputBias;
    private readonly Tensor gateOffset;   // [5 · 128]: 1 at the two f's
    private readonly AffineLayer compose;

    // Held for ever: a Scalar made in passing may be finalised while libtorch reads it.
    private readonly Scalar queryScale = 1 / Math.Sqrt(Width);

    /// <param name="seed">Seed of the initial weights.</param>
    /// <param name="dtype">float32, or float64 to check one computation against another.</param>
    public TreeLstm(ulong seed, ScalarType dtype = ScalarType.Float32)
    {
        using var _ = NewDisposeScope();
        using var generator = new Generator(seed);
        var kaiming = Math.Sqrt(2.0 / Width);
        embedding = Add("embedding.weight", Normal(0.01, Vocabulary.Count, Width));
        leafWeight = Add("leaf.weight", Normal(kaiming, 2 * Width, Width));
        leafBias = Add("leaf.bias", zeros(2 * Width));
        compose = new(Add("compose.weight", Orthogonal(Normal(1, Gates * Width, 2 * Width))),
            Add("compose.bias", zeros(Gates * Width)));
        query = Add("query.weight", Normal(0.01, Width));
        hiddenWeight = Add("classifier.0.weight", Normal(kaiming, Width, Width));
        hiddenBias = Add("classifier.0.bias", zeros(Width));
        outputWeight = Add("classifier.1.weight", empty(Vocabulary.Digits, Width).uniform_(-0.002, 0.002, generator));
        outputBias = Add("classifier.1.bias", zeros(Vocabulary.Digits));
        gateOffset = cat([zeros(Width), ones(2 * Width), zeros(2 * Width)]).to(dtype).DetachFromDisposeScope();

        Tensor Normal(double deviation, params long[] shape) => empty(shape).normal_(0, deviation, generator);
        Tensor Add(string name, Tensor value)
        {
            var parameter = value.to(dtype).requires_grad_().DetachFromDisposeScope();
            parameters.Add((name, parameter));
            return parameter;
        }
    }

    /// <summary>Weights by name, in a fixed order.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> Parameters => parameters;

    /// <summary>The affine layers whose weights' gradients <see cref="Sgd"/> need not form.</summary>
    public IEnumerable<AffineLayer> Layers => [compose];

    /// <summary>Parses each expression as <paramref name="choose"/> says and classifies the root.</summary>
    /// <param name="choose">Draws the pair that each row joins. Called with the pairs' scores [B, n] and with what may be
    /// chosen, bool [B, n], or null if everything may; a row that is done may choose nothing, and its value must be 0. Not
    /// called for the last two nodes.</param>
    /// <param name="relaxed">True where values may be other than one-hot: then every layer is computed in full.</param>
    /// <remarks>Leaves its intermediate tensors to the dispose scope of the caller, which must have one; without gradients, of
    /// each choice its value alone.</remarks>
    public TreeLstmOutput Forward(ListOpsBatch batch, Func<Tensor, Tensor?, StochasticNode> choose, bool relaxed = false)
    {
        var leaves = nn.functional.linear(embedding, leafWeight, leafBias);                      // [15, 2·128]
        var nodes = leaves.index_select(0, batch.Tokens.flatten()).view(batch.Count, batch.Longest, 2 * Width);
        var choices = new List<StochasticNode>();
        var root = relaxed || nodes.dtype != ScalarType.Float32 ? InFull() : ByCells();          // [B, 128]
        var logits = nn.functional.linear(nn.functional.linear(root, hiddenWeight, hiddenBias).relu_(), outputWeight, outputBias);
        return new(logits, choices);

        Tensor ByCells()
        {
            var (cells, scores) = TreeCells.Begin(batch, nodes, compose, query * queryScale);
            for (var pairs = batch.Longest - 1; pairs > 1; pairs--)
            {
                choices.Add(choose(scores, Mask(batch, pairs)));
                scores = cells.Merge(choices[^1].Value, scores);
            }
            return cells.Root(scores);
        }

        Tensor InFull()
        {
            var (bias, scaledQuery) = (compose.Bias.Plus(gateOffset), query * queryScale);
            for (var pairs = batch.Longest - 1; pairs >= 1; pairs--)
            {
                // Where no gradient is asked for, a layer's tensors go with it: memory grows with the length, not with its
                // square.
                using var layer = is_grad_enabled() ? null : NewDisposeScope();
                var (left, right) = (nodes.narrow(1, 0, pairs), nodes.narrow(1, 1, pairs));     // [B, pairs, 2·128]
                var (hidden, parents) = Compose(left, right, bias);
                var mask = Mask(batch, pairs);
                if (pairs == 1)
                {
                    nodes = Left(mask is null ? parents : where(mask.unsqueeze(-1), parents, left), layer);
                    break;
                }
                var choice = choose(hidden.matmul(scaledQuery), mask);
                choices.Add(choice);
                Left(choice.Value, layer);
                nodes = Left(Join(choice.Value, parents, left, right), layer);
            }
            return nodes.select(1, 0).narrow(-1, 0, Width);
        }
    }

    /// <summary>A tensor that outlives its layer.</summary>
    private static Tensor Left(Tensor tensor, IDisposable? layer) => layer is null ? tensor : tensor.MoveToOuterDisposeScope();

    public void Dispose()
    {
        foreach (var (_, value) in parameters) value.Dispose();
        gateOffset.Dispose();
        queryScale.Dispose();
    }

    /// <summary>The parents of all pairs: c = σ(f_l + 1) c_l + σ(f_r + 1) c_r + σ(i) tanh u, h = σ(o) tanh c.</summary>
    /// <returns>h, [B, pairs, 128], and [h; c].</returns>
    private (Tensor Hidden, Tensor Parents) Compose(Tensor left, Tensor right, Tensor bias)
    {
        var gates = nn.functional.linear(cat([left.narrow(-1, 0, Width), right.narrow(-1, 0, Width)], -1), compose.Weight, bias);
        var open = gates.narrow(-1, 0, 4 * Width).sigmoid();
        var update = gates.narrow(-1, 4 * Width, Width).tanh();
        var parts = open.chunk(4, -1);
        var cell = (parts[0] * update).Plus(parts[1] * left.narrow(-1, Width, Width))
            .Plus(parts[2] * right.narrow(-1, Width, Width));
        var hidden = parts[3] * cell.tanh();
        return (hidden, cat([hidden, cell], -1));
    }

    /// <summary>Joins the chosen pairs, r'_j = D_j parent_j + (1 − cum_j) r_j + (cum_j − D_j) r_{j+1}: a row without a choice
    /// stays as it is.</summary>
    private static Tensor Join(Tensor value, Tensor parents, Tensor left, Tensor right)
    {
        var chosen = value.unsqueeze(-1);                                                        // [B, pairs, 1]
        var upTo = chosen.cumsum(1);
        return (chosen * parents).Plus(upTo.neg().Plus(Scalars.One) * left).Plus((upTo - chosen) * right);
    }

    /// <summary>The pairs of which both nodes are part of the expression, when so many pairs of the longest are left.</summary>
    private static Tensor? Mask(ListOpsBatch batch, int pairs)
    {
        if (!batch.IsPadded) return null;
        var joined = batch.Longest - 1 - pairs;
        var mask = new bool[batch.Count * pairs];
        for (var i = 0; i < batch.Count; i++)
            mask.AsSpan(i * pairs, Math.Clamp(batch.Lengths[i] - 1 - joined, 0, pairs)).Fill(true);
        return tensor(mask, [batch.Count, pairs]);
    }

    /// <summary>The orthogonal factor of a matrix whose entries are normal: orthonormal columns, uniformly distributed.</summary>
    private static Tensor Orthogonal(Tensor normal)
    {
        var (q, r) = linalg.qr(normal);
        return (q * r.diagonal().sign()).contiguous();
    }
}

/// <summary>The output of a forward pass, in the dispose scope of the caller.</summary>
/// <param name="Logits">The logits of the values 0 to 9, [B, 10].</param>
/// <param name="Choices">The nodes drawn, in order: N − 2 of them, [B, n] with n falling from N − 1 to 2.</param>
internal sealed record TreeLstmOutput(Tensor Logits, IReadOnlyList<StochasticNode> Choices)
{
    /// <summary>Computes the cost f, [B]: the cross-entropy of each expression's label, nats.</summary>
    public Tensor Cost(Tensor labels) => nn.functional.cross_entropy(Logits, labels, reduction: nn.Reduction.None);
}
