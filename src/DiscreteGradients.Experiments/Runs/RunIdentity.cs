using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DiscreteGradients.Experiments.Runs;

/// <summary>What a checkpoint must share with its run: SHA-256 of the settings' JSON with its keys in order. The data are in it
/// by their checksum; where they lie is not what they are.</summary>
internal static class RunIdentity
{
    private const string DataKey = "data";

    /// <summary>The identity, 64 hexadecimal digits.</summary>
    /// <param name="settings">A record; a key that is null is as good as none.</param>
    public static string Of(object settings)
    {
        var given = JsonSerializer.SerializeToNode(settings, JsonText.Line)!.AsObject();
        var canonical = new JsonObject(given.Where(pair => pair.Key != DataKey)
            .OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(canonical, JsonText.Line)));
    }
}
