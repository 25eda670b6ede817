using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>An affine map: weight [to, from], bias [to].</summary>
internal sealed record AffineLayer(Tensor Weight, Tensor Bias)
{
    public IEnumerable<(string, Tensor)> Named(string prefix) => [($"{prefix}.weight", Weight), ($"{prefix}.bias", Bias)];

    /// <summary>Glorot-uniform weights and zero bias, or torch's default: both uniform on ±1/√from.</summary>
    public static AffineLayer Create(int from, int to, bool glorot, Generator generator)
    {
        var bound = glorot ? Math.Sqrt(6.0 / (from + to)) : 1 / Math.Sqrt(from);
        var weight = empty(to, from).uniform_(-bound, bound, generator);
        var bias = empty(to).uniform_(-1 / Math.Sqrt(from), 1 / Math.Sqrt(from), generator);
        if (glorot) bias.zero_();
        return new(weight.requires_grad_().DetachFromDisposeScope(), bias.requires_grad_().DetachFromDisposeScope());
    }
}
