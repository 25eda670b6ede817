using DiscreteGradients.Backward;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Networks;

/// <summary>An autograd function of two closures, differentiable once.</summary>
internal static class ByHand
{
    /// <summary>Runs the forward pass of a function.</summary>
    /// <param name="inputs">The tensors that may have a gradient.</param>
    /// <param name="forward">Gives the output, and the tensors that are kept for the backward pass.</param>
    /// <param name="backward">Takes the output's gradient and what was kept; gives each input's gradient, or null.</param>
    public static Tensor Apply(Tensor[] inputs, Func<(Tensor Output, Tensor[] Kept)> forward,
        Func<Tensor, IReadOnlyList<Tensor>, IEnumerable<Tensor?>> backward) =>
        Function.Apply(inputs, () => WithInputs(inputs, forward()), (gradient, kept) => is_grad_enabled()
            ? throw new NotSupportedException("a function by hand has no second derivative.")
            : backward(gradient, [.. kept.Skip(inputs.Length)]));

    // The inputs are kept too: libtorch then refuses a backward pass after one was changed in place.
    private static (Tensor Output, Tensor[] Kept) WithInputs(Tensor[] inputs, (Tensor Output, Tensor[] Kept) result) =>
        (result.Output, [.. inputs, .. result.Kept]);
}
