using DiscreteGradients.Cli;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Vae;

public sealed class CacheFolderTests
{
    private static readonly string Root = Path.GetTempPath();

    [Fact]
    public void AnAbsoluteXdgCacheHomeWins() =>
        Assert.Equal(Path.Combine(Root, "x", "discrete-gradients"), CacheFolder.Resolve(Path.Combine(Root, "x"), "other"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("relative")]
    public void OtherwiseTheUsersOwn(string? xdg) =>
        Assert.Equal(Path.Combine("other", "discrete-gradients"), CacheFolder.Resolve(xdg, "other"));

    [Fact]
    public void WithoutAHomeItSaysWhatToSet() =>
        Assert.Equal("no home directory for the data cache; set XDG_CACHE_HOME to an absolute path, or give --data DIR",
            Assert.Throws<InputException>(() => CacheFolder.Resolve(null, "")).Told(Wording.Dgrad));
}
