using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Cli.Commands;

/// <summary>dgrad evaluate RUN.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var common = new CommonOptions();
        var run = new Argument<DirectoryInfo>("RUN") { Description = "A run folder." };
        var split = new Option<Split>("--split") { Description = "test (the default) or valid." };
        split.AcceptOnlyFromAmong("valid", "test");
        var samples = new Option<int>("--samples") { Description = "M of the importance-weighted bound.", DefaultValueFactory = _ => 5000 }.From(1, ImportanceBound.MostSamples);
        var images = new Option<int>("--images") { Description = "So many images, spread evenly over the split; all by default.", DefaultValueFactory = _ => int.MaxValue }.From(1);
        var seed = new Option<ulong>("--seed") { Description = "Of the samples." };
        var listOps = new ListOpsEvaluateOptions(split);
        var command = new Command("evaluate", "Of a trained VAE the bound on the negative log-likelihood, in nats; of a ListOps run the accuracy and the bracket F1.") { run, split, samples, images, seed };
        listOps.AddTo(command);
        common.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var session = common.Start(parsed);
            var path = parsed.GetValue(run)!.FullName;
            var isListOps = ListOpsRun.Is(path);
            foreach (var option in isListOps ? [samples, images, seed] : listOps.All)
            {
                if (parsed.GetResult(option) is { Implicit: false }) throw new InputException($"{option.Name} is for {(isListOps ? "VAE" : "ListOps")} runs; {path} is none.");
            }
            if (isListOps) return Task.FromResult(listOps.Run(session, parsed, path, cancellation));
            var settings = RunFolder.ReadSettings<VaeSettings>(path).Validated();
            var data = settings.OpenData(parsed.GetValue(listOps.Data));
            var set = data.Of(parsed.GetValue(split));
            using var model = VaeModel.OfRun(path, settings, data);
            using var bound = new ImportanceBound(model);
            var log = BoundLog.Of(path, JsonText.Word(parsed.GetValue(split)));
            var count = Math.Min(parsed.GetValue(images), set.Count);
            var result = session.Display.Run(["bound"], reports => log.Evaluate(bound, set, count, parsed.GetValue(samples), parsed.GetValue(seed), session.Threads,
                done => reports[0](done, count, $"{done} of {count} images"), cancellation));
            var record = new BoundRecord(parsed.GetValue(split), result, parsed.GetValue(seed), data.Name, data.Binarisation, ProgramVersion.Text);
            if (count == set.Count) record.Save(path);
            log.Delete();
            session.Print(record, $"{JsonText.Word(record.Split)} bound {result.Bound:F3} ± {result.StandardError:F3} nats (M = {result.Samples}, {result.Images} images, "
                + $"effective sample size {result.EffectiveSampleSize:F1}; {data.Name}, {data.Binarisation})");
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }
}
