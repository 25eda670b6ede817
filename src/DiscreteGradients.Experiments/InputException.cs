namespace DiscreteGradients.Experiments;

/// <summary>Something that the user gave is wrong. Commands print the message, one line that names what was found and
/// what was expected, and exit with code 2.</summary>
internal class InputException : Exception
{
    private readonly FormattableString? text;

    /// <summary>Makes an error of one line: what was found, what is expected.</summary>
    /// <param name="key">As <see cref="Key"/>.</param>
    public InputException(string message, string? key = null) : base(message) => Key = key;

    /// <summary>Makes an error of one line, with the failure underneath it.</summary>
    public InputException(string message, Exception inner) : base(message, inner)
    {
    }

    private InputException(FormattableString text, Exception? inner) : base(Invariant(text), inner) => this.text = text;

    /// <summary>The setting that is out of range or unknown, as a file names it; null where it is none.</summary>
    public string? Key { get; init; }

    /// <summary>Makes an error of one line that names a <see cref="Setting"/> or an <see cref="Instruction"/>.</summary>
    internal static InputException Naming(FormattableString text, Exception? inner = null) => new(text, inner);

    /// <summary>The message in the words of a program.</summary>
    internal string Told(IWording wording) => text is null ? Message : wording.Text(text);

    /// <exception cref="InputException">It is not good; the message says what it is and what is expected.</exception>
    /// <param name="key">The setting, where <paramref name="name"/> is not all of its path.</param>
    internal static void Require(bool good, string name, object value, string expected, string? key = null)
    {
        if (!good) throw new InputException(Invariant($"{name} is {value}; expected {expected}."), key ?? name);
    }

    /// <exception cref="InputException">A list names one of its values twice; the message says which.</exception>
    internal static void RequireOnce<T>(string name, IEnumerable<T> values)
    {
        if (values.GroupBy(value => value).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InputException(Invariant($"{name} '{twice.Key}' is named twice; expected each once."));
    }
}
