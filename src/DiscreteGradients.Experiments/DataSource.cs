namespace DiscreteGradients.Experiments;

/// <summary>The data that a run names: as somebody wrote it, as it is opened from any folder, and what it must hold.</summary>
internal static class DataSource
{
    /// <summary>A path as it is from any folder; a name of a data set as it is.</summary>
    /// <exception cref="InputException">It is empty, or has a character that no path has.</exception>
    public static string Absolute(string data, params ReadOnlySpan<string> names)
    {
        if (data.Length == 0 || data.Contains('\0', StringComparison.Ordinal))
            throw new InputException($"data is {Quote.Of(data)}; expected a name or a path.");
        return names.Contains(data) ? data : Path.GetFullPath(data);
    }

    /// <summary>Checks that data are those of a run.</summary>
    /// <param name="expected">The run's, SHA-256; null where it did not keep it.</param>
    /// <param name="found">The checksum of the data that were opened.</param>
    /// <param name="data">Their name or path.</param>
    /// <exception cref="InputException">They are others.</exception>
    public static void Require(string? expected, string found, string data, string owner = "run")
    {
        if (Refusal(expected, found, data, owner) is { } refusal) throw refusal;
    }

    /// <summary>Gives what <see cref="Require"/> throws; null where the data are those of the run.</summary>
    public static InputException? Refusal(string? expected, string found, string data, string owner = "run") =>
        expected is null || string.Equals(expected, found, StringComparison.Ordinal)
        ? null
        : InputException.Naming(
            $"{data} holds other data than those of the {owner}: SHA-256 {found}; expected {expected} ({new Setting("data")} says where the {owner}'s data are now).");
}
