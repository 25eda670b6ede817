using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace DiscreteGradients.Experiments.Tests.Vae;

/// <summary>An HTTP server on the loopback address. The handler answers one request; the server closes the response.</summary>
internal sealed class DataServer : IDisposable
{
    private readonly HttpListener listener;

    public DataServer(Func<string, HttpListenerResponse, Task> handler)
    {
        (listener, Address) = Start();
        _ = Task.Run(() => ServeAsync(handler));
    }

    public Uri Address { get; }

    /// <summary>The files asked for, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>An address where nothing listens.</summary>
    public static Uri Nowhere() => new($"http://127.0.0.1:{FreePort()}/data/");

    /// <summary>Does not wait for the loop: a call of GetContextAsync that meets Close may never come back.</summary>
    public void Dispose() => listener.Close();

    private static (HttpListener Listener, Uri Address) Start()
    {
        for (var attempt = 0; ; attempt++)
        {
            var address = Nowhere();
            var candidate = new HttpListener { Prefixes = { address.ToString() } };
            try
            {
                candidate.Start();
                return (candidate, address);
            }
            catch (HttpListenerException) when (attempt < 10)
            {
                candidate.Close(); // another process took the port
            }
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private async Task ServeAsync(Func<string, HttpListenerResponse, Task> handler)
    {
        while (listener.IsListening)
        {
            try
            {
                var context = await listener.GetContextAsync();
                var name = context.Request.Url!.Segments[^1];
                Requests.Enqueue(name);
                await handler(name, context.Response);
                context.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException or IOException)
            {
                // the client left, the handler broke off, or the test is over
            }
        }
    }
}
