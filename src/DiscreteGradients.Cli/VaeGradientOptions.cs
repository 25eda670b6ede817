using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Cli;

/// <summary>The settings of a study of the VAE's gradients as options.</summary>
internal sealed class VaeGradientOptions : SettingsOptions<VaeGradientSettings>
{
    private readonly VaeGradientSettings defaults;
    private readonly Option temperatures;

    public VaeGradientOptions(VaeGradientSettings defaults, bool withReference)
    {
        this.defaults = defaults;
        Bind("--estimators", $"{EstimatorName.Known}; separated by commas.", new CommaList<EstimatorName>(defaults.Estimators), (s, v) => s with { Estimators = v.Values });
        temperatures = Bind("--temperatures", "τ, separated by commas.", new CommaList<double>(defaults.Temperatures), (s, v) => s with { Temperatures = v.Values });
        Bind("--minibatches", "At random; the paper: 5000.", defaults.Minibatches, (s, v) => s with { Minibatches = v });
        Bind("--passes", "Independent forward passes of each; the paper: 100.", defaults.Passes, (s, v) => s with { Passes = v });
        Bind<ulong>("--study-seed", "Of the minibatches and the noise of the study.", (s, v) => s with { Seed = v });
        if (withReference) Bind("--reference-passes", "Of REINFORCE, for each minibatch.", defaults.ReferencePasses, (s, v) => s with { ReferencePasses = v });
    }

    /// <summary>Whether temperatures were named.</summary>
    public bool HasTemperatures(ParseResult parsed) => IsGiven(parsed, temperatures);

    /// <summary>The settings, validated.</summary>
    public VaeGradientSettings Read(ParseResult parsed, VaeSettings model) => (Over(parsed, defaults) with { BatchSize = model.BatchSize }).Validated();
}
