using System.IO.Compression;
using System.Text;

namespace DiscreteGradients;

/// <summary>A folder of its own, deleted with its content.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string FullPath { get; } = Directory.CreateTempSubdirectory("dg-data-").FullName;

    public string At(string name) => Path.Combine(FullPath, name);

    public string Write(string name, string content) => Write(name, Encoding.UTF8.GetBytes(content));

    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(At(name), name.EndsWith(".gz", StringComparison.Ordinal) ? Zip(content) : content);
        return At(name);
    }

    public void Dispose() => Directory.Delete(FullPath, recursive: true);

    private static byte[] Zip(byte[] content)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest))
            gzip.Write(content);
        return zipped.ToArray();
    }
}
