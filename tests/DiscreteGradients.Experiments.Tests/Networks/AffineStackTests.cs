using System.Runtime.InteropServices;
using DiscreteGradients.Experiments.Networks;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Tests.Networks;

/// <summary>The stack against plain operations and their own gradients.</summary>
public sealed class AffineStackTests
{
    [Theory]
    [InlineData(nameof(Activation.None), 80, 64, 32, 20)]
    [InlineData(nameof(Activation.LeakyRelu), 80, 64, 32, 20)]
    [InlineData(nameof(Activation.Tanh), 80, 64, 32, 20)]
    // No kernel serves these.
    [InlineData(nameof(Activation.LeakyRelu), 10, 7, 20)]
    [InlineData(nameof(Activation.Tanh), 10, 7, 20)]
    public void ValueAndGradientsAreThoseOfPlainOperations(string name, params int[] widths)
    {
        var activation = Enum.Parse<Activation>(name);
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var stack = AffineStack.Create(widths, activation, glorot: true, generator);
        var (x, weights) = (randn(7, widths[0], generator: generator).requires_grad_(), randn(7, 20, generator: generator));
        Tensor[] leaves = [x, .. stack.Layers.SelectMany(layer => new[] { layer.Weight, layer.Bias })];
        var (output, plain) = (stack.Forward(x), Plain(stack.Layers, activation, x));
        Assert.True(output.allclose(plain, 1e-5, 1e-6));
        Assert.True(stack.Detached().Forward(x.detach()).equal(output).all().item<bool>());
        var (gradients, expected) = (autograd.grad([(output * weights).sum()], leaves), autograd.grad([(plain * weights).sum()], leaves));
        foreach (var (ours, theirs) in gradients.Zip(expected)) Assert.True(ours.allclose(theirs, 1e-5, 1e-5), $"{ours - theirs}");
        // Of weights that are constants there is none.
        var detached = stack.Detached();
        (detached.Forward(x) * weights).sum().backward();
        Assert.True(x.grad!.allclose(expected[0], 1e-5, 1e-5));
        Assert.All(detached.Layers, layer => Assert.Null(layer.Weight.grad));
    }

    /// <summary>The largest of 20,000 uniform numbers is within 0.1 % of the bound but in 2 of 10⁹ cases.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WeightsBeginUniformWithinTheirBound(bool glorot)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var stack = AffineStack.Create([100, 200], Activation.Tanh, glorot, generator);
        var bound = glorot ? Math.Sqrt(6.0 / 300) : 0.1;
        Assert.InRange(stack.Layers[0].Weight.abs().max().item<float>(), 0.999 * bound, bound * (1 + 1e-6));
        Assert.InRange(stack.Layers[0].Weight.min().item<float>(), -bound * (1 + 1e-6), -0.99 * bound);
        Assert.InRange(stack.Layers[0].Weight.max().item<float>(), 0.99 * bound, bound * (1 + 1e-6));
        // Torch's bound is that of the inputs. The largest of 200 is within 5 % of it but in 4 of 10⁵ cases.
        var bias = stack.Layers[0].Bias.abs().max().item<float>();
        Assert.InRange(bias, glorot ? 0 : 0.095, glorot ? 0 : 0.1 * (1 + 1e-6));
    }

    [Fact]
    public void ASecondDerivativeIsRefused()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var stack = AffineStack.Create([16, 16, 4], Activation.Tanh, glorot: true, generator);
        var x = randn(5, 16, generator: generator).requires_grad_();
        var error = Assert.Throws<ExternalException>(() => autograd.grad([stack.Forward(x).sum()], [x], create_graph: true));
        Assert.Contains("no second derivative", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AWeightThatChangesBeforeTheBackwardPassIsNoticed()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var stack = AffineStack.Create([16, 16, 4], Activation.Tanh, glorot: true, generator);
        var x = randn(5, 16, generator: generator).requires_grad_();
        var loss = stack.Forward(x).sum();
        using (no_grad()) stack.Layers[1].Weight.zero_();
        var error = Assert.Throws<ExternalException>(() => loss.backward());
        Assert.Contains("modified by an inplace operation", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AStackThatIsUsedTwiceInALossIsRefusedByTheOptimizer_AndTheNextStepIsRight()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var stack = AffineStack.Create([16, 16, 4], Activation.Tanh, glorot: true, generator);
        using var optimizer = new Sgd(stack.Layers.SelectMany((layer, i) => layer.Named($"{i}")), 0.1, 0, 0, layers: stack.Layers);
        var x = randn(5, 16, generator: generator);
        var error = Assert.Throws<ExternalException>(() => optimizer.Minimise(stack.Forward(x).sum() + stack.Forward(x).sum()));
        Assert.Contains("used twice in one loss", error.Message, StringComparison.Ordinal);
        var before = stack.Layers[1].Weight.detach().clone();
        var gradient = autograd.grad([stack.Forward(x).sum()], [stack.Layers[1].Weight])[0];
        foreach (var layer in stack.Layers) layer.Bias.grad = null;
        optimizer.Minimise(stack.Forward(x).sum());
        Assert.True((before - stack.Layers[1].Weight).allclose(gradient * 0.1, 1e-4, 1e-6));
    }

    /// <summary>The step is made from the factors of a gradient where the kernel takes the sizes, from their product where not.</summary>
    [Theory]
    [InlineData(16, 32, 4)]
    [InlineData(16, 12, 5)]
    [InlineData(10, 7, 3)]
    public void StepsFromFactorsAreThoseFromGradients(params int[] widths)
    {
        using var scope = NewDisposeScope();
        using Generator one = new(1), other = new(1), noise = new(2);
        using var ours = AffineStack.Create(widths, Activation.LeakyRelu, glorot: false, one);
        using var plain = AffineStack.Create(widths, Activation.LeakyRelu, glorot: false, other);
        using var byFactors = new Sgd(ours.Layers.SelectMany((layer, i) => layer.Named($"{i}")), 0.1, 0.9, 0.05, layers: ours.Layers);
        using var byGradients = new Sgd(plain.Layers.SelectMany((layer, i) => layer.Named($"{i}")), 0.1, 0.9, 0.05);
        for (var step = 0; step < 4; step++)
        {
            var (x, target) = (randn(6, widths[0], generator: noise), randn(6, widths[^1], generator: noise));
            var actual = byFactors.Minimise((ours.Forward(x) - target).Squared().mean());
            Assert.Equal(byGradients.Minimise((Plain(plain.Layers, Activation.LeakyRelu, x) - target).Squared().mean()), actual, 1e-5);
        }
        foreach (var (actual, expected) in ours.Layers.Zip(plain.Layers))
        {
            Assert.True(actual.Weight.allclose(expected.Weight, 1e-4, 1e-5));
            Assert.True(actual.Bias.allclose(expected.Bias, 1e-4, 1e-5));
        }
        foreach (var (actual, expected) in byFactors.State.Zip(byGradients.State)) Assert.True(actual.Value.allclose(expected.Value, 1e-4, 1e-5), actual.Name);
    }

    /// <summary>A hundred steps of the whole training, and of the same model in plain operations, gradients formed.</summary>
    [Theory]
    [InlineData(nameof(VaeArchitecture.Deep))]
    [InlineData(nameof(VaeArchitecture.Tanh))]
    public void TheLossAfterAHundredStepsIsThatOfPlainOperations(string architecture)
    {
        var data = MnistData.Embedded();
        var settings = new VaeSettings { Architecture = Enum.Parse<VaeArchitecture>(architecture), Estimator = EstimatorName.Parse("gr"), LearningRate = 0.003, WeightDecay = 1e-4, Steps = 100 }.Validated();
        using var task = new VaeTask(settings, data, threads: 1);
        using var other = new VaeTask(settings, data, threads: 1);
        using var optimizer = new Sgd(other.Model.Parameters, settings.LearningRate, settings.Momentum, settings.WeightDecay);
        using var generator = new Generator(Seeds.For(settings.Seed, SeedPurpose.Noise));
        var (order, indices) = (new SampleOrder(data.Train.Count, Seeds.For(settings.Seed, SeedPurpose.Order)), new int[settings.BatchSize]);
        var activation = settings.Architecture == VaeArchitecture.Deep ? Activation.LeakyRelu : Activation.Tanh;
        var (estimator, means) = (settings.Estimator.Create(settings.Temperature), tensor(data.Train.PixelMeans()));
        var (ours, plain) = (0.0, 0.0);
        for (var step = 0; step < settings.Steps; step++)
        {
            ours = task.Run(step);
            using var scope = NewDisposeScope();
            order.Fill(step, indices);
            var images = data.Train.Batch(indices);
            var q = new OneHotCategorical(Plain(other.Model.Encoder.Layers, activation, images - means).reshape(-1, settings.Variables, settings.Arity));
            var value = estimator.Sample(q, generator).Value;
            var codes = value.matmul(tensor(Corners(settings))).reshape(-1, VaeSettings.CodeLength);
            var reconstruction = nn.functional.binary_cross_entropy_with_logits(Plain(other.Model.Decoder.Layers, activation, codes), images, reduction: nn.Reduction.None).sum(-1);
            plain = optimizer.Minimise((reconstruction + q.KL(other.Model.PriorDistribution()).sum(-1)).mean());
        }
        Assert.Equal(plain, ours, 1e-5 * plain);
    }

    private static float[,] Corners(VaeSettings settings)
    {
        var corners = new float[settings.Arity, settings.Bits];
        for (var category = 0; category < settings.Arity; category++)
            for (var bit = 0; bit < settings.Bits; bit++) corners[category, bit] = (category >> bit & 1) == 1 ? 1 : -1;
        return corners;
    }

    private static Tensor Plain(IReadOnlyList<AffineLayer> layers, Activation activation, Tensor input)
    {
        var hidden = nn.functional.linear(input, layers[0].Weight, layers[0].Bias);
        foreach (var layer in layers.Skip(1))
        {
            hidden = activation switch { Activation.LeakyRelu => nn.functional.leaky_relu(hidden, 0.1), Activation.Tanh => hidden.tanh(), _ => hidden };
            hidden = nn.functional.linear(hidden, layer.Weight, layer.Bias);
        }
        return hidden;
    }
}
