using DiscreteGradients.Experiments.ListOps;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Tests.ListOps;

public sealed class TreeLstmTests
{
    /// <summary>The chosen tree, computed again node by node in plain numbers from the equations.</summary>
    [Fact]
    public void TheRootIsThatOfTheEquations()
    {
        using var model = Expressions.Model();
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var plain = new PlainTreeLstm(model);
        var parses = ParsedExpression.All(model, Expressions.OfManyLengths);
        var logits = model.Forward(ListOpsBatch.Of(Expressions.OfManyLengths), ParsedExpression.Greedy).Logits;
        for (var i = 0; i < parses.Count; i++)
        {
            var expression = Expressions.OfManyLengths[i];
            Assert.Equal(plain.GreedyTree(expression).Brackets(), parses[i].Tree.Brackets());
            Assert.Equal(0, Expressions.Distance(plain.Classify(plain.State(parses[i].Tree, expression)), logits[i].data<double>().ToArray()), 1e-10);
        }
        Assert.True(parses.Select(parse => parse.Tree.F1(BinaryTree.OfMerges(parse.Tree.Length, Enumerable.Repeat(0, parse.Tree.Length - 1)))).Min() < 1);
    }

    /// <summary>Memory grows with the length and not with its square: of each layer the choice alone is left to the caller.</summary>
    [Fact]
    public void ALayersTensorsGoWithIt()
    {
        using var model = Expressions.Model();
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var batch = ListOpsBatch.Of([Expression.Parse($"[MAX {string.Join(' ', Enumerable.Repeat(3, 40))} ]")]);
        var held = new List<int>();
        model.Forward(batch, (scores, mask) =>
        {
            held.Add(scope.DisposablesCount);
            return ParsedExpression.Greedy(scores, mask);
        });
        Assert.InRange(held[^1] - held[0], 1, 3 * held.Count);
    }

    /// <summary>Nothing of the padding reaches a value or a gradient.</summary>
    [Fact]
    public void ABatchGivesWhatItsExpressionsGiveAlone()
    {
        using var model = Expressions.Model();
        var together = Run(Expressions.OfManyLengths);
        var apart = Expressions.OfManyLengths.Select(expression => Run([expression])).ToList();
        Assert.Equal(0, Expressions.Distance(together.Logits, [.. apart.SelectMany(one => one.Logits)]), 1e-10);
        var sum = Enumerable.Range(0, together.Gradient.Length).Select(i => apart.Sum(one => one.Gradient[i])).ToArray();
        Assert.True(Expressions.Norm(sum) > 0.1);
        Assert.Equal(0, Expressions.Distance(together.Gradient, sum), 1e-10 * Expressions.Norm(sum));

        (double[] Logits, double[] Gradient) Run(IReadOnlyList<Expression> expressions)
        {
            using var scope = NewDisposeScope();
            var batch = ListOpsBatch.Of(expressions);
            var output = model.Forward(batch, Expressions.Certain);
            output.Cost(batch.Labels).sum().backward();
            return (output.Logits.flatten().data<double>().ToArray(), Expressions.TakeGradients(model));
        }
    }

    [Theory]
    [InlineData("st")]
    [InlineData("st-gs")]
    [InlineData("gr-mc:3")]
    [InlineData("gr")]
    [InlineData("reinforce")]
    public void TheSurrogateFormGivesTheGradientsOfTheOther(string name)
    {
        using var model = Expressions.Model();
        var attached = Run(GradientForm.Autograd);
        var cut = Run(GradientForm.Surrogate);
        Assert.True(Expressions.Norm(attached) > 0.1);
        Assert.Equal(0, Expressions.Distance(attached, cut), 1e-9 * Expressions.Norm(attached));

        double[] Run(GradientForm form)
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator(5);
            IGradientEstimator estimator = EstimatorName.Parse(name).Create(0.7) switch
            {
                PathwiseEstimator pathwise => pathwise with { Form = form },
                _ => new Reinforce { Form = form },
            };
            var batch = ListOpsBatch.Of(Expressions.OfManyLengths);
            var output = model.Forward(batch, (scores, mask) => estimator.Sample(new OneHotCategorical(scores, mask), generator));
            SurrogateLoss.Sequential(output.Cost(batch.Labels), output.Choices).sum().backward();
            return Expressions.TakeGradients(model);
        }
    }

    /// <summary>Over all parses, REINFORCE's surrogate weighted by their probabilities has the gradient of the expected cost.</summary>
    [Fact]
    public void TheScoresOfTheCascadeAreThoseOfTheExpectedCost()
    {
        using var model = Expressions.Model();
        var expression = Expressions.OfManyLengths[1];   // 5 tokens: 4 · 3 · 2 parses
        var expected = new double[Expressions.TakeGradients(model).Length];
        var estimated = new double[expected.Length];
        foreach (var path in from a in Enumerable.Range(0, 4) from b in Enumerable.Range(0, 3) from c in Enumerable.Range(0, 2) select new[] { a, b, c })
        {
            using var scope = NewDisposeScope();
            var batch = ListOpsBatch.Of([expression]);
            var (direct, probability) = Forward(batch, path);
            (probability.exp() * direct.Cost(batch.Labels).sum()).backward();
            Add(expected, Expressions.TakeGradients(model));
            var (scored, again) = Forward(batch, path);
            (again.exp().detach() * SurrogateLoss.Sequential(scored.Cost(batch.Labels), scored.Choices).sum()).backward();
            Add(estimated, Expressions.TakeGradients(model));
        }
        Assert.Equal(0, Expressions.Distance(expected, estimated), 1e-10 * Expressions.Norm(expected));

        (TreeLstmOutput Output, Tensor LogProbability) Forward(ListOpsBatch batch, int[] path)
        {
            var layer = 0;
            var output = model.Forward(batch, (scores, mask) =>
            {
                var q = new OneHotCategorical(scores, mask);
                var value = nn.functional.one_hot(tensor(new long[] { path[layer++] }), scores.shape[1]).to(scores.dtype);
                return StochasticNode.Scored(value, q.LogProb(value));
            });
            return (output, output.Choices.Select(choice => choice.Score!.sum()).Aggregate((a, b) => a + b));
        }

        static void Add(double[] sum, double[] terms)
        {
            for (var i = 0; i < sum.Length; i++) sum[i] += terms[i];
        }
    }

    [Fact]
    public void TheFirstWeightsAreThoseOfTheReference()
    {
        using var scope = NewDisposeScope();
        using var model = new TreeLstm(1);
        using var same = new TreeLstm(1);
        using var other = new TreeLstm(2);
        var compose = Weight("compose.weight");
        Assert.Equal(0, (compose.t().matmul(compose) - eye(2 * TreeLstm.Width)).abs().max().item<float>(), 1e-5);
        Assert.InRange(Weight("embedding.weight").std().item<float>(), 0.0095, 0.0105);
        Assert.InRange(Weight("query.weight").std().item<float>(), 0.008, 0.012);
        Assert.InRange(Weight("leaf.weight").std().item<float>() / Math.Sqrt(2.0 / 128), 0.98, 1.02);
        Assert.InRange(Weight("classifier.1.weight").abs().max().item<float>(), 0.0019, 0.002);
        Assert.All(model.Parameters.Where(parameter => parameter.Name.EndsWith("bias", StringComparison.Ordinal)), bias => Assert.Equal(0, bias.Value.abs().sum().item<float>()));
        Assert.All(model.Parameters.Zip(same.Parameters), pair => Assert.True(pair.First.Value.equal(pair.Second.Value).all().item<bool>()));
        Assert.False(Weight("leaf.weight").equal(other.Parameters[1].Value).all().item<bool>());
        Tensor Weight(string name) => model.Parameters.Single(parameter => parameter.Name == name).Value;
    }
}
