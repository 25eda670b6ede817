namespace DiscreteGradients.Experiments;

/// <summary>Names that somebody may have meant.</summary>
internal static class Spelling
{
    private const int LeastBeginning = 2;

    // As papers and other programs call settings.
    private static readonly Dictionary<string, string> Synonyms = new(StringComparer.Ordinal)
    {
        ["tau"] = "temperature",
        ["lr"] = "learning-rate",
        ["wd"] = "weight-decay",
        ["bs"] = "batch-size",
        ["iterations"] = "steps",
        ["iters"] = "steps",
        ["categories"] = "arity",
        ["method"] = "estimator",
        ["dataset"] = "data",
        ["model"] = "architecture",
        ["output"] = "out",
        ["config"] = "settings",
        ["jobs"] = "workers",
        ["o"] = "out",
        ["j"] = "workers",
        ["q"] = "quiet",
    };

    /// <summary>The setting that a word means: by another name, by its beginning, or nearly as it is written; null for
    /// none.</summary>
    /// <param name="names">Those that there are, without dashes in front.</param>
    public static string? Setting(string word, IEnumerable<string> names)
    {
        var known = names.OrderBy(name => name.Length).ToList();
        var typed = word.TrimStart('-').ToLowerInvariant().Replace('_', '-');
        var meant = Synonyms.GetValueOrDefault(typed, typed);
        var begun = meant.Length >= LeastBeginning ? known.Find(name => name.StartsWith(meant, StringComparison.Ordinal)) : null;
        return begun ?? Nearest(typed, known);
    }

    /// <summary>The name nearest to a word, by letters changed, left out, put in or swapped with a neighbour; null where more
    /// than two letters of five would change.</summary>
    public static string? Nearest(string word, IEnumerable<string> names)
    {
        var best = names.Select(name => (Name: name, Changes: Changes(word, name)))
            .DefaultIfEmpty((Name: "", Changes: int.MaxValue)).MinBy(pair => pair.Changes);
        return best.Changes <= Math.Max(1, word.Length * 2 / 5) ? best.Name : null;
    }

    // The distance of Damerau and Levenshtein between neighbours (optimal string alignment), row by row.
    private static int Changes(string from, string to)
    {
        var (before, last, row) = (new int[to.Length + 1], Enumerable.Range(0, to.Length + 1).ToArray(), new int[to.Length + 1]);
        for (var i = 1; i <= from.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                row[j] = Math.Min(Math.Min(last[j], row[j - 1]) + 1, last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
            }
            (before, last, row) = (last, row, before);
        }
        return last[^1];
    }
}
