using DiscreteGradients.Autograd;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Runs;

/// <summary>Stochastic gradient descent with momentum as in torch.optim.SGD: v ← μv + (g + λw), w ← w − ηv.</summary>
/// <remarks>Our own because a checkpoint must hold the exact state, which the package's optimiser does not give out.</remarks>
public sealed class Sgd : IDisposable
{
    private readonly IReadOnlyList<(string Name, Tensor Value)> parameters;
    private readonly List<Tensor> velocities;
    private readonly double momentum;
    private readonly Scalar learningRate, weightDecay, momentumScalar;
    private readonly bool decays, decaysAll;

    /// <param name="parameters">Leaves; each step reads and clears their gradients.</param>
    /// <param name="learningRate">η.</param>
    /// <param name="momentum">μ.</param>
    /// <param name="weightDecay">λ, for parameters whose name ends in "weight".</param>
    /// <param name="decaysAll">λ for every parameter, as torch.optim.SGD has it.</param>
    public Sgd(IEnumerable<(string Name, Tensor Value)> parameters, double learningRate, double momentum, double weightDecay, bool decaysAll = false)
    {
        using var _ = NewDisposeScope();
        this.parameters = [.. parameters];
        this.momentum = momentum;
        this.learningRate = -learningRate;
        momentumScalar = momentum;
        this.weightDecay = weightDecay;
        (decays, this.decaysAll) = (weightDecay > 0, decaysAll);
        velocities = [.. this.parameters.Select(parameter => zeros_like(parameter.Value).DetachFromDisposeScope())];
    }

    /// <summary>v of each parameter, in order: the state that a checkpoint keeps.</summary>
    public IEnumerable<(string Name, Tensor Value)> State =>
        parameters.Zip(velocities, (parameter, velocity) => ($"velocity.{parameter.Name}", velocity));

    /// <summary>A backward pass and one update; neither where the loss is no number.</summary>
    /// <param name="loss">Scalar.</param>
    /// <returns>The loss.</returns>
    public double Minimise(Tensor loss)
    {
        var value = loss.item<float>();
        if (!float.IsFinite(value)) return value;
        loss.backward();
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
            using var gradient = value.grad;
            if (gradient is null) continue;
            if (decays && (decaysAll || name.EndsWith("weight", StringComparison.Ordinal))) gradient.add_(value, weightDecay);
            var update = gradient;
            if (momentum > 0) update = velocities[i].mul_(momentumScalar).Accumulate(gradient);
            value.add_(update, learningRate);
            value.grad = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var velocity in velocities) velocity.Dispose();
    }
}
