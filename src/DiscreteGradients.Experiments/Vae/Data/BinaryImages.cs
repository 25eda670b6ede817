using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using DiscreteGradients.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>Black-and-white images of 28 by 28, one bit a pixel: 98 bytes an image, row after row, the most significant bit
/// of a byte first. Immutable, so threads may share one.</summary>
internal sealed class BinaryImages
{
    /// <summary>The number of pixels of an image, 784.</summary>
    public const int Pixels = 784;

    /// <summary>The number of bytes of an image, 98.</summary>
    public const int BytesPerImage = Pixels / 8;

    private static readonly float[] Expanded = ExpandBytes();
    private readonly byte[] packed;
    private readonly Lazy<string> sha256;
    private readonly Lazy<float[]> pixelMeans;

    /// <summary>Copies the images' bits.</summary>
    /// <exception cref="ArgumentException">The length is not a multiple of 98.</exception>
    public BinaryImages(ReadOnlySpan<byte> packed)
    {
        if (packed.Length % BytesPerImage != 0)
            throw new ArgumentException($"packed has {packed.Length} bytes; expected a multiple of {BytesPerImage}",
                nameof(packed));
        this.packed = packed.ToArray();
        sha256 = new Lazy<string>(() => Convert.ToHexStringLower(SHA256.HashData(this.packed)));
        pixelMeans = new Lazy<float[]>(Means);
    }

    public int Count => packed.Length / BytesPerImage;

    /// <summary>All images, 98 bytes each.</summary>
    public ReadOnlySpan<byte> Packed => packed;

    public string Sha256 => sha256.Value;

    /// <summary>A copy of <paramref name="count"/> images from <paramref name="start"/> on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the images.</exception>
    public BinaryImages Slice(int start, int count)
    {
        if ((uint)start > (uint)Count || (uint)count > (uint)(Count - start))
            throw new ArgumentOutOfRangeException(nameof(start),
                Invariant($"images {start} to {(long)start + count} were asked for; there are {Count}"));
        return new BinaryImages(packed.AsSpan(start * BytesPerImage, count * BytesPerImage));
    }

    /// <summary>The chosen images as a new CPU tensor, float32 [B, 784].</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is not in [0, <see cref="Count"/>).</exception>
    public Tensor Batch(ReadOnlySpan<int> indices)
    {
        for (var i = 0; i < indices.Length; i++)
        {
            if ((uint)indices[i] >= (uint)Count)
                throw new ArgumentOutOfRangeException(nameof(indices),
                    Invariant($"indices[{i}] is {indices[i]}; expected at least 0 and less than {Count}"));
        }
        var batch = empty(indices.Length, Pixels, dtype: ScalarType.Float32, device: CPU);
        var destination = indices.Length == 0 ? [] : MemoryMarshal.Cast<byte, float>(batch.bytes);
        for (var i = 0; i < indices.Length; i++)
            Expand(packed.AsSpan(indices[i] * BytesPerImage, BytesPerImage), destination.Slice(i * Pixels, Pixels));
        return batch;
    }

    /// <summary>Gives for each of the 784 pixels the fraction of images where it is on.</summary>
    /// <exception cref="InvalidOperationException">There is no image.</exception>
    public float[] PixelMeans() => [.. pixelMeans.Value];

    private float[] Means()
    {
        if (Count == 0)
            throw new InvalidOperationException("no images, so no pixel means");
        var sums = new int[Pixels];
        for (var i = 0; i < packed.Length; i++)
        {
            var pixel = i % BytesPerImage * 8;
            for (int bits = packed[i]; bits != 0; bits &= bits - 1)
                sums[pixel + 7 - BitOperations.TrailingZeroCount(bits)]++;
        }
        return Array.ConvertAll(sums, sum => (float)((double)sum / Count));
    }

    // 256 x 8 floats, 8 KB: one row stays in one vector register.
    private static void Expand(ReadOnlySpan<byte> image, Span<float> destination)
    {
        ref var table = ref MemoryMarshal.GetArrayDataReference(Expanded);
        ref var target = ref MemoryMarshal.GetReference(destination);
        for (var i = 0; i < image.Length; i++)
            Vector256.LoadUnsafe(ref table, (nuint)image[i] * 8).StoreUnsafe(ref target, (nuint)i * 8);
    }

    private static float[] ExpandBytes()
    {
        var table = new float[256 * 8];
        for (var i = 0; i < table.Length; i++)
            table[i] = (i / 8) >> (7 - i % 8) & 1;
        return table;
    }
}

/// <summary>Draws each pixel once: on with probability value/255. The draws are SplitMix64 (Steele, Lea and Flood, 2014; as
/// in Vigna's splitmix64.c) from the seed, one for every pixel in the order of the files, training images before test
/// images; a draw u of 64 bits turns the pixel on if floor(255·u / 2^64) is below its value. So 0 is never on, 255 always,
/// and the bits depend on no library's generator.</summary>
internal sealed class Binarizer(ulong seed)
{
    public const ulong DefaultSeed = 1;

    private ulong state = seed;

    /// <summary>Packs the pixels (784 bytes an image) and advances the generator by one draw each.</summary>
    public BinaryImages Binarize(ReadOnlySpan<byte> pixels)
    {
        var packed = new byte[pixels.Length / 8];
        for (var i = 0; i < packed.Length; i++)
        {
            var bits = 0;
            foreach (var pixel in pixels.Slice(i * 8, 8))
                bits = bits << 1 | (Math.BigMul(Next(), 255, out _) < pixel ? 1 : 0);
            packed[i] = (byte)bits;
        }
        return new BinaryImages(packed);
    }

    internal ulong Next() => SplitMix64.Mix(state += SplitMix64.Increment);
}
