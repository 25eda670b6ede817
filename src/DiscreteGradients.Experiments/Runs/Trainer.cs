using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Runs;

/// <summary>One training run in one folder: taken up where its checkpoint stands, the same bits as if never
/// interrupted.</summary>
/// <typeparam name="TResult">What stands in result.json.</typeparam>
internal sealed class Trainer<TResult> : IDisposable
    where TResult : TrainingResult
{
    /// <summary>The key of a checkpoint for the steps done.</summary>
    internal const string StepKey = "step";

    /// <summary>The key that a checkpoint has where the validation after its step was stopped.</summary>
    internal const string DueKey = "validation-due";

    private const int LogInterval = 100;
    private const string IdentityKey = "identity", LengthKey = "metrics-length", LossSumKey = "loss-sum", LossKey = "loss";
    private const string RunLengthKey = "run-length", EndLengthKey = "end-metrics-length", EndLossSumKey = "end-loss-sum",
        EndLossKey = "end-loss";
    private readonly ITrainingTask<TResult> task;
    private readonly RunFolder folder;
    private readonly FileStream metrics;
    private readonly string identity;
    private readonly string? note;
    private double lossSum, loss = double.NaN;
    private bool isValidationDue, wasTaken;
    private End? end;

    /// <summary>Takes up the run of <paramref name="folder"/>, or starts it.</summary>
    /// <param name="task">As it is before the first step; the caller's to dispose of.</param>
    /// <param name="folder">Held by the caller; new, or of the same settings.</param>
    /// <exception cref="InputException">The folder's settings or checkpoint do not fit.</exception>
    public Trainer(ITrainingTask<TResult> task, RunFolder folder)
    {
        (this.task, this.folder, identity) = (task, folder, RunIdentity.Of(task.Settings));
        var length = 0L;
        note = folder.Claim(task.Settings, () => length = folder.HasCheckpoint ? Restore() : 0);
        metrics = folder.OpenMetrics(length);
        if (wasTaken) CloseStep();
    }

    /// <summary>Steps done.</summary>
    public int Step { get; private set; }

    /// <summary>The time between checkpoints, besides those at validations, at stops and at the end.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Trains to the last step; a cancelled run leaves a checkpoint and throws.</summary>
    /// <param name="progress">Called every 100 steps at most, and with notes; on this thread.</param>
    /// <param name="measure">Called after each step with the number done; what it gives, if not null, becomes a line of
    /// the metrics. It must depend on the step and the model only, or a resumed run would differ.</param>
    /// <param name="until">Where to pause, with a checkpoint; null for the last step.</param>
    /// <returns>Null (the default) for a run that was paused.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the checkpoint is written.</exception>
    public TResult? Run(Action<TrainingProgress>? progress = null, Func<int, object?>? measure = null, int? until = null,
        CancellationToken cancellation = default)
    {
        var (clock, from, saved) = (new WorkClock(), Step, TimeSpan.Zero);
        Say(note);
        while (GoesOn)
        {
            if (!isValidationDue && !wasTaken)
            {
                if (Step >= until)
                {
                    Save(clock, from);
                    return default;
                }
                if (Step == from) Say(folder.SetAsideEarlier());
                if (!TakeStep()) return Ended(RunStatus.Diverged);
            }
            wasTaken = false;
            var due = isValidationDue;
            if (isValidationDue)
            {
                if (Validate(clock, from, cancellation) is not { } validation) return Ended(RunStatus.Diverged);
                metrics.Write(RunFolder.Line(validation.Line));
                progress?.Invoke(new(Step, task.Steps, loss, Rate(clock, from), validation.Note));
            }
            if (Step % LogInterval == 0) progress?.Invoke(new(Step, task.Steps, loss, Rate(clock, from)));
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
        return Ended(RunStatus.Completed);

        // A model may be evaluated beside its training, too, which may have been stopped behind its last checkpoint.
        TResult Ended(RunStatus status)
        {
            Say(folder.SetAsideEarlier());
            return Finish(status);
        }

        void Say(string? text)
        {
            if (text is not null) progress?.Invoke(new(Step, task.Steps, loss, 0, text));
        }
    }

    private bool GoesOn => Step < task.Steps || isValidationDue;

    private bool TakeStep()
    {
        var value = task.Run(Step);
        if (!double.IsFinite(value)) return false;
        lossSum += value;
        Step++;
        CloseStep();
        return true;
    }

    private void CloseStep()
    {
        end = Step == task.Steps ? new(metrics.Length, lossSum, loss) : null;
        if (Step % LogInterval == 0 || Step == task.Steps) Log();
        isValidationDue = Step % task.ValidationInterval == 0 || Step == task.Steps;
    }

    private Validation? Validate(WorkClock clock, int from, CancellationToken cancellation)
    {
        try
        {
            var validation = task.Validate(Step, cancellation);
            isValidationDue = false;
            return validation;
        }
        catch (OperationCanceledException)
        {
            Save(clock, from);
            throw;
        }
    }

    private void Log()
    {
        loss = lossSum / (Step % LogInterval == 0 ? LogInterval : Step % LogInterval);
        lossSum = 0;
        metrics.Write(RunFolder.Line(new { step = Step, loss }));
        metrics.Flush();   // for those who watch
    }

    private double Rate(WorkClock clock, int from) => (Step - from) / clock.Elapsed.TotalSeconds;

    private void Save(WorkClock clock, int from)
    {
        metrics.Flush(flushToDisk: true);
        folder.RequirePresent(metrics);
        using var state = task.Generator.get_state();
        var texts = task.Numbers.ToDictionary(pair => pair.Key, pair => Text(pair.Value), StringComparer.Ordinal);
        texts[StepKey] = Text(Step);
        texts[LengthKey] = Text(metrics.Length);
        texts[LossSumKey] = Text(lossSum);
        texts[LossKey] = Text(loss);
        texts[IdentityKey] = identity;
        if (RunIdentity.Length(task.Settings) is { } length) texts[RunLengthKey] = Text(length.Value);
        if (isValidationDue) texts[DueKey] = "true";
        if (end is not null)
            (texts[EndLengthKey], texts[EndLossSumKey], texts[EndLossKey]) =
                (Text(end.MetricsLength), Text(end.LossSum), Text(end.Loss));
        SafeTensors.Write(folder.CheckpointPath, [.. task.State, ("generator", state)], texts);
        clock.Line(Step, Rate(clock, from)).Append(folder.Path);
    }

    /// <summary>Sets everything to the checkpoint; returns the length of the metrics at its time.</summary>
    private long Restore()
    {
        var (tensors, metadata) = SafeTensors.Read(folder.CheckpointPath);
        using var _ = no_grad();
        try
        {
            if (!metadata.TryGetValue(IdentityKey, out var theirs))
                throw new InputException(
                    $"{folder.CheckpointPath} is of an older dgrad, or none of a training; "
                    + "expected to go on with the program that wrote it, or to start in a new folder.");
            var isLonger = theirs != identity && metadata.ContainsKey(RunLengthKey)
                && theirs == RunIdentity.WithLength(task.Settings, Whole(RunLengthKey, int.MaxValue));
            if (theirs != identity && !isLonger)
                throw new InputException(
                    $"{folder.CheckpointPath} is a checkpoint of other settings than {folder.Path}/settings.json.");
            foreach (var (name, value) in task.State) value.copy_(Like(name, value));
            GeneratorState.Set(task.Generator, Tensor("generator"));
            task.Numbers = task.Numbers.Keys.ToDictionary(
                key => key, key => Entry(key).Length == 0 ? null : Finite(key), StringComparer.Ordinal);
            Step = (int)Whole(StepKey, task.Steps);
            isValidationDue = metadata.ContainsKey(DueKey);
            lossSum = Finite(LossSumKey)!.Value;
            loss = Mean(LossKey);
            var length = Whole(LengthKey, long.MaxValue);
            if (metadata.ContainsKey(EndLengthKey))
                end = new(Whole(EndLengthKey, length), Finite(EndLossSumKey)!.Value, Mean(EndLossKey));
            if (!isLonger || end is null) return length;
            // What only the last step of a run writes is taken back: it is none any more.
            (length, lossSum, loss) = end;
            (wasTaken, isValidationDue) = (true, false);
            return length;
        }
        catch (FormatException e)
        {
            throw new InputException($"{folder.CheckpointPath} lacks a part of a training state: {e.Message}", e);
        }
        finally
        {
            foreach (var tensor in tensors.Values) tensor.Dispose();
        }
        Tensor Tensor(string name) => tensors.GetValueOrDefault(name) ?? throw new FormatException($"there is no '{name}'.");
        string Entry(string key) => metadata.GetValueOrDefault(key) ?? throw new FormatException($"there is no '{key}'.");
        Tensor Like(string name, Tensor like) =>
            Tensor(name) is { } part && part.dtype == like.dtype && part.shape.AsSpan().SequenceEqual(like.shape)
            ? part
            : throw new FormatException(
                $"'{name}' has dtype {tensors[name].dtype} and shape [{string.Join(", ", tensors[name].shape)}]; "
                + $"expected {like.dtype} and [{string.Join(", ", like.shape)}].");
        double? Finite(string key) =>
            double.TryParse(Entry(key), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw new FormatException($"'{key}' is no finite number.");
        double Mean(string key) => Entry(key) == Text(double.NaN) ? double.NaN : Finite(key)!.Value;
        long Whole(string key, long most) =>
            long.TryParse(Entry(key), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= most
            ? value
            : throw new FormatException(
                Invariant($"'{key}' is {Quote.Of(Entry(key))}; expected a whole number from 0 to {most}."));
    }

    private static string Text<T>(T value) => string.Create(CultureInfo.InvariantCulture, $"{value}");

    private TResult Finish(RunStatus status)
    {
        metrics.Flush(flushToDisk: true);
        folder.RequirePresent(metrics);
        var result = task.Result(status, Step, double.IsFinite(loss) ? loss : null);
        RunFolder.WriteJson(folder.Path, "result.json", result);
        folder.RequirePresent(metrics);
        return result;
    }

    public void Dispose() => metrics.Dispose();

    /// <summary>The state before what is done after the last step alone; a run that is made longer goes on from it.</summary>
    private sealed record End(long MetricsLength, double LossSum, double Loss);
}

/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="Loss">Mean loss of the last logged steps.</param>
/// <param name="StepsPerSecond">Since this process took the run up.</param>
/// <param name="Note">What else happened, for a log line; or null.</param>
internal readonly record struct TrainingProgress(int Step, int Steps, double Loss, double StepsPerSecond, string? Note = null);

/// <summary>The state of a CPU generator, as a file holds it: libtorch ends the process where it cannot use one, or reads
/// past its end.</summary>
/// <remarks>at::CPUGeneratorImplState: 8 bytes of seed, int left, int seeded, 8 bytes of next, then the 624 words.</remarks>
internal static class GeneratorState
{
    private const int Words = 624, LeftAt = 8, SeededAt = 12, NextAt = 16;

    /// <summary>Sets a generator to it.</summary>
    /// <exception cref="FormatException">It is no state of one.</exception>
    public static void Set(Generator generator, Tensor state)
    {
        using var present = generator.get_state();
        if (state.dtype != present.dtype || !state.shape.AsSpan().SequenceEqual(present.shape) || !IsSound(state.bytes))
            throw new FormatException("'generator' is no state of a generator.");
        generator.set_state(state);
    }

    // The words from next on, left − 1 of them, are drawn before new ones are made.
    private static bool IsSound(ReadOnlySpan<byte> state)
    {
        var left = BinaryPrimitives.ReadInt32LittleEndian(state[LeftAt..]);
        var next = BinaryPrimitives.ReadUInt64LittleEndian(state[NextAt..]);
        return BinaryPrimitives.ReadInt32LittleEndian(state[SeededAt..]) == 1 && left is >= 1 and <= Words
            && next <= (ulong)(Words + 1 - left);
    }
}
