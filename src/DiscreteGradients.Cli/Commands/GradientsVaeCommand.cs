using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Gradients;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Cli.Commands;

/// <summary>The command dgrad gradients vae.</summary>
internal static class GradientsVaeCommand
{
    private static readonly CommaList<double> Grid = new(0.1, 0.2, 0.3, 0.45, 0.65, 1);

    public static Command Create()
    {
        var training = new VaeOptions(new(), ofOneEstimator: true);
        var study = new VaeGradientOptions(new(), withReference: true);
        var run = Options.Of<DirectoryInfo?>("--run",
            "The run folder of the model that is measured, at its latest checkpoint, or at the steps of --at that it kept.");
        var at = Options.Of<CommaList<int>?>("--at",
            "Training steps at which the model is measured, separated by commas. "
            + "Without --run a model is trained for it, as the options of training say.");
        var into = Options.Of<DirectoryInfo?>("--out",
            "The folder of the study, and of a run that is made for it; a study that is there goes on. "
            + "By default gradients in the run folder, or runs/gradients, with a number where that holds a study of other settings.");
        var reference = Options.With("--reference",
            "What biases are measured against: the local expectation, or REINFORCE, which needs --reference-passes of some "
            + "hundreds; none for variances alone. exact is refused, for the model has too many outcomes.", "local");
        reference.AcceptOnlyFromAmong("local", "reinforce", "exact", "none");
        var suggest = Options.Of<bool>("--suggest-temperature",
            "Find the temperature of least mean squared error of each estimator; "
            + $"--temperatures is the grid, by default {Grid}, which is made wider where the best is at its edge.");
        var command = new Command("vae",
            "Measure the gradients of the inference network of the discrete variational auto-encoder (App. D.2).")
        {
            run, at, into, reference, suggest,
        };
        study.AddTo(command);
        training.AddTo(command);
        return CommonOptions.Run(command, (session, parsed, cancellation) =>
        {
            var (path, steps, folder) =
                (parsed.GetValue(run)?.FullName, parsed.GetValue(at)?.Values, parsed.GetValue(into)?.FullName);
            var trained = Trained(parsed, training, path, steps);
            var settings = Referred(study.Read(parsed, trained), parsed.GetValue(reference)!,
                study.IsGiven(parsed, "reference-passes"));
            if (parsed.GetValue(suggest))
            {
                if (!study.IsGiven(parsed, "temperatures")) settings = settings with { Temperatures = Grid.Values };
                if (settings.Temperatures.Count < 3)
                    throw new InputException("--suggest-temperature expects at least three --temperatures.");
                if (settings.ReferencePasses == 0)
                    throw new InputException("--suggest-temperature needs a reference; expected --reference local.");
            }
            var data = trained.OpenData(training.Elsewhere(parsed));
            // One reading of the checkpoint, which a training that goes on replaces meanwhile.
            var latestStep = 0;
            using var latest = steps is null ? VaeSnapshots.LoadLatest(path!, trained, data, out latestStep) : null;
            IReadOnlyList<int> measured = steps ?? [latestStep];
            var source = At(folder ?? DefaultFolder.Free(Path.Combine(path ?? "runs", "gradients"),
                place => At(place).Refusal(settings, data)));
            if (folder is not null && source.Refusal(settings, data) is { } refusal) throw refusal;
            if (source.Trains) Train(session, source, data, cancellation);
            var results = new List<VaeGradientResult>();
            foreach (var step in measured)
            {
                using var kept = latest is null ? VaeSnapshots.Load(source.Run, trained, data, step) : null;
                results.Add(Suggesting(session, parsed.GetValue(suggest) && !study.IsGiven(parsed, "temperatures"), settings,
                    (one, goesOn) => Measure(session, source, latest ?? kept!, one, data, step, cancellation, goesOn)));
            }
            Typed.Record(parsed, source.Studies);
            if (!parsed.GetValue(suggest)) results = results.ConvertAll(result => result with { Suggestions = null });
            session.Print(results, string.Join("\n\n", results.Select(VaeGradientTable.Text)));
            return ExitCode.Success;

            Source At(string place) => path is null
                ? new(trained, Path.Combine(place, "run"), Path.Combine(place, "gradients"), measured, Trains: true)
                : new(trained, path, place, measured, Trains: false);
        });
    }

    // The study goes on with a wider grid, as long as the best temperature is at its edge.
    private static VaeGradientResult Suggesting(CommonOptions.Session session, bool widens, VaeGradientSettings settings,
        Func<VaeGradientSettings, Func<VaeGradientResult, bool>, VaeGradientResult> measure)
    {
        for (var round = 0; ; round++)
        {
            var result = measure(settings, one => More(one, round).Any());
            IReadOnlyList<double> more = [.. More(result, round)];
            if (more.Count == 0) return result;
            session.Display.Line($"the best temperature is at the edge of the grid: {NumberText.List(more)} are measured too");
            settings = settings with { Temperatures = [.. settings.Temperatures, .. more] };
        }

        IEnumerable<double> More(VaeGradientResult result, int round) => !widens || round == SuggestedTemperature.MostRounds ? []
            : SuggestedTemperature.Wider([.. result.Settings.Temperatures.Order()], result.Suggestions ?? [])
                ?.Except(result.Settings.Temperatures) ?? [];
    }

    /// <summary>Trains what is missing, with a progress bar.</summary>
    internal static void Train(CommonOptions.Session session, Source source, MnistData data, CancellationToken cancellation) =>
        FigureCommand.Resumable(session, $"training {source.Settings.Arity}-ary", report =>
        {
            VaeSnapshots.Make(source.Settings, data, source.Run, source.Steps, session.Threads, RunOptions.Show(report),
                cancellation);
            return 0;
        });

    /// <summary>One study, with a progress bar.</summary>
    /// <param name="model">As it was at the step.</param>
    internal static VaeGradientResult Measure(CommonOptions.Session session, Source source, VaeModel model,
        VaeGradientSettings settings, MnistData data, int step, CancellationToken cancellation,
        Func<VaeGradientResult, bool>? goesOn = null)
    {
        var study = new VaeGradientStudy(model, data.Train, settings) { GoesOn = goesOn };
        return FigureCommand.Resumable(session, $"{source.Settings.Arity}-ary, step {step}",
            report => study.Run(source.StudyOf(step), session.Threads, step,
            done => report(done, study.Work, $"{done} of {study.Work} blocks"), cancellation));
    }

    /// <summary>The settings of the training whose model is measured.</summary>
    private static VaeSettings Trained(ParseResult parsed, VaeOptions training, string? run, IReadOnlyList<int>? steps)
    {
        if (steps is []) throw new InputException("--at names none; expected a list such as 1000,5000.");
        InputException.RequireOnce("step", steps ?? []);
        if (run is null && steps is null) throw new InputException("nothing to measure; expected --run DIR or --at STEPS.");
        if (run is null) return training.Read(parsed);
        if (training.Given(parsed))
            throw new InputException("--run takes the settings of its folder; expected no settings of training beside it.");
        return RunFolder.ReadSettings<VaeSettings>(run).Validated();
    }

    private static VaeGradientSettings Referred(VaeGradientSettings settings, string reference, bool passesGiven) =>
        reference switch
        {
            "none" when passesGiven =>
                throw new InputException("--reference-passes has no effect with --reference none; expected one of the two."),
            "none" => settings with { ReferencePasses = 0 },
            "exact" => throw new InputException(
                $"--reference exact enumerates at most {ExactGradient.MaxOutcomes} outcomes and this model has 2^{VaeSettings.CodeLength}; expected local."),
            _ when settings.ReferencePasses == 0 => throw new InputException("--reference-passes is 0; expected at least 2."),
            _ => settings with { Reference = reference == "local" ? GradientReference.Local : GradientReference.Reinforce },
        };

    /// <summary>The model that is studied, at the steps that are measured, and the folders of its run and of the
    /// studies.</summary>
    /// <param name="Studies">The folder of the studies.</param>
    /// <param name="Steps">The steps to be measured.</param>
    /// <param name="Trains">Whether the run is made for the study.</param>
    internal sealed record Source(VaeSettings Settings, string Run, string Studies, IReadOnlyList<int> Steps, bool Trains)
    {
        /// <summary>Gives the folder of the study of a step.</summary>
        public string StudyOf(int step) =>
            Path.Combine(Studies, FormattableString.Invariant($"{VaeGradientStudy.FolderPrefix}{step}"));

        /// <summary>Why its folders cannot have the run and the studies; null where they can.</summary>
        public InputException? Refusal(VaeGradientSettings settings, MnistData data) =>
            (Trains ? VaeSnapshots.Refusal(Settings, data, Run, Steps) : null)
            ?? Steps.Select(step => RunFolder.Refusal(StudyOf(step), new { settings }, isPart: true))
                .FirstOrDefault(refusal => refusal is not null);
    }
}
