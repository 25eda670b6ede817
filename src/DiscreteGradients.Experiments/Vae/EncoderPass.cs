using DiscreteGradients.Autograd;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>
/// One forward pass of the inference network over a minibatch, shared by any number of gradients. The network is
/// deterministic, so the gradient with respect to its parameters is linear in that with respect to its logits: the norms and
/// means of many passes follow from the latter, without one parameter gradient a pass.
/// </summary>
/// <remarks>A layer's weight gradient is DᵀH with D [B, out] the gradient behind the layer and H [B, in] its input, so
/// ‖DᵀH‖² = ⟨DDᵀ, HHᵀ⟩: two B × B matrices instead of an out × in one. With the bias, ⟨DDᵀ, HHᵀ + 1⟩.</remarks>
internal sealed class EncoderPass : IDisposable
{
    private static readonly Scalar Slope = 0.1, Complement = 0.9;
    private readonly VaeModel model;
    private readonly Tensor[] inputs;       // of each layer, [B, in]
    private readonly Tensor[] overlaps;     // H Hᵀ + 1 of each layer, [B, B]

    /// <param name="model">Not to be changed meanwhile.</param>
    /// <param name="batch">x, [B, 784].</param>
    public EncoderPass(VaeModel model, Tensor batch)
    {
        this.model = model;
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var values = model.EncoderValues(batch);
        inputs = values[..^1];
        overlaps = [.. inputs.Select(input => input.matmul(input.t()).Accumulate(Scalars.One))];
        Logits = values[^1].reshape(-1, model.Settings.Variables, model.Settings.Arity);
        foreach (var kept in inputs.Concat(overlaps).Append(Logits)) kept.MoveToOuterDisposeScope();
    }

    /// <summary>θ, [B, V, n].</summary>
    public Tensor Logits { get; }

    /// <summary>‖∇‖² with respect to the inference network, one a pass.</summary>
    /// <param name="gradient">With respect to the logits, [P, B, V·n].</param>
    /// <returns>[P], float64.</returns>
    public Tensor SquaredNorms(Tensor gradient)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var total = zeros(gradient.shape[0], dtype: ScalarType.Float64);
        foreach (var (layer, behind) in Backward(gradient))
            total.Accumulate(behind.matmul(behind.transpose(1, 2)).mul_(overlaps[layer]).sum([1, 2]).to(ScalarType.Float64));
        return total.MoveToOuterDisposeScope();
    }

    /// <summary>∇ with respect to the inference network, flat, in the order of <see cref="VaeModel.InferenceParameters"/>.</summary>
    /// <param name="gradient">With respect to the logits, [B, V·n].</param>
    public Tensor Flat(Tensor gradient)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var parts = Backward(gradient.unsqueeze(0)).Reverse().SelectMany(step => new[]
        {
            step.Behind[0].t().matmul(inputs[step.Layer]).reshape(-1),
            step.Behind[0].sum(dim: 0),
        });
        return cat([.. parts]).MoveToOuterDisposeScope();
    }

    /// <summary>tr var[∇ | minibatch], unbiased, and the mean of the passes with respect to the logits, [B, V·n].</summary>
    /// <param name="gradients">With respect to the logits, [P, B, V·n]; used up.</param>
    public (double Trace, Tensor Mean) Moments(Tensor gradients)
    {
        using var scope = NewDisposeScope();
        var mean = gradients.mean([0]);
        var squares = SquaredNorms(gradients.sub_(mean)).sum().item<double>();
        return (squares / (gradients.shape[0] - 1), mean.MoveToOuterDisposeScope());
    }

    /// <summary>Gradients behind each layer, the last layer first, [P, B, out].</summary>
    private IEnumerable<(int Layer, Tensor Behind)> Backward(Tensor gradient)
    {
        for (var i = inputs.Length - 1; i >= 0; i--)
        {
            yield return (i, gradient);
            if (i > 0) gradient = gradient.matmul(model.Encoder[i].Weight).mul_(Derivative(inputs[i]));
        }
    }

    /// <summary>The derivative of the activation, from its value.</summary>
    private Tensor Derivative(Tensor value) => model.Settings.Architecture switch
    {
        VaeArchitecture.Deep => (value > Scalars.Zero).to(value.dtype).mul_(Complement).Accumulate(Slope),
        VaeArchitecture.Tanh => value.Squared().neg_().Accumulate(Scalars.One),
        _ => ones_like(value),
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var kept in inputs.Concat(overlaps).Append(Logits)) kept.Dispose();
    }
}
