using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>The data sets that have a name, and the user's copy of the one that must be fetched.</summary>
/// <param name="cacheDirectory">Fetched sets lie in it, each in a folder of its name; null means
/// $XDG_CACHE_HOME/discrete-gradients, ~/.cache/discrete-gradients, or %LOCALAPPDATA%\discrete-gradients.</param>
/// <param name="patience">The longest wait for a server; a minute by default.</param>
internal sealed class DataCatalog(
    string? cacheDirectory = null, Uri? address = null, DataChecksums? expected = null, TimeSpan? patience = null)
{
    private const string EmbeddedName = "mnist";

    /// <summary>The name of the set that the paper uses.</summary>
    internal const string FetchedName = "binarized-mnist";

    private static readonly Uri PublicAddress = new("http://www.cs.toronto.edu/~larocheh/public/datasets/binarized_mnist/");

    private static readonly Instruction Fetch = new($"data get {FetchedName}");

    private readonly Uri address = address ?? PublicAddress;
    private readonly DataChecksums expected = expected ?? DataChecksums.BinarizedMnist;
    private readonly TimeSpan patience = patience ?? TimeSpan.FromMinutes(1);

    /// <summary>All that <see cref="Open"/> and <see cref="GetAsync"/> know by name.</summary>
    public static IReadOnlyList<DataSetEntry> Entries { get; } =
    [
        new(EmbeddedName, "MNIST binarised once by Bernoulli(pixel/255); within the library, nothing to get"),
        new(FetchedName,
            $"the fixed binarisation of MNIST that the paper uses (Salakhutdinov and Murray, 2008); from {PublicAddress}"),
    ];

    /// <summary>Finds the name of a set by its checksum, as <see cref="MnistData.Checksum"/> gives it; null where none has
    /// it.</summary>
    internal static string? NameOf(string checksum) =>
        checksum == DataChecksums.BinarizedMnist.Whole ? FetchedName
        : checksum == DataChecksums.Embedded.Whole ? EmbeddedName
        : null;

    private string Folder => Path.Combine(cacheDirectory ?? CacheFolder.OfUser(), FetchedName);

    private FormattableString Remedy =>
        $"put {string.Join(", ", MnistDirectory.AmatNames)}, plain or .gz, into {Folder}, or give the directory that holds them with {new Setting("data", "DIR")}";

    /// <summary>Opens a set by its name, or else the directory of that path as <see cref="MnistData.Load"/> does; null means
    /// the embedded set.</summary>
    /// <exception cref="InputException">There is no such set or directory, or its files are not what they should be.</exception>
    public MnistData Open(string? dataOption)
    {
        var source = DataSource.Absolute(dataOption ?? EmbeddedName, EmbeddedName, FetchedName);
        var data = source switch
        {
            EmbeddedName => MnistData.Embedded(),
            FetchedName => OpenFetched(),
            _ when Directory.Exists(source) => MnistData.Load(source),
            _ => throw InputException.Naming(
                $"{new Setting("data", dataOption)}: no such directory; expected {EmbeddedName}, {FetchedName} or a directory of data files"),
        };
        return data with { Source = source };
    }

    /// <summary>Fetches the named set into the cache directory, file by file; files that are there and right stay.</summary>
    /// <returns>One line that says what is where.</returns>
    /// <exception cref="InputException">There is no such set, or a file could not be fetched: then the message says where
    /// to put the files by hand.</exception>
    /// <exception cref="IOException">The disk is full, or the machine is at fault otherwise.</exception>
    public async Task<string> GetAsync(string name, Action<DownloadProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        if (name == EmbeddedName)
            return $"{EmbeddedName} is within the library; nothing to get";
        if (name != FetchedName)
            throw new InputException($"no data set has the name '{name}'; expected {EmbeddedName} or {FetchedName}");
        CreateFolder();
        using var handler = new SocketsHttpHandler { UseProxy = !address.IsLoopback };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        var download = new AmatDownload(client, patience);
        string[] sums = [expected.Train, expected.Valid, expected.Test];
        foreach (var (file, sha256) in MnistDirectory.AmatNames.Zip(sums))
        {
            if (!IsThere(file, sha256))
                await FetchAsync(download, file, sha256, progress, cancellation);
        }
        return $"{FetchedName} is in {Folder}";
    }

    /// <summary>Reads the directory's files as <see cref="MnistData.Load"/> does.</summary>
    /// <returns>A few lines: what it is, and for each part the number of images, the mean pixel and the checksum.</returns>
    /// <exception cref="InputException">They cannot be read; the message says which, where and why.</exception>
    public static string Check(string directory)
    {
        var data = MnistData.Load(directory);
        var report = new StringBuilder();
        report.Append(data.Name).Append('\n').Append("binarisation: ").Append(data.Binarisation).Append('\n');
        foreach (var (name, part) in new[] { ("train", data.Train), ("valid", data.Valid), ("test ", data.Test) })
            report.Append(CultureInfo.InvariantCulture,
                $"{name} {part.Count,6:N0} images, mean pixel {part.PixelMeans().Average():0.0000}, SHA-256 {part.Sha256}\n");
        report.Append(data.Checksums switch
        {
            var sums when sums == DataChecksums.BinarizedMnist => $"This is the standard set, {FetchedName}.",
            var sums when sums == DataChecksums.Embedded => $"These are the bits of the embedded set, {EmbeddedName}.",
            _ => $"This is not the standard set, {FetchedName}.",
        });
        return report.ToString();
    }

    private MnistData OpenFetched()
    {
        if (!MnistDirectory.HasAmat(Folder))
            throw InputException.Naming($"{FetchedName} is not in {Folder}; get it with `{Fetch}`, or {Remedy}");
        var data = MnistDirectory.Load(Folder);
        return data.Checksums == expected
            ? data
            : throw InputException.Naming(
                $"{Folder}: not the standard set (SHA-256 {data.Checksums.Train}, {data.Checksums.Valid}, {data.Checksums.Test}); get it anew with `{Fetch}`");
    }

    private void CreateFolder()
    {
        try
        {
            Directory.CreateDirectory(Folder);
        }
        catch (Exception e) when (e is UnauthorizedAccessException || e is IOException error && !MachineFault.IsOfDisk(error))
        {
            throw new InputException(
                $"{Folder}: cannot be made ({e.Message.TrimEnd('.')}); set XDG_CACHE_HOME to a directory that can be written", e);
        }
    }

    // A damaged one is fetched again.
    private bool IsThere(string file, string sha256) =>
        DataFile.Find(Folder, file) is { } path && Attempt.ToRead(() => AmatImages.Read(path).Sha256).Contains(sha256);

    private async Task FetchAsync(AmatDownload download, string file, string sha256, Action<DownloadProgress>? progress,
        CancellationToken cancellation)
    {
        try
        {
            await download.FetchAsync(new Uri(address, file), Path.Combine(Folder, file), sha256, progress, cancellation);
        }
        catch (InputException e)
        {
            throw InputException.Naming($"{e.Message}; {Remedy}", e);
        }
    }
}

/// <summary>A data set that has a name of its own.</summary>
/// <param name="Name">As the setting data takes it.</param>
/// <param name="Description">One line: what it is and where it is from.</param>
internal sealed record DataSetEntry(string Name, string Description);

/// <summary>SHA-256 of the packed bits of each part of a data set, as <see cref="BinaryImages.Sha256"/> gives it.</summary>
internal sealed record DataChecksums(string Train, string Valid, string Test)
{
    /// <summary>The fixed binarisation of Salakhutdinov and Murray (2008), that the paper uses.</summary>
    public static DataChecksums BinarizedMnist { get; } = new(
        "727146c35424b019f3e350e1e69faa05644a0abaf787e3f4e1a9632220a13906",
        "a256ac44ae26be720fad8616a05ed6ecfd1619930d9a208379bb2a4405df5b6d",
        "9fcd8da6f0fdf09b2ba30fe63a0bb784042a0de82563172530229b983e294ff2");

    /// <summary>The set within this library; assets/README.md says where it is from.</summary>
    public static DataChecksums Embedded { get; } = new(
        "bf0151a67bb54924963342b5f49595f523def859a75169933e03cea15cfe07bf",
        "00c699496eb122be0d17f7a6a0c38226e9ed7c30c53ddb7b8576c3d18adcab31",
        "f39dc9df36888b32f5a7f82227a5022d27da9c8aad9931e71440214569e34059");

    /// <summary>SHA-256 of the three, 64 hexadecimal digits.</summary>
    internal string Whole => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Train + Valid + Test)));
}

/// <summary>The folder in which fetched data lie.</summary>
internal static class CacheFolder
{
    private const string Product = "discrete-gradients";

    /// <summary>Gives $XDG_CACHE_HOME/discrete-gradients if the variable holds an absolute path (the specification ignores
    /// others); or else the user's local application data on Windows, ~/.cache/discrete-gradients elsewhere.</summary>
    /// <exception cref="InputException">There is no home directory either.</exception>
    public static string OfUser() => Resolve(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME"),
        OperatingSystem.IsWindows()
            ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : InHome(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)));

    internal static string Resolve(string? xdg, string otherwise)
    {
        if (Path.IsPathFullyQualified(xdg ?? ""))
            return Path.Combine(xdg!, Product);
        return otherwise.Length > 0
            ? Path.Combine(otherwise, Product)
            : throw InputException.Naming(
                $"no home directory for the data cache; set XDG_CACHE_HOME to an absolute path, or give {new Setting("data", "DIR")}");
    }

    private static string InHome(string home) => home.Length > 0 ? Path.Combine(home, ".cache") : "";
}
