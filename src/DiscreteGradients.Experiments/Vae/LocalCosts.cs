using DiscreteGradients.Torch;
using TorchSharp;
using static DiscreteGradients.Torch.CpuKernels;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>The reconstruction cost −log p(x|D) with each variable in turn set to each category, for the local expectation. The
/// first layer of the decoder is changed by one row of a table an evaluation.</summary>
internal sealed unsafe class LocalCosts : IDisposable
{
    private readonly VaeModel model;
    private readonly Tensor table, offsets, shifts;     // [V·n, hidden], [V, 1], [n − 1]
    private readonly int variables, arity;

    /// <param name="model">Not to be changed or disposed of meanwhile.</param>
    public LocalCosts(VaeModel model)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        this.model = model;
        (variables, arity) = (model.Settings.Variables, model.Settings.Arity);
        using Scalar stride = arity;
        table = model.FirstLayerTable().reshape(variables * arity, -1).DetachFromDisposeScope();
        offsets = Scalars.Range(0, variables).mul(stride).unsqueeze(1).DetachFromDisposeScope();
        shifts = Scalars.Range(1, arity).DetachFromDisposeScope();
    }

    /// <summary>The costs, [B, V, n], nats.</summary>
    /// <param name="images">x, [B, 784].</param>
    /// <param name="value">D, one-hot [B, V, n].</param>
    public Tensor Of(Tensor images, Tensor value)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var (contiguous, costs) = (images.contiguous(), empty_like(value));
        for (var image = 0; image < value.shape[0]; image++)
            Fill(Pointer(contiguous) + (long)image * BinaryImages.Pixels, value[image],
                new Span<float>(Pointer(costs) + (long)image * variables * arity, variables * arity));
        return costs.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        table.Dispose();
        offsets.Dispose();
        shifts.Dispose();
    }

    private void Fill(float* pixels, Tensor value, Span<float> costs)
    {
        using var scope = NewDisposeScope();
        using Scalar categories = arity;
        var drawn = value.argmax(-1, keepdim: true);                                            // [V, 1]
        var own = table.index_select(0, drawn.Plus(offsets).reshape(-1));                         // [V, hidden]
        var others = drawn.Plus(shifts).remainder(categories).Plus(offsets).reshape(-1);            // [V (n − 1)]
        var first = own.sum(dim: 0, keepdim: true).Accumulate(model.Decoder.Layers[0].Bias);
        var moved = table.index_select(0, others).sub_(own.repeat_interleave(arity - 1, 0)).Accumulate(first);
        var logits = model.DecodeFrom(cat([first, moved])).contiguous();
        var row = Pointer(logits);
        var cost = (float)-BernoulliKernel.LogLikelihood(row, pixels, BinaryImages.Pixels);
        foreach (var entry in drawn.Plus(offsets).data<long>()) costs[(int)entry] = cost;
        foreach (var entry in others.data<long>())
            costs[(int)entry] = (float)-BernoulliKernel.LogLikelihood(row += BinaryImages.Pixels, pixels, BinaryImages.Pixels);
    }
}
