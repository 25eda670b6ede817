using System.Net;
using System.Net.Sockets;
using System.Text;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Vae;

/// <summary>Whose fault it is when a file cannot be fetched, and what is left of it.</summary>
public sealed class AmatDownloadTests : IDisposable
{
    private const string Name = "train.amat";
    private static readonly string Sum = DataFiles.Checksums(1, 1, 1).Train;
    private readonly TemporaryFolder folder = new();
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    private string Target => folder.At(Name);

    /// <summary>In the middle of the body, by the machine at the other end: no word of the protocol tells of it.</summary>
    [Fact]
    public async Task AConnectionThatIsResetBrokeOff()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = new Uri($"http://{listener.LocalEndpoint}/{Name}");
        var received = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = Task.Run(async () =>
        {
            using var socket = await listener.AcceptSocketAsync(cancellation);
            await socket.ReceiveAsync(new byte[4096], cancellation);
            var answer = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 1568\r\n\r\n0 1 ");
            await socket.SendAsync(answer, cancellation);
            await received.Task.WaitAsync(cancellation);
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }, cancellation);
        var error = await Assert.ThrowsAsync<InputException>(() => Fetch(address, () => received.TrySetResult()));
        await server;
        Assert.StartsWith($"{address}: broke off (", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(folder.FullPath));
    }

    // ENOSPC and ENOTDIR of Linux.
    [Theory]
    [InlineData(28, true)]
    [InlineData(20, false)]
    public async Task AFullDiskIsNoFaultOfTheTarget(int number, bool isOfDisk)
    {
        using var server = new DataServer(SendAsync);
        var fault = new IOException("of this test", number);
        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => Fetch(new(server.Address, Name), () => throw fault));
        if (isOfDisk) Assert.Same(fault, thrown);
        else Assert.Equal($"{Target}: cannot be written (of this test)", Assert.IsType<InputException>(thrown).Message);
        Assert.Empty(Directory.EnumerateFiles(folder.FullPath));
    }

    [Fact]
    public async Task WhatAKilledProcessLeftIsDeleted_AndNotWhatAnotherIsFetching()
    {
        using var server = new DataServer(SendAsync);
        var (left, other) = (Part('0'), Part('1'));
        foreach (var (name, minutes) in new[] { (left, 70), (other, 50) })
            File.SetLastWriteTimeUtc(folder.Write(name, ""), DateTime.UtcNow.AddMinutes(-minutes));
        List<string> meanwhile = [];
        await Fetch(new(server.Address, Name), () => meanwhile = [.. Names()]);
        Assert.Equal([Name, other], Names(), StringComparer.Ordinal);
        // A part of its own has such a name.
        Assert.Contains(meanwhile, name => name.StartsWith($"{Name}.", StringComparison.Ordinal)
            && name.Contains($".{Environment.ProcessId}.", StringComparison.Ordinal)
            && name.EndsWith(".tmp", StringComparison.Ordinal));

        static string Part(char digit) => $"{Name}.elsewhere.999999999.{new string(digit, 32)}.tmp";
    }

    public void Dispose() => folder.Dispose();

    private IEnumerable<string> Names() =>
        Directory.EnumerateFiles(folder.FullPath).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    private async Task SendAsync(string name, HttpListenerResponse response) =>
        await response.OutputStream.WriteAsync(Encoding.ASCII.GetBytes(DataFiles.Amat(1)), cancellation);

    private async Task Fetch(Uri address, Action meanwhile)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        await new AmatDownload(client, TimeSpan.FromSeconds(30)).FetchAsync(address, Target, Sum, _ => meanwhile(), cancellation);
    }
}
