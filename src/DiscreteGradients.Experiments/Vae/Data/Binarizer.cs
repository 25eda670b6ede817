namespace DiscreteGradients.Experiments.Vae;

/// <summary>Draws each pixel once: on with probability value/255. The draws are SplitMix64 (Steele, Lea and Flood, 2014; as
/// in Vigna's splitmix64.c) from the seed, one for every pixel in the order of the files, training images before test
/// images; a draw u of 64 bits turns the pixel on if floor(255·u / 2^64) is below its value. So 0 is never on, 255 always,
/// and the bits depend on no library's generator.</summary>
internal sealed class Binarizer(ulong seed)
{
    /// <summary>Of all data that this library binarises.</summary>
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

    internal ulong Next()
    {
        unchecked
        {
            var z = state += 0x9E3779B97F4A7C15;
            z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
            z = (z ^ z >> 27) * 0x94D049BB133111EB;
            return z ^ z >> 31;
        }
    }
}
