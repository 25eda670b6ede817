using DiscreteGradients.Experiments.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>The mean gradient of each block of a study's minibatches, in files of a folder until their products are taken.</summary>
/// <param name="folder">Made when it is needed.</param>
internal sealed class BlockVectors(string folder)
{
    private const string Key = "mean";

    public bool Has(string name, int block) => File.Exists(PathOf(name, block));

    public void Save(string name, int block, Tensor mean)
    {
        Directory.CreateDirectory(folder);
        SafeTensors.Write(PathOf(name, block), [(Key, mean)], new Dictionary<string, string>(StringComparer.Ordinal));
    }

    /// <summary>The means of all blocks, [blocks, dimension], float64.</summary>
    public Tensor Load(string name) => stack([.. Enumerable.Range(0, GradientBlocks.Count).Select(block =>
    {
        using var mean = SafeTensors.Read(PathOf(name, block)).Tensors[Key];
        return mean.to(ScalarType.Float64);
    })]);

    public void Delete(string name)
    {
        for (var block = 0; block < GradientBlocks.Count; block++) File.Delete(PathOf(name, block));
    }

    public void DeleteAll()
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    private string PathOf(string name, int block) =>
        Path.Combine(folder, Invariant($"{name.Replace(':', '-').Replace(' ', '-')}-{block}.safetensors"));
}
