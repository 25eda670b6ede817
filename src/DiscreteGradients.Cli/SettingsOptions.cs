using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Cli;

/// <summary>Settings as options of a command.</summary>
/// <param name="defaults">What holds where nothing else is given, and what help tells.</param>
internal class SettingsOptions<TSettings>(TSettings defaults)
    where TSettings : class
{
    private readonly List<(Option Option, Func<TSettings, ParseResult, TSettings> Apply)> bindings = [];

    public TSettings Defaults { get; } = defaults;

    public virtual void AddTo(Command command)
    {
        foreach (var (option, _) in bindings) command.Options.Add(option);
    }

    /// <summary>Tells whether any option of the group was given.</summary>
    public virtual bool Given(ParseResult parsed) => bindings.Exists(binding => parsed.IsGiven(binding.Option));

    /// <summary>The settings with the values of the options that are given in their place, not validated.</summary>
    public TSettings Over(ParseResult parsed, TSettings settings) => bindings.Aggregate(settings, (all, binding) =>
        parsed.IsGiven(binding.Option) ? binding.Apply(all, parsed) : all);

    /// <summary>An option that sets a value, whose default is that of <see cref="Defaults"/>.</summary>
    public Option<T> Bind<T>(string name, string description, Func<TSettings, T> get, Func<TSettings, T, TSettings> set)
    {
        var option = Bind(name, description, set);
        // A flag has no word beside it, and no default to tell.
        if ((object?)get(Defaults) is not (null or false)) option.DefaultValueFactory = _ => get(Defaults);
        return option;
    }

    /// <summary>An option that sets a value which has no default of its own.</summary>
    protected Option<T> Bind<T>(string name, string description, Func<TSettings, T, TSettings> set)
    {
        var option = Options.Of<T>(name, description);
        bindings.Add((option, (settings, parsed) => set(settings, parsed.GetValue(option)!)));
        return option;
    }

    /// <summary>Tells whether the option of a setting was given, or any where none is named, apart from some.</summary>
    public bool IsGiven(ParseResult parsed, string? setting, params IReadOnlyList<Option?> but) =>
        bindings.Exists(binding => !but.Contains(binding.Option) && (setting is null || binding.Option.Name == $"--{setting}")
            && parsed.IsGiven(binding.Option));
}

/// <summary>The settings of a task as options; each overrides the settings file, which overrides the defaults.</summary>
internal abstract class TaskOptions<TSettings>(TSettings defaults) : SettingsOptions<TSettings>(defaults)
    where TSettings : class
{
    private readonly Option<FileInfo?> file = Options.Of<FileInfo?>("--settings",
        "A TOML or JSON file of settings, named as the options. An option that is given comes before it.");
    private Option<string>? data;
    private Option<int>? length;

    public override void AddTo(Command command)
    {
        base.AddTo(command);
        command.Options.Add(file);
    }

    /// <summary>Tells whether any option of the group was given, apart from that of where the data are.</summary>
    public override bool Given(ParseResult parsed) => GivenBesideLength(parsed) || length is not null && parsed.IsGiven(length);

    /// <summary>Tells whether any option of the group was given, apart from those of where the data are and how long the run
    /// is.</summary>
    public bool GivenBesideLength(ParseResult parsed) => IsGiven(parsed, setting: null, data, length) || parsed.IsGiven(file);

    /// <summary>Gives the place of the data by the command line; null where it does not say.</summary>
    public string? Elsewhere(ParseResult parsed) => data is not null && parsed.IsGiven(data) ? parsed.GetValue(data) : null;

    /// <summary>The settings, validated; what is wrong in the file is said with its line.</summary>
    public TSettings Read(ParseResult parsed)
    {
        var source = parsed.GetValue(file) is { } given ? SettingsFile.Read(given.FullName) : null;
        var settings = Over(parsed, source?.Over(Defaults) ?? Defaults);
        try
        {
            var validated = Validated(settings);
            RequireEffect(validated);
            return validated;
        }
        catch (InputException e) when (source is not null && (e.Key is null || !IsGiven(parsed, e.Key)))
        {
            throw source.Naming(e);
        }
    }

    /// <summary>Checks settings, of the command line or of a run that is there.</summary>
    /// <exception cref="InputException">Names the first that is out of range.</exception>
    public abstract TSettings Validated(TSettings settings);

    /// <summary>Checks that each of the settings that are given has an effect; those of a run that is there need not.</summary>
    /// <exception cref="InputException">Names the first that has none.</exception>
    protected virtual void RequireEffect(TSettings settings)
    {
    }

    /// <summary>The option --data.</summary>
    protected void BindData(string description, Func<TSettings, string> get, Func<TSettings, string, TSettings> set)
    {
        data = Bind("--data", description, get, set);
        data.HelpName = "SET|DIR";
    }

    /// <summary>The option that says how long a run is: a run that is there may be made longer.</summary>
    protected void BindLength(string name, string description, Func<TSettings, int> get, Func<TSettings, int, TSettings> set) =>
        length = Bind(name, $"{description} With more, a run that is there goes on.", get, set);
}
