using System.Buffers.Binary;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Runs;

/// <summary>The state of a CPU generator, as a file holds it: libtorch ends the process where it cannot use one, or reads
/// past its end.</summary>
/// <remarks>at::CPUGeneratorImplState: 8 bytes of seed, int left, int seeded, 8 bytes of next, then the 624 words.</remarks>
internal static class GeneratorState
{
    private const int Words = 624, LeftAt = 8, SeededAt = 12, NextAt = 16;

    /// <summary>Sets a generator to it.</summary>
    /// <exception cref="FormatException">It is no state of one.</exception>
    public static void Set(Generator generator, Tensor state)
    {
        using var present = generator.get_state();
        if (state.dtype != present.dtype || !state.shape.AsSpan().SequenceEqual(present.shape) || !IsSound(state.bytes))
            throw new FormatException("'generator' is no state of a generator.");
        generator.set_state(state);
    }

    // The words from next on, left − 1 of them, are drawn before new ones are made.
    private static bool IsSound(ReadOnlySpan<byte> state)
    {
        var left = BinaryPrimitives.ReadInt32LittleEndian(state[LeftAt..]);
        var next = BinaryPrimitives.ReadUInt64LittleEndian(state[NextAt..]);
        return BinaryPrimitives.ReadInt32LittleEndian(state[SeededAt..]) == 1 && left is >= 1 and <= Words && next <= (ulong)(Words + 1 - left);
    }
}
