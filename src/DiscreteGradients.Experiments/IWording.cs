namespace DiscreteGradients.Experiments;

/// <summary>The words in which a program tells its user what a text names: this project knows settings, and no command
/// line.</summary>
internal interface IWording
{
    string Program { get; }

    /// <summary>A setting as the user gives it.</summary>
    string Of(Setting setting);

    /// <summary>A command as the user runs it.</summary>
    string Of(Instruction instruction);

    /// <summary>A text with its settings and commands in these words.</summary>
    string Text(FormattableString text) => Invariant(
        System.Runtime.CompilerServices.FormattableStringFactory.Create(text.Format, [.. text.GetArguments().Select(Part)]));

    private object? Part(object? part) => part switch
    {
        Setting setting => Of(setting),
        Instruction instruction => Of(instruction),
        FormattableString inner => Text(inner),
        _ => part,
    };
}

/// <summary>A setting that a text names, with the value that it is to have, if any.</summary>
internal sealed record Setting(string Name, object? Value = null)
{
    public override string ToString() => Value is null ? Name : Invariant($"{Name} {Value}");
}

/// <summary>Something that a text tells its reader to do.</summary>
internal sealed record Instruction(string Words, params IReadOnlyList<Setting> Settings)
{
    public override string ToString() => string.Join(' ', [Words, .. Settings]);
}
