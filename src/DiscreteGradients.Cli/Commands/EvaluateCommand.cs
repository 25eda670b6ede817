using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Cli.Commands;

/// <summary>The command dgrad evaluate RUN.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var run = new Argument<DirectoryInfo>("RUN")
        {
            Description = "The run folder of dgrad train vae or listops, or one below a comparison's.",
        };
        var split = Options.With("--split", "The part of the data that the model is evaluated on.", Split.Test);
        var samples = Options.With("--samples", "Samples M of the importance-weighted bound of a VAE.", 5000)
            .From(1, ImportanceBound.MostSamples);
        var images = Options.Of<int?>("--images",
            "Number of images, spread evenly over the split. By default all; the record of fewer has a name that says so.")
            .From(1);
        var seed = Options.With("--seed", "Seed of the samples.", 0ul);
        var listOps = new ListOpsEvaluateOptions(split);
        var command = new Command("evaluate",
            "Evaluate a trained model: a VAE by the bound on the negative log-likelihood, in nats; a ListOps run by accuracy and bracket F1.")
        {
            run, split, samples, images, seed,
        };
        listOps.AddTo(command);
        return CommonOptions.Run(command, (session, parsed, cancellation) =>
        {
            var path = parsed.GetValue(run)!.FullName;
            var isListOps = ListOpsRun.Is(path);
            foreach (var option in isListOps ? [samples, images, seed] : listOps.All)
            {
                if (parsed.IsGiven(option))
                    throw new InputException($"{option.Name} is for {(isListOps ? "VAE" : "ListOps")} runs; {path} is none.");
            }
            if (isListOps) return listOps.Run(session, parsed, path, cancellation);
            var settings = RunFolder.ReadSettings<VaeSettings>(path).Validated();
            var data = settings.OpenData(parsed.GetValue(listOps.Data));
            var set = data.Of(parsed.GetValue(split));
            using var model = VaeModel.OfRun(path, settings, data);
            using var bound = new ImportanceBound(model);
            var count = Math.Min(parsed.GetValue(images) ?? set.Count, set.Count);
            var checksum = model.Checksum();
            var log = new BoundLog(path, JsonText.Word(parsed.GetValue(split)), checksum, count, parsed.GetValue(samples),
                parsed.GetValue(seed));
            var result = session.Display.Run(["bound"],
                reports => log.Evaluate(bound, set, session.Threads,
                done => reports[0](done, count, $"{done} of {count} images"), cancellation));
            var record = new BoundRecord(parsed.GetValue(split), result, parsed.GetValue(seed), data.Name, data.Binarisation,
                ProgramVersion.Text);
            int? part = count == set.Count ? null : count;
            var file = BoundRecord.PathIn(path, record.Split, part);
            var isKept = EvaluationFile.TryWrite<BoundRecord>(file, checksum, Present, there =>
                (there.Result.Samples, there.Seed, there.Result.Bound) == (result.Samples, record.Seed, result.Bound) ? null
                : FormattableString.Invariant($"M = {there.Result.Samples}, seed {there.Seed}, {there.Result.Bound:F3} nats"),
                () => record.Save(path, part), session.Display.Line);
            log.Delete();
            session.Print(record,
                $"{JsonText.Word(record.Split)} bound {result.Text("F3")} nats "
                + $"(M = {result.Samples}, {result.Images} images, "
                + $"effective sample size {result.EffectiveSampleSize:F1}; {data.Name}, {data.Binarisation})");
            if (isKept) session.Display.Line(file);
            return ExitCode.Success;

            string Present()
            {
                using var now = VaeModel.OfRun(path, settings, data);
                return now.Checksum();
            }
        });
    }
}
