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
            Assert.Same(first, ExpectationTable.For(0.25, 16));
            Assert.NotSame(first, ExpectationTable.For(0.25, 17));
            Assert.NotSame(first, ExpectationTable.For(0.26, 5));
            return new(first);
        }
    }

    [Fact]
    public void NodesFillWholeVectorsAndWeightsAreAligned()
    {
        foreach (var (categories, vectors) in ((int, int)[])[(2, 2), (16, 4), (64, 5)])
        {
            var table = new ExpectationTable(ConditionalQuadrature.Single(0.5, categories));
            Assert.Equal(vectors, table.Vectors);
            Assert.Equal(0, (long)table.Values % sizeof(Vector512<float>));
        }
    }
}
