using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Search;

/// <summary>The folder of a search: search.json, trials/CELL/INDEX/ (a run folder each, with trial.json when it has ended
/// and final.json when it was reported), workers/. There is no other state: any number of processes may work on it.</summary>
internal sealed class SearchFolder
{
    /// <summary>The file that makes a folder a search's.</summary>
    internal const string SpecName = "search.json";

    private readonly ConcurrentDictionary<Trial, ITrialRun> runs = new();

    private SearchFolder(string path, SearchSpec spec, ITrialTask task)
    {
        (Path, Spec, Task) = (path, spec, task);
        Trials = spec.AllTrials();
        Plans = new(path, RunOf);
    }

    public string Path { get; }

    public SearchSpec Spec { get; }

    /// <summary>The task of <see cref="Spec"/>.</summary>
    public ITrialTask Task { get; }

    /// <summary>Every trial, in the order in which they are taken.</summary>
    public IReadOnlyList<Trial> Trials { get; }

    internal SearchPlans Plans { get; }

    /// <summary>The folder in which the workers are registered.</summary>
    public string Workers => System.IO.Path.Combine(Path, "workers");

    /// <summary>Makes the folder, or goes on with the search that it holds, which may have fewer trials.</summary>
    /// <exception cref="InputException">The search is not sound, or the folder holds another one.</exception>
    public static SearchFolder Create(string path, SearchSpec spec, IReadOnlyDictionary<string, Func<ITrialTask>> tasks,
        CancellationToken cancellation = default)
    {
        var folder = new SearchFolder(path, spec.Validated(), CheckedTaskOf(path, spec, tasks));
        foreach (var trial in folder.Trials)
        {
            cancellation.ThrowIfCancellationRequested();
            folder.RunOf(trial);
            if (trial.Settings["estimator"] is { } name) EstimatorName.Parse($"{name}").Offered();
        }
        if (spec.Halving is { } halving)
        {
            foreach (var plan in folder.Trials.Select(folder.Plan).Distinct())
                halving.Validate(plan.Steps, plan.ValidationInterval);
        }
        FolderFile.MakeNamed(folder.Workers, shown: path);
        var there = File.Exists(SpecPath(path)) ? Read(path) : null;
        var kept = there is null ? spec : Continued(path, there, spec);
        if (there is null || Text(there) != Text(kept))
        {
            AtomicFile.Write(SpecPath(path), Text(kept));
            folder.Plans.Save();
        }
        return Text(kept) == Text(spec) ? folder : new SearchFolder(path, kept, folder.Task);
    }

    // As the folder states it, whose trials are named by the order of its keys; a file may have another.
    private static SearchSpec Continued(string path, SearchSpec there, SearchSpec spec)
    {
        var differences = SettingDifference.Between(Document(there), Document(spec), "trials");
        if (differences.Count > 0)
        {
            throw InputException.Naming(
                $"{path} holds another search: {SettingDifference.Text(differences)}; expected another {new Setting("out")}, or {new Instruction($"search", new Setting("resume", Quote.Word(path)))} to go on with the one that is there.");
        }
        return there.Trials <= spec.Trials
            ? there with { Trials = spec.Trials, DataSets = spec.DataSets }
            : throw new InputException(Invariant(
                $"{path} holds a search of {there.Trials} trials a cell; expected at least as many, not {spec.Trials}."));
    }

    /// <summary>The search with its data, which are opened (<see cref="SearchData.Find"/>), as the folder knows them if it is
    /// there; else as the search does, which may be that of another folder.</summary>
    /// <exception cref="InputException">They are missing, or are others than those of the folder's search.</exception>
    public static SearchSpec WithData(string path, SearchSpec spec, IReadOnlyDictionary<string, Func<ITrialTask>> tasks,
        string? elsewhere = null) =>
        SearchData.Find(spec, CheckedTaskOf(path, spec, tasks),
            File.Exists(SpecPath(path)) ? Read(path).DataSets : spec.DataSets, elsewhere);

    /// <summary>Opens a search that is there.</summary>
    /// <param name="tasks">What can be searched over, by the name that <see cref="SearchSpec.Task"/> gives.</param>
    /// <param name="elsewhere">Where its data are now; null for where they were, or none.</param>
    /// <exception cref="InputException">There is none, or its data are others now.</exception>
    public static SearchFolder Open(string path, IReadOnlyDictionary<string, Func<ITrialTask>> tasks, string? elsewhere = null)
    {
        var spec = Read(path).Validated();
        var folder = new SearchFolder(path, spec, TaskOf(spec, tasks));
        if (elsewhere is not null && folder.Spec.DataSets is not { Count: 1 })
            throw InputException.Naming(
                $"{new Setting(SearchData.Key)} says where the data of a search are now; {path} keeps {folder.Spec.DataSets?.Count ?? 0} data sets.");
        foreach (var data in folder.Spec.DataSets?.Values ?? []) data.Require(folder.Task, elsewhere);
        foreach (var trial in folder.Trials.DistinctBy(trial => trial.Cell)) folder.RunOf(trial);
        return folder;
    }

    /// <summary>Opens every search below a folder, in the order of their paths.</summary>
    /// <param name="tasks">As for <see cref="Open"/>.</param>
    /// <exception cref="InputException">One is damaged.</exception>
    public static IReadOnlyList<SearchFolder> Below(string root, IReadOnlyDictionary<string, Func<ITrialTask>> tasks) =>
        [.. RecordFolders.With(root, SpecName).Select(path => Open(path, tasks))];

    public string PathOf(Trial trial) => System.IO.Path.Combine(Path, "trials", trial.Path);

    public TrialPlan Plan(Trial trial) => Plans[trial];

    /// <summary>A trial with its settings read, which happens once.</summary>
    /// <exception cref="InputException">A setting is unknown or out of range; the trial is named.</exception>
    public ITrialRun RunOf(Trial trial) => runs.GetOrAdd(trial, Read);

    /// <summary>Makes sure that the data are there, each set of those that the trials name.</summary>
    /// <exception cref="InputException">One is not, or lacks what a trial needs.</exception>
    public void OpenData()
    {
        foreach (var trial in Trials.DistinctBy(trial => trial.Settings[SearchData.Key]?.ToString(), StringComparer.Ordinal))
            RunOf(trial).Open();
    }

    private ITrialRun Read(Trial trial)
    {
        try
        {
            return Task.Read(trial.Settings);
        }
        catch (InputException e)
        {
            throw new InputException(Invariant($"{trial.Cell.Name}, trial {trial.Index}: {e.Message}"), e) { Key = e.Key };
        }
    }

    /// <summary>The record of a trial; null while it has not ended.</summary>
    public TrialRecord? RecordOf(Trial trial) => Recorded<TrialRecord>(trial, RecordName, "to run the trial again");

    /// <summary>The report of a trial; null where there is none yet.</summary>
    public FinalRecord? FinalOf(Trial trial) => Recorded<FinalRecord>(trial, FinalName, "to evaluate it again");

    public void Write(Trial trial, TrialRecord record) => RunFolder.WriteJson(PathOf(trial), RecordName, record);

    public void Write(Trial trial, FinalRecord record) => RunFolder.WriteJson(PathOf(trial), FinalName, record);

    /// <summary>The record of a trial at a rung of successive halving; null where it has not come so far.</summary>
    public Rung? RungOf(Trial trial, int rung) => Recorded<Rung>(trial, Rung.FileName(rung), "to have it written again");

    private T? Recorded<T>(Trial trial, string name, string purpose)
    {
        var path = System.IO.Path.Combine(PathOf(trial), name);
        try
        {
            return JsonFile.Read<T>(path);
        }
        catch (InputException e)
        {
            throw new InputException($"{e.Message} Delete it {purpose}.", e);
        }
    }

    internal const string RecordName = "trial.json", FinalName = "final.json";

    // A search that was begun with numbers that have no effect goes on.
    private static ITrialTask CheckedTaskOf(string path, SearchSpec spec, IReadOnlyDictionary<string, Func<ITrialTask>> tasks)
    {
        var task = TaskOf(spec, tasks);
        if (!File.Exists(SpecPath(path))) task.Check(spec.Evaluation);
        return task;
    }

    private static ITrialTask TaskOf(SearchSpec spec, IReadOnlyDictionary<string, Func<ITrialTask>> tasks) =>
        tasks.TryGetValue(spec.Task, out var create)
        ? create()
        : throw new InputException($"task is '{spec.Task}'; expected {string.Join(" or ", tasks.Keys)}.");

    /// <summary>The search of a folder, as its file states it.</summary>
    /// <exception cref="InputException">There is none, or it is damaged.</exception>
    public static SearchSpec Read(string path) => File.Exists(SpecPath(path))
        ? JsonFile.Read<SearchSpec>(SpecPath(path))!
        : throw new InputException($"{path} holds no search: it has no {SpecName}.");

    // Where the data are is no part of what a search is.
    private static JsonObject Document(SearchSpec spec) =>
        JsonSerializer.SerializeToNode(spec with { DataSets = null }, JsonText.Line)!.AsObject();

    private static string Text(SearchSpec spec) => JsonSerializer.Serialize(spec, JsonText.Indented) + "\n";

    /// <summary>The file of the search of a folder.</summary>
    internal static string SpecPath(string path) => System.IO.Path.Combine(path, SpecName);
}

/// <summary>The sizes of a search's trials, each kind of trial once: plans.json in its folder, a cache, so that who asks for
/// the time left need not have the data.</summary>
internal sealed class SearchPlans(string folder, Func<Trial, ITrialRun> runOf)
{
    private readonly Dictionary<string, TrialPlan> plans = Read(folder);
    private bool isNew;

    private static string PathIn(string folder) => Path.Combine(folder, "plans.json");

    /// <exception cref="InputException">It depends on the data, and they are missing.</exception>
    public TrialPlan this[Trial trial]
    {
        get
        {
            var run = runOf(trial);
            lock (plans)
            {
                if (plans.TryGetValue(run.PlanKey, out var known)) return known;
                isNew = true;
                return plans[run.PlanKey] = run.Plan();
            }
        }
    }

    /// <summary>Keeps what was found; nothing is lost where it cannot be.</summary>
    public void Save()
    {
        lock (plans)
        {
            if (!isNew) return;
            isNew = false;
            Attempt.To(() => RunFolder.WriteJson(folder, "plans.json", plans));   // a reader may not be allowed to write
        }
    }

    private static Dictionary<string, TrialPlan> Read(string folder)
    {
        var read = JsonFile.ReadOrDefault<Dictionary<string, TrialPlan>>(PathIn(folder)) ?? [];
        var good = read.Values.All(plan => plan is { Steps: >= 1, ValidationInterval: >= 1 });
        return new(good ? read : [], StringComparer.Ordinal);
    }
}
