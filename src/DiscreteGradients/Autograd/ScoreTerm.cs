using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Autograd;

/// <summary>Forward, the loss; backward, its gradient to the loss and (f − b) times it to log p_θ(D): REINFORCE as
/// modified backpropagation.</summary>
internal sealed class ScoreTerm : autograd.SingleTensorFunction<ScoreTerm>
{
    public override string Name => nameof(ScoreTerm);

    public static Tensor Apply(Tensor loss, Tensor advantage, Tensor score) => apply(loss, advantage, score);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ctx.save_for_backward([(Tensor)vars[1]]);
        return ((Tensor)vars[0]).alias();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => SecondDerivative.KeepPending(() =>
    {
        using var scope = NewDisposeScope();
        var score = grad_output * ctx.get_saved_variables()[0];
        return [grad_output.alias().MoveToOuterDisposeScope(), null!, score.MoveToOuterDisposeScope()];
    });
}
