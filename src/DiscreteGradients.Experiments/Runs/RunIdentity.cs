using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DiscreteGradients.Experiments.Runs;

/// <summary>What a checkpoint must share with its run: SHA-256 of the settings' JSON with its keys in order, the data by
/// their checksum in place of their name or path.</summary>
internal static class RunIdentity
{
    private const string DataKey = "data";

    /// <summary>The identity, 64 hexadecimal digits.</summary>
    /// <param name="settings">A record; a key that is null is as good as none.</param>
    /// <param name="dataChecksum">Of the data; null where the run has none.</param>
    public static string Of(object settings, string? dataChecksum)
    {
        var given = JsonSerializer.SerializeToNode(settings, JsonText.Line)!.AsObject();
        // Where the data lie, in whatever keys, is not what they are.
        var canonical = new JsonObject(given.Where(pair => pair.Key != DataKey && !pair.Key.StartsWith(DataKey + "-", StringComparison.Ordinal))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
        if (dataChecksum is not null) canonical[DataKey] = dataChecksum;
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(canonical, JsonText.Line)));
    }
}
