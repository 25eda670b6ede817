using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;
using Tomlyn;
using Tomlyn.Model;

namespace DiscreteGradients.Cli;

/// <summary>The settings of App. D.2 as options; each overrides the settings file, which overrides the defaults.</summary>
internal sealed class VaeOptions
{
    private readonly List<(Option Option, Func<VaeSettings, ParseResult, VaeSettings> Apply)> bindings = [];
    private readonly Option<FileInfo?> file = new("--settings") { Description = "A TOML or JSON file of settings, named as the options." };

    public VaeOptions(bool ofOneEstimator)
    {
        Bind<string>("--data", "mnist (embedded), binarized-mnist (see dgrad data) or a folder of .amat or IDX files.", (s, v) => s with { Data = v });
        Bind<int>("--arity", "Categories a variable: 2, 4, 8 or 16; the code has 240 bits at each.", (s, v) => s with { Arity = v });
        Bind<VaeArchitecture>("--architecture", "deep, tanh or linear.", (s, v) => s with { Architecture = v });
        Bind<LogRatio>("--log-ratio", "analytic or sampled.", (s, v) => s with { LogRatio = v });
        if (ofOneEstimator) Bind<string>("--estimator", EstimatorSpec.Known + ".", (s, v) => s with { Estimator = v });
        Bind<double>("--temperature", "τ > 0.", (s, v) => s with { Temperature = v });
        Bind<int>("--batch-size", "Images a step.", (s, v) => s with { BatchSize = v });
        Bind<int>("--steps", "Steps of SGD.", (s, v) => s with { Steps = v });
        Bind<double>("--learning-rate", "Constant.", (s, v) => s with { LearningRate = v });
        Bind<double>("--momentum", "In [0, 1).", (s, v) => s with { Momentum = v });
        Bind<double>("--weight-decay", "On weight matrices.", (s, v) => s with { WeightDecay = v });
        Bind<ulong>("--seed", "Of initialisation, order and noise.", (s, v) => s with { Seed = v });
        Bind<int>("--validation-interval", "Steps between validation bounds.", (s, v) => s with { ValidationInterval = v });
        Bind<int>("--validation-samples", "M of the validation bound.", (s, v) => s with { ValidationSamples = v });
        Bind<int>("--validation-images", "Images of the validation bound.", (s, v) => s with { ValidationImages = v });
    }

    public void AddTo(Command command)
    {
        foreach (var (option, _) in bindings) command.Options.Add(option);
        command.Options.Add(file);
    }

    /// <summary>Whether any of them was given.</summary>
    public bool Given(ParseResult parsed) => bindings.Any(binding => parsed.GetResult(binding.Option) is not null) || parsed.GetResult(file) is not null;

    public VaeSettings Read(ParseResult parsed, VaeSettings defaults)
    {
        var settings = parsed.GetValue(file) is { } source ? FromFile(source.FullName, defaults) : defaults;
        foreach (var (option, apply) in bindings)
        {
            if (parsed.GetResult(option) is not null) settings = apply(settings, parsed);
        }
        return settings.Validated();
    }

    private void Bind<T>(string name, string description, Func<VaeSettings, T, VaeSettings> set)
    {
        var option = new Option<T>(name) { Description = description };
        bindings.Add((option, (settings, parsed) => set(settings, parsed.GetValue(option)!)));
    }

    private static VaeSettings FromFile(string path, VaeSettings defaults)
    {
        if (!File.Exists(path)) throw new InputException($"--settings {path}: no such file.");
        try
        {
            JsonNode? given = Path.GetExtension(path).Equals(".toml", StringComparison.OrdinalIgnoreCase)
                ? JsonSerializer.SerializeToNode(TomlSerializer.Deserialize<TomlTable>(File.ReadAllText(path)))
                : JsonNode.Parse(File.ReadAllText(path));
            var all = JsonSerializer.SerializeToNode(defaults, JsonText.Line)!.AsObject();
            foreach (var (name, value) in given?.AsObject() ?? throw new JsonException("null; expected an object.")) all[name] = value?.DeepClone();
            return all.Deserialize<VaeSettings>(JsonText.Line)!;
        }
        catch (Exception e) when (e is JsonException or TomlException or InvalidOperationException or NotSupportedException or ArgumentException)
        {
            throw new InputException($"--settings {path}: {e.Message}", e);
        }
    }
}
