using DiscreteGradients.Experiments.ListOps;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Tests.ListOps;

/// <summary>Small sets of expressions, and choices without chance.</summary>
internal static class Expressions
{
    /// <summary>Of 4, 5, 7 and 10 tokens, in this order.</summary>
    public static IReadOnlyList<Expression> OfManyLengths { get; } =
        [.. new[] { "[MAX 2 9 ]", "[MIN 4 7 3 ]", "[SM 5 [MED 1 8 ] ]", "[MAX 2 9 [MIN 4 7 ] 0 1 ]" }.Select(text => Expression.Parse(text))];

    public static ListOpsData Data { get; } = ListOpsData.Generate(2, 2000, []);

    /// <summary>The most probable pair forward, the Jacobian of the masked softmax backward: ST without chance.</summary>
    public static StochasticNode Certain(Tensor scores, Tensor? mask)
    {
        var q = new OneHotCategorical(scores, mask);
        var soft = mask is null ? q.Probs : q.Probs * mask;
        return StochasticNode.Attached(q.Mode() + (soft - soft.detach()));
    }

    /// <summary>A model whose scores are far from each other, so that rounding decides nothing.</summary>
    public static TreeLstm Model(ScalarType dtype = ScalarType.Float64)
    {
        var model = new TreeLstm(7, dtype);
        Spread(model);
        return model;
    }

    /// <summary>Draws the scores and the costs of a new model apart.</summary>
    public static void Spread(TreeLstm model)
    {
        using var _ = no_grad();
        foreach (var (name, value) in model.Parameters)
        {
            using Scalar scale = name.StartsWith("embedding", StringComparison.Ordinal) || name.StartsWith("query", StringComparison.Ordinal) ? 100.0
                : name.StartsWith("classifier.1", StringComparison.Ordinal) ? 300.0 : 1.0;
            value.mul_(scale);
        }
    }

    /// <summary>The gradients of all parameters, one after another, which are cleared.</summary>
    public static double[] TakeGradients(TreeLstm model)
    {
        using var scope = NewDisposeScope();
        var gradients = model.Parameters.Select(parameter => (parameter.Value.grad ?? zeros_like(parameter.Value)).to(ScalarType.Float64).flatten()).ToList();
        var all = cat(gradients).data<double>().ToArray();
        foreach (var (_, value) in model.Parameters) value.grad = null;
        return all;
    }

    public static double Distance(double[] a, double[] b) => Math.Sqrt(a.Zip(b).Sum(pair => (pair.First - pair.Second) * (pair.First - pair.Second)));

    public static double Norm(double[] a) => Math.Sqrt(a.Sum(x => x * x));
}
