using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.HardInputs;

/// <summary>Another default device than that of the logits, as one sets it for a model on a GPU.</summary>
public sealed class DefaultDeviceTests
{
    [Fact]
    public void StudiesOnTheCpuDoNotChange() => Same(META, CPU);

    [Fact(SkipUnless = nameof(CudaTests.HasGpu), SkipType = typeof(CudaTests), Skip = "there is no CUDA device")]
    public void StudiesOnAGpuDoNotChange()
    {
        Same(CUDA, CUDA);
        Same(CUDA, CPU);
    }

    private static void Same(Device byDefault, Device device)
    {
        using var scope = NewDisposeScope();
        var theta = Everything.Logits([4, 3], ScalarType.Float32).to(device).requires_grad_();
        var mask = tensor(new[] { true, false, true }).to(device);
        var expected = Numbers();
        set_default_device(byDefault);
        try
        {
            Assert.Equal(expected, Numbers());
        }
        finally
        {
            set_default_device(CPU);
        }

        List<double> Numbers()
        {
            List<double> numbers = [];
            foreach (var estimator in Everything.Estimators())
            {
                var row = new GradientStudy(Gradient) { Draws = 20 }.Compare([estimator])[0];
                numbers.AddRange([row.Trace.Value, row.Trace.Error, .. row.Mean.Select(mean => mean.Value)]);
            }
            return numbers;
        }

        Tensor Gradient(IGradientEstimator estimator, Generator generator)
        {
            var node = estimator.Sample(new OneHotCategorical(theta, mask), generator);
            return autograd.grad([SurrogateLoss.Parallel(node.Value.sin().sum([0, 1]), [node])], [theta])[0];
        }
    }
}
