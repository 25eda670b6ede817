using DiscreteGradients.Experiments.Networks;
using DiscreteGradients.Torch;
using TorchSharp;
using static DiscreteGradients.Torch.CpuKernels;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.ListOps;

/// <summary>
/// The cells of a batch of parses whose choices are certain, each computed once. A merge changes the two pairs beside it; all
/// others keep their cell, so that L tokens need 3L − 5 cells instead of L(L − 1)/2. Float32; forward and backward pass by hand.
/// </summary>
/// <remarks>The cells that are not chosen have gradients from their scores alone. These are multiples of what a score gradient of
/// 1 gives, which is computed once a cell; only the L − 1 chosen ones are run backward by themselves. The gradient of the choice
/// D needs that of every node of the next layer, which is complete when the layer's turn comes: autograd goes through the layers
/// from the last to the first, each by way of its scores.</remarks>
internal sealed unsafe class TreeCells
{
    private const int Width = TreeLstm.Width, State = 2 * Width, Gates = 5 * Width;
    private readonly AffineLayer compose;
    private readonly Tensor query;
    private readonly ListOpsBatch batch;
    private readonly List<TreeLayer> layers = [];
    private readonly Tensor states;    // [nodes, 256]: h and c of the leaves, row after row, then of the cells
    private readonly Tensor inputs;    // [cells, 256]: h of the left node and of the right one
    private readonly nint[] gates;     // of each cell, [640]: i, f of the left, f of the right, o, u
    private readonly float* s, x, q;   // of states, inputs and query
    private readonly int[] left, right;   // nodes of each cell
    private readonly int leaves;
    private int count;                 // of the cells
    private Gradients? gradients;

    private TreeCells(ListOpsBatch batch, AffineLayer compose, Tensor query)
    {
        (this.batch, this.compose, this.query) = (batch, compose, query.detach());
        leaves = batch.Count * batch.Longest;
        var most = batch.Lengths.Sum(length => Math.Max(1, 3 * length - 5));
        (states, inputs, gates) = (empty(leaves + most, State), empty(most, State), new nint[most]);
        s = Pointer(states);
        x = Pointer(inputs);
        q = Pointer(this.query);
        (left, right) = (new int[most], new int[most]);
    }

    /// <summary>Computes the cells of all pairs of leaves.</summary>
    /// <param name="nodes">h and c of the leaves, [B, L, 256].</param>
    /// <param name="query">[128].</param>
    /// <returns>The cells, and the scores h · query of all pairs, [B, L − 1], 0 in the padding.</returns>
    public static (TreeCells Cells, Tensor Scores) Begin(ListOpsBatch batch, Tensor nodes, AffineLayer compose, Tensor query)
    {
        var cells = new TreeCells(batch, compose, query);
        return (cells, ByHand.Apply([nodes, compose.Weight, compose.Bias, query], () => (cells.Start(nodes), []), (gradient, _) =>
        {
            cells.ScoresBackward(0, gradient);
            return cells.LeavesBackward();
        }));
    }

    /// <summary>Merges the chosen pair of each row.</summary>
    /// <param name="value">One-hot, [B, n]; zeros in rows that are done.</param>
    /// <param name="scores">What the layer's choice was made from. It carries the order of the backward passes, and no
    /// gradient.</param>
    /// <returns>The scores of the next layer, [B, n − 1].</returns>
    /// <exception cref="InvalidOperationException">A row is not one-hot.</exception>
    public Tensor Merge(Tensor value, Tensor scores)
    {
        var (layer, isAttached, shape) = (layers.Count, value.requires_grad, scores.shape);
        return ByHand.Apply([value, scores], () => (Next(value), []), (gradient, _) =>
        {
            ScoresBackward(layer, gradient);
            var choice = isAttached ? ChoiceBackward(layer - 1) : null;
            ChosenBackward(layers[layer - 1]);
            return [choice, zeros(shape)];
        });
    }

    /// <summary>Merges the last pair of the rows that have one, and gives h of the roots, [B, 128].</summary>
    public Tensor Root(Tensor scores) => ByHand.Apply([scores], () => (Roots(), []), (gradient, _) =>
    {
        RootsBackward(gradient);
        return [zeros(batch.Count, 1)];
    });

    private Tensor Start(Tensor nodes)
    {
        using var contiguous = nodes.contiguous();
        new Span<float>(Pointer(contiguous), leaves * State).CopyTo(new(s, leaves * State));
        var layer = new TreeLayer(batch, batch.Longest);
        for (var i = 0; i < leaves; i++) layer.Nodes[i] = i;
        for (var row = 0; row < batch.Count; row++)
        {
            for (var k = 0; k < layer.Pairs(row); k++) layer.Cells[layer.At(row, k)] = Add(layer, row, k);
        }
        return Finish(layer, 0);
    }

    private Tensor Next(Tensor value)
    {
        var from = layers[^1];
        from.Choose(value);
        var (to, first) = (new TreeLayer(batch, from.Size - 1), count);
        for (var row = 0; row < batch.Count; row++)
        {
            var chosen = from.Chosen[row];
            for (var k = 0; k < to.Size; k++)
                to.Nodes[to.At(row, k)] = k == chosen
                    ? leaves + from.Cells[from.At(row, k)]
                    : from.Nodes[from.At(row, chosen >= 0 && k > chosen ? k + 1 : k)];
            for (var k = 0; k < to.Pairs(row); k++)
                to.Cells[to.At(row, k)] = k == chosen - 1 || k == chosen
                    ? Add(to, row, k) : from.Cells[from.At(row, k < chosen ? k : k + 1)];
        }
        return Finish(to, first);
    }

    private int Add(TreeLayer layer, int row, int k)
    {
        (left[count], right[count]) = (layer.Nodes[layer.At(row, k)], layer.Nodes[layer.At(row, k + 1)]);
        return count++;
    }

    // Computes the new cells, and the scores of the layer.
    private Tensor Finish(TreeLayer layer, int first)
    {
        layers.Add(layer);
        for (var cell = first; cell < count; cell++)
        {
            new Span<float>(s + (long)left[cell] * State, Width).CopyTo(new(x + (long)cell * State, Width));
            new Span<float>(s + (long)right[cell] * State, Width).CopyTo(new(x + (long)cell * State + Width, Width));
        }
        if (first < count)
        {
            using var rows = inputs.narrow(0, first, count - first);
            // They live as long as the caller's scope.
            var sums = Pointer(MatrixProducts.Forward(rows, compose.Weight, compose.Bias, slope: 1));
            for (var cell = first; cell < count; cell++, sums += Gates)
            {
                gates[cell] = (nint)sums;
                TreeKernel.Forward(sums, OfNode(left[cell]), OfNode(right[cell]), OfNode(leaves + cell));
            }
        }
        var scores = zeros(batch.Count, layer.Size - 1);
        var target = Pointer(scores);
        for (var row = 0; row < batch.Count; row++)
        {
            for (var k = 0; k < layer.Pairs(row); k++)
                target[row * (layer.Size - 1) + k] = TreeKernel.Dot(OfNode(leaves + layer.Cells[layer.At(row, k)]), q, Width);
        }
        return scores;
    }

    private Tensor Roots()
    {
        var layer = layers[^1];
        var roots = empty(batch.Count, Width);
        var target = Pointer(roots);
        for (var row = 0; row < batch.Count; row++)
        {
            layer.Chosen[row] = layer.Pairs(row) - 1;
            var root = new Span<float>(target + row * Width, Width);
            if (layers.Exists(one => one.IsUndecided[row])) root.Fill(float.NaN);
            else new Span<float>(OfNode(RootOf(layer, row)), Width).CopyTo(root);
        }
        return roots;
    }

    private float* OfNode(int node) => s + (long)node * State;

    private float* OfGates(int cell) => (float*)gates[cell];

    private int RootOf(TreeLayer layer, int row) =>
        layer.Pairs(row) > 0 ? leaves + layer.Cells[layer.At(row, 0)] : layer.Nodes[layer.At(row, 0)];

    private void RootsBackward(Tensor gradient)
    {
        gradients = null;   // of a pass that did not come to its end
        using var contiguous = gradient.contiguous();
        var source = Pointer(contiguous);
        var g = Begun();
        for (var row = 0; row < batch.Count; row++)
            TreeKernel.Add(source + row * Width, 1, g.OfNode(RootOf(layers[^1], row)), Width);
        ChosenBackward(layers[^1]);
    }

    // The gradient of D: with r' the nodes after the merge, r'_k = D_k p_k + (1 − C_k) r_k + (C_k − D_k) r_(k+1),
    // C_k = Σ_(j≤k) D_j.
    private Tensor ChoiceBackward(int index)
    {
        var (from, to, g) = (layers[index], layers[index + 1], Begun());
        var result = zeros(batch.Count, from.Size - 1);
        var first = Pointer(result);
        for (var row = 0; row < batch.Count; row++)
        {
            var target = first + row * (from.Size - 1);
            var later = 0f;
            for (var k = from.Pairs(row) - 1; k >= 0; k--)
            {
                var next = g.OfNode(to.Nodes[to.At(row, k)]);
                var stays = TreeKernel.Dot(next, OfNode(from.Nodes[from.At(row, k)]), State);
                var moves = TreeKernel.Dot(next, OfNode(from.Nodes[from.At(row, k + 1)]), State);
                later += moves - stays;
                target[k] = TreeKernel.Dot(next, OfNode(leaves + from.Cells[from.At(row, k)]), State) - moves + later;
            }
        }
        return result;
    }

    // From the nodes that a merge has made to their two nodes.
    private void ChosenBackward(TreeLayer layer)
    {
        var g = Begun();
        var chosen = Enumerable.Range(0, batch.Count).Where(row => layer.Chosen[row] >= 0)
            .Select(row => layer.Cells[layer.At(row, layer.Chosen[row])]).ToArray();
        if (chosen.Length == 0) return;
        var behind = empty(chosen.Length, Gates);
        var targets = Pointer(behind);
        var cells = stackalloc float[State];   // c of the two nodes
        for (var i = 0; i < chosen.Length; i++)
        {
            var cell = chosen[i];
            float* target = targets + i * Gates, gradient = g.OfNode(leaves + cell);
            TreeKernel.Backward(OfGates(cell), OfNode(left[cell]), OfNode(right[cell]), OfNode(leaves + cell),
                gradient, gradient + Width, target, cells, cells + Width);
            TreeKernel.Add(cells, 1, g.OfNode(left[cell]) + Width, Width);
            TreeKernel.Add(cells + Width, 1, g.OfNode(right[cell]) + Width, Width);
        }
        g.OfChosen.Add((chosen, behind));
        using var products = MatrixProducts.Backward(behind, compose.Weight);
        var p = Pointer(products);
        for (var i = 0; i < chosen.Length; i++)
        {
            TreeKernel.Add(p + i * State, 1, g.OfNode(left[chosen[i]]), Width);
            TreeKernel.Add(p + i * State + Width, 1, g.OfNode(right[chosen[i]]), Width);
        }
    }

    private void ScoresBackward(int index, Tensor gradient)
    {
        using var contiguous = gradient.contiguous();
        var (layer, g) = (layers[index], Begun());
        float* source = Pointer(contiguous), unit = Pointer(g.OfInputs);
        for (var row = 0; row < batch.Count; row++)
        {
            for (var k = 0; k < layer.Pairs(row); k++)
            {
                var (cell, score) = (layer.Cells[layer.At(row, k)], source[row * (layer.Size - 1) + k]);
                g.OfScores[cell] += score;
                TreeKernel.Add(unit + (long)cell * 2 * State, score, g.OfNode(left[cell]), State);
                TreeKernel.Add(unit + (long)cell * 2 * State + State, score, g.OfNode(right[cell]), State);
            }
        }
    }

    // The gradients of the leaves, of weight and bias, and of the query.
    private Tensor?[] LeavesBackward()
    {
        var g = Begun();
        var ofQuery = zeros(Width);
        float* ofGates = Pointer(g.OfGates), target = Pointer(ofQuery);
        for (var cell = 0; cell < count; cell++)
        {
            TreeKernel.Scale(ofGates + (long)cell * Gates, g.OfScores[cell], Gates);
            TreeKernel.Add(OfNode(leaves + cell), g.OfScores[cell], target, Width);
        }
        foreach (var (chosen, behind) in g.OfChosen)
        {
            var source = Pointer(behind);
            for (var i = 0; i < chosen.Length; i++)
                TreeKernel.Add(source + i * Gates, 1, ofGates + (long)chosen[i] * Gates, Gates);
        }
        var (weight, bias) = compose.Gradients(g.OfGates, inputs.narrow(0, 0, count));
        gradients = null;
        return [g.OfNodes.narrow(0, 0, leaves).view(batch.Count, batch.Longest, State), weight, bias, ofQuery];
    }

    private Gradients Begun()
    {
        if (states.IsInvalid) throw new InvalidOperationException(
            "the tensors of the forward pass are gone; expected its dispose scope to last until the backward pass is over.");
        if (gradients is not null) return gradients;
        gradients = new(leaves, count);
        float* unit = Pointer(gradients.OfGates), ofInputs = Pointer(gradients.OfInputs);
        for (var cell = 0; cell < count; cell++)
        {
            var input = ofInputs + (long)cell * 2 * State;
            TreeKernel.Backward(OfGates(cell), OfNode(left[cell]), OfNode(right[cell]), OfNode(leaves + cell), q, null,
                unit + (long)cell * Gates, input + Width, input + State + Width);
        }
        using var products = MatrixProducts.Backward(gradients.OfGates, compose.Weight);
        var p = Pointer(products);
        for (var half = 0; half < 2 * count; half++)
            new Span<float>(p + (long)half * Width, Width).CopyTo(new(ofInputs + (long)half * State, Width));
        return gradients;
    }

    /// <summary>The gradients that a backward pass fills.</summary>
    private sealed class Gradients(int leaves, int cells)
    {
        private float* nodes;

        public Tensor OfNodes { get; } = zeros(leaves + cells, State);

        public float[] OfScores { get; } = new float[cells];

        /// <summary>The gradients of the gates, [cells, 640], for a score gradient of 1.</summary>
        public Tensor OfGates { get; } = empty(cells, Gates);

        /// <summary>The gradients of h and c of the two nodes, [cells, 512], for a score gradient of 1.</summary>
        public Tensor OfInputs { get; } = empty(cells, 2 * State);

        /// <summary>The gradients that come to the gates of the chosen cells from the next layer.</summary>
        public List<(int[] Cells, Tensor Gradient)> OfChosen { get; } = [];

        public float* OfNode(int node)
        {
            if (nodes == null) nodes = Pointer(OfNodes);
            return nodes + (long)node * State;
        }
    }
}
