using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Networks;

/// <summary>Affine layers with an activation between them; forward and backward pass as one function.</summary>
internal sealed class AffineStack(IReadOnlyList<AffineLayer> layers, Activation activation) : IDisposable
{
    private const float Slope = 0.1f;

    /// <summary>The layers, the first one first.</summary>
    public IReadOnlyList<AffineLayer> Layers { get; } = layers;

    /// <summary>Makes the layers between the given widths.</summary>
    /// <param name="glorot">As in <see cref="AffineLayer.Create"/>.</param>
    public static AffineStack Create(int[] widths, Activation activation, bool glorot, Generator generator) =>
        new([.. widths.Zip(widths.Skip(1), (from, to) => AffineLayer.Create(from, to, glorot, generator))], activation);

    /// <summary>Gives a stack of the same weights without gradients.</summary>
    public AffineStack Detached() => new([.. Layers.Select(layer => layer.Detached())], activation);

    /// <summary>Computes the output, [B, out], differentiable once.</summary>
    /// <param name="input">[B, in].</param>
    public Tensor Forward(Tensor input)
    {
        var isAttached = input.requires_grad;
        return ByHand.Apply([input, .. Layers.SelectMany(layer => new[] { layer.Weight, layer.Bias })], Compute, Gradients);

        (Tensor Output, Tensor[] Kept) Compute()
        {
            var values = Values(input);
            return (values[^1], values[..^1]);
        }

        IEnumerable<Tensor?> Gradients(Tensor gradient, IReadOnlyList<Tensor> inputs)
        {
            var gradients = new Tensor?[1 + (2 * Layers.Count)];
            foreach (var (layer, behind) in Backward(gradient, inputs))
            {
                (gradients[1 + (2 * layer)], gradients[2 + (2 * layer)]) = Layers[layer].Gradients(behind, inputs[layer]);
                if (layer == 0 && isAttached) gradients[0] = MatrixProducts.Backward(behind, Layers[0].Weight);
            }
            return gradients;
        }
    }

    /// <summary>Computes the input of each layer from the given one on, [B, in], and at the end the output; without
    /// gradients.</summary>
    public Tensor[] Values(Tensor input, int first = 0)
    {
        var values = new Tensor[Layers.Count - first + 1];
        values[0] = input;
        for (var i = first; i < Layers.Count; i++)
        {
            var isLast = i == Layers.Count - 1;
            var slope = isLast || activation != Activation.LeakyRelu ? 1 : Slope;
            var output = MatrixProducts.Forward(values[i - first], Layers[i].Weight, Layers[i].Bias, slope);
            values[i - first + 1] = !isLast && activation == Activation.Tanh ? Activate(output) : output;
        }
        return values;
    }

    /// <summary>Applies the activation in place.</summary>
    public Tensor Activate(Tensor hidden)
    {
        using Scalar slope = Slope;
        return activation switch
        {
            Activation.LeakyRelu => hidden.leaky_relu_(slope),
            Activation.Tanh => hidden.tanh_(),
            _ => hidden,
        };
    }

    // Multiplies a gradient, [..., B, width], by the activation's derivative, given the activation's value, [B, width].
    private Tensor ThroughActivation(Tensor gradient, Tensor value)
    {
        if (activation == Activation.LeakyRelu) MatrixProducts.Rectify(gradient, value, Slope);
        if (activation == Activation.Tanh) gradient.mul_(value.Squared().neg_().Accumulate(Scalars.One));
        return gradient;
    }

    /// <summary>The gradients with respect to each layer's output, the last layer first.</summary>
    /// <param name="gradient">With respect to the stack's output, [..., B, out].</param>
    /// <param name="inputs">The input of each layer, [B, in].</param>
    public IEnumerable<(int Layer, Tensor Gradient)> Backward(Tensor gradient, IReadOnlyList<Tensor> inputs)
    {
        for (var i = Layers.Count - 1; i >= 0; i--)
        {
            yield return (i, gradient);
            if (i > 0) gradient = ThroughActivation(MatrixProducts.Backward(gradient, Layers[i].Weight), inputs[i]);
        }
    }

    public void Dispose()
    {
        foreach (var layer in Layers) layer.Dispose();
    }
}

/// <summary>An affine map: weight [to, from], bias [to].</summary>
internal sealed class AffineLayer(Tensor weight, Tensor bias) : IDisposable
{
    private (Tensor Behind, Tensor Input)? factors;

    public Tensor Weight { get; } = weight;

    public Tensor Bias { get; } = bias;

    /// <summary>Tells whether a backward pass leaves the factors of the weight's gradient, for <see cref="Sgd"/>, instead of the
    /// gradient. Setting it forgets what was left before.</summary>
    public bool KeepsFactors
    {
        get;
        set => (field, factors) = (value, value ? null : factors);
    }

    /// <summary>Glorot-uniform weights and zero bias, or torch's default: both uniform on ±1/√from.</summary>
    public static AffineLayer Create(int from, int to, bool glorot, Generator generator)
    {
        var bound = glorot ? Math.Sqrt(6.0 / (from + to)) : 1 / Math.Sqrt(from);
        var weight = empty(to, from).uniform_(-bound, bound, generator);
        var bias = empty(to).uniform_(-1 / Math.Sqrt(from), 1 / Math.Sqrt(from), generator);
        if (glorot) bias.zero_();
        return new(weight.requires_grad_().DetachFromDisposeScope(), bias.requires_grad_().DetachFromDisposeScope());
    }

    /// <summary>Gives a layer of the same weights without gradients.</summary>
    public AffineLayer Detached() => new(Weight.detach().DetachFromDisposeScope(), Bias.detach().DetachFromDisposeScope());

    public IEnumerable<(string Name, Tensor Value)> Named(string prefix) =>
        [($"{prefix}.weight", Weight), ($"{prefix}.bias", Bias)];

    /// <summary>The gradients of weight and bias, none where none is asked for or the factors are kept.</summary>
    /// <param name="behind">The gradient with respect to the output, [B, to].</param>
    /// <param name="input">[B, from].</param>
    public (Tensor? Weight, Tensor? Bias) Gradients(Tensor behind, Tensor input)
    {
        if (!Weight.requires_grad) return default;
        var sum = behind.sum(dim: 0);
        if (!KeepsFactors) return (behind.t().matmul(input), sum);
        if (factors is not null)
            throw new InvalidOperationException("a layer was used twice in one loss; its optimizer takes one.");
        factors = (behind.alias(), input.alias());
        return (null, sum);
    }

    /// <summary>Gives the factors that the backward pass has left, and forgets them.</summary>
    public (Tensor Behind, Tensor Input)? TakeFactors()
    {
        var taken = factors;
        factors = null;
        return taken;
    }

    public void Dispose()
    {
        Weight.Dispose();
        Bias.Dispose();
    }
}

/// <summary>The function between the layers of a stack.</summary>
internal enum Activation
{
    None,

    /// <summary>Leaky ReLU: x where x &gt; 0, else 0.1 x.</summary>
    LeakyRelu,

    Tanh,
}
