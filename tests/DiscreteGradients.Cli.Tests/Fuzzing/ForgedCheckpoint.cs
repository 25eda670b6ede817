using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DiscreteGradients.Cli.Tests.Fuzzing;

/// <summary>A checkpoint with something wrong in its header or its tensors, under a checksum that is right.</summary>
internal static class ForgedCheckpoint
{
    private const string MetadataKey = "__metadata__", ChecksumKey = "sha256";
    private static readonly string[] Texts = ["", "0", "-1", "2147483647", "2147483648", "-2147483648", "9223372036854775807", "1e999", "NaN", "Infinity", "-Infinity", "0.5", "x", " 1", "1,5"];
    private static readonly float[] Floats = [float.NaN, float.PositiveInfinity, float.MaxValue, float.Epsilon, -1, 0];

    public static void Write(Random random, string path)
    {
        var file = File.ReadAllBytes(path);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        var header = JsonNode.Parse(file.AsSpan(8, length))!.AsObject();
        var data = file[(8 + length)..];
        for (var changes = random.Next(1, 3); changes > 0; changes--) Change(random, header, ref data);
        (header[MetadataKey] as JsonObject)?.Remove(ChecksumKey);
        var sum = Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes(header.ToJsonString()), .. data]));
        if (header[MetadataKey] is JsonObject metadata) metadata[ChecksumKey] = sum;
        var text = Encoding.UTF8.GetBytes(header.ToJsonString());
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((long)text.Length), .. text, .. data]);
    }

    private static void Change(Random random, JsonObject header, ref byte[] data)
    {
        var names = header.Select(pair => pair.Key).Where(name => name != MetadataKey).ToList();
        if (names.Count == 0) return;
        var name = random.Next(4) == 0 && names.Contains("generator") ? "generator" : OddInput.Of(random, names);
        switch (random.Next(8))
        {
            case <= 2 when header[MetadataKey] is JsonObject { Count: > 0 } texts:
                texts[OddInput.Of(random, texts.Select(pair => pair.Key).ToList())] = random.Next(4) == 0 ? OddInput.Value(random) : OddInput.Of(random, Texts);
                break;
            case 3 when header[name] is JsonObject entry:
                entry[OddInput.Of(random, new[] { "dtype", "shape", "data_offsets" })] = random.Next(2) == 0 ? OddInput.Value(random) : header[OddInput.Of(random, names)]?["shape"]?.DeepClone();
                break;
            case 4:
                header[OddInput.Word(random)] = header[name]?.DeepClone();
                header.Remove(name);
                break;
            case 5:
                header[OddInput.Of(random, new[] { MetadataKey, name })] = OddInput.Value(random);
                break;
            case 6 when header[name] is JsonObject other && data.Length > 0:
                // The same bytes as another type.
                var (from, to) = Range(other, data.Length);
                var (type, size) = OddInput.Of(random, new[] { ("U8", 1), ("F64", 8), ("I64", 8), ("F32", 4) });
                (other["dtype"], other["shape"]) = (type, new JsonArray((to - from) / size));
                break;
            default:
                var (start, end) = Range(header[name], data.Length);
                for (var i = start; i < end; i += random.Next(1, 400) * 4)
                {
                    if (i + 4 <= end && random.Next(2) == 0) BitConverter.TryWriteBytes(data.AsSpan(i), OddInput.Of(random, Floats));
                    else data[i] = (byte)random.Next(256);
                }
                break;
        }
    }

    private static (int Start, int End) Range(JsonNode? entry, int length)
    {
        if (entry is not JsonObject || entry["data_offsets"] is not JsonArray { Count: 2 } range || range.Any(item => item?.GetValueKind() != JsonValueKind.Number)) return (0, length);
        var (start, end) = ((double)range[0]!, (double)range[1]!);
        return start >= 0 && end <= length && start < end ? ((int)start, (int)end) : (0, length);
    }
}
