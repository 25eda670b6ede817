using DiscreteGradients.Experiments.Vae;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Tests.Vae;

/// <summary>Gradients that share one pass of the inference network, against the model itself with the same noise.</summary>
public sealed class EncoderPassTests
{
    /// <summary>A single example has no other, and so no baseline.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void ReinforceHasTheMeanCostOfTheOtherExamplesOfItsPassAsBaseline(int size)
    {
        const int Passes = 2;
        using var scope = NewDisposeScope();
        using var model = Model(4);
        var batch = TestData.Images(5, 1).Batch([.. Enumerable.Range(0, size)]);
        using var pass = new EncoderPass(model, batch);
        var actual = pass.Draw(new Reinforce(), Passes, new Generator(5));
        Assert.Equal([Passes, size, 480], actual.shape);

        var logits = pass.Logits.detach().repeat(Passes, 1, 1).requires_grad_();
        var distribution = new OneHotCategorical(logits);
        var value = new Reinforce().Sample(distribution, new Generator(5)).Value.detach();
        var cost = model.Cost(batch.repeat(Passes, 1), distribution, value);
        var direct = autograd.grad([cost.sum()], [logits])[0];
        var costs = cost.detach().data<float>().ToArray();
        for (var row = 0; row < Passes * size; row++)
        {
            var others = Enumerable.Range(row / size * size, size).Where(other => other != row).ToList();
            var baseline = others.Count == 0 ? 0 : others.Average(other => (double)costs[other]);
            var expected = ((value[row] - distribution.Probs.detach()[row]) * (costs[row] - baseline) + direct[row]) / size;
            // float32: of costs of some 500 nats, whose differences count.
            Assert.InRange(Distance(expected.reshape(-1), actual[row / size][row % size]) / expected.norm().item<float>(), 0,
                1e-3f);
        }
    }

    /// <summary>Two passes of so many rows are evaluated at once.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(4)]
    [InlineData(1)]
    public void ThereAreAsManyPassesAsAreAskedFor(int passes)
    {
        using var scope = NewDisposeScope();
        using var model = Model(16);
        using var pass = new EncoderPass(model, TestData.Images(150, 1).Batch([.. Enumerable.Range(0, 150)]));
        Assert.Equal([passes, 150, 960], pass.Draw(new StraightThroughGumbelSoftmax(0.5), passes, new Generator(5)).shape);
    }

    /// <summary>So many images are more rows than are evaluated at once: each pass is an evaluation of its own.</summary>
    [Fact]
    public void AMinibatchMayBeOfAnySize()
    {
        const int Size = 401;
        using var scope = NewDisposeScope();
        using var model = Model(16);
        using var pass = new EncoderPass(model, TestData.Images(Size, 1).Batch([.. Enumerable.Range(0, Size)]));
        Assert.Equal([2, Size, 960], pass.Draw(new StraightThroughGumbelSoftmax(0.5), 2, new Generator(5)).shape);
        Assert.Equal([Size, 960], pass.Reference(2, new Generator(5)).shape);
    }

    private static float Distance(Tensor a, Tensor b) => (a - b).norm().item<float>();

    private static VaeModel Model(int arity) =>
        new(new VaeSettings { Architecture = VaeArchitecture.Linear, Arity = arity }, TestData.Images(20, 1).PixelMeans(), 3);
}
