using System.Runtime.InteropServices;
using DiscreteGradients.Experiments.ListOps;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Tests.ListOps;

/// <summary>The cells computed once, against the layers in full by libtorch's operations and its own gradients.</summary>
public sealed class TreeCellsTests
{
    private static readonly IReadOnlyList<Expression> Many =
        [.. Expressions.OfManyLengths, Expression.Parse("[SM 1 2 3 [MAX 4 [MIN 5 6 7 ] 8 ] 9 0 [MED 1 2 3 ] 4 ]"), Expression.Parse("[MIN 3 ]")];

    [Theory]
    [InlineData("certain")]
    [InlineData("st")]
    [InlineData("st-gs")]
    [InlineData("gr")]
    [InlineData("reinforce")]
    public void ValuesAndGradientsAreThoseOfTheLayersInFull(string name)
    {
        using var model = Expressions.Model(ScalarType.Float32);
        var (logits, gradient) = Run(relaxed: false);
        var (fullLogits, fullGradient) = Run(relaxed: true);
        Assert.Equal(0, Expressions.Distance(logits, fullLogits), 1e-5 * Expressions.Norm(fullLogits));
        Assert.True(Expressions.Norm(fullGradient) > 0.1);
        Assert.Equal(0, Expressions.Distance(gradient, fullGradient), 2e-5 * Expressions.Norm(fullGradient));
        // Nothing is left over from the first pass.
        Assert.Equal(gradient, Run(relaxed: false).Gradient);

        (double[] Logits, double[] Gradient) Run(bool relaxed)
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator(5);
            var estimator = name == "certain" ? null : EstimatorName.Parse(name).Create(0.7);
            var batch = ListOpsBatch.Of(Many);
            var output = model.Forward(batch, (scores, mask) =>
                estimator?.Sample(new OneHotCategorical(scores, mask), generator) ?? Expressions.Certain(scores, mask), relaxed);
            SurrogateLoss.Sequential(output.Cost(batch.Labels), output.Choices).sum().backward();
            return (output.Logits.flatten().to(float64).data<double>().ToArray(), Expressions.TakeGradients(model));
        }
    }

    [Fact]
    public void ARelaxedChoiceIsRefused()
    {
        using var model = new TreeLstm(1);
        using var scope = NewDisposeScope();
        var error = Assert.Throws<InvalidOperationException>(() => model.Forward(ListOpsBatch.Of(Many),
            (scores, mask) => new GumbelSoftmax(0.5).Sample(new OneHotCategorical(scores, mask))));
        Assert.Contains("the choice of row 0 is not one of its 3 pairs", error.Message, StringComparison.Ordinal);
    }

    /// <summary>No pair, one of the padding, and two pairs.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 1)]
    [InlineData(0, 2)]
    public void AChoiceOfAnythingButOneTruePairIsRefused(int first, int count)
    {
        using var model = new TreeLstm(1);
        using var scope = NewDisposeScope();
        var error = Assert.Throws<InvalidOperationException>(() => model.Forward(ListOpsBatch.Of(Many), (scores, _) =>
        {
            var pairs = scores.shape[1];
            var value = zeros_like(scores.detach());
            value.narrow(1, first < 0 ? pairs + first : first, count).fill_(1);
            return StochasticNode.Attached(value);
        }));
        Assert.Contains("the choice of row 0 is not one of its 3 pairs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ABackwardPassAfterTheScopeOfTheForwardPassIsRefused()
    {
        using var model = new TreeLstm(1);
        using var scope = NewDisposeScope();
        var batch = ListOpsBatch.Of(Many);
        Tensor cost;
        using (NewDisposeScope()) cost = model.Forward(batch, Expressions.Certain).Cost(batch.Labels).sum().MoveToOuterDisposeScope();
        Assert.Contains("the tensors of the forward pass are gone", Assert.Throws<ExternalException>(cost.backward).Message, StringComparison.Ordinal);
    }

    /// <summary>A backward pass that asks for the scores of the last choice alone does not come to the leaves.</summary>
    [Fact]
    public void ABackwardPassThatEndsOnItsWayLeavesNothingBehind()
    {
        using var model = Expressions.Model(ScalarType.Float32);
        var whole = Run(afterAPart: false);
        Assert.True(Expressions.Norm(whole) > 0.1);
        Assert.Equal(whole, Run(afterAPart: true));

        double[] Run(bool afterAPart)
        {
            using var scope = NewDisposeScope();
            var (batch, asked) = (ListOpsBatch.Of(Many), new List<Tensor>());
            var output = model.Forward(batch, (scores, mask) =>
            {
                asked.Add(scores);
                return Expressions.Certain(scores, mask);
            });
            var cost = output.Cost(batch.Labels).sum();
            if (afterAPart) autograd.grad([cost], [asked[^1]], retain_graph: true);
            cost.backward();
            return Expressions.TakeGradients(model);
        }
    }

    /// <summary>A choice that is no number, in the first layer or a later one, spoils the value of its own row alone.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void AChoiceThatIsNoNumberSpoilsItsOwnRowAlone(int layer)
    {
        const int Row = 3;
        using var model = Expressions.Model(ScalarType.Float32);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var (batch, at) = (ListOpsBatch.Of(Many), 0);
        var expected = model.Forward(batch, ParsedExpression.Greedy).Logits;
        var logits = model.Forward(batch, (scores, mask) =>
        {
            var value = ParsedExpression.Greedy(scores, mask).Value;
            if (at++ == layer) value.select(0, Row).fill_(double.NaN);
            return StochasticNode.Attached(value);
        }).Logits;
        for (var row = 0; row < Many.Count; row++)
        {
            if (row == Row) Assert.True(logits[row].isnan().all().item<bool>());
            else Assert.True(logits[row].allclose(expected[row], 1e-4, 1e-4), $"row {row}");
        }
    }

    /// <summary>A model that has diverged says so by its value.</summary>
    [Fact]
    public void AQueryThatIsNoNumberMakesTheValueNone()
    {
        using var model = new TreeLstm(1);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using Scalar none = double.NaN;
        model.Parameters.Single(parameter => parameter.Name == "query.weight").Value.fill_(none);
        var logits = model.Forward(ListOpsBatch.Of(Many), ParsedExpression.Greedy).Logits;
        Assert.True(logits.isnan().all().item<bool>());
    }
}
