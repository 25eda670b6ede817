using DiscreteGradients.Backward;
using DiscreteGradients.Tests.Diagnostics;
using DiscreteGradients.Tests.Statistics;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.Estimators;

/// <summary>Counts over the whole process: nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
[Collection(nameof(MemoryTests))]
public sealed class MemoryTests
{
    [Fact]
    public void LiveTensorsDoNotGrow()
    {
        foreach (var estimator in RobustnessTests.All(0.5))
        {
            Step(estimator);
            var before = Tensor.TotalCount;
            for (var i = 0; i < 50; i++) Step(estimator);
            Assert.True(Tensor.TotalCount <= before, $"{estimator}: {Tensor.TotalCount - before} tensors more after 50 steps");
        }

        static void Step(IGradientEstimator estimator)
        {
            using var scope = NewDisposeScope();
            RobustnessTests.Gradient(estimator, [4, 2, 3], ScalarType.Float32, 0);
        }
    }

    [Fact]
    public void TheTemporariesOfAStepAreFreedWithoutAScopeOfTheCaller()
    {
        using var theta = randn(4, 3).requires_grad_();
        using var generator = new Generator(5);
        var q = new OneHotCategorical(theta);
        foreach (var estimator in RobustnessTests.All(0.5))
        {
            var before = Tensor.TotalCount;
            var node = estimator.Sample(q, generator);
            node.Value.Dispose();
            node.Score?.Dispose();
            node.Relaxation?.Dispose();
            // What autograd itself keeps for the backward pass goes with the node's graph, at the collector's time.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Assert.True(Tensor.TotalCount <= before, $"{estimator}: {Tensor.TotalCount - before} tensors are left");
        }
    }

    [Fact]
    public void TheDropInLeavesItsValueOnly()
    {
        using var theta = randn(4, 3).requires_grad_();
        foreach (var estimator in RobustnessTests.All(0.5).Where(estimator => estimator is not Reinforce))
        {
            var before = Tensor.TotalCount;
            theta.SampleOneHot(estimator).Dispose();
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Assert.True(Tensor.TotalCount <= before, $"{estimator}: {Tensor.TotalCount - before} tensors are left");
        }
    }

    [Fact]
    public void StudiesLeaveNoTensorBehind()
    {
        static Tensor Draw(IGradientEstimator estimator, Generator generator) => GradientStudyTests.Gradient(Problem.One, estimator, generator);
        var study = new GradientStudy(Draw) { Draws = 20 };
        var temperatures = new TemperatureStudy(Draw) { Draws = 20 };
        Once();
        var before = Tensor.TotalCount;
        for (var i = 0; i < 3; i++) Once();
        Assert.True(Tensor.TotalCount <= before, $"{Tensor.TotalCount - before} tensors are left");

        void Once()
        {
            study.Compare([new GumbelRao(2, 0.5)], new Reinforce());
            study.Decompose(0.5);
            temperatures.Measure(t => new GumbelRao(2, t), [0.2, 0.5, 1], new Reinforce(), 20);
        }
    }

    [Fact]
    public void MemoryDoesNotGrowWithTheNumberOfSamples()
    {
        using var scope = NewDisposeScope();
        var theta = randn([50, 60, 16], dtype: ScalarType.Float64).requires_grad_();
        Backward(2);
        var before = Environment.WorkingSet;
        var peak = before;
        using (var watch = new Timer(_ => peak = Math.Max(peak, Environment.WorkingSet), null, 0, 5)) Backward(400);
        // K × 50 × 60 × 16 doubles are 154 MB at K = 400, for each of several temporaries. (glibc before 2.38 does not reuse
        // all freed aligned memory: hence not a fraction of it.)
        Assert.True(peak - before < 110L << 20, $"{(peak - before) >> 20} MiB more at the peak");

        void Backward(int samples)
        {
            using var step = NewDisposeScope();
            new GumbelRao(samples, 0.5).Sample(new OneHotCategorical(theta)).Value.Squared().sum().backward();
        }
    }

    [Fact]
    public void AHundredThousandKernelCallsLeaveResidentMemoryFlat()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(6);
        var theta = randn([4, 2, 8], generator: generator).requires_grad_();
        var weights = randn([4, 2, 8], generator: generator);
        Calls(5_000);
        // The allocator takes a few MiB now and then; 20 bytes a call would be 2 MiB in every round.
        var rounds = new List<long>();
        do rounds.Add(More());
        while (rounds[^1] >= 2 << 20 && rounds.Count < 4);
        Assert.True(rounds[^1] < 2 << 20, $"{string.Join(", ", rounds)} bytes more");

        long More()
        {
            var before = Resident();
            Calls(100_000);
            return Resident() - before;
        }

        static long Resident()
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
            return Environment.WorkingSet;
        }

        void Calls(int count)
        {
            var q = new OneHotCategorical(theta.detach());
            var value = q.Sample(generator);
            for (var i = 0; i < count; i++)
            {
                using var step = NewDisposeScope();
                var draws = new Backward.ConditionalDraws(16, 0.5, DiscreteGradients.Kernels.NoiseKind.Independent, (ulong)i);
                Torch.CpuKernels.JacobianProduct(q.LogProbs, value, weights, draws);
                Torch.CpuKernels.ExpectedJacobianProduct(q.LogProbs, value, weights, 0.5);
                Gumbel.Perturb(q.LogProbs, generator);
            }
        }
    }

    [Fact]
    public void ATemperatureThatChangesAtEveryStepLeavesMemoryFlat()
    {
        using var scope = NewDisposeScope();
        var theta = randn(4, 8).requires_grad_();
        Anneal(0, 200);
        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Anneal(200, 600);
        // A table is some 50 KB: 400 of them would be 20 MB, the 32 that are kept are not 2.
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - before < 3 << 20, "tables are left");

        void Anneal(int first, int last)
        {
            for (var i = first; i < last; i++)
            {
                using var step = NewDisposeScope();
                theta.SampleOneHot(new GumbelRaoExact(1 - (i / 1000.0))).sum().backward();
            }
        }
    }
}
