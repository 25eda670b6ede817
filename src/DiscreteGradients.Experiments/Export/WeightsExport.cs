using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Export;

/// <summary>The weights of a trained run as a safetensors file for other programs: no optimiser, no generator, no
/// padding.</summary>
internal static class WeightsExport
{
    /// <summary>Writes the file, atomically. A matrix of an affine layer is [outputs, inputs], as in torch.nn.Linear; a VAE's
    /// file also has <c>pixel-means</c>, [784], which its encoder subtracts from the input.</summary>
    /// <param name="weights">For ListOps: of the best epoch or the last; a VAE has the last only.</param>
    /// <param name="elsewhere">Where the data of a VAE's run are now; null for where its settings say.</param>
    /// <returns>Names and shapes, in the order of the file.</returns>
    /// <exception cref="InputException">The folder is no run, has no checkpoint, or cannot be read; or the data are
    /// others.</exception>
    public static IReadOnlyList<(string Name, IReadOnlyList<long> Shape)> Write(string runFolder, string file, Weights weights,
        string? elsewhere = null)
    {
        using var scope = NewDisposeScope();
        using var model = ListOpsRun.Is(runFolder) ? ListOps(runFolder, weights) : Vae(runFolder, elsewhere);
        SafeTensors.Write(file, model.Tensors, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["format"] = "pt",
            ["task"] = model.Task,
            ["settings"] = InputFile.ReadText(Path.Combine(runFolder, "settings.json")),
            ["version"] = ProgramVersion.Text,
        });
        return [.. model.Tensors.Select(pair => (pair.Name, (IReadOnlyList<long>)pair.Value.shape))];
    }

    private static Model ListOps(string runFolder, Weights weights)
    {
        var model = ListOpsRun.Model(runFolder, weights);
        return new("listops", [.. model.Parameters], model);
    }

    private static Model Vae(string runFolder, string? elsewhere)
    {
        var settings = RunFolder.ReadSettings<VaeSettings>(runFolder).Validated();
        var data = settings.OpenData(elsewhere);
        var model = VaeModel.OfRun(runFolder, settings, data);
        return new("vae", [.. model.Parameters, ("pixel-means", tensor(data.Train.PixelMeans()))], model);
    }

    private sealed record Model(string Task, IReadOnlyList<(string Name, Tensor Value)> Tensors, IDisposable Owner) : IDisposable
    {
        public void Dispose() => Owner.Dispose();
    }
}
