using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Cli;

/// <summary>Settings as options of a command.</summary>
internal class SettingsOptions<TSettings>
    where TSettings : class
{
    private readonly List<(Option Option, Func<TSettings, ParseResult, TSettings> Apply)> bindings = [];

    public virtual void AddTo(Command command)
    {
        foreach (var (option, _) in bindings) command.Options.Add(option);
    }

    /// <summary>Whether any of them was given.</summary>
    public virtual bool Given(ParseResult parsed) => bindings.Exists(binding => IsGiven(parsed, binding.Option));

    /// <summary>The settings with the values of the options in their place, not validated.</summary>
    public TSettings Over(ParseResult parsed, TSettings settings) => bindings.Aggregate(settings, (all, binding) =>
        parsed.GetResult(binding.Option) is null ? all : binding.Apply(all, parsed));

    /// <summary>An option that sets a value.</summary>
    public Option<T> Bind<T>(string name, string description, Func<TSettings, T, TSettings> set)
    {
        var option = new Option<T>(name) { Description = description };
        bindings.Add((option, (settings, parsed) => set(settings, parsed.GetValue(option)!)));
        return option;
    }

    /// <summary>The same, whose help tells the default.</summary>
    public Option<T> Bind<T>(string name, string description, T value, Func<TSettings, T, TSettings> set)
    {
        var option = Bind(name, description, set);
        option.DefaultValueFactory = _ => value;
        return option;
    }

    protected static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    protected bool IsGiven(ParseResult parsed, string? setting, Option? but = null) =>
        bindings.Exists(binding => binding.Option != but && (setting is null || binding.Option.Name == $"--{setting}") && IsGiven(parsed, binding.Option));
}

/// <summary>The settings of a task as options; each overrides the settings file, which overrides the defaults.</summary>
internal abstract class TaskOptions<TSettings> : SettingsOptions<TSettings>
    where TSettings : class
{
    private readonly Option<FileInfo?> file = new("--settings") { Description = "A TOML or JSON file of settings, named as the options." };
    private Option<string>? data;

    public override void AddTo(Command command)
    {
        base.AddTo(command);
        command.Options.Add(file);
    }

    /// <summary>Whether any of them was given, apart from where the data are.</summary>
    public override bool Given(ParseResult parsed) => IsGiven(parsed, setting: null, but: data) || IsGiven(parsed, file);

    /// <summary>Where the data are, by the command line; null where it does not say.</summary>
    public string? Elsewhere(ParseResult parsed) => data is null ? null : parsed.GetValue(data);

    /// <summary>The settings, validated; what is wrong in the file is said with its line.</summary>
    public TSettings Read(ParseResult parsed, TSettings defaults)
    {
        var source = parsed.GetValue(file) is { } given ? SettingsFile.Read(given.FullName) : null;
        var settings = Over(parsed, source?.Over(defaults) ?? defaults);
        try
        {
            return Validated(settings);
        }
        catch (InputException e) when (source is not null && (e.Key is null || !IsGiven(parsed, e.Key)))
        {
            throw source.Naming(e);
        }
    }

    /// <summary>Checks settings, of the command line or of a run that is there.</summary>
    /// <exception cref="InputException">Names the first that is out of range.</exception>
    public abstract TSettings Validated(TSettings settings);

    /// <summary>The option --data.</summary>
    protected void BindData(string description, Func<TSettings, string, TSettings> set) => data = Bind("--data", description, set);
}
