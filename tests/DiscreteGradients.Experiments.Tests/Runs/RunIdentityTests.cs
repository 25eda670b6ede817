using System.Globalization;
using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.ToyProblems;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Runs;

public sealed class RunIdentityTests
{
    [Fact]
    public void OrderAndTheDatasNameDoNotMatter_AndEveryOtherSettingDoes()
    {
        var settings = new VaeSettings { DataChecksum = "a" };
        var identity = RunIdentity.Of(settings);
        Assert.Matches("^[0-9a-f]{64}$", identity);
        Assert.Equal(identity, RunIdentity.Of(settings with { Data = "elsewhere" }));
        Assert.Equal(RunIdentity.Of(new { A = 1, B = 2 }), RunIdentity.Of(new { B = 2, A = 1 }));
        VaeSettings[] others =
        [
            settings with { Arity = 4 }, settings with { Seed = 1 }, settings with { Temperature = 0.25 }, settings with { Estimator = EstimatorName.Parse("st") },
            settings with { Architecture = VaeArchitecture.Linear }, settings with { Steps = 3 }, settings with { WeightDecay = 1e-300 }, settings with { DataChecksum = "b" },
        ];
        var all = others.Select(RunIdentity.Of).Append(identity);
        Assert.Equal(others.Length + 1, all.Distinct(StringComparer.Ordinal).Count());
    }

    // Held for ever: a renamed or reordered property that changes it would refuse every checkpoint that there is.
    [Fact]
    public void TheIdentitiesOfTheDefaultsStay()
    {
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        CultureInfo.CurrentCulture.NumberFormat.NumberDecimalSeparator = ",";
        try
        {
            string[] found = [RunIdentity.Of(new VaeSettings()), RunIdentity.Of(new ListOpsSettings()), RunIdentity.Of(new ToyProblemSettings())];
            Assert.Equal(
            [
                "62c884d2c01f172550f202d15c8ef73b87458b7b936e4c08f0b2aed3d9cff8d0",
                "c712806ef41db453179a3852c4922778effbd36fa8a98246a502646770cf5d0b",
                "df3bf072c19ad8a5195605b76aba602b0c2d5318b50742943f996ad6d64838c0",
            ], found);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }
}
