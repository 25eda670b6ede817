using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Runs;

/// <summary>
/// Named tensors and text metadata in the safetensors format: 8 bytes of header length, a JSON header, raw little-endian
/// data. The SHA-256 of the rest of the file stands in the metadata, so that damage is found.
/// </summary>
internal static class SafeTensors
{
    private const string ChecksumKey = "sha256";
    private const string MetadataKey = "__metadata__";
    private const int MaxHeader = 1_000_000, MostAxes = 16;

    private static readonly (ScalarType Type, string Name, int Size)[] Types =
        [(ScalarType.Float32, "F32", 4), (ScalarType.Float64, "F64", 8), (ScalarType.Int64, "I64", 8),
            (ScalarType.Byte, "U8", 1)];

    /// <summary>Writes CPU tensors of dtype float32, float64, int64 or uint8, atomically.</summary>
    public static void Write(string path, IEnumerable<(string Name, Tensor Value)> tensors,
        IReadOnlyDictionary<string, string> metadata)
    {
        using var scope = NewDisposeScope();
        var items = tensors.Select(pair => (pair.Name, Value: pair.Value.contiguous())).ToList();
        var texts = new JsonObject(metadata.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
        var header = new JsonObject { [MetadataKey] = texts };
        long offset = 0;
        foreach (var (name, value) in items)
        {
            var length = value.bytes.Length;
            header[name] = new JsonObject
            {
                ["dtype"] = Types.Single(type => type.Type == value.dtype).Name,
                ["shape"] = new JsonArray([.. value.shape.Select(axis => (JsonNode)axis)]),
                ["data_offsets"] = new JsonArray(offset, offset + length),
            };
            offset += length;
        }
        using var hash = HashOf(header);
        foreach (var (_, value) in items) hash.AppendData(value.bytes);
        texts[ChecksumKey] = Convert.ToHexStringLower(hash.GetHashAndReset());
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
        var file = InputFile.ReadBytes(path);
        try
        {
            return Parse(file);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException or KeyNotFoundException
            or NullReferenceException or FormatException or OverflowException or ExternalException)
        {
            throw new InputException($"{path} is not a readable safetensors file: it is truncated, damaged or of another format.",
                e);
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
        var entries = header.Where(pair => pair.Key != MetadataKey).Select(pair => (Name: pair.Key, Entry: Read(pair.Value!)))
            .OrderBy(pair => pair.Entry.Start).ThenBy(pair => pair.Entry.End).ToList();
        // One after the other, without holes: what overlaps would take more memory than the file.
        var end = 0L;
        foreach (var (_, entry) in entries)
            end = entry.Start == end && entry.End >= end ? entry.End : throw new FormatException();
        if (end != data.Length) throw new InvalidDataException(
            Invariant($"holds {data.Length} bytes of data; expected {end}. It is truncated or damaged."));
        var texts = header[MetadataKey]!.AsObject();
        var checksum = (string?)texts[ChecksumKey];
        texts.Remove(ChecksumKey);
        using var hash = HashOf(header);
        hash.AppendData(data);
        if (checksum != Convert.ToHexStringLower(hash.GetHashAndReset()))
            throw new InvalidDataException("the content does not match its SHA-256. The file is damaged.");
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var metadata = texts.ToDictionary(
            pair => pair.Key, pair => (string?)pair.Value ?? throw new FormatException(), StringComparer.Ordinal);
        using var scope = NewDisposeScope();
        foreach (var (name, entry) in entries)
        {
            tensors[name] = empty(entry.Shape, dtype: entry.Type);
            data[entry.Start..entry.End].CopyTo(tensors[name].bytes);
        }
        return (header.Where(pair => pair.Key != MetadataKey)
            .ToDictionary(pair => pair.Key, pair => tensors[pair.Key].DetachFromDisposeScope(), StringComparer.Ordinal),
            metadata);
    }

    private static Entry Read(JsonNode entry)
    {
        var (type, _, size) = Types.Single(candidate => candidate.Name == (string?)entry["dtype"]);
        var shape = entry["shape"]!.AsArray().Select(item => (long)item!).ToArray();
        var (start, end) = checked(((int)(long)entry["data_offsets"]![0]!, (int)(long)entry["data_offsets"]![1]!));
        var good = shape.Length <= MostAxes && shape.All(length => length >= 0)
            && shape.Aggregate((long)size, (product, length) => checked(product * length)) == end - start;
        return good ? new(type, shape, start, end) : throw new FormatException();
    }

    private sealed record Entry(ScalarType Type, long[] Shape, int Start, int End);

    /// <summary>Fed with the header as it is without the checksum.</summary>
    private static IncrementalHash HashOf(JsonObject header)
    {
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(header));
        return hash;
    }
}
