using static TorchSharp.torch;

namespace DiscreteGradients.Backward;

/// <summary>The logarithm of Σ exp⟨θ, z⟩ over the subsets z of k elements, whose derivative are the marginals.</summary>
internal sealed class SubsetNormaliser : autograd.SingleTensorFunction<SubsetNormaliser>
{
    public override string Name => nameof(SubsetNormaliser);

    /// <summary>Computes the logarithm, [...].</summary>
    /// <param name="logits">θ, [..., n], float64; −∞ leaves an element out.</param>
    /// <param name="size">k.</param>
    public static Tensor Of(Tensor logits, int size) =>
        is_grad_enabled() && logits.requires_grad ? apply(logits, size) : LogTotal(logits, size);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ctx.set_materialize_grads(false);
        ctx.save_for_backward([(Tensor)vars[0]]);
        ctx.save_data("size", vars[1]);
        ctx.save_data("count", ((Tensor)vars[0]).size(-1));
        return LogTotal((Tensor)vars[0], (int)vars[1]);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var (size, count) = ((int)ctx.get_data("size"), (long)ctx.get_data("count"));
        return BackwardErrors.Guard(grad_output, Like(), 2, () =>
        {
            using var scope = NewDisposeScope();
            var marginals = SubsetMarginals.Of(ctx.get_saved_variables()[0], size);
            return [(marginals * grad_output.unsqueeze(-1)).MoveToOuterDisposeScope()];
        });

        IEnumerable<Tensor> Like()
        {
            yield return grad_output.unsqueeze(-1).expand([.. grad_output.shape, count]);
        }
    }

    private static Tensor LogTotal(Tensor logits, int size)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var sums = new SubsetSums(logits.reshape(-1, logits.shape[^1]), size);
        return sums.LogTotal.reshape(logits.shape[..^1]).clone().MoveToOuterDisposeScope();
    }
}
