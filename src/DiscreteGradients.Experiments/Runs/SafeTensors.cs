using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Runs;

/// <summary>
/// Named tensors and text metadata in the safetensors format: 8 bytes of header length, a JSON header, raw little-endian
/// data. The SHA-256 of the data stands in the metadata, so that damage is found.
/// </summary>
public static class SafeTensors
{
    private const string ChecksumKey = "sha256";
    private const int MaxHeader = 100_000_000;

    private static readonly (ScalarType Type, string Name)[] Types =
        [(ScalarType.Float32, "F32"), (ScalarType.Float64, "F64"), (ScalarType.Int64, "I64"), (ScalarType.Byte, "U8")];

    /// <summary>Writes CPU tensors of dtype float32, float64, int64 or uint8, atomically.</summary>
    public static void Write(string path, IEnumerable<(string Name, Tensor Value)> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var items = tensors.ToList();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var header = new JsonObject();
        long offset = 0;
        foreach (var (name, value) in items)
        {
            var bytes = value.bytes;
            hash.AppendData(bytes);
            header[name] = new JsonObject
            {
                ["dtype"] = Types.Single(type => type.Type == value.dtype).Name,
                ["shape"] = new JsonArray([.. value.shape.Select(length => (JsonNode)length)]),
                ["data_offsets"] = new JsonArray(offset, offset + bytes.Length),
            };
            offset += bytes.Length;
        }
        var texts = new JsonObject(metadata.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)))
        {
            [ChecksumKey] = Convert.ToHexStringLower(hash.GetHashAndReset()),
        };
        header.Insert(0, "__metadata__", texts);
        var text = JsonSerializer.SerializeToUtf8Bytes(header);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
            stream.Write(length);
            stream.Write(text);
            foreach (var (_, value) in items) stream.Write(value.bytes);
        });
    }

    /// <summary>Reads what <see cref="Write"/> wrote; the tensors belong to the caller.</summary>
    /// <exception cref="InputException">The file is missing, truncated, damaged or of another format.</exception>
    public static (IReadOnlyDictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, string> Metadata) Read(string path)
    {
        if (!File.Exists(path)) throw new InputException($"{path} does not exist; expected a safetensors file.");
        var file = File.ReadAllBytes(path);
        try
        {
            return Parse(file);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException or KeyNotFoundException
            or NullReferenceException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            throw new InputException($"{path} is not a readable safetensors file: it is truncated, damaged or of another format.", e);
        }
        catch (InvalidDataException e)
        {
            throw new InputException($"{path}: {e.Message}", e);
        }
    }

    private static (IReadOnlyDictionary<string, Tensor>, IReadOnlyDictionary<string, string>) Parse(byte[] file)
    {
        var length = BinaryPrimitives.ReadInt64LittleEndian(file);
        if (length is < 2 or > MaxHeader || length > file.Length - 8) throw new FormatException();
        var header = JsonNode.Parse(file.AsSpan(8, (int)length))!.AsObject();
        var data = file.AsSpan(8 + (int)length);
        var metadata = header["__metadata__"]?.AsObject().ToDictionary(pair => pair.Key, pair => (string)pair.Value!, StringComparer.Ordinal) ?? [];
        var entries = header.Where(pair => pair.Key != "__metadata__").ToList();
        var end = entries.Count == 0 ? 0 : entries.Max(pair => (long)pair.Value!["data_offsets"]![1]!);
        if (end != data.Length) throw new InvalidDataException($"holds {data.Length} bytes of data; expected {end}. It is truncated or damaged.");
        if (metadata.TryGetValue(ChecksumKey, out var checksum) && checksum != Convert.ToHexStringLower(SHA256.HashData(data)))
            throw new InvalidDataException("the data do not match their SHA-256. The file is damaged.");
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, entry) in entries)
        {
            var type = Types.Single(candidate => candidate.Name == (string)entry!["dtype"]!).Type;
            var value = empty(entry!["shape"]!.AsArray().Select(item => (long)item!).ToArray(), dtype: type);
            var offsets = entry["data_offsets"]!;
            data[(int)(long)offsets[0]!..(int)(long)offsets[1]!].CopyTo(value.bytes);
            tensors[name] = value.DetachFromDisposeScope();
        }
        return (tensors, metadata);
    }
}
