using TorchSharp;

[assembly: AssemblyFixture(typeof(DiscreteGradients.Tests.OneThread))]

namespace DiscreteGradients.Tests;

/// <summary>libtorch on one thread, as the command sets it: the tests run side by side.</summary>
public sealed class OneThread
{
    public OneThread() => torch.set_num_threads(1);
}
