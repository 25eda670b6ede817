using DiscreteGradients.Kernels;

namespace DiscreteGradients.Tests.Kernels;

public sealed class ExpectationKernelTests
{
    // With and without a ragged end of a block, of a vector and of the vectors of nodes.
    public static TheoryData<int, int> Shapes => new() { { 1, 2 }, { 40, 2 }, { 1, 3 }, { 17, 8 }, { 33, 16 }, { 5, 49 }, { 2, 200 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void IsWhatManyDrawsTendTo(int rows, int categories)
    {
        // 5.5 standard errors, of at most 1/(4τ) a draw for gradients within 1 of each other: a false alarm once in 10,000 choices.
        var test = new KernelCase(rows, categories, spread: 2, seed: 6) { Samples = 4096, Temperature = 0.7f };
        for (var i = 0; i < test.Gradient.Length; i++) test.Gradient[i] /= 2;
        var (exact, mean) = (test.RunExpectation(), test.Run(2));
        for (var i = 0; i < exact.Length; i++) Assert.InRange(exact[i] - mean[i], -0.0307, 0.0307);
        for (var row = 0; row < rows; row++) Assert.InRange(exact.AsSpan(row * categories, categories).ToArray().Sum(x => (double)x), -1e-6, 1e-6);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void DependsOnNoThreadsAndOnNoOtherRow(int rows, int categories)
    {
        var test = new KernelCase(rows, categories, spread: 3, seed: 3);
        var output = test.RunExpectation();
        Assert.Equal(output, test.RunExpectation(threads: 2));
        Assert.Equal(output, test.RunExpectation(threads: 7));
        var last = new KernelCase(1, categories, spread: 3, seed: 3);
        test.LogProbs.AsSpan(^categories..).CopyTo(last.LogProbs);
        test.Value.AsSpan(^categories..).CopyTo(last.Value);
        test.Gradient.AsSpan(^categories..).CopyTo(last.Gradient);
        Assert.Equal(output[^categories..], last.RunExpectation());
    }

    [Fact]
    public void MaskedCategoriesAndRowsWeighNothing_AndNaNStaysInItsRow()
    {
        var test = new KernelCase(5, 3, spread: 1, seed: 8);
        test.SetRow(0, [0, double.NegativeInfinity, 0.5], 0);
        test.SetRow(1, [double.NegativeInfinity, 0, double.NegativeInfinity], 1);
        test.SetRow(2, [double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity], -1);
        test.SetRow(3, [double.NaN, double.NaN, double.NaN], 0);
        (test.Gradient[1], test.Gradient[3], test.Gradient[5], test.Gradient[6]) = (float.NaN, float.PositiveInfinity, float.NaN, float.NaN);
        var output = test.RunExpectation();
        Assert.Equal(0, output[1]);
        Assert.NotEqual(0, output[0]);
        Assert.Equal(-output[0], output[2]);
        Assert.All(output[3..9], x => Assert.Equal(0, x));
        Assert.All(output[9..12], x => Assert.True(float.IsNaN(x)));
        Assert.All(output[12..], x => Assert.True(float.IsFinite(x) && x != 0));
        var two = new KernelCase(1, 2, spread: 1, seed: 8) { Temperature = test.Temperature };
        test.LogProbs.AsSpan(0, 3).ToArray().Where((_, j) => j != 1).ToArray().CopyTo(two.LogProbs, 0);
        (two.Value[0], two.Value[1], two.Gradient[0], two.Gradient[1]) = (1, 0, test.Gradient[0], test.Gradient[2]);
        Assert.Equal(1, two.RunExpectation()[0] / output[0], 1e-5);
    }

    [Fact]
    public void AllocatesNothingOnOneThread()
    {
        var table = ExpectationTable.For(0.5, 7);
        new KernelCase(40, 7, spread: 1, seed: 1).With(problem =>
        {
            ExpectationKernel.JacobianProduct(problem, table, 1);
            var before = GC.GetAllocatedBytesForCurrentThread();
            ExpectationKernel.JacobianProduct(problem, table, 1);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        });
    }
}
