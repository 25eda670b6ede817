using System.Collections.Concurrent;
using DiscreteGradients.Experiments.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>The mean gradient of each block of a study's minibatches, in files of a folder until their products are taken, so
/// that a study can go on; those that this process has made or read are in memory too.</summary>
internal sealed class BlockVectors(string folder) : IDisposable
{
    private const string Key = "mean";
    private readonly ConcurrentDictionary<string, Tensor> held = new(StringComparer.Ordinal);

    public bool Has(string name, int block) => File.Exists(PathOf(name, block));

    public void Save(string name, int block, Tensor mean)
    {
        Directory.CreateDirectory(folder);
        SafeTensors.Write(PathOf(name, block), [(Key, mean)], new Dictionary<string, string>(StringComparer.Ordinal));
        held[PathOf(name, block)] = mean.clone().DetachFromDisposeScope();
    }

    /// <summary>The means of all blocks, [blocks, dimension], float64.</summary>
    public Tensor Load(string name) => stack([.. Enumerable.Range(0, GradientBlocks.Count).Select(block =>
    {
        var mean = held.GetOrAdd(PathOf(name, block), path => SafeTensors.Read(path).Tensors[Key].DetachFromDisposeScope());
        return mean.to(ScalarType.Float64);
    })]);

    public void Delete(string name)
    {
        for (var block = 0; block < GradientBlocks.Count; block++)
        {
            File.Delete(PathOf(name, block));
            if (held.TryRemove(PathOf(name, block), out var mean)) mean.Dispose();
        }
    }

    public void DeleteAll()
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    public void Dispose()
    {
        foreach (var mean in held.Values) mean.Dispose();
    }

    private string PathOf(string name, int block) =>
        Path.Combine(folder, Invariant($"{name.Replace(':', '-').Replace(' ', '-')}-{block}.safetensors"));
}
