using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Cli.Tests;

public sealed class DefaultFolderTests : IDisposable
{
    private static readonly VaeSettings Defaults = new();
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void TheNameTellsTheSettingsThatAreNotTheDefaults()
    {
        Assert.Equal("vae", Name(Defaults));
        Assert.Equal("vae-temperature-0.3", Name(Defaults with { Temperature = 0.3, DataChecksum = "0123" }));
        Assert.Equal("vae-data-my-data-estimator-gr-mc-5-seed-7",
            Name(Defaults with { Seed = 7, Data = "/a b/my data/", Estimator = EstimatorName.Parse("gr-mc:5") }));
        Assert.Equal("vae", DefaultFolder.Name("vae", Defaults with { Steps = 7 }, Defaults, "steps"));
    }

    // Two long names that begin alike are two names.
    [Fact]
    public void ANameOfMoreThan120CharactersIsCut_AndStillItsOwn()
    {
        var data = new string('a', 60);
        var settings = Defaults with { Data = data, Temperature = 0.123456789, LearningRate = 0.1234567891 };
        var whole = $"vae-data-{data}-temperature-0.123456789-learning-rate-0.1234567891";
        Assert.Equal(120, whole.Length);
        Assert.Equal(whole, Name(settings));
        var (one, other) = (Name(settings with { Seed = 1 }), Name(settings with { Seed = 2 }));
        Assert.Equal((120, 120), (one.Length, other.Length));
        Assert.Equal($"{whole[..111]}-", one[..112]);
        Assert.Equal(one[..112], other[..112]);
        Assert.NotEqual(one, other, StringComparer.Ordinal);
        Assert.Equal(one, Name(settings with { Seed = 1 }));
    }

    [Fact]
    public void TheFirstFolderThatIsFreeIsTaken()
    {
        Assert.Equal(folder.At("x"), DefaultFolder.Free(folder.At("x"), _ => null));
        string[] taken = [folder.At("x"), folder.At("x-2"), folder.At("x-4")];
        Assert.Equal(folder.At("x-3"), DefaultFolder.Free(folder.At("x"), path => taken.Contains(path) ? "taken" : null));
    }

    public void Dispose() => folder.Dispose();

    private static string Name(VaeSettings settings) => DefaultFolder.Name("vae", settings, Defaults);
}
