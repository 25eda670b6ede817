using System.Globalization;
using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Simplex;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Runs;

public sealed class RunIdentityTests
{
    [Fact]
    public void OrderAndTheDatasNameDoNotMatter_AndEveryOtherSettingDoes()
    {
        var settings = new VaeSettings();
        var identity = RunIdentity.Of(settings, "a");
        Assert.Matches("^[0-9a-f]{64}$", identity);
        Assert.Equal(identity, RunIdentity.Of(settings with { Data = "elsewhere" }, "a"));
        Assert.Equal(RunIdentity.Of(new { A = 1, B = 2 }, null), RunIdentity.Of(new { B = 2, A = 1 }, null));
        Assert.Equal(RunIdentity.Of(new { A = 1 }, "x"), RunIdentity.Of(new { A = 1, DataChecksum = "y", Data = "z" }, "x"));
        VaeSettings[] others =
        [
            settings with { Arity = 4 }, settings with { Seed = 1 }, settings with { Temperature = 0.25 }, settings with { Estimator = "st" },
            settings with { Architecture = VaeArchitecture.Linear }, settings with { Steps = 3 }, settings with { WeightDecay = 1e-300 },
        ];
        var all = others.Select(other => RunIdentity.Of(other, "a")).Append(identity).Append(RunIdentity.Of(settings, "b")).Append(RunIdentity.Of(settings, null));
        Assert.Equal(others.Length + 3, all.Distinct(StringComparer.Ordinal).Count());
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
            string[] found = [RunIdentity.Of(new VaeSettings(), "data"), RunIdentity.Of(new ListOpsSettings(), "data"), RunIdentity.Of(new ProgrammeSettings(), null)];
            Assert.Equal(
            [
                "47b41f16a3ca22e193f9c1ddb4c621cac3cc79690a06e6ca9f21cce823fa8ebf",
                "d324f4c622c3ac19c14c3634445c6bd00147f5d08e48a9b50b69ed381525b692",
                "df3bf072c19ad8a5195605b76aba602b0c2d5318b50742943f996ad6d64838c0",
            ], found);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }
}
