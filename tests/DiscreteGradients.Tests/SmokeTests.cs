using TorchSharp;

namespace DiscreteGradients.Tests;

public sealed class SmokeTests
{
    [Fact]
    public void TorchLoads() => Assert.Equal(3, torch.ones(3).sum().ToSingle());
}
