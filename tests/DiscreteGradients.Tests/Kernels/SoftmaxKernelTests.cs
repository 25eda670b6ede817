using DiscreteGradients.Kernels;

namespace DiscreteGradients.Tests.Kernels;

/// <summary>Softmax, log-softmax and their backward passes against float64.</summary>
public sealed unsafe class SoftmaxKernelTests
{
    private const float Temperature = 0.3f;

    public static TheoryData<int, int> Shapes => [.. from n in (int[])[1, 2, 3, 4, 7, 8, 10, 16, 31, 32] from rows in (int[])[0, 1, 8, 15, 16, 41] select (rows, n)];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void EveryFunctionIsThatOfFloat64(int rows, int categories)
    {
        var random = new Random(rows + (100 * categories));
        var (x, g) = (Numbers(random, rows * categories, 20), Numbers(random, rows * categories, 1));
        AssertRows(x, categories, Run((target, p) => SoftmaxKernel.LogSoftmax(p, target, rows, categories), x), LogSoftmax, 1e-6, 3e-7);
        AssertRows(x, categories, Run((target, p) => SoftmaxKernel.Softmax(p, target, rows, categories, 1 / Temperature), x), row => Softmax(row, Temperature), 1e-9, 1e-5);
        var soft = Array.ConvertAll(x, v => v / 20);
        AssertPairs(x, g, categories, Run((target, p, q) => SoftmaxKernel.LogSoftmaxBackward(p, q, target, rows, categories), x, g), LogSoftmaxBackward);
        AssertPairs(soft, g, categories, Run((target, p, q) => SoftmaxKernel.SoftmaxBackward(p, q, target, rows, categories, 1 / Temperature), soft, g), SoftmaxBackward);
    }

    [Fact]
    public void TheTargetMayBeTheSource()
    {
        var x = Numbers(new Random(1), 37 * 9, 5);
        var apart = Run((target, p) => SoftmaxKernel.LogSoftmax(p, target, 37, 9), x);
        fixed (float* p = x) SoftmaxKernel.LogSoftmax(p, p, 37, 9);
        Assert.Equal(apart, x);
    }

    [Fact]
    public void MinusInfinityHasProbabilityZeroAndARowOfNaNStaysOne()
    {
        const float none = float.NegativeInfinity;
        float[] x = [0, none, 0, float.NaN, float.NaN, float.NaN, 4e8f, -4e8f, none];
        float[] logs = [-0.6931472f, none, -0.6931472f, float.NaN, float.NaN, float.NaN, 0, -8e8f, none], probs = [0.5f, 0, 0.5f, float.NaN, float.NaN, float.NaN, 1, 0, 0];
        Assert.Equal(logs, Run((target, p) => SoftmaxKernel.LogSoftmax(p, target, 3, 3), x));
        Assert.Equal(probs, Run((target, p) => SoftmaxKernel.Softmax(p, target, 3, 3, 7), x));
        float[] gradient = [1, 2, 3, 1, 2, 3, 1, 2, 3], backward = [-2, 2, 0, float.NaN, float.NaN, float.NaN, -5, 2, 3];
        Assert.Equal(backward, Run((target, p, q) => SoftmaxKernel.LogSoftmaxBackward(p, q, target, 3, 3), x, gradient));
    }

    private static float[] Numbers(Random random, int count, double spread) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)(spread * ((2 * random.NextDouble()) - 1)))];

    private delegate void OneSource(float* target, float* source);

    private delegate void TwoSources(float* target, float* first, float* second);

    private static float[] Run(OneSource kernel, float[] source)
    {
        var result = new float[source.Length];
        fixed (float* target = result, p = source) kernel(target, p);
        return result;
    }

    private static float[] Run(TwoSources kernel, float[] first, float[] second)
    {
        var result = new float[first.Length];
        fixed (float* target = result, p = first, q = second) kernel(target, p, q);
        return result;
    }

    private static double[] Softmax(double[] x, double temperature)
    {
        var weights = Array.ConvertAll(x, v => Math.Exp((v - x.Max()) / temperature));
        return Array.ConvertAll(weights, w => w / weights.Sum());
    }

    private static double[] LogSoftmax(double[] x)
    {
        var sum = Math.Log(x.Sum(v => Math.Exp(v - x.Max())));
        return Array.ConvertAll(x, v => v - x.Max() - sum);
    }

    private static double[] LogSoftmaxBackward(double[] x, double[] g)
    {
        var soft = Softmax(x, 1);
        return [.. g.Select((v, j) => v - (soft[j] * g.Sum()))];
    }

    private static double[] SoftmaxBackward(double[] s, double[] g) =>
        [.. s.Select((v, j) => v * (g[j] - s.Zip(g, (a, b) => a * b).Sum()) / Temperature)];

    private static void AssertRows(float[] x, int categories, float[] actual, Func<double[], double[]> function, double absolute, double relative)
    {
        var expected = x.Chunk(categories).SelectMany(row => function(Array.ConvertAll(row, v => (double)v))).ToArray();
        for (var i = 0; i < x.Length; i++) Assert.Equal(expected[i], actual[i], absolute + (relative * Math.Abs(expected[i])));
    }

    private static void AssertPairs(float[] x, float[] g, int categories, float[] actual, Func<double[], double[], double[]> function)
    {
        var expected = x.Chunk(categories).Zip(g.Chunk(categories), (a, b) => function(Array.ConvertAll(a, v => (double)v), Array.ConvertAll(b, v => (double)v))).SelectMany(row => row).ToArray();
        for (var i = 0; i < x.Length; i++) Assert.Equal(expected[i], actual[i], 1e-6 * categories);
    }
}
