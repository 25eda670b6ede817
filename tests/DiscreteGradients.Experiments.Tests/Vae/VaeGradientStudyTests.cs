using System.Text.Json;
using DiscreteGradients.Experiments.Gradients;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Tests.Vae;

public sealed class VaeGradientStudyTests : IDisposable
{
    private static readonly VaeGradientSettings Small = new() { Estimators = EstimatorName.ParseList("st-gs,gr-mc:10,reinforce"), Minibatches = 20, Passes = 8, BatchSize = 3, Reference = GradientReference.Reinforce, ReferencePasses = 10, Seed = 4 };
    private static readonly VaeGradientSettings FewPasses = Small with { Passes = 3, ReferencePasses = 3 };
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData(nameof(VaeArchitecture.Deep))]
    [InlineData(nameof(VaeArchitecture.Tanh))]
    [InlineData(nameof(VaeArchitecture.Linear))]
    public void OneForwardPassGivesTheGradientsOfAutograd(string architectureName)
    {
        var architecture = Enum.Parse<VaeArchitecture>(architectureName);
        using var scope = NewDisposeScope();
        using var model = Model(architecture);
        var batch = TestData.Images(5, 1).Batch([0, 1, 2, 3, 4]);
        using var pass = new EncoderPass(model, batch);
        var parameters = model.InferenceParameters.ToArray();
        var posterior = model.Encode(batch);
        Assert.True(new OneHotCategorical(pass.Logits).LogProbs.allclose(posterior.LogProbs, 1e-5, 1e-6));
        var behind = randn(4, 5, model.Settings.Variables * model.Settings.Arity, generator: new Generator(3));
        // log_softmax removes the mean of a variable's gradient; take one without.
        behind = (behind.reshape(4, 5, -1, model.Settings.Arity) is var g ? g - g.mean([-1], keepdim: true) : behind).reshape(4, 5, -1);
        var norms = pass.SquaredNorms(behind);
        var direct = new List<Tensor>();
        for (var p = 0; p < 4; p++)
        {
            var logits = posterior.LogProbs;
            // The gradient to the logits of ⟨v, log_softmax⟩ is v − π Σ v, which is v where each variable's v sums to 0.
            var gradients = autograd.grad([(logits * behind[p].reshape(logits.shape)).sum()], parameters, retain_graph: true);
            direct.Add(cat([.. gradients.Select(gradient => gradient.reshape(-1))]));
            Assert.Equal(direct[p].to(float64).Squared().sum().item<double>(), norms[p].item<double>(), 1e-4 * norms[p].item<double>());
            Assert.True(pass.Flat(behind[p]).allclose(direct[p], 1e-4, 1e-5));
        }
        var (trace, mean) = pass.Moments(behind.clone());
        var all = stack(direct).to(float64);
        Assert.Equal(all.var(0).sum().item<double>(), trace, 1e-4 * trace);
        Assert.True(pass.Flat(mean).allclose(all.mean([0]).to(float32), 1e-4, 1e-5));
    }

    [Fact]
    public void TheReferenceIsUnbiased_AndSoIsReinforce()
    {
        using var scope = NewDisposeScope();
        using var model = ExactModel.Create(3);
        var image = TestData.Images(2, 5).Batch([0, 1]);
        using var pass = new EncoderPass(model, image);
        using var generator = new Generator(7);
        using var reference = new GradientStatistics(2 * ExactModel.Used * 16);
        using var reinforce = new GradientStatistics(2 * ExactModel.Used * 16);
        for (var repeat = 0; repeat < 60; repeat++) reference.Add(Used(pass.Reference(30, generator)));
        // With two passes alone, a wrong factor of the advantages is far off.
        using var few = new GradientStatistics(2 * ExactModel.Used * 16);
        for (var repeat = 0; repeat < 900; repeat++) few.Add(Used(pass.Reference(2, generator)));
        // More rows than are evaluated at once.
        using var many = new GradientStatistics(2 * ExactModel.Used * 16);
        for (var repeat = 0; repeat < 8; repeat++) many.Add(Used(pass.Reference(600, generator)));
        foreach (var draw in pass.Draw(new Reinforce(), 1500, generator).unbind(0)) reinforce.Add(Used(draw));
        using var local = new GradientStatistics(2 * ExactModel.Used * 16);
        for (var repeat = 0; repeat < 40; repeat++) local.Add(Used(pass.LocalReference(1, generator)));
        // The decoder reads two variables: 256 outcomes an image; the others count through the Kullback-Leibler term alone.
        var exact = new List<Tensor>();
        for (var i = 0; i < 2; i++)
        {
            var row = i;
            exact.Add(ExactGradient.Of(pass.Logits[row].slice(0, 0, ExactModel.Used, 1), value =>
            {
                var rest = zeros(value.shape[0], 60 - ExactModel.Used, 16);
                rest.select(2, 0).fill_(1);
                var bits = model.Decode(cat([value, rest], 1));
                return nn.functional.binary_cross_entropy_with_logits(bits, image[row].unsqueeze(0).expand_as(bits), reduction: nn.Reduction.None).sum(-1);
            }));
            var leaf = pass.Logits[row].detach().clone().requires_grad_();
            new OneHotCategorical(leaf).KL(model.PriorDistribution()).sum().backward();
            exact[^1] = (exact[^1] + leaf.grad!.slice(0, 0, ExactModel.Used, 1)) / 2;
        }
        var truth = stack(exact).reshape(-1).to(float64);
        // Largest of 64 |z|: 5 is a false alarm of 4e-5; the last millionth of the sums is float32's.
        foreach (var (statistics, name) in new[] { (reference, "reference"), (few, "reference of two passes"), (many, "reference of many passes"), (reinforce, "reinforce"), (local, "local expectation") })
        {
            var z = ((statistics.Mean() - truth).abs() / (statistics.StandardError() + 1e-4)).max().item<double>();
            Assert.True(z < 5, $"{name}: {z}");
        }
        Assert.True(reference.Trace.Value * 30 < reinforce.Trace.Value, "the other passes of an image are the better baseline");
        using var bare = new GradientStatistics(2 * ExactModel.Used * 16);
        for (var repeat = 0; repeat < 200; repeat++)
        {
            var leaf = pass.Logits.detach().clone().requires_grad_();
            var distribution = new OneHotCategorical(leaf);
            var node = new Reinforce().Sample(distribution, generator);
            SurrogateLoss.Parallel(model.Cost(image, distribution, node.Value), [node]).mean().backward();
            bare.Add(Used(leaf.grad!));
        }
        Assert.True(reinforce.Trace.Value * 20 < bare.Trace.Value, "another image is a better baseline than none");
        Assert.True(local.Trace.Value * 20 < reference.Trace.Value * 30, "the local expectation varies less than 20 passes of REINFORCE");
        static Tensor Used(Tensor gradient) => gradient.reshape(2, 60, 16).slice(1, 0, ExactModel.Used, 1);
    }

    [Theory]
    [InlineData(nameof(LogRatio.Analytic), 2)]
    [InlineData(nameof(LogRatio.Sampled), 8)]
    public void TheLocalReferenceIsTheLocalExpectationOfTheCost(string ratio, int arity)
    {
        using var scope = NewDisposeScope();
        using var model = new VaeModel(new VaeSettings { Architecture = VaeArchitecture.Tanh, Arity = arity, LogRatio = Enum.Parse<LogRatio>(ratio) }, TestData.Images(5, 1).PixelMeans(), 3);
        using (no_grad()) model.Prior.copy_(randn(model.Prior.shape, generator: new Generator(1)));
        var batch = TestData.Images(3, 1).Batch([0, 1, 2]);
        using var pass = new EncoderPass(model, batch);
        var logits = pass.Logits.detach().clone().requires_grad_();
        var distribution = new OneHotCategorical(logits);
        LocalExpectation.Loss(distribution, values => stack([.. values.unbind(0).Select(value => model.Cost(batch, distribution, value))]), new Generator(2)).mean().backward();
        var actual = pass.LocalReference(1, new Generator(2)).reshape(logits.shape);
        // float32: costs of some 500 nats, whose differences count.
        Assert.InRange((logits.grad! - actual).norm().item<float>() / logits.grad!.norm().item<float>(), 0, 1e-3);
    }

    [Theory]
    [InlineData(nameof(LogRatio.Analytic))]
    [InlineData(nameof(LogRatio.Sampled))]
    public void ALocalReferenceOfSeveralPassesIsTheirMean(string ratio)
    {
        using var scope = NewDisposeScope();
        var settings = new VaeSettings { Architecture = VaeArchitecture.Linear, Arity = 4, LogRatio = Enum.Parse<LogRatio>(ratio) };
        using var model = new VaeModel(settings, TestData.Images(5, 1).PixelMeans(), 3);
        using (no_grad()) model.Prior.copy_(randn(model.Prior.shape, generator: new Generator(1)));
        using var pass = new EncoderPass(model, TestData.Images(3, 1).Batch([0, 1, 2]));
        using Generator whole = new(2), parts = new(2);
        var actual = pass.LocalReference(3, whole);
        var each = Enumerable.Range(0, 3).Select(_ => pass.LocalReference(1, parts)).ToList();
        // float32: of the distance between two passes.
        var apart = (each[0] - each[1]).norm().item<float>();
        Assert.True(apart > 0);
        Assert.InRange(((each[0] + each[1] + each[2]) / 3 - actual).norm().item<float>(), 0, 0.1 * apart);
    }

    [Fact]
    public void AStudyThatWasStoppedGivesTheSameNumbers_OnAnyNumberOfThreads()
    {
        using var model = Model(VaeArchitecture.Linear);
        var whole = Run(model, "whole", 1, CancellationToken.None);
        for (var stop = 1; stop < 40; stop += 9)
        {
            using var source = new CancellationTokenSource();
            var after = stop;
            Assert.ThrowsAny<OperationCanceledException>(() => new VaeGradientStudy(model, TestData.Images(30, 1), FewPasses).Run(folder.At("parts"), 2, 7, done =>
            {
                if (done >= after) source.Cancel();
            }, source.Token));
        }
        Assert.Equal(whole, Run(model, "parts", 2, CancellationToken.None));
        Assert.Equal(whole, Run(model, "parts", 2, CancellationToken.None));
        Assert.False(Directory.Exists(folder.At("parts/vectors")));
        using var other = Model(VaeArchitecture.Linear, seed: 9);
        Assert.Contains("other settings", Assert.Throws<InputException>(() => Run(other, "parts", 1, CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AStudyGoesOnWithMoreTemperatures_AndMeasuresNothingAgain()
    {
        using var model = Model(VaeArchitecture.Linear);
        var narrow = FewPasses with { Temperatures = [0.3, 0.5, 0.9] };
        var wide = narrow with { Temperatures = [.. narrow.Temperatures, 0.1] };
        var first = Study(narrow, "study", _ => true);
        var work = File.ReadAllLines(folder.At("study/work.jsonl"));
        // The reference's vectors are left for what is to come.
        Assert.Equal(10, Directory.GetFiles(folder.At("study/vectors"), "reference-*").Length);
        var result = Study(wide, "study");
        Assert.False(Directory.Exists(folder.At("study/vectors")));
        var all = File.ReadAllLines(folder.At("study/work.jsonl"));
        Assert.Equal(work, all.Take(work.Length));
        Assert.All(all.Skip(work.Length), line => Assert.Contains(" 0.1", line, StringComparison.Ordinal));
        Assert.Equal(Text(Study(wide, "whole")), Text(result));
        Assert.Equal(Text(result), Text(VaeGradientStudy.Read(folder.At("study"), 7, model.Settings.Arity)!));
        // The reference is made again where its vectors are gone, and asked for less, the study stays what it is.
        File.WriteAllLines(folder.At("study/work.jsonl"), work);
        Assert.Equal(Text(result), Text(Study(wide, "study")));
        Assert.Equal(Text(first), Text(Study(narrow, "study")));
        Assert.Equal(4, VaeGradientStudy.Read(folder.At("study"), 7, model.Settings.Arity)!.Settings.Temperatures.Count);
        Assert.Contains("settings.temperatures is 0.3,0.5,0.9,0.1 there and 0.3,0.7 here",
            Assert.Throws<InputException>(() => Study(narrow with { Temperatures = [0.3, 0.7] }, "study")).Message, StringComparison.Ordinal);

        // Each column of the table for other programs holds what its name says.
        var lines = VaeGradientTable.Csv([result]).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')).ToList();
        foreach (var (row, cells) in result.Rows.Zip(lines.Skip(1)))
        {
            string Word(string column) => cells[Array.IndexOf(lines[0], column)];
            double Cell(string column) => double.Parse(Word(column), System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(($"{row.Estimator}", row.Temperature, 7, 4), (Word("estimator"), Cell("temperature"), Cell("step"), Cell("arity")));
            foreach (var (column, estimate) in new (string, Estimate?)[]
            {
                ("log10-trace", row.Log10Trace), ("trace", row.Trace), ("minibatch-trace", row.MinibatchTrace),
                ("squared-bias", row.SquaredBias), ("mse", row.MeanSquaredError), ("scale-free-error", row.ScaleFreeError),
            })
            {
                Assert.Equal(estimate!.Value.Value, Cell(column), 1e-5 * Math.Abs(estimate.Value.Value));
                Assert.Equal(estimate.Value.Error, Cell($"{column}-error"), 1e-2 * estimate.Value.Error);
            }
        }

        VaeGradientResult Study(VaeGradientSettings settings, string name, Func<VaeGradientResult, bool>? goesOn = null) =>
            new VaeGradientStudy(model, TestData.Images(30, 1), settings) { GoesOn = goesOn }.Run(folder.At(name), 2, 7);

        static string Text(VaeGradientResult result) => JsonSerializer.Serialize(result, JsonText.Line);
    }

    /// <summary>The log of a study against the gradients of the network, formed one by one; no two of the settings are equal.</summary>
    [Theory]
    [InlineData(nameof(GradientReference.Local))]
    [InlineData(nameof(GradientReference.Reinforce))]
    public void ABlockHoldsWhatItsMinibatchesGive(string reference)
    {
        using var scope = NewDisposeScope();
        using var model = Model(VaeArchitecture.Linear);
        var images = TestData.Images(30, 1);
        var settings = Small with
        {
            Estimators = EstimatorName.ParseList("st-gs"),
            Temperatures = [0.4],
            Minibatches = 13,
            Passes = 4,
            BatchSize = 2,
            Reference = Enum.Parse<GradientReference>(reference),
            ReferencePasses = 5,
        };
        new VaeGradientStudy(model, images, settings).Run(folder.At("study"), 1);
        var parts = WorkLog<GradientPart>.Read(folder.At("study"));
        // Of thirteen minibatches in ten blocks, the fourth block has the fourth and the fifth.
        var (order, indices) = (new SampleOrder(30, Seeds.Derive(settings.Seed, 0)), new int[2]);
        var (own, target) = (new List<Tensor>(), new List<Tensor>());
        for (var i = 0; i < 2; i++)
        {
            order.Fill(3 + i, indices);
            using var pass = new EncoderPass(model, images.Batch(indices));
            using var noise = Noise("st-gs", 3 + i);
            var each = stack([.. pass.Draw(settings.Estimators[0].Create(0.4), 4, noise).unbind(0).Select(pass.Flat)]).to(float64);
            Near((each - each.mean([0])).Squared().sum() / 3, parts["st-gs 0.4 3"].Traces![i]);
            own.Add(each.mean([0]));
            Near(own[i].dot(own[i]), parts["st-gs 0.4 3"].SquaredMeans![i]);
            using var other = Noise("reference", 3 + i);
            var drawn = settings.Reference == GradientReference.Local ? pass.LocalReference(5, other) : pass.Reference(5, other);
            target.Add(pass.Flat(drawn).to(float64));
            Near(target[i].dot(target[i]), parts["reference 3"].SquaredMeans![i]);
        }
        Assert.Equal(2, parts["st-gs 0.4 3"].Traces!.Count);
        Assert.Empty(parts["reference 3"].Traces!);
        var (mean, truth) = ((own[0] + own[1]) / 2, (target[0] + target[1]) / 2);
        Near(mean.dot(mean), parts["st-gs 0.4"].Products![33]);
        Near(truth.dot(truth), parts["reference"].Products![33]);
        Assert.Equal(mean.dot(truth).item<double>(), parts["st-gs 0.4"].ReferenceProducts![33],
            1e-4 * (mean.norm() * truth.norm()).item<double>());

        Generator Noise(string name, int minibatch) =>
            new(Seeds.Derive(name.Aggregate(Seeds.Derive(settings.Seed, 1), (seed, letter) => Seeds.Derive(seed, letter)), (ulong)minibatch));

        static void Near(Tensor expected, double actual) => Assert.Equal(expected.item<double>(), actual, 1e-4 * expected.item<double>());
    }

    /// <summary>Between temperatures that are next to each other nothing differs but by their distance: they share the noise.</summary>
    [Fact]
    public void TheNoiseDoesNotDependOnTheTemperature_ButTheStudyOnItsImages()
    {
        using var model = Model(VaeArchitecture.Linear);
        var settings = Small with { Estimators = EstimatorName.ParseList("st-gs"), Temperatures = [0.5, 0.5000001], Minibatches = 10, Passes = 2, ReferencePasses = 0 };
        var rows = new VaeGradientStudy(model, TestData.Images(30, 1), settings).Run(folder.At("study"), 1).Rows;
        Assert.Equal(rows[0].Trace.Value, rows[1].Trace.Value, 1e-4 * rows[0].Trace.Value);
        Assert.Contains("other settings", Assert.Throws<InputException>(() =>
            new VaeGradientStudy(model, TestData.Images(30, 2), settings).Run(folder.At("study"), 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheRatioOfTracesIsOfTheSameMinibatches()
    {
        var settings = Small with { Estimators = EstimatorName.ParseList("st-gs,gs,gr"), ReferencePasses = 0 };
        // One has the trace of the first times 1/2 on every minibatch, the other varies around it.
        var result = new VaeGradientSummary(settings, [Unit("st-gs", i => 10 + i), Unit("gs", i => (10 + i) / 2.0), Unit("gr", i => 10 + i + (i % 2 == 0 ? 1 : -1))], null).Result(7, 4);
        Assert.Null(result.Rows[0].TraceRatio);
        Assert.Equal(0.5, result.Rows[1].TraceRatio!.Value.Value, 1e-12);
        Assert.Equal(0, result.Rows[1].TraceRatio!.Value.Error, 1e-12);
        Assert.Equal(1, result.Rows[2].TraceRatio!.Value.Value, 1e-12);
        // Twenty differences of 1 or −1 over a mean of 19.5.
        Assert.Equal(1 / Math.Sqrt(19) / 19.5, result.Rows[2].TraceRatio!.Value.Error, 1e-12);

        static VaeGradientStudy.Measured Unit(string name, Func<int, double> trace) => new(EstimatorName.Parse(name), 0.5,
            [.. Enumerable.Range(0, 10).Select(b => new GradientPart { Traces = [trace(2 * b), trace(2 * b + 1)], SquaredMeans = [1, 1] })], new() { Products = [.. Enumerable.Repeat(1.0, 100)] });
    }

    [Fact]
    public void VarianceIsOrdered_AndOnProposition3sLine()
    {
        using var model = Model(VaeArchitecture.Linear);
        var settings = Small with { Estimators = EstimatorName.ParseList("st-gs,gr-mc:4,gr-mc:30,gr-mc:300"), ReferencePasses = 0, Minibatches = 30, Passes = 20, Temperatures = [0.3] };
        var result = new VaeGradientStudy(model, TestData.Images(30, 1), settings).Run(folder.At("study"), 2);
        Assert.All(result.Rows.Skip(1), row => Assert.True(row.TraceDifference!.Value.Value > -2 * row.TraceDifference.Value.Error, $"{row}"));
        Assert.True(result.Rows[1].TraceDifference!.Value.Value > 5 * result.Rows[1].TraceDifference!.Value.Error, $"{result.Rows[1]}");
        // 5 standard errors: false alarm 6e-7 each.
        Assert.All(Assert.Single(result.Lines).Points, point => Assert.True(Math.Abs(point.Difference.Value) < 5 * point.Difference.Error, $"{point}"));
        Assert.Null(result.Rows[0].SquaredBias);
        Assert.True(result.Rows.All(row => row.MinibatchTrace.Value > 0));
    }

    [Fact]
    public void TheSummaryIsThatOfTheGradients()
    {
        // Gradients of 20 minibatches in 10 blocks, 3 passes, 5 parameters, and a reference: by the definitions.
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var gradients = randn([20, 3, 5], float64, generator: generator) + randn([20, 1, 5], float64, generator: generator) * 2 + 1;
        var reference = randn([20, 5], float64, generator: generator);
        var own = Unit("st-gs", gradients.mean([1]), reference, [.. Enumerable.Range(0, 20).Select(i => gradients[i].var(0).sum().item<double>())]);
        var target = Unit(null, reference, reference, new double[20]);
        var settings = Small with { Estimators = EstimatorName.ParseList("st-gs"), Passes = 3 };
        var row = new VaeGradientSummary(settings, [own], target.Products).Result(7, 4).Rows.Single();
        var trace = gradients.var(1).sum(1).mean().item<double>();
        Assert.Equal(trace, row.Trace.Value, 1e-10);
        Assert.Equal(gradients.mean([1]).var(0).sum().item<double>() - trace / 3, row.MinibatchTrace.Value, 1e-10);
        var bias = (gradients.mean([1]) - reference).reshape(10, 2, 5).mean([1]);
        Assert.Equal((bias.sum(dim: 0).Squared().sum() - bias.Squared().sum()).item<double>() / 90, row.SquaredBias!.Value.Value, 1e-10);
        Assert.Equal(row.Trace.Value + row.SquaredBias.Value.Value, row.MeanSquaredError!.Value.Value);
        Assert.Equal(Math.Log10(row.MeanSquaredError.Value.Value), row.Log10MeanSquaredError!.Value, 1e-12);

        static VaeGradientStudy.Measured Unit(string? name, Tensor means, Tensor reference, double[] traces)
        {
            var (blocks, others) = (means.reshape(10, 2, 5).mean([1]), reference.reshape(10, 2, 5).mean([1]));
            var squares = means.Squared().sum(1).data<double>().ToArray();
            return new(name is null ? null : EstimatorName.Parse(name), 0.5, [.. Enumerable.Range(0, 10).Select(b => new GradientPart { Traces = traces[(2 * b)..(2 * b + 2)], SquaredMeans = squares[(2 * b)..(2 * b + 2)] })],
                new() { Products = [.. GradientBlocks.Products(blocks, blocks).Cast<double>()], ReferenceProducts = [.. GradientBlocks.Products(blocks, others).Cast<double>()] });
        }
    }

    [Fact]
    public void WhereNothingVariesThereIsNoLine()
    {
        var settings = Small with { Estimators = EstimatorName.ParseList("st-gs,gr-mc:10,gr"), ReferencePasses = 0 };
        var measured = settings.Estimators.Select(name => new VaeGradientStudy.Measured(name, 0.5,
            [.. Enumerable.Repeat(new GradientPart { Traces = [0, 0], SquaredMeans = [1, 1] }, 10)], new() { Products = [.. Enumerable.Repeat(1.0, 100)] })).ToList();
        Assert.Empty(new VaeGradientSummary(settings, measured, null).Result(7, 4).Lines);
    }

    public void Dispose() => folder.Dispose();

    private static VaeModel Model(VaeArchitecture architecture, ulong seed = 3) =>
        new(new VaeSettings { Arity = 4, Architecture = architecture }, TestData.Images(20, 1).PixelMeans(), seed);

    private string Run(VaeModel model, string name, int threads, CancellationToken cancellation) =>
        JsonSerializer.Serialize(new VaeGradientStudy(model, TestData.Images(30, 1), FewPasses).Run(folder.At(name), threads, 7, cancellation: cancellation), JsonText.Line);
}
