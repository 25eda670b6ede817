using System.Security.Cryptography;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.ListOps;

/// <summary>Expressions to train on and to test on.</summary>
/// <param name="Name">Which; never a path.</param>
/// <param name="Train">Of two tokens or more; a share of them is kept for validation (<see cref="Split"/>).</param>
/// <param name="Test">Of two tokens or more; null where the data have no test set.</param>
internal sealed record ListOpsData(string Name, IReadOnlyList<Expression> Train, IReadOnlyList<Expression>? Test)
{
    /// <summary>The name of the set that this program draws for itself.</summary>
    public const string GeneratedName = "listops";

    /// <summary>Seed of that set.</summary>
    public const ulong GeneratedSeed = 0;

    /// <summary>Lines of the published set, and of the generated one.</summary>
    public const int GeneratedCount = 100_000;

    /// <summary>The name or the absolute path that opens the set from any folder; null for a set that was made in
    /// memory.</summary>
    public string? Source { get; init; }

    private const int TestShare = 10, ValidShare = 10;
    private static readonly string[] TrainNames = ["train_d20s.tsv", "train.tsv", "basic_train.tsv"],
        TestNames = ["test_d20s.tsv", "test.tsv", "basic_test.tsv"];

    /// <summary>Opens what the setting data means: "listops" the generated set, drawn in memory; else a folder of
    /// train(_d20s).tsv and test(_d20s).tsv, or of basic_train.tsv and basic_test.tsv (Long Range Arena), or a file of training
    /// lines, each plain or gzip.</summary>
    /// <exception cref="InputException">There is no such file, or it is no ListOps.</exception>
    public static ListOpsData Open(string data, CancellationToken cancellation = default) => Read(data, cancellation) with
    {
        Source = DataSource.Absolute(data, GeneratedName),
    };

    private static ListOpsData Read(string data, CancellationToken cancellation)
    {
        if (data == GeneratedName) return Generate(GeneratedSeed, GeneratedCount, [], cancellation);
        if (File.Exists(data)) return new(Path.GetFileName(data), Trees(data), null);
        if (!Directory.Exists(data)) throw InputException.Naming(
            $"{new Setting("data", data)}: no such file or directory; expected {GeneratedName}, a folder with {TrainNames[1]} or {TrainNames[0]}, or such a file");
        var train = DataFile.Find(data, TrainNames) ?? throw InputException.Naming(
            $"{new Setting("data", data)}: it has none of {string.Join(", ", TrainNames)}, plain or .gz");
        return new(Path.GetFileName(train), Trees(train), DataFile.Find(data, TestNames) is { } test ? Trees(test) : null);
    }

    /// <summary>A set by the law of the published one: distinct expressions, a tenth of them for the test.</summary>
    /// <param name="seed">Equal seeds, equal sets.</param>
    /// <param name="count">Expressions in all, those of one token included until they are dropped.</param>
    /// <param name="excluded">Left out of the training set: the test set of another source.</param>
    public static ListOpsData Generate(ulong seed, int count, IEnumerable<Expression> excluded,
        CancellationToken cancellation = default)
    {
        var all = new ExpressionGenerator(seed).Distinct(count, cancellation);
        var barred = excluded.Select(expression => expression.Key).ToHashSet(StringComparer.Ordinal);
        var test = count / TestShare;
        return new($"ListOps generated, seed {seed}",
            [.. all.Skip(test).Where(expression => expression.Length > 1 && !barred.Contains(expression.Key))],
            [.. all.Take(test).Where(expression => expression.Length > 1)]);
    }

    /// <summary>The lines of a file that have a tree: those of one token are dropped.</summary>
    /// <exception cref="InputException">As <see cref="ListOpsFile.Read"/>.</exception>
    public static IReadOnlyList<Expression> Trees(string path) =>
        [.. ListOpsFile.Read(path).Where(expression => expression.Length > 1)];

    /// <summary>The training expressions of at most so many tokens, a random tenth of them set aside for validation.</summary>
    /// <exception cref="InputException">Too few are left.</exception>
    public (IReadOnlyList<Expression> Train, IReadOnlyList<Expression> Valid) Split(int maxLength, ulong seed)
    {
        var subset = Train.Where(expression => expression.Length <= maxLength).ToArray();
        var valid = subset.Length / ValidShare;
        if (valid == 0) throw new InputException(
            Invariant($"{Name} has {subset.Length} expressions of 2 to {maxLength} tokens; expected at least {ValidShare}"));
        var order = new int[subset.Length];
        new SampleOrder(subset.Length, seed).Fill(0, order);
        return ([.. order[valid..].Select(i => subset[i])], [.. order[..valid].Select(i => subset[i])]);
    }

    /// <summary>SHA-256 of the training and the test lines, 64 hexadecimal digits.</summary>
    public string Checksum()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var expression in Train.Concat(Test ?? []))
        {
            hash.AppendData(expression.Tokens);
            hash.AppendData([byte.MaxValue, expression.Label]);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
