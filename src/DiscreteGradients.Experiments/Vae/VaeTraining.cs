using System.Diagnostics;
using System.Globalization;
using DiscreteGradients.Experiments.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>One training run in one folder: taken up where its checkpoint stands, the same bits as if never interrupted.</summary>
public sealed class VaeTraining : IDisposable
{
    private const int LogInterval = 100;
    private readonly VaeSettings settings;
    private readonly MnistData data;
    private readonly RunFolder folder;
    private readonly int threads;
    private readonly VaeStep step;
    private readonly FileStream metrics;
    private double lossSum, loss = double.NaN;
    private double? validationBound;

    /// <summary>Takes up the run of <paramref name="folder"/>, or starts it.</summary>
    /// <param name="settings">Validated.</param>
    /// <param name="data">What the settings name.</param>
    /// <param name="folder">Held by the caller; new, or of the same settings.</param>
    /// <param name="threads">For the kernel and the bound; the numbers do not depend on it.</param>
    /// <exception cref="InputException">The folder's settings or checkpoint do not fit.</exception>
    public VaeTraining(VaeSettings settings, MnistData data, RunFolder folder, int threads)
    {
        (this.settings, this.data, this.folder, this.threads) = (settings, data, folder, threads);
        folder.Claim(settings);
        step = new VaeStep(settings, data.Train, threads);
        metrics = folder.OpenMetrics(folder.HasCheckpoint ? Restore() : 0);
    }

    /// <summary>The model as far as it is trained.</summary>
    public VaeModel Model => step.Model;

    /// <summary>Steps done.</summary>
    public int Step { get; private set; }

    /// <summary>How often a checkpoint is written, besides those at validations, at stops and at the end.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Trains to the last step; a cancelled run leaves a checkpoint and throws.</summary>
    /// <param name="progress">Called every 100 steps at most, and with notes; on this thread.</param>
    /// <param name="measure">Called after each step with the number done; what it gives, if not null, becomes a line of
    /// the metrics. It must depend on the step and the model only, or a resumed run would differ.</param>
    /// <param name="cancellation">Looked at after each step.</param>
    /// <exception cref="OperationCanceledException">Cancelled; the checkpoint is written.</exception>
    public TrainingResult Run(Action<TrainingProgress>? progress = null, Func<int, object?>? measure = null, CancellationToken cancellation = default)
    {
        var (clock, from, saved) = (Stopwatch.StartNew(), Step, TimeSpan.Zero);
        while (Step < settings.Steps)
        {
            var value = step.Run(Step);
            if (!double.IsFinite(value)) return Finish(TrainingResult.Diverged);
            lossSum += value;
            Step++;
            var due = false;
            if (Step % LogInterval == 0 || Step == settings.Steps) Log();
            if (Step % settings.ValidationInterval == 0 || Step == settings.Steps)
            {
                due = true;
                if (!Validate(progress, clock, from)) return Finish(TrainingResult.Diverged);
            }
            if (Step % LogInterval == 0) progress?.Invoke(new(Step, settings.Steps, loss, Rate(clock, from)));
            if (measure?.Invoke(Step) is { } line)
            {
                metrics.Write(RunFolder.Line(line));
                due = true;
            }
            if (due || cancellation.IsCancellationRequested || clock.Elapsed - saved > CheckpointInterval)
            {
                Save(clock, from);
                saved = clock.Elapsed;
                cancellation.ThrowIfCancellationRequested();
            }
        }
        return Finish(TrainingResult.Completed);
    }

    private void Log()
    {
        loss = lossSum / (Step % LogInterval == 0 ? LogInterval : Step % LogInterval);
        lossSum = 0;
        metrics.Write(RunFolder.Line(new { step = Step, loss }));
    }

    /// <returns>False where the weights are no numbers any more.</returns>
    private bool Validate(Action<TrainingProgress>? progress, Stopwatch clock, int from)
    {
        using var bound = new ImportanceBound(Model);
        var result = bound.Evaluate(data.Valid, settings.ValidationImages, settings.ValidationSamples, Seeds.Derive(settings.Seed, 3), threads);
        if (!double.IsFinite(result.Bound)) return false;
        validationBound = result.Bound;
        metrics.Write(RunFolder.Line(new { step = Step, validationBound, result.StandardError, result.Samples, result.Images }));
        progress?.Invoke(new(Step, settings.Steps, loss, Rate(clock, from), FormattableString.Invariant(
            $"step {Step}: validation bound {result.Bound:F2} ± {result.StandardError:F2} nats (M = {result.Samples}, {result.Images} images)")));
        return true;
    }

    private double Rate(Stopwatch clock, int from) => (Step - from) / clock.Elapsed.TotalSeconds;

    private void Save(Stopwatch clock, int from)
    {
        metrics.Flush(flushToDisk: true);
        using var state = step.Generator.get_state();
        SafeTensors.Write(folder.CheckpointPath, [.. Model.Parameters, .. step.Optimizer.State, ("generator", state)], new Dictionary<string, string>
        {
            ["step"] = Text(Step),
            ["metrics-length"] = Text(metrics.Length),
            ["loss-sum"] = Text(lossSum),
            ["loss"] = Text(loss),
            ["validation-bound"] = Text(validationBound),
            ["baseline"] = Text(step.Baseline?.Value),
            ["settings"] = Identity(),
        });
        folder.AppendTiming(new { step = Step, seconds = clock.Elapsed.TotalSeconds, stepsPerSecond = Rate(clock, from), utc = DateTime.UtcNow });
        static string Text<T>(T value) => string.Create(CultureInfo.InvariantCulture, $"{value}");
    }

    /// <summary>Sets everything to the checkpoint; returns the length of the metrics at its time.</summary>
    private long Restore()
    {
        var (tensors, metadata) = SafeTensors.Read(folder.CheckpointPath);
        using var _ = no_grad();
        try
        {
            if (metadata.GetValueOrDefault("settings") != Identity())
                throw new InputException($"{folder.CheckpointPath} is a checkpoint of other settings than {folder.Path}/settings.json.");
            Model.Load(tensors);
            foreach (var (name, value) in step.Optimizer.State) value.copy_(Part(name, value));
            using var state = step.Generator.get_state();
            step.Generator.set_state(Part("generator", state));
            Step = int.Parse(metadata["step"], CultureInfo.InvariantCulture);
            lossSum = Number("loss-sum")!.Value;
            loss = Number("loss")!.Value;
            validationBound = Number("validation-bound");
            step.RestoreBaseline(Number("baseline"));
            return long.Parse(metadata["metrics-length"], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is KeyNotFoundException or FormatException or OverflowException)
        {
            throw new InputException($"{folder.CheckpointPath} lacks a part of a training state: {e.Message}", e);
        }
        finally
        {
            foreach (var tensor in tensors.Values) tensor.Dispose();
        }
        // libtorch ends the process if a generator's state has another length.
        Tensor Part(string name, Tensor like) => tensors[name] is { } part && part.dtype == like.dtype && part.shape.AsSpan().SequenceEqual(like.shape)
            ? part
            : throw new FormatException($"'{name}' has shape [{string.Join(", ", tensors[name].shape)}] instead of [{string.Join(", ", like.shape)}].");
        double? Number(string key) => metadata[key].Length == 0 ? null : double.Parse(metadata[key], CultureInfo.InvariantCulture);
    }

    /// <summary>The settings and the data, which a checkpoint must share with its run.</summary>
    private string Identity() => $"{settings} {data.Checksums}";

    private TrainingResult Finish(string status)
    {
        metrics.Flush(flushToDisk: true);
        var result = new TrainingResult
        {
            Status = status,
            Steps = Step,
            Loss = double.IsFinite(loss) ? loss : null,
            ValidationBound = validationBound,
            Data = data.Name,
            Binarisation = data.Binarisation,
            Version = ProgramVersion.Text,
        };
        RunFolder.WriteJson(folder.Path, "result.json", result);
        return result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        metrics.Dispose();
        step.Dispose();
    }
}
