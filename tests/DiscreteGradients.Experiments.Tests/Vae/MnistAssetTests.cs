using System.Diagnostics;
using System.IO.Compression;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Vae;

public sealed class MnistAssetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    /// <summary>Needs a network, npm and bash, and takes a minute.</summary>
    [Fact(Explicit = true)]
    [Trait("Category", "Network")]
    public async Task TheScriptMakesTheEmbeddedBits()
    {
        var made = folder.At("made.br");
        var start = new ProcessStartInfo("bash", [Path.Combine(WorkingTree.Root, "eng", "make-mnist-asset.sh"), made]) { RedirectStandardError = true, UseShellExecute = false };
        using var script = Process.Start(start)!;
        var errors = await script.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await script.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(script.ExitCode == 0, errors);
        Assert.Equal(Unpack(Path.Combine(WorkingTree.Root, "assets", "mnist-binarized.bin.br")), Unpack(made));
        var data = MnistData.Embedded();
        Assert.Equal([.. data.Train.Packed, .. data.Valid.Packed, .. data.Test.Packed], Unpack(made));
    }

    public void Dispose() => folder.Dispose();

    private static byte[] Unpack(string path)
    {
        using var content = new MemoryStream();
        using (var brotli = new BrotliStream(File.OpenRead(path), CompressionMode.Decompress))
            brotli.CopyTo(content);
        return content.ToArray();
    }
}
