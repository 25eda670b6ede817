using System.Globalization;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>Fetches one .amat file. The target appears whole and checked, or not at all.</summary>
/// <param name="client">Without a time limit of its own.</param>
/// <param name="patience">The longest wait for an answer, and then for each next piece of the body.</param>
internal sealed class AmatDownload(HttpClient client, TimeSpan patience)
{
    /// <summary>The most bytes of a file, 128 MiB; the largest of the published set has 75 MiB.</summary>
    internal const long MostBytes = 128 << 20;

    /// <param name="target">Its directory must exist.</param>
    /// <param name="sha256">Expected of the packed bits.</param>
    /// <exception cref="InputException">The server cannot be reached, breaks off, or sends something else.</exception>
    /// <exception cref="IOException">The disk is full, or the machine is at fault otherwise.</exception>
    public async Task FetchAsync(Uri address, string target, string sha256, Action<DownloadProgress>? progress,
        CancellationToken cancellation)
    {
        var part = AtomicFile.Temporary(target);
        try
        {
            AtomicFile.Clean(Path.GetDirectoryName(target)!);
            await SaveAsync(address, part, Path.GetFileName(target), progress, cancellation);
            var found = AmatImages.Read(part, address.ToString());
            if (!string.Equals(found.Sha256, sha256, StringComparison.Ordinal))
                throw new InputException(
                    $"{address}: {found.Count} images, SHA-256 of their bits {found.Sha256}; expected {sha256}");
            File.Move(part, target, overwrite: true);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new InputException(
                $"{address}: no answer for {patience.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s", e);
        }
        catch (HttpRequestException e)
        {
            throw new InputException($"{address}: {OneLine(e)}", e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException || e is IOException error && !MachineFault.IsOfDisk(error))
        {
            throw new InputException($"{target}: cannot be written ({OneLine(e)})", e);
        }
        finally
        {
            File.Delete(part);
        }
    }

    private async Task SaveAsync(Uri address, string part, string name, Action<DownloadProgress>? progress,
        CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        using var response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        response.EnsureSuccessStatusCode();
        var total = response.Content.Headers.ContentLength;
        if (total > MostBytes) throw TooLarge(address);
        await using var body = await response.Content.ReadAsStreamAsync(limit.Token);
        await using var file =
            new FileStream(part, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
        var buffer = new byte[1 << 17];
        long received = 0;
        for (int read; (read = await ReadAsync(body, address, buffer, limit.Token)) > 0;)
        {
            if ((received += read) > MostBytes) throw TooLarge(address);
            await file.WriteAsync(buffer.AsMemory(0, read), cancellation);
            progress?.Invoke(new(name, received, total));
            limit.CancelAfter(patience);
        }
    }

    private static async Task<int> ReadAsync(Stream body, Uri address, Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellation);
        }
        catch (IOException e)
        {
            throw new InputException($"{address}: broke off ({OneLine(e)})", e);
        }
    }

    private static InputException TooLarge(Uri address) =>
        new($"{address}: sends more than {MostBytes >> 20} MiB; expected a file of the set");

    private static string OneLine(Exception e) => e.Message.ReplaceLineEndings(" ").TrimEnd('.');
}

/// <summary>The progress of the download of one file.</summary>
/// <param name="File">The name of the file, without a folder.</param>
/// <param name="Received">Bytes so far.</param>
/// <param name="Total">Bytes in all; null if the server does not say.</param>
internal readonly record struct DownloadProgress(string File, long Received, long? Total);
