using System.Net;
using System.Text;
using DiscreteGradients.Cli;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Vae;

public sealed class DataCatalogGetTests : IDisposable
{
    private static readonly DataChecksums Small = DataFiles.Checksums(3, 2, 1);
    private readonly TemporaryFolder cache = new();
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    private string Set => cache.At("binarized-mnist");

    private string Remedy => $"put binarized_mnist_train.amat, binarized_mnist_valid.amat, binarized_mnist_test.amat, plain or .gz, into {Set}, or give the directory that holds them with --data DIR";

    [Fact]
    public async Task Get_FetchesTheThreeFiles_ThenOpenReadsThem()
    {
        using var server = new DataServer(SendAsync);
        var catalog = Catalog(server.Address);
        var reports = new List<DownloadProgress>();
        Assert.Equal($"binarized-mnist is in {Set}", await catalog.GetAsync("binarized-mnist", reports.Add, cancellation));
        Assert.Equal(DataFiles.AmatNames, server.Requests, StringComparer.Ordinal);
        Assert.Equal(DataFiles.AmatNames.Order(StringComparer.Ordinal), Names(), StringComparer.Ordinal);
        Assert.Equal(Small, catalog.Open("binarized-mnist").Checksums);
        var last = reports.Last();
        Assert.Equal(new DownloadProgress(DataFiles.AmatNames[2], 1568, 1568), last);
    }

    [Fact]
    public async Task Get_KeepsWhatIsRight_AndFetchesWhatIsNot()
    {
        using var server = new DataServer(SendAsync);
        Directory.CreateDirectory(Set);
        cache.Write("binarized-mnist/binarized_mnist_train.amat.gz", DataFiles.Amat(3));
        cache.Write("binarized-mnist/binarized_mnist_valid.amat.gz", DataFiles.Amat(9));
        cache.Write("binarized-mnist/binarized_mnist_test.amat", "damaged");
        var catalog = Catalog(server.Address);
        await catalog.GetAsync("binarized-mnist", cancellation: cancellation);
        Assert.Equal(DataFiles.AmatNames[1..], server.Requests, StringComparer.Ordinal);
        Assert.Equal(Small, catalog.Open("binarized-mnist").Checksums);
        await catalog.GetAsync("binarized-mnist", cancellation: cancellation);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Get_RefusesABodyThatBreaksOff()
    {
        using var server = new DataServer(async (name, response) =>
        {
            response.ContentLength64 = 3 * 1568;
            await response.OutputStream.WriteAsync(Encoding.ASCII.GetBytes(DataFiles.Amat(2)), cancellation);
            await response.OutputStream.FlushAsync(cancellation);
            response.Abort();
        });
        var message = await FailAsync(Catalog(server.Address));
        Assert.StartsWith($"{server.Address}binarized_mnist_train.amat: broke off (", message, StringComparison.Ordinal);
        Assert.EndsWith("; " + Remedy, message, StringComparison.Ordinal);
        Assert.Empty(Names());
    }

    [Theory]
    [InlineData(2)] // whole lines and a regular end: only the checksum tells
    [InlineData(4)]
    public async Task Get_RefusesOtherImages(int images)
    {
        using var server = new DataServer((name, response) => response.OutputStream.WriteAsync(Encoding.ASCII.GetBytes(DataFiles.Amat(images)), cancellation).AsTask());
        var found = DataFiles.Checksums(images, 1, 1).Train;
        Assert.Equal($"{server.Address}binarized_mnist_train.amat: {images} images, SHA-256 of their bits {found}; expected {Small.Train}; {Remedy}", await FailAsync(Catalog(server.Address)));
        Assert.Empty(Names());
    }

    [Fact]
    public async Task Get_RefusesSomethingElse()
    {
        using var server = new DataServer((name, response) => response.OutputStream.WriteAsync("<html>"u8.ToArray(), cancellation).AsTask());
        var message = await FailAsync(Catalog(server.Address));
        Assert.Equal($"{server.Address}binarized_mnist_train.amat, line 1, column 1: '<'; expected 784 of 0 or 1, separated by single spaces; {Remedy}", message);
        Assert.Empty(Names());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Get_StopsAtASizeThatNoFileOfTheSetHas(bool stated)
    {
        var piece = new byte[1 << 20];
        using var server = new DataServer(async (name, response) =>
        {
            if (stated) response.ContentLength64 = AmatDownload.MostBytes + 1;
            else response.SendChunked = true;
            for (var sent = 0L; sent <= 4 * AmatDownload.MostBytes; sent += piece.Length) await response.OutputStream.WriteAsync(piece, cancellation);
        });
        Assert.StartsWith($"{server.Address}binarized_mnist_train.amat: sends more than 128 MiB; expected a file of the set; ", await FailAsync(Catalog(server.Address)), StringComparison.Ordinal);
        Assert.Empty(Names());
    }

    [Fact]
    public async Task Get_KeepsTheOldFileIfTheNewOneIsWrong()
    {
        using var server = new DataServer((name, response) => response.OutputStream.WriteAsync("<html>"u8.ToArray(), cancellation).AsTask());
        Directory.CreateDirectory(Set);
        cache.Write("binarized-mnist/binarized_mnist_train.amat", "mine");
        await FailAsync(Catalog(server.Address));
        Assert.Equal("mine", File.ReadAllText(Path.Combine(Set, "binarized_mnist_train.amat")));
    }

    [Fact]
    public async Task Get_SaysWhatTheServerAnswered()
    {
        using var server = new DataServer((name, response) =>
        {
            response.StatusCode = (int)HttpStatusCode.NotFound;
            return Task.CompletedTask;
        });
        var message = await FailAsync(Catalog(server.Address));
        Assert.Contains("404 (Not Found)", message, StringComparison.Ordinal);
        Assert.EndsWith("; " + Remedy, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_SaysWhatToDoWithoutANetwork()
    {
        var nowhere = DataServer.Nowhere();
        var message = await FailAsync(Catalog(nowhere));
        Assert.StartsWith($"{nowhere}binarized_mnist_train.amat: ", message, StringComparison.Ordinal);
        Assert.EndsWith("; " + Remedy, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0 1 ")]
    public async Task Get_GivesUpOnAServerThatFallsSilent(string sent)
    {
        using var silent = new CancellationTokenSource();
        using var server = new DataServer(async (name, response) =>
        {
            if (sent.Length > 0)
                await response.OutputStream.WriteAsync(Encoding.ASCII.GetBytes(sent), cancellation);
            await Task.Delay(Timeout.Infinite, silent.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        var message = await FailAsync(new DataCatalog(cache.FullPath, server.Address, Small, TimeSpan.FromSeconds(0.2)));
        await silent.CancelAsync();
        Assert.Equal($"{server.Address}binarized_mnist_train.amat: no answer for 0.2 s; {Remedy}", message);
        Assert.Empty(Names());
    }

    [Fact]
    public async Task Get_WaitsForASlowServer()
    {
        using var server = new DataServer(async (name, response) =>
        {
            var content = Encoding.ASCII.GetBytes(DataFiles.Amat(3 - Array.IndexOf(DataFiles.AmatNames, name)));
            response.ContentLength64 = content.Length;
            foreach (var piece in content.Chunk(name == DataFiles.AmatNames[0] ? 1000 : content.Length))
            {
                await response.OutputStream.WriteAsync(piece, cancellation);
                await Task.Delay(1000, cancellation);
            }
        });
        // five pieces in 5 s: longer than the patience, but no wait is, even on a busy machine
        var catalog = new DataCatalog(cache.FullPath, server.Address, Small, TimeSpan.FromSeconds(4));
        await catalog.GetAsync("binarized-mnist", cancellation: cancellation);
        Assert.Equal(Small, catalog.Open("binarized-mnist").Checksums);
    }

    [Fact]
    public async Task Get_CountsTheBytesOfEachFile_ThoughTheServerDoesNotSayHowManyThereAre()
    {
        // More than is read at once.
        const int Images = 100;
        using var server = new DataServer(async (name, response) =>
        {
            response.SendChunked = true;
            var text = DataFiles.Amat(name == DataFiles.AmatNames[0] ? Images : 1);
            await response.OutputStream.WriteAsync(Encoding.ASCII.GetBytes(text), cancellation);
        });
        var reports = new List<DownloadProgress>();
        var catalog = new DataCatalog(cache.FullPath, server.Address, DataFiles.Checksums(Images, 1, 1),
            TimeSpan.FromSeconds(30));
        await catalog.GetAsync("binarized-mnist", reports.Add, cancellation);
        var first = reports.Where(report => report.File == DataFiles.AmatNames[0]).Select(report => report.Received)
            .ToList();
        Assert.True(first.Count > 1, "it came at once");
        Assert.Equal(first.Distinct().Order(), first);
        Assert.Equal(Images * 1568, first[^1]);
        Assert.Equal(1568, reports[^1].Received);
        Assert.All(reports, report => Assert.Null(report.Total));
    }

    [Fact]
    public async Task Get_LeavesNothingBehindWhenCancelled()
    {
        using var stop = new CancellationTokenSource();
        using var server = new DataServer(SendAsync);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Catalog(server.Address).GetAsync("binarized-mnist", _ => stop.Cancel(), stop.Token));
        Assert.Empty(Names());
    }

    [Fact]
    public async Task Get_SaysThatTheCacheCannotBeWritten()
    {
        var file = cache.Write("file", "x");
        var message = await FailAsync(new DataCatalog(file));
        Assert.StartsWith($"{Path.Combine(file, "binarized-mnist")}: cannot be made (", message, StringComparison.Ordinal);
        Assert.EndsWith("; set XDG_CACHE_HOME to a directory that can be written", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_KnowsTheNames()
    {
        Assert.Equal("mnist is within the library; nothing to get", await new DataCatalog(cache.FullPath).GetAsync("mnist", cancellation: cancellation));
        var error = await Assert.ThrowsAsync<InputException>(() => new DataCatalog(cache.FullPath).GetAsync("cifar", cancellation: cancellation));
        Assert.Equal("no data set has the name 'cifar'; expected mnist or binarized-mnist", error.Message);
        Assert.Equal(["mnist", "binarized-mnist"], DataCatalog.Entries.Select(entry => entry.Name), StringComparer.Ordinal);
    }

    public void Dispose() => cache.Dispose();

    private async Task SendAsync(string name, HttpListenerResponse response)
    {
        var content = Encoding.ASCII.GetBytes(DataFiles.Amat(3 - Array.IndexOf(DataFiles.AmatNames, name)));
        response.ContentLength64 = content.Length;
        await response.OutputStream.WriteAsync(content, cancellation);
    }

    private DataCatalog Catalog(Uri address) => new(cache.FullPath, address, Small, TimeSpan.FromSeconds(30));

    private async Task<string> FailAsync(DataCatalog catalog) =>
        (await Assert.ThrowsAsync<InputException>(() => catalog.GetAsync("binarized-mnist", cancellation: cancellation).WaitAsync(TimeSpan.FromSeconds(30), cancellation))).Told(Wording.Dgrad);

    private IEnumerable<string> Names() => Directory.EnumerateFiles(Set).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
}
