using System.Text;
using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Search;

/// <summary>A random or grid search, as its file states it. Its trials are a pure function of it: a larger
/// <see cref="Trials"/> adds trials and changes none.</summary>
internal sealed record SearchSpec
{
    /// <summary>The name of the task, as in "vae".</summary>
    public required string Task { get; init; }

    /// <summary>Decides every draw.</summary>
    public ulong Seed { get; init; }

    /// <summary>Trials of each cell.</summary>
    public int Trials { get; init; } = 20;

    /// <summary>Settings that all trials share.</summary>
    public JsonObject Settings { get; init; } = [];

    /// <summary>The data sets by the names that the settings give them; null as long as they were not opened.</summary>
    public IReadOnlyDictionary<string, SearchData>? DataSets { get; init; }

    /// <summary>Lists of values by setting; the cells are the product of a block's lists, for each block.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, JsonNode[]>> Grid { get; init; } = [];

    /// <summary>The settings that are drawn anew for each trial, with their laws.</summary>
    public IReadOnlyDictionary<string, RandomParameter> Random { get; init; } =
        new Dictionary<string, RandomParameter>(StringComparer.Ordinal);

    /// <summary>Selection and report.</summary>
    public SelectionProtocol Evaluation { get; init; } = new();

    /// <summary>Tells whether the models of all trials are kept, or only those that a report may need.</summary>
    public bool KeepCheckpoints { get; init; }

    /// <summary>Null for none, as in the paper.</summary>
    public Halving? Halving { get; init; }

    /// <summary>The names of the searches that come with the program.</summary>
    public static IReadOnlyList<string> Shipped { get; } = [.. typeof(SearchSpec).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => Path.GetFileNameWithoutExtension(name[Prefix.Length..])).Order(StringComparer.Ordinal)];

    /// <summary>The largest number of trials in all cells together.</summary>
    internal const int MostTrials = 100_000;

    private const int MostCells = 10_000, MostName = 200;
    private const string Prefix = "experiments/";

    /// <summary>Reads a file, or the shipped search of that name.</summary>
    /// <exception cref="InputException">There is neither, or it is no search, or a part of it has no effect.</exception>
    public static SearchSpec Read(string source) =>
        Naming(source, () => Document(source).As<SearchSpec>().Validated().WithNothingIdle());

    /// <summary>Runs <paramref name="use"/>; what is wrong with a setting is said with the line of the file that gives
    /// it.</summary>
    internal static T Naming<T>(string source, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (InputException e) when (e.Key is not null)
        {
            throw Document(source).Naming(e);
        }
    }

    /// <summary>The cells, in the order of the file.</summary>
    public IReadOnlyList<Cell> Cells()
    {
        var blocks = Grid.Count == 0 ? [new Dictionary<string, JsonNode[]>(StringComparer.Ordinal)] : Grid;
        return [.. blocks.SelectMany(block => block.Aggregate((IEnumerable<JsonObject>)[[]], Product)).Select(Cell.Of)];
        static IEnumerable<JsonObject> Product(IEnumerable<JsonObject> cells, KeyValuePair<string, JsonNode[]> list) =>
            cells.SelectMany(cell =>
                list.Value.Select(value => new JsonObject([.. Copy(cell), new(list.Key, value.DeepClone())])));
    }

    /// <summary>Every trial, in the order in which they are begun: the first of each cell, then the second of each, so that an
    /// unfinished search is balanced; with halving, where a cell is of use only when all its trials have ended, cell by
    /// cell.</summary>
    public IReadOnlyList<Trial> AllTrials()
    {
        var (cells, indices) = (Cells(), Enumerable.Range(0, Trials));
        return [.. Halving is null ? indices.SelectMany(index => cells.Select(cell => TrialOf(cell, index)))
            : cells.SelectMany(cell => indices.Select(index => TrialOf(cell, index)))];
    }

    private Trial TrialOf(Cell cell, int index)
    {
        var stream = Seeds.Derive(Seeds.Derive(Seed, Hash(cell.Name)), (ulong)index);
        var settings = new JsonObject(Copy(Settings));
        settings["seed"] = Seeds.Derive(stream, Hash("seed")) >> 33;
        foreach (var (name, law) in Random) settings[name] = law.Draw(Seeds.Derive(stream, Hash(name)));
        foreach (var (name, value) in cell.Values) settings[name] = value!.DeepClone();
        if (DataSets is not null && settings[SearchData.Key] is { } named && DataSets.TryGetValue($"{named}", out var data))
            (settings[SearchData.Key], settings[SearchData.ChecksumKey]) = (data.Path, data.Checksum);
        return new(cell, index, settings);
    }

    /// <summary>The data that the settings of the trials name.</summary>
    internal IReadOnlyList<string> DataNames() =>
        [.. Grid.SelectMany(block => block.GetValueOrDefault(SearchData.Key) ?? [])
            .Concat(Random.GetValueOrDefault(SearchData.Key)?.Choice ?? [])
            .Append(Settings[SearchData.Key]).OfType<JsonNode>().Select(name => $"{name}").Distinct(StringComparer.Ordinal)];

    /// <summary>Checks all that does not depend on the task.</summary>
    /// <exception cref="InputException">Names what is wrong.</exception>
    public SearchSpec Validated()
    {
        InputException.Require(Trials >= 1, "trials", Trials, "at least 1");
        var count = Grid.Count == 0
            ? 1
            : Grid.Sum(block => block.Values.Aggregate(1L, (product, list) => Math.Min(product * list.Length, int.MaxValue)));
        if (count > MostCells) throw new InputException($"grid has {Many(count)} cells; expected at most {MostCells}.");
        if (count * Trials > MostTrials) throw new InputException(
            Invariant($"{Trials} trials of each of {count} cells are {count * Trials}; expected at most {MostTrials} in all."));
        foreach (var (name, law) in Random) law.Validate(name);
        Evaluation.Validate();
        var cells = Cells();
        if (cells.Count == 0) throw new InputException("grid has an empty list; expected at least one value each.");
        if (cells.FirstOrDefault(cell => Encoding.UTF8.GetByteCount(cell.Name) > MostName) is { } longest)
            throw new InputException($"the cell {Quote.Of(longest.Name)} has a name of "
                + Invariant($"{Encoding.UTF8.GetByteCount(longest.Name)} bytes; expected at most {MostName}, for it is a folder's."));
        RequireOnce(cells, cell => cell.Name);
        return this;
        static string Many(long count) => count >= int.MaxValue ? "billions of" : Invariant($"{count}");
    }

    private static void RequireOnce(IEnumerable<Cell> cells, Func<Cell, string> name)
    {
        if (cells.GroupBy(name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InputException($"grid has the cell {Quote.Of(twice.First().Name)} twice; expected each once.");
    }

    /// <summary>Names the part that decides a setting for each trial; null where <see cref="Settings"/> has a say.</summary>
    internal string? DeciderOf(string name) => Random.ContainsKey(name) ? "[random]" : IsInEveryCell(name) ? "the grid" : null;

    /// <summary>Tells whether the grid decides a setting for some of the trials.</summary>
    internal bool IsInSomeCell(string name) => Grid.Any(block => block.ContainsKey(name));

    private bool IsInEveryCell(string name) => Grid.Count > 0 && Grid.All(block => block.ContainsKey(name));

    // No part of Validated: the record of a search that was begun with such a file can still be read.
    private SearchSpec WithNothingIdle()
    {
        foreach (var (name, _) in Settings)
        {
            if ((name == "seed" ? "the seed of the search" : DeciderOf(name)) is { } decider)
                throw Idle("settings", name, decider);
        }
        if (Random.Keys.FirstOrDefault(IsInEveryCell) is { } drawn) throw Idle("random", drawn, "the grid");
        if (Random.FirstOrDefault(pair => pair.Value is { Integers: null, Over: not 1 }).Key is { } over)
            throw new InputException(
                $"random.{Quote.Visible(over)}.over has no effect: integers alone are divided by it; expected none.",
                $"random.{over}.over");
        if (Halving is { Rungs: [] })
            throw new InputException(
                "halving.rungs is empty and stops no trial; expected a step at least, or no halving.", "halving.rungs");
        // A cell whose settings stand in another order has another name, and is trained again.
        RequireOnce(Cells(), cell => cell.SortedName);
        return this;

        static InputException Idle(string part, string name, string decider) => new(
            $"{part}.{Quote.Visible(name)} has no effect: {decider} decides it for each trial; expected it nowhere else.",
            $"{part}.{name}");
    }

    private static SettingsFile Document(string source)
    {
        if (File.Exists(source)) return SettingsFile.Read(source);
        if (!Shipped.Contains(source))
        {
            throw new InputException($"{source}: no such file, and no search of that name comes with dgrad; "
                + (Spelling.Nearest(source, Shipped) is { } meant
                    ? $"did you mean '{meant}'?"
                    : $"expected a file or one of {string.Join(", ", Shipped)}."));
        }
        return SettingsFile.Toml(EmbeddedText.Read($"{Prefix}{source}.toml"), source);
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Copy(JsonObject values) =>
        values.Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone()));

    // FNV-1a: a name's draws do not depend on the other names.
    private static ulong Hash(string name) =>
        Encoding.UTF8.GetBytes(name).Aggregate(0xcbf29ce484222325, (hash, value) => unchecked((hash ^ value) * 0x100000001b3));
}

/// <summary>The law of one setting in a random search; exactly one of the three is given.</summary>
internal sealed record RandomParameter
{
    /// <summary>The bounds [a, b] of a number that is uniform on [a, b).</summary>
    public double[]? Uniform { get; init; }

    /// <summary>The bounds [a, b] of a number that is uniform on the whole numbers a … b, divided by
    /// <see cref="Over"/>.</summary>
    public int[]? Integers { get; init; }

    /// <summary>A divisor rather than a factor: 7/10000 is the number nearest 0.0007, 7 · 0.0001 is not.</summary>
    public double Over { get; init; } = 1;

    /// <summary>Each with the same probability.</summary>
    public JsonNode[]? Choice { get; init; }

    /// <summary>The value for a random word.</summary>
    public JsonNode Draw(ulong word)
    {
        if (Uniform is [var a, var b]) return JsonValue.Create(a + ((b - a) * ((word >> 11) * Math.ScaleB(1, -53))));
        if (Integers is [var first, var last]) return JsonValue.Create((first + Below((long)last - first + 1)) / Over);
        return Choice![Below(Choice.Length)].DeepClone();
        // The high half of a product of 64 and at most 32 bits: bias below 2^-32.
        long Below(long count) => (long)((UInt128)word * (ulong)count >> 64);
    }

    /// <summary>Checks that there is one law and that it is not empty.</summary>
    /// <exception cref="InputException">Names the setting.</exception>
    public void Validate(string name)
    {
        var laws = (Uniform is null ? 0 : 1) + (Integers is null ? 0 : 1) + (Choice is null ? 0 : 1);
        var good = laws == 1 && (Uniform is null || (Uniform is [var a, var b] && a <= b))
            && (Integers is null || (Integers is [var i, var j] && i <= j));
        if (!good || Choice is { Length: 0 } || !double.IsFinite(Over) || Over == 0) throw new InputException(
            $"random.{name} is no law; expected one of uniform = [a, b], integers = [a, b] (over = c) and choice = [...].",
            $"random.{name}");
    }
}

/// <summary>The protocol by which trials are compared and the best are reported. The defaults are the paper's.</summary>
internal sealed record SelectionProtocol
{
    /// <summary>M of the validation bound that trials are selected by.</summary>
    public int SelectionSamples { get; init; } = 5000;

    /// <summary>Examples of the validation set used for it; 0 for all.</summary>
    public int SelectionExamples { get; init; }

    /// <summary>M of the bounds that are reported.</summary>
    public int FinalSamples { get; init; } = 5000;

    /// <summary>Examples of each split used for them; 0 for all.</summary>
    public int FinalExamples { get; init; }

    /// <summary>Tells whether every trial is put to the test set rather than the best of its cell.</summary>
    public bool FinalOfAll { get; init; }

    /// <exception cref="InputException">Names the first that is out of range.</exception>
    public void Validate()
    {
        Check("selection-samples", SelectionSamples, 1, ImportanceBound.MostSamples);
        Check("final-samples", FinalSamples, 1, ImportanceBound.MostSamples);
        Check("selection-examples", SelectionExamples, 0, int.MaxValue);
        Check("final-examples", FinalExamples, 0, int.MaxValue);
        static void Check(string name, int value, int least, int most) => InputException.Require(
            value >= least && value <= most, name, value, Invariant($"{least} to {most}"), $"evaluation.{name}");
    }
}
