using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Runs;

/// <summary>The part that training tasks share: the settings, the noise, the baseline of REINFORCE and the form of the
/// result.</summary>
internal abstract class TrainingTask<TSettings, TResult> : ITrainingTask<TResult>
    where TSettings : class
    where TResult : TrainingResult
{
    private const string BaselineKey = "baseline";
    private const double BaselineDecay = 0.9;

    /// <param name="settings">Validated, with the data that are open.</param>
    /// <param name="noise">Seed of the noise of the steps.</param>
    /// <param name="hasBaseline">Whether the running mean of the cost is kept.</param>
    protected TrainingTask(TSettings settings, ulong noise, bool hasBaseline)
    {
        Settings = settings;
        Generator = new Generator(noise);
        if (hasBaseline) Baseline = new(BaselineDecay);
    }

    /// <summary>The settings of the run, as settings.json has them.</summary>
    public TSettings Settings { get; }

    object ITrainingTask<TResult>.Settings => Settings;

    public Generator Generator { get; }

    public abstract int Steps { get; }

    public abstract int ValidationInterval { get; }

    public abstract IEnumerable<(string Name, Tensor Value)> State { get; }

    public IReadOnlyDictionary<string, double?> Numbers
    {
        get => new Dictionary<string, double?>(Found.Prepend(new(BaselineKey, Baseline?.Value)), StringComparer.Ordinal);
        set
        {
            if (Baseline is not null) Baseline = new(BaselineDecay, value[BaselineKey]);
            Found = value;
        }
    }

    /// <summary>The running mean of the cost; null where it is not kept.</summary>
    protected MovingAverageBaseline? Baseline { get; private set; }

    /// <summary>The findings of validations, by name, in the order of a checkpoint.</summary>
    protected virtual IReadOnlyDictionary<string, double?> Found
    {
        get => new Dictionary<string, double?>(StringComparer.Ordinal);
        set { }
    }

    public abstract double Run(int step);

    public abstract Validation? Validate(int step, CancellationToken cancellation);

    public TResult Result(RunStatus status, int steps, double? loss) =>
        (TResult)((TrainingResult)Summary() with { Status = status, Steps = steps, Loss = loss });

    public virtual void Dispose() => Generator.Dispose();

    /// <summary>The part of the result that is the task's own.</summary>
    protected abstract TResult Summary();
}

/// <summary>The identity that a checkpoint must share with its run: SHA-256 of the settings' JSON with its keys in order. The
/// data are in it by their checksum; where they lie is not what they are.</summary>
internal static class RunIdentity
{
    private const string DataKey = "data";

    /// <summary>The identity, 64 hexadecimal digits.</summary>
    /// <param name="settings">A record; a key that is null is as good as none.</param>
    public static string Of(object settings) => Of(Document(settings));

    /// <summary>The identity of a run with other steps or epochs than its settings say.</summary>
    public static string WithLength(object settings, long length)
    {
        var given = Document(settings);
        if (RunLength.Of(given) is { } own) given[own.Key] = length;
        return Of(given);
    }

    /// <summary>The length of a run of such settings; null where they do not say.</summary>
    public static RunLength? Length(object settings) => RunLength.Of(Document(settings));

    private static string Of(JsonObject given)
    {
        var canonical = new JsonObject(given.Where(pair => pair.Key != DataKey)
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(canonical, JsonText.Line)));
    }

    private static JsonObject Document(object settings) => JsonSerializer.SerializeToNode(settings, JsonText.Line)!.AsObject();
}
