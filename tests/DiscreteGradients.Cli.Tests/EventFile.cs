using System.Buffers.Binary;
using Tensorboard;

namespace DiscreteGradients.Cli.Tests;

/// <summary>Reads a TensorBoard event file by its specification: records of length, its checksum, content, its checksum.</summary>
internal static class EventFile
{
    public static IReadOnlyList<Event> Read(string path)
    {
        var file = File.ReadAllBytes(path).AsSpan();
        List<Event> events = [];
        while (file.Length > 0)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
            Assert.Equal(Masked(file[..8]), BinaryPrimitives.ReadUInt32LittleEndian(file[8..]));
            var content = file.Slice(12, length);
            Assert.Equal(Masked(content), BinaryPrimitives.ReadUInt32LittleEndian(file[(12 + length)..]));
            events.Add(Event.Parser.ParseFrom(content.ToArray()));
            file = file[(16 + length)..];
        }
        return events;
    }

    /// <summary>CRC-32C, bit by bit, rotated and shifted as TFRecord wants it.</summary>
    private static uint Masked(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78u : crc >> 1;
        }
        crc = ~crc;
        return ((crc >> 15) | (crc << 17)) + 0xA282EAD8u;
    }
}
