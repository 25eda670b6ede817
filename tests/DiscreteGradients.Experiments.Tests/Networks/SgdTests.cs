using DiscreteGradients.Experiments.Networks;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Tests.Networks;

public sealed class SgdTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.9, 0)]
    [InlineData(0, 0.1)]
    [InlineData(0.9, 0.1)]
    public void FiveStepsAreThoseOfTorch(double momentum, double weightDecay)
    {
        using var scope = NewDisposeScope();
        var ours = Parameters();
        var theirs = Parameters();
        using var optimizer = new Sgd([("layer.weight", ours.Matrix), ("layer.bias", ours.Vector)], 0.05, momentum, weightDecay);
        using var matrices = optim.SGD([new TorchSharp.Modules.Parameter(theirs.Matrix)], 0.05, momentum, weight_decay: weightDecay);
        using var vectors = optim.SGD([new TorchSharp.Modules.Parameter(theirs.Vector)], 0.05, momentum);
        var (matrix, vector) = (matrices.parameters().Single(), vectors.parameters().Single());
        for (var step = 0; step < 5; step++)
        {
            Loss(ours.Matrix, ours.Vector, step).backward();
            optimizer.Step();
            matrices.zero_grad();
            vectors.zero_grad();
            Loss(matrix, vector, step).backward();
            matrices.step();
            vectors.step();
            Assert.True(ours.Matrix.allclose(matrix, 1e-6, 1e-6) && ours.Vector.allclose(vector, 1e-6, 1e-6), $"step {step}");
        }
        Assert.False(ours.Matrix.allclose(Parameters().Matrix));
    }

    /// <summary>Neither biases nor the logits of a prior decay, unless everything does.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WeightsDecay(bool everything)
    {
        using var scope = NewDisposeScope();
        var parameters = new[] { "layer.weight", "layer.bias", "prior" }.Select(name => (Name: name, Value: ones(20).requires_grad_())).ToList();
        using var optimizer = new Sgd(parameters, 0.5, 0, 0.25, decaysAll: everything);
        foreach (var (_, value) in parameters) value.grad = zeros_like(value);
        optimizer.Step();
        Assert.All(parameters, parameter => Assert.True(parameter.Value.eq(everything || parameter.Name == "layer.weight" ? 0.875f : 1f).all().item<bool>(), parameter.Name));
    }

    [Fact]
    public void WeightsByColumnsAreThoseByRows()
    {
        using var scope = NewDisposeScope();
        var start = Scalars.Range(0, 35, ScalarType.Float32).cos();
        var (rows, columns) = (start.reshape(5, 7).requires_grad_(), start.reshape(5, 7).t().contiguous().t().requires_grad_());
        Assert.False(columns.is_contiguous());
        using var first = new Sgd([("weight", rows)], 0.05, 0.9, 0.1);
        using var second = new Sgd([("weight", columns)], 0.05, 0.9, 0.1);
        for (var step = 0; step < 3; step++)
        {
            (rows * rows * rows).sum().backward();
            (columns * columns * columns).sum().backward();
            first.Step();
            second.Step();
        }
        Assert.Equal(rows.data<float>().ToArray(), columns.contiguous().data<float>().ToArray());
    }

    // 37 weights: two vectors and a rest.
    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(0.9, 0)]
    [InlineData(0.9, 0.1)]
    public void OnePassAndTensorOperationsAgree(double momentum, double weightDecay)
    {
        using var scope = NewDisposeScope();
        var start = Scalars.Range(0, 37, ScalarType.Float64).cos();
        var (single, twice) = (start.to(ScalarType.Float32).requires_grad_(), start.clone().requires_grad_());
        using var first = new Sgd([("weight", single)], 0.05, momentum, weightDecay);
        using var second = new Sgd([("weight", twice)], 0.05, momentum, weightDecay);
        for (var step = 0; step < 4; step++)
        {
            (single * single * single).sum().backward();
            (twice * twice * twice).sum().backward();
            first.Step();
            second.Step();
        }
        Assert.True(single.to(ScalarType.Float64).allclose(twice, 1e-6, 1e-6));
        Assert.True(first.State.Single().Value.to(ScalarType.Float64).allclose(second.State.Single().Value, 1e-6, 1e-6));
        Assert.Equal(momentum > 0, first.State.Single().Value.count_nonzero().item<long>() > 0);
    }

    [Fact]
    public void StateHoldsTheVelocities_AndGradientsAreCleared()
    {
        using var scope = NewDisposeScope();
        var (matrix, vector) = Parameters();
        using var optimizer = new Sgd([("layer.weight", matrix), ("layer.bias", vector)], 0.05, 0.9, 0);
        Loss(matrix, vector, 0).backward();
        var gradient = matrix.grad!.clone();
        optimizer.Step();
        var state = optimizer.State.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);
        Assert.Equal(["velocity.layer.bias", "velocity.layer.weight"], state.Keys.Order(StringComparer.Ordinal));
        Assert.True(state["velocity.layer.weight"].allclose(gradient));
        Assert.Null(matrix.grad);
        optimizer.Step();   // without gradients nothing moves
        Assert.True(state["velocity.layer.weight"].allclose(gradient));
    }

    /// <summary>A run that has diverged keeps the weights of before.</summary>
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void ALossThatIsNotFiniteIsNoStep(float bad)
    {
        using var scope = NewDisposeScope();
        var weight = ones(20).requires_grad_();
        using var optimizer = new Sgd([("weight", weight)], 0.1, 0.9, 0.1);
        Assert.Equal(20, optimizer.Minimise(weight.Squared().sum()));
        var (before, velocity) = (weight.detach().clone(), optimizer.State.Single().Value.clone());
        Assert.Equal((double)bad, optimizer.Minimise((weight * bad).sum()));
        Assert.True(weight.detach().equal(before).all().item<bool>());
        Assert.True(optimizer.State.Single().Value.equal(velocity).all().item<bool>());
        Assert.Null(weight.grad);
    }

    private static (Tensor Matrix, Tensor Vector) Parameters() =>
        (tensor(new[,] { { 0.5f, -1, 2 }, { 1, 0.25f, -0.5f } }).requires_grad_(), tensor(new[] { 0.3f, -0.7f }).requires_grad_());

    private static Tensor Loss(Tensor matrix, Tensor vector, int step) =>
        (matrix.matmul(tensor(new[] { 1f, -0.5f, step })) + vector - 1).Squared().sum();
}
