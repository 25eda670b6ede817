using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Autograd;

/// <summary>
/// The identity, whose derivative is refused: it guards a first derivative that is not differentiable itself.
/// </summary>
/// <remarks>
/// An exception inside a managed backward pass, and any libtorch error inside autograd.grad, ends the process. So the
/// refusal is left pending in libtorch's wrapper, which TorchSharp reads, and throws, when the pass is over. The
/// gradient is NaN besides, should anything swallow the error.
/// </remarks>
internal sealed partial class SecondDerivative : autograd.SingleTensorFunction<SecondDerivative>
{
    public const string Message = "A second derivative through a sampled value is not defined: the estimators of "
        + "DiscreteGradients give first derivatives only.";

    public override string Name => nameof(SecondDerivative);

    /// <summary>Guards <paramref name="gradient"/>, which depends on <paramref name="source"/> in a way not recorded.</summary>
    public static Tensor Refuse(Tensor gradient, Tensor source) => is_grad_enabled() ? apply(gradient, source) : gradient;

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => ((Tensor)vars[0]).alias();

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        List<Tensor> poison = [full_like(grad_output, Scalars.NaN), full_like(grad_output, Scalars.NaN)];
        LeavePending(Message);
        return poison;
    }

    /// <summary>Runs the body of a backward pass, keeping an error that is pending from another node of the same pass.</summary>
    public static List<Tensor> KeepPending(Func<List<Tensor>> body)
    {
        var pending = false;
        try
        {
            CheckForErrors();
        }
        catch (ExternalException)
        {
            pending = true;
        }
        var result = body();
        if (pending) LeavePending(Message);
        return result;
    }

    private static void LeavePending(string message) => JitLoad(message, 0, -1);

    // Fails, and puts its argument into the wrapper's error text: the only way to set it from here.
    [LibraryImport("LibTorchSharp", EntryPoint = "THSJIT_load", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint JitLoad(string path, long deviceType, long deviceIndex);
}
