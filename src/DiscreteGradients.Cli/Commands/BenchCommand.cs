using System.CommandLine;
using DiscreteGradients.Cli.Launchers;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Benchmarks;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Timing;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Cli.Commands;

/// <summary>The commands dgrad bench kernel, vae, iwae, search and report.</summary>
internal static class BenchCommand
{
    public static Command Create() =>
        new("bench", "Measure speed on this machine, contestants in turn, and write the results up.")
    {
        CreateKernel(), CreateVae(), CreateIwae(), CreateSearch(), CreateReport(),
    };

    private static Command CreateKernel()
    {
        var workloads = Options.Of<string[]>("--workload",
            "Size of the problem; may be given several times. By default the paper's, a large one and that of ListOps.",
            "BATCH,VARIABLES,CATEGORIES");
        var samples = Options.With("--samples", "Samples K of GR-MCK, separated by commas.", new CommaList<int>(10, 100, 1000));
        var command = new Command("kernel",
            "Time sample and backward pass of GR-MCK: the fused kernel against the same algorithm in tensor operations.")
        {
            workloads, samples,
        };
        return Measuring(command, seconds: 3, (parsed, session, budget, cancellation) =>
        {
            var shapes = parsed.GetValue(workloads) is { Length: > 0 } given ? [.. given.Select(Workload.Parse)] : Workload.All;
            var benchmark = new KernelBenchmark(shapes, Counts(parsed, samples), budget, session.Threads);
            return report => benchmark.Run(report, cancellation);
        });
    }

    private static Command CreateVae()
    {
        var arities = Options.With("--arity",
            "Categories of a latent variable, separated by commas: of 2, 4, 8, 16.", new CommaList<int>(8, 2));
        var batch = Options.With("--batch-size", "Images of a training step.", 20).From(1, VaeSettings.MostBatchSize);
        var estimators = Options.Of<CommaList<EstimatorName>?>("--estimators",
            "The estimators, separated by commas; the others are compared with the first. "
            + "By default those of the paper, and gr.");
        var command = new Command("vae", "Count the training steps a second of the VAE with each estimator.")
        {
            arities, batch, estimators,
        };
        return Measuring(command, seconds: 3, (parsed, session, budget, cancellation) =>
        {
            if (parsed.GetValue(estimators) is { Values.Count: 0 })
                throw new InputException($"{estimators.Name} names none; expected a list such as st-gs,gr-mc:100.");
            var benchmark = new VaeBenchmark(budget, session.Threads)
            {
                Arities = Counts(parsed, arities),
                BatchSize = parsed.GetValue(batch),
                Estimators = parsed.GetValue(estimators)?.Values,
            };
            var data = MnistData.Embedded();
            return report => benchmark.Run(data, report, cancellation);
        });
    }

    private static Command CreateIwae()
    {
        var samples = Options.With("--samples", "Samples M of the bound.", 5000).From(1, ImportanceBound.MostSamples);
        var command = new Command("iwae", "Time the importance-weighted bound of 100 images.") { samples };
        return Measuring(command, seconds: 20, (parsed, session, budget, cancellation) =>
        {
            var benchmark = new IwaeBenchmark(budget, session.Threads) { Samples = parsed.GetValue(samples) };
            var data = MnistData.Embedded();
            return report => benchmark.Run(data, report, cancellation);
        });
    }

    private static Command CreateSearch()
    {
        var recorded = Options.With("--recorded", "Trials of the record that status and table read.", 10_000)
            .From(1, SearchBenchmark.MostRecorded);
        var steps = Options.With("--steps",
            "Training steps of each of the eight trials that are run with one worker and with two.", 400).From(1);
        var command = new Command("search", "Time a search with one worker and with two, and status and table of a large record.")
        {
            recorded, steps,
        };
        return Measuring(command, seconds: 10, (parsed, _, budget, cancellation) =>
        {
            var benchmark = new SearchBenchmark(budget, Execute)
            {
                Recorded = parsed.GetValue(recorded),
                Steps = parsed.GetValue(steps),
            };
            return report => benchmark.Run(report, cancellation);
        }, threads: false);

        static void Execute(IReadOnlyList<string> words, IReadOnlyList<Setting> settings) =>
            WorkerLine.Run([.. words, .. settings.Select(setting => $"--{setting.Name}={setting.Value}")]);
    }

    private static Command CreateReport()
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Files of what the benchmarks printed with --json, one line or several each.",
            Arity = ArgumentArity.OneOrMore,
        };
        var into = Options.Of<FileInfo?>("--out", "A Markdown file. By default standard output.");
        var command = new Command("report", "Write docs/performance.md from the results of the benchmarks.") { files, into };
        command.SetAction(parsed =>
        {
            var text = PerformanceDocument.Markdown(PerformanceDocument.Read(parsed.GetValue(files)!), Wording.Dgrad);
            if (parsed.GetValue(into) is { } path) OutFile.Write(path.FullName, text);
            else Console.Out.Write(text);
        });
        return command;
    }

    /// <summary>Reads what a benchmark needs, and gives what runs it with a reporter of its progress.</summary>
    private delegate Func<Action<double, double, string>, BenchmarkResult> Setup(
        ParseResult parsed, CommonOptions.Session session, double seconds, CancellationToken cancellation);

    private static Command Measuring(Command command, double seconds, Setup setup, bool threads = true)
    {
        var budget = Options.With("--seconds",
            "Seconds spent on each row of the table; more where five rounds take longer.", seconds)
            .From(InterleavedTiming.LeastSeconds, InterleavedTiming.MostSeconds);
        command.Options.Add(budget);
        return CommonOptions.Run(command, (session, parsed, cancellation) =>
        {
            var run = setup(parsed, session, parsed.GetValue(budget), cancellation);
            var result = session.Display.Run([command.Name], reports => run((done, all, text) => reports[0](done, all, text)));
            session.Print(result, result.Text);
            return ExitCode.Success;
        }, threads);
    }

    private static IReadOnlyList<int> Counts(ParseResult parsed, Option<CommaList<int>> option)
    {
        var counts = parsed.GetValue(option)!.Values;
        return counts.Count > 0 && counts.All(count => count is >= 1 and <= EstimatorName.MostSamples)
            ? counts
            : throw new InputException(
                $"{option.Name} is {parsed.GetValue(option)}; expected whole numbers from 1 to {EstimatorName.MostSamples}.");
    }
}
