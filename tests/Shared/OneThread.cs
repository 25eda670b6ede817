using TorchSharp;

[assembly: AssemblyFixture(typeof(DiscreteGradients.OneThread))]

namespace DiscreteGradients;

/// <summary>libtorch on one thread, as the command sets it: the tests run side by side.</summary>
public sealed class OneThread
{
    public OneThread() => torch.set_num_threads(1);
}
