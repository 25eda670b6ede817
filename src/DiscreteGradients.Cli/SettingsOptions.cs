using System.CommandLine;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Cli;

/// <summary>The settings of a task as options; each overrides the settings file, which overrides the defaults.</summary>
internal abstract class SettingsOptions<TSettings>
    where TSettings : class
{
    private readonly List<(Option Option, Func<TSettings, ParseResult, TSettings> Apply)> bindings = [];
    private readonly Option<FileInfo?> file = new("--settings") { Description = "A TOML or JSON file of settings, named as the options." };

    public void AddTo(Command command)
    {
        foreach (var (option, _) in bindings) command.Options.Add(option);
        command.Options.Add(file);
    }

    /// <summary>Whether any of them was given.</summary>
    public bool Given(ParseResult parsed) => bindings.Any(binding => parsed.GetResult(binding.Option) is not null) || parsed.GetResult(file) is not null;

    /// <summary>Not validated.</summary>
    public TSettings Read(ParseResult parsed, TSettings defaults)
    {
        var settings = parsed.GetValue(file) is { } source ? SettingsFile.Read(source.FullName).Over(defaults) : defaults;
        foreach (var (option, apply) in bindings)
        {
            if (parsed.GetResult(option) is not null) settings = apply(settings, parsed);
        }
        return settings;
    }

    protected void Bind<T>(string name, string description, Func<TSettings, T, TSettings> set)
    {
        var option = new Option<T>(name) { Description = description };
        bindings.Add((option, (settings, parsed) => set(settings, parsed.GetValue(option)!)));
    }
}
