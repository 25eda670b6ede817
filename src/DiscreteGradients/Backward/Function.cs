using static TorchSharp.torch;

namespace DiscreteGradients.Backward;

/// <summary>An autograd function of two closures. What the second throws reaches the caller of the backward pass: see
/// <see cref="BackwardErrors"/>.</summary>
internal sealed class Function : autograd.SingleTensorFunction<Function>
{
    public override string Name => nameof(Function);

    /// <summary>Runs the forward pass; where there is nothing to differentiate, that is all.</summary>
    /// <param name="inputs">The tensors that may have a gradient.</param>
    /// <param name="forward">Gives the output, and the tensors that are kept for the backward pass.</param>
    /// <param name="backward">Takes the output's gradient and what was kept; gives each input's gradient, or null.</param>
    public static Tensor Apply(Tensor[] inputs, Func<(Tensor Output, Tensor[] Kept)> forward,
        Func<Tensor, IReadOnlyList<Tensor>, IEnumerable<Tensor?>> backward)
    {
        if (is_grad_enabled() && inputs.Any(input => input.requires_grad)) return apply([.. inputs, forward, backward]);
        using var scope = NewDisposeScope();
        return forward().Output.MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ctx.set_materialize_grads(false);
        var (output, kept) = ((Func<(Tensor, Tensor[])>)vars[^2])();
        ctx.save_data("backward", vars[^1]);
        ctx.save_data("shapes", vars.OfType<Tensor>().Select(input => input.shape).ToArray());
        ctx.save_for_backward([.. kept]);
        return output;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var body = (Func<Tensor, IReadOnlyList<Tensor>, IEnumerable<Tensor?>>)ctx.get_data("backward");
        var gradients = BackwardErrors.Guard(grad_output, (long[][])ctx.get_data("shapes"),
            () => body(grad_output, ctx.get_saved_variables())!);
        return [.. gradients, null!, null!];   // the closures have none
    }
}
