using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace DiscreteGradients.Torch;

internal static class Seed
{
    /// <summary>63 random bits from <paramref name="generator"/> (null: torch's default generator).</summary>
    public static ulong Next(Generator? generator)
    {
        using var _ = no_grad();
        using var bits = randint(0, long.MaxValue, [1], dtype: ScalarType.Int64, generator: generator);
        return (ulong)MemoryMarshal.Read<long>(bits.bytes);
    }
}
