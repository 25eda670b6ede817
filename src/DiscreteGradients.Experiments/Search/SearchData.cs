namespace DiscreteGradients.Experiments.Search;

/// <summary>The data that a search's settings name: where they are, and what they must hold.</summary>
/// <param name="Path">An absolute path, or the name of a set.</param>
/// <param name="Checksum">SHA-256 of the data.</param>
internal sealed record SearchData(string Path, string Checksum)
{
    /// <summary>The key of the settings that names them.</summary>
    internal const string Key = "data";

    /// <summary>The key of what they must hold, which a search adds to the settings of its trials.</summary>
    internal const string ChecksumKey = "data-checksum";

    /// <summary>The search with its data, which are opened: where its settings name them as seen from here, or else where a
    /// folder says that they were, or where they are said to be now.</summary>
    /// <param name="spec">A search as its file states it.</param>
    /// <param name="known">The data sets of the search as a folder keeps it; null where none does.</param>
    /// <param name="elsewhere">Where they are now; null for none.</param>
    /// <exception cref="InputException">They are missing, are others, or it is not said which of several are
    /// elsewhere.</exception>
    internal static SearchSpec Find(SearchSpec spec, ITrialTask task, IReadOnlyDictionary<string, SearchData>? known,
        string? elsewhere)
    {
        var names = spec.DataNames();
        if (elsewhere is not null && names.Count != 1)
            throw InputException.Naming(
                $"{new Setting(Key)} says where the data of a search are now; the settings of this one name {(names.Count == 0 ? "none" : Invariant($"{names.Count} sets"))}.");
        if (names.Count == 0) return spec;
        return spec with
        {
            DataSets = names.ToDictionary(name => name, name => Find(task, name, known?.GetValueOrDefault(name), elsewhere),
                StringComparer.Ordinal),
        };
    }

    /// <summary>Checks that data are still what they were; those that are missing are left to who needs them.</summary>
    /// <param name="elsewhere">Where they are now; null for where they were.</param>
    /// <exception cref="InputException">They are others.</exception>
    internal void Require(ITrialTask task, string? elsewhere)
    {
        var place = elsewhere ?? Path;
        if (elsewhere is not null || IsPathOfSome(place))
            DataSource.Require(Checksum, task.OpenData(place).Checksum, place, "search");
    }

    private static SearchData Find(ITrialTask task, string name, SearchData? known, string? elsewhere)
    {
        var isHere = known is null || File.Exists(name) || Directory.Exists(name);
        var place = elsewhere ?? (isHere ? name : known!.Path);
        var found = task.OpenData(place);
        DataSource.Require(known?.Checksum, found.Checksum, place, "search");
        return found;
    }

    private static bool IsPathOfSome(string place) =>
        System.IO.Path.IsPathRooted(place) && (File.Exists(place) || Directory.Exists(place));
}
