using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DiscreteGradients.Kernels;

namespace DiscreteGradients.Tests.Kernels;

/// <summary>Checksums of the kernels' bits. <see cref="MachineTests"/> runs this class under other instruction sets.</summary>
public sealed unsafe class GoldenTests
{
    /// <summary>Set by <see cref="MachineTests"/>: the widest vector that the process should have in hardware.</summary>
    public const string WidestVector = "DISCRETE_GRADIENTS_WIDEST_VECTOR";

    [Fact]
    public void TheProcessHasTheInstructionsAskedFor()
    {
        var expected = Environment.GetEnvironmentVariable(WidestVector);
        var actual = Vector512.IsHardwareAccelerated ? "512" : Vector256.IsHardwareAccelerated ? "256" : Vector128.IsHardwareAccelerated ? "128" : "0";
        Assert.True(expected is null || expected == actual, $"{actual} bits, expected {expected}");
    }

    [Theory]
    [InlineData(40, 2, 0, 0.3f, 0x77B59BA6F38BBF05UL)]
    [InlineData(5, 2, 0, 0.3f, 0x9C0B8F24A8BED9F1UL)]
    [InlineData(37, 8, 0, 0.3f, 0x5437F2F2A80DAD5EUL)]
    [InlineData(3, 8, 0, 0.3f, 0x85E37F4AFBD311D3UL)]
    [InlineData(20, 49, 0, 0.3f, 0x343C9CCAC7CC8717UL)]
    [InlineData(37, 8, 0, 0.2f, 0x9D4FF776D9FCD071UL)]
    [InlineData(3, 8, 0, 0.2f, 0x411FE4D8DFCC932FUL)]
    public void JacobianProduct(int rows, int categories, int kind, float temperature, ulong golden)
    {
        AssertBits(golden, MemoryMarshal.AsBytes<float>(Case(rows, categories, temperature, (NoiseKind)kind).Run(threads: 2)));
    }

    [Theory]
    [InlineData(40, 2, 0.3f, 0xDA085B41F7E23B51UL)]
    [InlineData(37, 8, 0.5f, 0x6B77A8AD787B3F4CUL)]
    [InlineData(20, 49, 0.7f, 0x4B60BE248DF8B325UL)]
    [InlineData(3, 300, 2f, 0x216EC36EEC3FD581UL)]
    public void ExpectedJacobianProduct(int rows, int categories, float temperature, ulong golden) =>
        AssertBits(golden, MemoryMarshal.AsBytes<float>(Case(rows, categories, temperature, default).RunExpectation(threads: 2)));

    [Theory]
    [InlineData(37, 8, 0xB0CEEE86198E64C0UL)]
    [InlineData(20, 3, 0x395BC5C269DC7D67UL)]
    public void Softmax(int rows, int categories, ulong golden)
    {
        var test = Case(rows, categories, 0.3f, default);
        var (log, soft, both) = (new float[rows * categories], new float[rows * categories], new float[rows * categories]);
        fixed (float* x = test.LogProbs, g = test.Gradient, first = log, second = soft, third = both)
        {
            SoftmaxKernel.LogSoftmax(x, first, rows, categories);
            SoftmaxKernel.Softmax(x, second, rows, categories, 3);
            SoftmaxKernel.LogSoftmaxBackward(x, g, third, rows, categories);
            SoftmaxKernel.SoftmaxBackward(second, third, third, rows, categories, 3);
        }

        AssertBits(golden, [.. MemoryMarshal.AsBytes<float>(log), .. MemoryMarshal.AsBytes<float>(soft), .. MemoryMarshal.AsBytes<float>(both)]);
    }

    [Fact]
    public void Noise()
    {
        var values = new float[100];
        fixed (float* target = values)
        {
            GumbelKernel.Perturb(target, target, values.Length, 9, 1);
        }

        AssertBits(0x79690FFE58C5D76E, MemoryMarshal.AsBytes<float>(values));
    }

    [Fact]
    public void Categories()
    {
        float[] logProbs = [.. Enumerable.Range(0, 300).Select(i => -(i * 37 % 101) / 16f)];
        var (value, indices) = (new float[300], new byte[1000]);
        fixed (float* source = logProbs, target = value)
        {
            CategoricalKernel.Draw(source, target, 100, 3, 9, 1);
        }

        fixed (byte* target = indices)
        {
            new CategoricalTable(logProbs, 3).Draw(target, 10, 9, 1);
        }

        AssertBits(0x86B61C2CB834E155, [.. MemoryMarshal.AsBytes<float>(value), .. indices]);
    }

    // Inputs without a library's logarithm, so that they too are the same everywhere.
    private static KernelCase Case(int rows, int categories, float temperature, NoiseKind kind)
    {
        var test = new KernelCase(rows, categories, spread: 4, seed: 1) { Samples = 37, Temperature = temperature, Kind = kind };
        for (var i = 0; i < test.LogProbs.Length; i++)
        {
            test.LogProbs[i] = -(i * 37 % 101) / 16f;
        }

        return test;
    }

    // FNV-1a
    private static void AssertBits(ulong golden, ReadOnlySpan<byte> bytes)
    {
        var hash = 14695981039346656037;
        foreach (var b in bytes)
        {
            hash = (hash ^ b) * 1099511628211;
        }

        Assert.Equal($"0x{golden:X16}", $"0x{hash:X16}");
    }
}
