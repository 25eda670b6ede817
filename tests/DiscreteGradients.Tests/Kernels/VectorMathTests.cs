using System.Runtime.Intrinsics;
using DiscreteGradients.Kernels;

namespace DiscreteGradients.Tests.Kernels;

public sealed class VectorMathTests
{
    [Fact]
    public void Log2IsWithinItsBound()
    {
        for (var bits = 0x00800000; bits < 0x7f000000; bits += 1009)
        {
            var x = BitConverter.Int32BitsToSingle(bits);
            var exact = Math.Log2(x);
            var error = Math.Abs(VectorMath.Log2(Vector512.Create(x))[0] - exact);
            Assert.True(error <= Math.Max(1.3e-6 * Math.Abs(exact), 1.2e-38), $"log2({x:R}): {error}");
        }
    }

    [Fact]
    public void Exp2IsWithinItsBoundAndReachesZero()
    {
        for (var x = -126.0; x < 127; x += 0.000977)
        {
            var value = VectorMath.Exp2(Vector512.Create((float)x))[0];
            Assert.True(Math.Abs((value / Math.Pow(2, (float)x)) - 1) <= 2.2e-7, $"exp2({x:R}) = {value:R}");
        }

        foreach (var x in (float[])[-127, -128, -1e9f, -3e38f, float.NegativeInfinity])
        {
            Assert.Equal(0, BitConverter.SingleToInt32Bits(VectorMath.Exp2(Vector512.Create(x))[0]));
        }

        for (var x = -127f; x < -126; x += 0.001f)
        {
            Assert.InRange(VectorMath.Exp2(Vector512.Create(x))[0], 0, 1.2e-38f);
        }
    }

    [Fact]
    public void PowerIsWithinItsBound()
    {
        for (var n = 1; n <= 100; n++)
        {
            for (var x = 0.3f; x <= 1; x += 0.0137f)
            {
                var value = VectorMath.Power(Vector512.Create(x), n)[0];
                var exact = Math.Pow(x, n);
                Assert.True(exact < 1e-37 ? value < 2e-37 : Math.Abs((value / exact) - 1) <= n * 6e-8, $"{x:R}^{n} = {value:R}");
            }
        }
    }

    [Fact]
    public void ExpIsWithinItsBoundAndReachesZero()
    {
        for (var x = -86.99; x < 87; x += 0.000511)
        {
            var value = VectorMath.Exp(Vector512.Create((float)x))[0];
            Assert.True(Math.Abs((value / Math.Exp((float)x)) - 1) <= 2.2e-7, $"exp({x:R}) = {value:R}");
        }

        foreach (var x in (float[])[-87, -88, -100, -1e9f, float.NegativeInfinity])
        {
            Assert.Equal(0, BitConverter.SingleToInt32Bits(VectorMath.Exp(Vector512.Create(x))[0]));
        }
    }

    [Fact]
    public void SpanExpFillsEveryLength()
    {
        for (var length = 0; length < 50; length++)
        {
            var values = Enumerable.Range(0, length).Select(i => -0.37f * i).ToArray();
            var expected = values.Select(x => VectorMath.Exp(Vector512.Create(x))[0]).ToArray();
            VectorMath.Exp(values, values);
            Assert.Equal(expected, values);
        }
    }

    [Fact]
    public void ExponentialIsAccurateInBothTails()
    {
        uint[] words = [0, 256, 512, 1u << 31, 0x50000000, uint.MaxValue, uint.MaxValue - 512, uint.MaxValue - 4096, 0xb504f300];
        foreach (var word in words.Concat(Enumerable.Range(0, 100_000).Select(i => (uint)(i * 42943L))))
        {
            var exact = -Math.Log2(((word >> 8) | 1) / 16777216.0);
            var value = -VectorMath.NegativeExponential2(Vector512.Create(word))[0];
            Assert.True(Math.Abs((value / exact) - 1) <= 1.3e-6, $"{word}: {value:R}, expected {exact:R}");
            var x = Vector512.Create((float)exact);
            Assert.Equal(VectorMath.Log2(x), VectorMath.Log2OfNegated(-x));
        }
    }

    [Fact]
    public void SumAddsEveryLane() => Assert.Equal(120, VectorMath.Sum(Vector512.ConvertToSingle(Vector512<int>.Indices)));
}
