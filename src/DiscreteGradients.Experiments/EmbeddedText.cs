namespace DiscreteGradients.Experiments;

/// <summary>Texts that lie within the program.</summary>
internal static class EmbeddedText
{
    /// <summary>Reads one by the name that the project file gives it.</summary>
    public static string Read(string name)
    {
        using var reader = new StreamReader(typeof(EmbeddedText).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
