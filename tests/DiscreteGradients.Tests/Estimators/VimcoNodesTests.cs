using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.Estimators;

/// <summary>The importance-weighted bound with nodes that have no score.</summary>
public sealed class VimcoNodesTests
{
    // The derivative of −L in the values, mapped by the Jacobian of the probabilities: without a baseline or a number of samples.
    [Theory]
    [InlineData(GradientForm.Autograd)]
    [InlineData(GradientForm.Surrogate)]
    public void APathwiseNodeGetsTheDerivativeOfTheBound(GradientForm form)
    {
        const int Samples = 3, Examples = 4;
        using var scope = NewDisposeScope();
        using var generator = new Generator(8);
        var theta = randn([Samples, Examples, 5], dtype: ScalarType.Float64, generator: generator).requires_grad_();
        var slopes = randn([Examples, 5], dtype: ScalarType.Float64, generator: generator);
        var node = new StraightThrough { Form = form }.Sample(new OneHotCategorical(theta), generator);
        var loss = Vimco.Loss((node.Value * slopes).sum(-1), [node]);
        var value = node.Value.detach().clone().requires_grad_();
        var bound = (value * slopes).sum(-1).logsumexp(0) - Math.Log(Samples);
        Assert.True(loss.detach().allclose(-bound.detach(), 1e-13, 1e-13));
        loss.sum().backward();
        var g = autograd.grad([-bound.sum()], [value])[0];
        var pi = theta.detach().softmax(-1);
        Assert.True((pi * (g - (pi * g).sum(-1, keepdim: true))).allclose(theta.grad!, 1e-12, 1e-13));
    }

    // The logits of the second are made of the value of the first.
    [Fact]
    public void AChainHasTheSameGradientInBothForms()
    {
        using var scope = NewDisposeScope();
        Assert.True(Gradient(GradientForm.Surrogate).allclose(Gradient(GradientForm.Autograd), 1e-12, 1e-13));

        static Tensor Gradient(GradientForm form)
        {
            using var generator = new Generator(5);
            var theta = randn([3, 4, 5], dtype: ScalarType.Float64, generator: generator).requires_grad_();
            var weight = randn([5, 5], dtype: ScalarType.Float64, generator: generator);
            var slopes = randn([5], dtype: ScalarType.Float64, generator: generator);
            var estimator = new GumbelRaoExact(0.5) { Form = form };
            var first = estimator.Sample(new OneHotCategorical(theta), generator);
            var second = estimator.Sample(new OneHotCategorical(first.Value.matmul(weight)), generator);
            Vimco.Loss((second.Value * slopes).sum(-1) + first.Value[.., .., 0], [first, second]).sum().backward();
            return theta.grad!;
        }
    }
}
