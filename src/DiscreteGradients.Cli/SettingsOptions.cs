using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Cli;

/// <summary>The settings of a task as options; each overrides the settings file, which overrides the defaults.</summary>
internal abstract class SettingsOptions<TSettings>
    where TSettings : class
{
    private readonly List<(Option Option, Func<TSettings, ParseResult, TSettings> Apply)> bindings = [];
    private Option<string>? data;
    private readonly Option<FileInfo?> file = new("--settings") { Description = "A TOML or JSON file of settings, named as the options." };

    public void AddTo(Command command)
    {
        foreach (var (option, _) in bindings) command.Options.Add(option);
        command.Options.Add(file);
    }

    /// <summary>Whether any of them was given, apart from where the data are.</summary>
    public bool Given(ParseResult parsed) =>
        bindings.Any(binding => binding.Option != data && parsed.GetResult(binding.Option) is not null) || parsed.GetResult(file) is not null;

    /// <summary>Where the data are, by the command line; null where it does not say.</summary>
    public string? Elsewhere(ParseResult parsed) => data is null ? null : parsed.GetValue(data);

    /// <summary>The settings, validated; what is wrong in the file is said with its line.</summary>
    public TSettings Read(ParseResult parsed, TSettings defaults)
    {
        var source = parsed.GetValue(file) is { } given ? SettingsFile.Read(given.FullName) : null;
        var settings = source?.Over(defaults) ?? defaults;
        foreach (var (option, apply) in bindings)
        {
            if (parsed.GetResult(option) is not null) settings = apply(settings, parsed);
        }
        try
        {
            return Validated(settings);
        }
        catch (InputException e) when (source is not null && !bindings.Exists(binding => binding.Option.Name == $"--{e.Key}" && parsed.GetResult(binding.Option) is not null))
        {
            throw source.Naming(e);
        }
    }

    /// <summary>Checks settings, of the command line or of a run that is there.</summary>
    /// <exception cref="InputException">Names the first that is out of range.</exception>
    public abstract TSettings Validated(TSettings settings);

    /// <summary>The option --data.</summary>
    protected void BindData(string description, Func<TSettings, string, TSettings> set)
    {
        Bind("--data", description, set);
        data = (Option<string>)bindings[^1].Option;
    }

    protected void Bind<T>(string name, string description, Func<TSettings, T, TSettings> set)
    {
        var option = new Option<T>(name) { Description = description };
        bindings.Add((option, (settings, parsed) => set(settings, parsed.GetValue(option)!)));
    }
}
