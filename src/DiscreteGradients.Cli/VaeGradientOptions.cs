using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Cli;

/// <summary>The options of a study of the VAE's gradients.</summary>
internal sealed class VaeGradientOptions
{
    private readonly VaeGradientSettings defaults;
    private readonly Option<CommaList<EstimatorName>> estimators;
    private readonly Option<CommaList<double>> temperatures;
    private readonly Option<int> minibatches, passes, referencePasses;
    private readonly Option<ulong> seed = new("--study-seed") { Description = "Of the minibatches and the noise of the study." };

    public VaeGradientOptions(VaeGradientSettings defaults)
    {
        this.defaults = defaults;
        estimators = new("--estimators") { Description = $"{EstimatorName.Known}; separated by commas.", DefaultValueFactory = _ => new(defaults.Estimators) };
        temperatures = new("--temperatures") { Description = "τ, separated by commas.", DefaultValueFactory = _ => new([.. defaults.Temperatures]) };
        minibatches = new("--minibatches") { Description = "At random; the paper: 5000.", DefaultValueFactory = _ => defaults.Minibatches };
        passes = new("--passes") { Description = "Independent forward passes of each; the paper: 100.", DefaultValueFactory = _ => defaults.Passes };
        referencePasses = new("--reference-passes") { Description = "Of REINFORCE, for each minibatch.", DefaultValueFactory = _ => defaults.ReferencePasses };
    }

    public void AddTo(Command command, bool withReference)
    {
        foreach (var option in new Option[] { estimators, temperatures, minibatches, passes, seed }) command.Options.Add(option);
        if (withReference) command.Options.Add(referencePasses);
    }

    /// <summary>Whether temperatures were named.</summary>
    public bool HasTemperatures(ParseResult parsed) => parsed.GetResult(temperatures) is { Implicit: false };

    /// <summary>Validated.</summary>
    public VaeGradientSettings Read(ParseResult parsed, VaeSettings model) => (defaults with
    {
        Estimators = parsed.GetValue(estimators)!.Values,
        Temperatures = parsed.GetValue(temperatures)!.Values,
        Minibatches = parsed.GetValue(minibatches),
        Passes = parsed.GetValue(passes),
        ReferencePasses = parsed.GetResult(referencePasses) is null ? defaults.ReferencePasses : parsed.GetValue(referencePasses),
        BatchSize = model.BatchSize,
        Seed = parsed.GetValue(seed),
    }).Validated();
}
