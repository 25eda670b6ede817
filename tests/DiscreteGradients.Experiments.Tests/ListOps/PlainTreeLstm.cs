using DiscreteGradients.Experiments.ListOps;

namespace DiscreteGradients.Experiments.Tests.ListOps;

/// <summary>The model node by node in plain numbers: what a tree gives, and the tree that argmax chooses.</summary>
internal sealed class PlainTreeLstm(TreeLstm model)
{
    private const int Width = TreeLstm.Width;
    private readonly Dictionary<string, double[]> weights = model.Parameters.ToDictionary(parameter => parameter.Name, parameter =>
    {
        using var detached = parameter.Value.detach();
        return detached.data<double>().ToArray();
    });

    /// <summary>[h; c] of the root.</summary>
    public double[] State(BinaryTree tree, Expression expression) => tree is { Left: { } left, Right: { } right }
        ? Compose(State(left, expression), State(right, expression))
        : Linear("leaf", weights["embedding.weight"].AsSpan(expression.Tokens[tree.Start] * Width, Width).ToArray());

    public BinaryTree GreedyTree(Expression expression)
    {
        var trees = Enumerable.Range(0, expression.Length).Select(BinaryTree.Leaf).ToList();
        while (trees.Count > 1)
        {
            var best = Enumerable.Range(0, trees.Count - 1).MaxBy(j =>
                State(trees[j].Join(trees[j + 1]), expression).Take(Width).Zip(weights["query.weight"]).Sum(pair => pair.First * pair.Second) / Math.Sqrt(Width));
            trees[best] = trees[best].Join(trees[best + 1]);
            trees.RemoveAt(best + 1);
        }
        return trees[0];
    }

    public double[] Classify(double[] state) => Linear("classifier.1", [.. Linear("classifier.0", state[..Width]).Select(x => Math.Max(x, 0))]);

    private double[] Compose(double[] left, double[] right)
    {
        var gates = Linear("compose", [.. left[..Width], .. right[..Width]]);
        var state = new double[2 * Width];
        for (var k = 0; k < Width; k++)
        {
            var (i, fl, fr, o, u) = (gates[k], gates[Width + k], gates[2 * Width + k], gates[3 * Width + k], gates[4 * Width + k]);
            var c = Sigmoid(fl + 1) * left[Width + k] + Sigmoid(fr + 1) * right[Width + k] + Sigmoid(i) * Math.Tanh(u);
            (state[k], state[Width + k]) = (Sigmoid(o) * Math.Tanh(c), c);
        }
        return state;
    }

    private double[] Linear(string name, double[] input)
    {
        var (weight, bias) = (weights[name + ".weight"], weights[name + ".bias"]);
        return [.. bias.Select((b, row) => b + input.Select((x, column) => x * weight[row * input.Length + column]).Sum())];
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
