using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Tests.Runs;

public sealed class SafeTensorsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void EveryTypeAndTheMetadataComeBack()
    {
        using var scope = NewDisposeScope();
        (string Name, Tensor Value)[] tensors =
        [
            ("single", tensor(new[,] { { 1.5f, float.NaN, float.NegativeInfinity }, { -0f, float.Epsilon, 3 } })),
            ("double", tensor(new[] { Math.PI, double.MaxValue })),
            ("long", tensor(new[] { long.MinValue, -1, long.MaxValue })),
            ("byte", tensor(new byte[] { 0, 255 })),
            ("scalar", tensor(2.5)),
            ("none", empty(0, 3)),
        ];
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["step"] = "12", ["words"] = "τ \"x\"\n\\", ["nothing"] = "" };
        SafeTensors.Write(folder.At("a"), tensors, metadata);
        var (read, texts) = SafeTensors.Read(folder.At("a"));
        Assert.Equal(tensors.Select(pair => pair.Name), read.Keys);
        foreach (var (name, value) in tensors)
        {
            Assert.Equal(value.dtype, read[name].dtype);
            Assert.Equal(value.shape, read[name].shape);
            Assert.Equal(value.bytes.ToArray(), read[name].bytes.ToArray());
            read[name].Dispose();
        }
        foreach (var (key, text) in metadata) Assert.Equal(text, texts[key]);
    }

    [Fact]
    public void AViewIsWrittenAsWhatItShows()
    {
        using var scope = NewDisposeScope();
        var whole = arange(12, dtype: float32).reshape(3, 4);
        SafeTensors.Write(folder.At("a"), [("column", whole[TensorIndex.Colon, 1]), ("turned", whole.t())], new Dictionary<string, string>());
        var read = SafeTensors.Read(folder.At("a")).Tensors;
        Assert.Equal([1, 5, 9], read["column"].data<float>().ToArray());
        Assert.Equal([0, 4, 8, 1], read["turned"].data<float>().ToArray()[..4]);
    }

    [Fact]
    public void AFileCutAtAnyLengthIsRefused()
    {
        var bytes = Sample();
        for (var length = 0; length < bytes.Length; length++) Refused(bytes[..length], $"{length} of {bytes.Length} bytes");
        Refused([.. bytes, 0], "a byte more");
    }

    [Fact]
    public void AFlippedBitAnywhereIsRefused()
    {
        var bytes = Sample();
        for (var i = 0; i < bytes.Length; i++)
        {
            foreach (var mask in new[] { 1 << i % 8, 255 })
            {
                bytes[i] ^= (byte)mask;
                Refused(bytes, $"byte {i} of {bytes.Length}, mask {mask}");
                bytes[i] ^= (byte)mask;
            }
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"a\":1}")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}")]
    [InlineData("{\"__metadata__\":3}")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,0]}}")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999],\"data_offsets\":[0,0]}}")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}}")]
    [InlineData("{\"a\":{\"dtype\":\"F99\",\"shape\":[0],\"data_offsets\":[0,0]}}")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0]}}")]
    public void AHeaderOfSomethingElseIsRefused(string header)
    {
        var text = Encoding.UTF8.GetBytes(header);
        Refused([.. BitConverter.GetBytes((long)text.Length), .. text], header);
    }

    [Theory]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}", "{}", 8)]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}", "{}", 8)]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}", "{}", 8)]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[0,9223372036854775807,4],\"data_offsets\":[0,0]}", "{}", 0)]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,4]}", "{}", 4)]
    [InlineData("{\"a\":{\"dtype\":null,\"shape\":[1],\"data_offsets\":[0,4]}", "{}", 4)]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}", "{\"step\":null}", 4)]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}", "{\"step\":3}", 4)]
    public void AForgedHeaderWithARightChecksumIsRefused(string tensors, string metadata, int length)
    {
        var (data, texts) = (new byte[length], JsonNode.Parse(metadata)!.AsObject());
        var header = new JsonObject { ["__metadata__"] = texts };
        foreach (var (name, entry) in JsonNode.Parse(tensors + "}")!.AsObject().ToList()) header[name] = entry?.DeepClone();
        var sum = SHA256.HashData([.. JsonSerializer.SerializeToUtf8Bytes(header), .. data]);
        texts["sha256"] = Convert.ToHexStringLower(sum);
        var text = JsonSerializer.SerializeToUtf8Bytes(header);
        Refused([.. BitConverter.GetBytes((long)text.Length), .. text, .. data], tensors);
    }

    [Fact]
    public void GarbageIsRefused()
    {
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            if (i % 2 == 0 && bytes.Length > 8) BitConverter.TryWriteBytes(bytes, (long)random.Next(bytes.Length));
            Refused(bytes, $"garbage {i}");
        }
    }

    [Fact]
    public void AMissingFileIsNamed()
    {
        var error = Assert.Throws<InputException>(() => SafeTensors.Read(folder.At("none")));
        Assert.Equal($"{folder.At("none")} does not exist; expected a safetensors file.", error.Message);
    }

    [Fact]
    public void WhatCannotBeWrittenLeavesTheOldFile()
    {
        var bytes = Sample();
        using var half = zeros(2, dtype: float16);
        Assert.ThrowsAny<Exception>(() => SafeTensors.Write(folder.At("a"), [("half", half)], new Dictionary<string, string>()));
        Assert.Equal(bytes, File.ReadAllBytes(folder.At("a")));
        Assert.Single(Directory.EnumerateFiles(folder.FullPath));
    }

    public void Dispose() => folder.Dispose();

    private byte[] Sample()
    {
        using var a = arange(5, dtype: float32);
        using var b = tensor(new byte[] { 7, 32, 9 });
        SafeTensors.Write(folder.At("a"), [("a", a), ("b", b)], new Dictionary<string, string> { ["step"] = "120" });
        return File.ReadAllBytes(folder.At("a"));
    }

    private void Refused(byte[] content, string what)
    {
        var path = folder.At("damaged");
        File.WriteAllBytes(path, content);
        var error = Record.Exception(() => SafeTensors.Read(path));
        if (error is not InputException) Assert.Fail($"{what}: {error?.ToString() ?? "was read"}");
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }
}
