using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace DiscreteGradients.Torch;

/// <summary>Takes the seeds of kernels from torch's generators.</summary>
internal static class Seed
{
    /// <summary>Takes 63 random bits from <paramref name="generator"/> (null: torch's default generator).</summary>
    public static ulong Next(Generator? generator)
    {
        using var _ = no_grad();
        using var bits = randint(0, long.MaxValue, [1], dtype: ScalarType.Int64, device: CPU, generator: generator);
        return (ulong)MemoryMarshal.Read<long>(bits.bytes);
    }
}
