using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DiscreteGradients.Kernels;

namespace DiscreteGradients.Tests.Kernels;

/// <summary>The cache of tables is the process's: nothing else may ask for one meanwhile.</summary>
[CollectionDefinition(nameof(ExpectationTableTests), DisableParallelization = true)]
[Collection(nameof(ExpectationTableTests))]
public sealed unsafe class ExpectationTableTests
{
    [Fact]
    public void TablesAreKeptByTemperature_AndOnlySoMany()
    {
        var watch = Kept();
        for (var i = 0; i < 40; i++) ExpectationTable.For(0.3 + (i / 1000.0), 2);
        GC.Collect();
        Assert.False(watch.IsAlive, "a table that fell out of use is kept");

        // Apart, so that no local holds the table.
        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Kept()
        {
            var first = ExpectationTable.For(0.25, 5);
            Assert.Same(first, ExpectationTable.For(0.25, 8));
            Assert.NotSame(first, ExpectationTable.For(0.25, 9));
            Assert.NotSame(first, ExpectationTable.For(0.26, 5));
            return new(first);
        }
    }

    [Fact]
    public void NodesFillWholeVectorsAndWeightsAreAligned()
    {
        // 24, 48, 56, 64 and 64 pairs; 90, which fill six vectors where five would do, for the kernel takes three or four at a
        // time; 190 and 270. (102 · 2 + 1 of each and 1 more are 39, 53, 79, 157 and 223 KB, as docs/exact.md says.)
        foreach (var (categories, temperature, vectors) in ((int, double, int)[])
        [
            (2, 0.5, 3), (8, 0.5, 3), (16, 0.5, 4), (32, 0.5, 4), (64, 0.5, 4), (64, 1, 6), (128, 0.5, 12), (4096, 0.5, 17),
        ])
        {
            var table = new ExpectationTable(ConditionalQuadrature.Single(temperature, categories));
            Assert.Equal(vectors, table.Vectors);
            Assert.Equal(0, (long)table.Values % sizeof(Vector512<float>));
        }
    }
}
