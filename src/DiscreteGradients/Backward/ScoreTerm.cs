using static TorchSharp.torch;

namespace DiscreteGradients.Backward;

/// <summary>REINFORCE as modified backpropagation: the forward pass gives the loss, and the backward pass sends its gradient
/// to the loss and (f − b) times that to log p_θ(D).</summary>
internal sealed class ScoreTerm : autograd.SingleTensorFunction<ScoreTerm>
{
    public override string Name => nameof(ScoreTerm);

    public static Tensor Apply(Tensor loss, Tensor score, Tensor advantage) => apply(loss, score, advantage);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ctx.set_materialize_grads(false);
        // A copy: without a baseline the advantage is the caller's cost.
        ctx.save_for_backward([((Tensor)vars[2]).clone()]);
        return ((Tensor)vars[0]).clone();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
        BackwardErrors.Guard(grad_output, 2, 3, () =>
        {
            using var scope = NewDisposeScope();
            var score = grad_output * ctx.get_saved_variables()[0];
            return [grad_output.alias().MoveToOuterDisposeScope(), score.MoveToOuterDisposeScope()];
        });
}
