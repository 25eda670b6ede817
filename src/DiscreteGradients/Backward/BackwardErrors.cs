using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using DiscreteGradients.Torch;
using static TorchSharp.torch;

namespace DiscreteGradients.Backward;

/// <summary>Brings an error of a managed backward pass to the caller of <c>backward()</c>.</summary>
/// <remarks>
/// An exception that leaves a managed backward pass ends the process: it would have to cross libtorch's engine. So the error is
/// left in the slot where the wrapper of libtorch keeps the text of its last error; TorchSharp reads that slot when the pass is
/// over, and throws. Nothing sets the slot but a call of the wrapper that fails, here one that quotes what it was given. The
/// words around the quotation are taken off when the exception is thrown, before anybody can see it.
/// </remarks>
internal static partial class BackwardErrors
{
    // They stand around our sentence within the wrapper's text, and in no other text.
    private const char Opening = '\u0002', Closing = '\u0003';

    static BackwardErrors() => AppDomain.CurrentDomain.FirstChanceException += KeepTheSentence;

    /// <summary>Runs the body of a backward pass; an error, of this body or pending from another node of the same pass, is
    /// pending afterwards.</summary>
    /// <param name="incoming">The gradient that comes in. Where the loss does not depend on the node it has no handle, and none
    /// goes out. (The forward pass must ask for that by set_materialize_grads: the zeros that TorchSharp makes otherwise are made
    /// like a tensor that a dispose scope may have taken.)</param>
    /// <param name="shapes">Those of the gradients that go out.</param>
    /// <param name="body">Computes the gradients.</param>
    public static IReadOnlyList<Tensor> Guard(Tensor incoming, IReadOnlyList<long[]> shapes, Func<IEnumerable<Tensor>> body)
    {
        if (incoming.IsInvalid) return [.. Enumerable.Repeat<Tensor>(null!, shapes.Count)];
        var pending = Pending();
        List<Tensor> gradients;
        try
        {
            gradients = [.. body()];
        }
#pragma warning disable CA1031 // Whatever it is, it would end the process.
        catch (Exception error)
#pragma warning restore CA1031
        {
            pending ??= error.Message;
            // Not nothing, which autograd.grad answers by ending the process.
            gradients = [.. shapes.Select(shape => full(shape, Scalars.NaN, dtype: incoming.dtype, device: incoming.device))];
        }
        if (pending is not null) LeavePending(pending);
        return gradients;
    }

    /// <summary>Makes the end of this backward pass throw an <see cref="ExternalException"/>.</summary>
    private static void LeavePending(string message) => JitLoad($"{Opening}{message}{Closing}", 0, -1);

    private static string? Pending()
    {
        try
        {
            CheckForErrors();
            return null;
        }
        catch (ExternalException error)
        {
            return error.Message;
        }
    }

    private static void KeepTheSentence(object? sender, FirstChanceExceptionEventArgs thrown)
    {
        if (thrown.Exception is not ExternalException error) return;
        var start = error.Message.IndexOf(Opening, StringComparison.Ordinal);
        var end = error.Message.IndexOf(Closing, StringComparison.Ordinal);
        if (end > start) Text(error) = error.Message[(start + 1)..end];
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_message")]
    private static extern ref string? Text(Exception exception);

    [LibraryImport("LibTorchSharp", EntryPoint = "THSJIT_load", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint JitLoad(string path, long deviceType, long deviceIndex);
}
