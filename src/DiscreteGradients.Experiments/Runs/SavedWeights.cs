using System.Security.Cryptography;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Runs;

/// <summary>The one way in which a model gets its weights from a file.</summary>
internal static class SavedWeights
{
    /// <summary>Sets the weights of a model that was just made, and disposes of it where that fails.</summary>
    /// <param name="path">A safetensors file; tensors that it has besides are left out.</param>
    /// <param name="prefix">What stands before each name in the file, given the file's metadata; null for nothing.</param>
    /// <returns>The model, and the file's metadata.</returns>
    /// <exception cref="InputException">There is no such file, or a weight is missing or has another shape.</exception>
    public static (TModel Model, IReadOnlyDictionary<string, string> Metadata) Load<TModel>(string path, Func<TModel> create,
        Func<TModel, IEnumerable<(string Name, Tensor Value)>> parameters,
        Func<IReadOnlyDictionary<string, string>, string>? prefix = null)
        where TModel : IDisposable
    {
        var (tensors, metadata) = SafeTensors.Read(path);
        var model = create();
        try
        {
            using var _ = no_grad();
            var before = prefix?.Invoke(metadata);
            foreach (var (name, value) in parameters(model))
            {
                if (!tensors.TryGetValue(before + name, out var weight) || !weight.shape.AsSpan().SequenceEqual(value.shape))
                    throw new InputException(
                        $"{path} has no weight '{before}{name}' of shape [{string.Join(", ", value.shape)}].");
                value.copy_(weight);
            }
            return (model, metadata);
        }
        catch
        {
            model.Dispose();
            throw;
        }
        finally
        {
            foreach (var tensor in tensors.Values) tensor.Dispose();
        }
    }

    /// <summary>Computes a checksum of weights in their order: SHA-256 of their numbers.</summary>
    public static string Checksum(IEnumerable<(string Name, Tensor Value)> parameters)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (_, value) in parameters)
        {
            using var whole = value.contiguous();
            hash.AppendData(whole.bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
