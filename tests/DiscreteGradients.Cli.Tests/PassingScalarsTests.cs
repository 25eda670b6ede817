using TorchSharp;

namespace DiscreteGradients.Cli.Tests;

/// <summary>A number made into a Scalar in passing may be finalised while libtorch reads it: neither our code nor what it
/// calls in TorchSharp (a + b, add_, square …) may make one. Read from the compiled code.</summary>
public sealed class PassingScalarsTests
{
    [Theory]
    [InlineData(typeof(OneHotCategorical))]
    [InlineData(typeof(Experiments.EstimatorName))]
    [InlineData(typeof(Root))]
    public void NothingMakesOne(Type any)
    {
        var uses = string.Join('\n', PassingScalars.Uses(new MemoryStream(File.ReadAllBytes(any.Assembly.Location))));
        Assert.True(uses.Length == 0, uses);
    }

    [Fact]
    public void TheyAreFound()
    {
        var found = PassingScalars.Uses(new MemoryStream(File.ReadAllBytes(typeof(PassingScalarsTests).Assembly.Location)), method => method.DeclaringType.Name == nameof(Careless));
        Assert.Equal(3, found.Count);
        Assert.Contains(found, use => use.Contains("op_Addition", StringComparison.Ordinal));
    }

    /// <summary>What must be found.</summary>
    private static class Careless
    {
        public static torch.Tensor Add(torch.Tensor a, torch.Tensor b) => a + b;

        public static torch.Tensor Double(torch.Tensor a) => a * 2;

        public static torch.Tensor Clamp(torch.Tensor a) => a.clamp_min(0.5);

        public static torch.Tensor Held(torch.Tensor a)
        {
            using Scalar two = 2;
            return a.mul(two);
        }
    }
}
