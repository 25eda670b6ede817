using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DiscreteGradients.Kernels;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Networks;

/// <summary>Stochastic gradient descent with momentum as in torch.optim.SGD: v ← μv + (g + λw), w ← w − ηv.</summary>
/// <remarks>Our own because a checkpoint must hold the exact state, which the package's optimiser does not give out; and because
/// one pass over weights, gradients and velocities takes a third of the time of three tensor operations, with the same bits. The
/// gradient of an affine layer's weight is not even formed: the backward pass leaves its two factors, and their product is made
/// tile by tile in the same pass.</remarks>
internal sealed class Sgd : IDisposable
{
    private readonly IReadOnlyList<(string Name, Tensor Value)> parameters;
    private readonly List<Tensor> velocities;
    private readonly AffineLayer?[] layers;   // of the parameters that are weights of one
    private readonly double learningRate, momentum, weightDecay;
    private readonly bool decaysAll;

    /// <param name="parameters">Leaves; each step reads and clears their gradients.</param>
    /// <param name="learningRate">η.</param>
    /// <param name="momentum">μ.</param>
    /// <param name="weightDecay">λ, for parameters whose name ends in "weight".</param>
    /// <param name="decaysAll">λ for every parameter, as torch.optim.SGD has it.</param>
    /// <param name="layers">Those of the weights, each used once in a loss, whose gradients need not be formed.</param>
    public Sgd(IEnumerable<(string Name, Tensor Value)> parameters, double learningRate, double momentum, double weightDecay,
        bool decaysAll = false, IEnumerable<AffineLayer>? layers = null)
    {
        using var _ = NewDisposeScope();
        this.parameters = [.. parameters];
        (this.learningRate, this.momentum, this.weightDecay, this.decaysAll) = (learningRate, momentum, weightDecay, decaysAll);
        this.layers = [.. this.parameters.Select(parameter =>
            layers?.FirstOrDefault(layer => ReferenceEquals(layer.Weight, parameter.Value)))];
        velocities = [.. this.parameters.Select(parameter => zeros_like(parameter.Value).DetachFromDisposeScope())];
    }

    /// <summary>The velocity v of each parameter, in order: the state that a checkpoint keeps.</summary>
    public IEnumerable<(string Name, Tensor Value)> State =>
        parameters.Zip(velocities, (parameter, velocity) => ($"velocity.{parameter.Name}", velocity));

    /// <summary>A backward pass and one update; neither where the loss is no number.</summary>
    public double Minimise(Tensor loss)
    {
        var value = loss.item<float>();
        if (!float.IsFinite(value)) return value;
        foreach (var layer in layers) layer?.KeepsFactors = true;
        try
        {
            loss.backward();
        }
        finally
        {
            foreach (var layer in layers) layer?.KeepsFactors = false;
        }
        Step();
        return value;
    }

    /// <summary>One update from the accumulated gradients, which are then cleared.</summary>
    public void Step()
    {
        using var _ = no_grad();
        for (var i = 0; i < velocities.Count; i++)
        {
            var (name, value) = parameters[i];
            var decays = decaysAll || name.EndsWith("weight", StringComparison.Ordinal);
            var descent = new Descent(learningRate, momentum, decays ? weightDecay : 0);
            using var gradient = layers[i]?.TakeFactors() is { } factors
                ? Product(factors, value, velocities[i], descent)
                : value.grad;
            if (gradient is null) continue;
            if (CpuKernels.Serve(value) && value.is_contiguous()) Update(value, gradient, velocities[i], descent);
            else UpdateByOperations(value, gradient, velocities[i], descent);
            value.grad = null;
        }
    }

    // The gradient, or null where the step is made without it.
    private static Tensor? Product((Tensor Behind, Tensor Input) factors, Tensor weight, Tensor velocity, Descent descent)
    {
        using var behind = factors.Behind;
        using var input = factors.Input;
        return MatrixProducts.Update(behind, input, weight, velocity, descent) ? null : behind.t().matmul(input);
    }

    private static unsafe void Update(Tensor value, Tensor gradient, Tensor velocity, Descent descent)
    {
        using var contiguous = gradient.contiguous();
        float* w = CpuKernels.Pointer(value), v = CpuKernels.Pointer(velocity), g = CpuKernels.Pointer(contiguous);
        var count = value.numel();
        var whole = count - count % Vector512<float>.Count;
        for (long i = 0; i < whole; i += Vector512<float>.Count) descent.Step(w + i, v + i, Vector512.Load(g + i));
        if (whole == count) return;
        var rest = (int)(count - whole);
        float* lastWeights = stackalloc float[Vector512<float>.Count], lastVelocities = stackalloc float[Vector512<float>.Count];
        new Span<float>(w + whole, rest).CopyTo(new(lastWeights, rest));
        new Span<float>(v + whole, rest).CopyTo(new(lastVelocities, rest));
        descent.Step(lastWeights, lastVelocities, VectorMath.Load(new(g + whole, rest)));
        new Span<float>(lastWeights, rest).CopyTo(new(w + whole, rest));
        new Span<float>(lastVelocities, rest).CopyTo(new(v + whole, rest));
    }

    private static void UpdateByOperations(Tensor value, Tensor gradient, Tensor velocity, Descent descent)
    {
        using Scalar rate = -descent.LearningRate, mu = descent.Momentum, lambda = descent.WeightDecay;
        gradient.add_(value, lambda);
        var update = descent.Momentum > 0 ? velocity.mul_(mu).Accumulate(gradient) : gradient;
        value.add_(update, rate);
    }

    public void Dispose()
    {
        foreach (var velocity in velocities) velocity.Dispose();
    }
}

/// <summary>The numbers of a step, and the step of one vector of weights.</summary>
/// <param name="LearningRate">η.</param>
/// <param name="Momentum">μ.</param>
/// <param name="WeightDecay">λ.</param>
internal readonly record struct Descent(double LearningRate, double Momentum, double WeightDecay)
{
    /// <summary>Updates 16 weights, v ← μv + (g + λw), w ← w − ηv; without momentum v is left alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Step(float* w, float* v, Vector512<float> gradient)
    {
        var weights = Vector512.Load(w);
        var update = Vector512.FusedMultiplyAdd(weights, Vector512.Create((float)WeightDecay), gradient);
        if (Momentum > 0) (update += Vector512.Load(v) * Vector512.Create((float)Momentum)).Store(v);
        Vector512.FusedMultiplyAdd(update, Vector512.Create((float)-LearningRate), weights).Store(w);
    }
}
