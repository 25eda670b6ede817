using DiscreteGradients.Backward;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Networks;

/// <summary>An autograd function of two closures, differentiable once.</summary>
internal sealed class ByHand : autograd.SingleTensorFunction<ByHand>
{
    public override string Name => nameof(ByHand);

    /// <summary>Runs the forward pass of a function.</summary>
    /// <param name="inputs">The tensors that may have a gradient.</param>
    /// <param name="forward">Gives the output, and the tensors that are kept for the backward pass.</param>
    /// <param name="backward">Takes the output's gradient and what was kept; gives each input's gradient, or null.</param>
    public static Tensor Apply(Tensor[] inputs, Func<(Tensor Output, Tensor[] Kept)> forward,
        Func<Tensor, IReadOnlyList<Tensor>, IEnumerable<Tensor?>> backward)
    {
        if (is_grad_enabled()) return apply([.. inputs, forward, backward]);
        using var scope = NewDisposeScope();
        return forward().Output.MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ctx.set_materialize_grads(false);
        var (output, kept) = ((Func<(Tensor, Tensor[])>)vars[^2])();
        ctx.save_data("backward", vars[^1]);
        ctx.save_data("inputs", vars.Length - 2);
        ctx.save_for_backward([.. vars.OfType<Tensor>(), .. kept]);
        return output;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var (saved, inputs) = (ctx.get_saved_variables(), (int)ctx.get_data("inputs"));
        return BackwardErrors.Guard(grad_output, saved.Take(inputs), inputs + 2, () =>
        {
            if (is_grad_enabled()) throw new NotSupportedException("a function by hand has no second derivative.");
            var body = (Func<Tensor, IReadOnlyList<Tensor>, IEnumerable<Tensor?>>)ctx.get_data("backward");
            return body(grad_output, [.. saved.Skip(inputs)])!;
        });
    }
}
