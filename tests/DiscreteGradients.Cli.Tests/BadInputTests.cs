
namespace DiscreteGradients.Cli.Tests;

[Collection(nameof(InProcess))]
public sealed class BadInputTests(TrainedRun run) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("train", "Required command: vae, listops, simplex or polynomial. Try 'dgrad train --help'.")]
    [InlineData("trian", "'trian' is no command; did you mean 'train'?")]
    [InlineData("vae", "'vae' is no command; did you mean 'train vae'?")]
    [InlineData("train vae --estimater st", "'--estimater' is no option; did you mean '--estimator'?")]
    [InlineData("compare --estimator st", "'--estimator' is no option; did you mean '--estimators'?")]
    [InlineData("train vae --tau 0.3", "'--tau' is no option; did you mean '--temperature'?")]
    [InlineData("gradients simplex --tau 0.3", "'--tau' is no option; did you mean '--temperatures'?")]
    [InlineData("train vae --lr=1e-3", "'--lr' is no option; did you mean '--learning-rate'?")]
    [InlineData("train listops --epoch 3", "'--epoch' is no option; did you mean '--epochs'?")]
    [InlineData("train simplex --validation-int 3", "'--validation-int' is no option; did you mean '--validation-interval'?")]
    [InlineData("trane", "'trane' is no command; did you mean 'train'?")]
    [InlineData("evalaute RUN", "'evalaute' is no command; did you mean 'evaluate'?")]
    [InlineData("--foo", "'--foo' is no option.")]
    [InlineData("train vae --foo 3", "'--foo' is no option. Try 'dgrad train vae --help'.")]
    [InlineData("train vae --temprature 0.5", "'--temprature' is no option; did you mean '--temperature'?")]
    [InlineData("train vae --estimatr=st", "'--estimatr' is no option; did you mean '--estimator'?")]
    [InlineData("train vae more", "'more' is no word that is expected here.")]
    [InlineData("train gan", "'gan' is no command")]
    [InlineData("wroker", "'wroker' is no command.")]
    [InlineData("@words", "'@words' is no command.")]
    [InlineData("train vae --temperature 0,5", "--temperature is '0,5'; expected a number with a decimal point, not a comma, as in 0.5.")]
    [InlineData("train vae --steps 1,000", "--steps is '1,000'; expected a whole number without commas, as in 1000.")]
    [InlineData("data generate listops --exclude ''", "--exclude is empty; expected a path.")]
    [InlineData("results ''", "DIR is empty")]
    [InlineData("results RUN --out ''", "--out is empty")]
    [InlineData("export RUN --out ''", "--out is empty")]
    [InlineData("table 2 RUN --out ''", "--out is empty")]
    [InlineData("worker RUN --threads 0", "--threads is 0")]
    [InlineData("worker RUN --checkpoint-seconds 1e300", "--checkpoint-seconds is 1e300; expected a number from 0 to 1000000.")]
    [InlineData("train vae --estimator gr-qmc:128", "estimator 'gr-qmc:128' is no longer offered; use gr")]
    [InlineData("compare --estimators st,gr-qmc:128", "estimator 'gr-qmc:128' is no longer offered; use gr")]
    [InlineData("gradients vae --run RUN --estimators gr-qmc:4", "estimator 'gr-qmc:4' is no longer offered; use gr")]
    [InlineData("train listops --estimator gr-qmc:100", "estimator 'gr-qmc:100' is no longer offered; use gr")]
    [InlineData("train simplex --estimator gr-qmc:4", "estimator 'gr-qmc:4' is no longer offered; use gr")]
    [InlineData("bench vae --estimators gr-qmc:8 --arity 8", "estimator 'gr-qmc:8' is no longer offered; use gr")]
    [InlineData("train vae --estimator rebar", "unknown estimator 'rebar'; expected reinforce, st, gs, st-gs, gr-mc:K")]
    [InlineData("train vae --estimator gr-mc", "unknown estimator 'gr-mc'; did you mean 'gr-mc:100'? Try 'dgrad train vae --help'.")]
    [InlineData("compare --estimators st,stgs", "unknown estimator 'stgs'; did you mean 'st-gs'?")]
    [InlineData("train vae --estimator gr-mc:0", "estimator 'gr-mc:0' has K = '0'")]
    [InlineData("train vae --temperature 0", "temperature is 0")]
    [InlineData("train vae --temperature 1e-39", "temperature is 1E-39; expected a finite number of at least 1e-36")]
    [InlineData("train listops --temperature 1e-39", "temperature is 1E-39; expected a finite number of at least 1e-36")]
    [InlineData("train polynomial --temperature 1e-39", "temperature is 1E-39; expected a finite number of at least 1e-36")]
    [InlineData("gradients simplex --temperatures 0.5,1e-39", "expected finite numbers of at least 1e-36")]
    [InlineData("train vae --temperature NaN", "--temperature is 'NaN'; expected a finite number")]
    [InlineData("train vae --temperature -1", "temperature is -1")]
    [InlineData("train vae --arity 3", "arity is 3; expected 2, 4, 8 or 16.")]
    [InlineData("train vae --arity x", "--arity is 'x'; expected a whole number in digits alone")]
    [InlineData("train vae --arity", "--arity")]
    [InlineData("train vae --arity 2 --arity 4", "--arity")]
    [InlineData("train vae --seed -1", "--seed is '-1'; expected a whole number from 0 to 18446744073709551615")]
    [InlineData("train vae --steps 0", "steps is 0")]
    [InlineData("train vae --steps 1e5", "--steps is '1e5'")]
    [InlineData("train vae --batch-size 0", "batch-size is 0")]
    [InlineData("train vae --learning-rate 0", "learning-rate is 0")]
    [InlineData("train vae --learning-rate Infinity", "--learning-rate is 'Infinity'")]
    [InlineData("train vae --momentum 1", "momentum is 1")]
    [InlineData("train vae --weight-decay -1", "weight-decay is -1")]
    [InlineData("train vae --validation-interval 0", "validation-interval is 0")]
    [InlineData("train vae --validation-samples 0", "validation-samples is 0")]
    [InlineData("train vae --validation-images 0", "validation-images is 0")]
    [InlineData("train vae --architecture wide", "--architecture is 'wide'; expected deep, tanh or linear.")]
    [InlineData("train vae --architecture 7", "architecture")]
    [InlineData("train vae --log-ratio none", "--log-ratio is 'none'; expected analytic or sampled.")]
    [InlineData("train vae --threads 0", "--threads is 0; expected a whole number from 1 to 4096.")]
    [InlineData("train vae --checkpoint-seconds NaN", "--checkpoint-seconds")]
    [InlineData("train vae --checkpoint-seconds -1", "--checkpoint-seconds")]
    [InlineData("train vae --checkpoint-seconds 1e300", "--checkpoint-seconds")]
    [InlineData("train vae --data none", "--data none: no such directory")]
    [InlineData("train vae --data binarized-mnist", "binarized-mnist is not in")]
    [InlineData("train vae --data empty", "no data files")]
    [InlineData("train vae --data cut", "binarized_mnist_valid.amat.gz: not whole gzip data")]
    [InlineData("train vae --data wrong", "binarized_mnist_train.amat, line 1")]
    [InlineData("train vae --data idx", "train-images-idx3-ubyte: starts with the number 2049; expected 2051")]
    [InlineData("train vae --data DATA --out file/run", "file/run cannot be made")]
    [InlineData("train vae --data DATA --out /proc/none/run", "/proc/none/run cannot be")]
    [InlineData("train vae --out ''", "--out")]
    [InlineData("train vae --resume none", "none is no run folder: it has no settings.json.")]
    [InlineData("train vae --resume RUN --steps 3", "--resume takes the settings of its folder, and more steps or epochs: steps is 700 there and 3 here.")]
    [InlineData("train vae --resume RUN --temperature 3", "--resume takes the settings of its folder; expected no other settings beside it, but for more steps or epochs.")]
    [InlineData("train vae --resume RUN --settings s.toml", "--resume takes the settings of its folder")]
    [InlineData("train vae --resume RUN --out other", "--resume takes the settings of its folder")]
    [InlineData("train vae --data DATA --out RUN", "holds a run of other settings: arity is 4 there and 8 here, architecture is linear there and deep here, ")]
    [InlineData("train vae --settings none.toml", "none.toml: no such file")]
    [InlineData("train vae --settings tau.toml", "tau.toml: line 2: there is no key 'tau'; did you mean 'temperature'?")]
    [InlineData("train vae --settings near.json", "near.json: line 1: unknown estimator 'stgs'; did you mean 'st-gs'?")]
    [InlineData("search tau-search.toml --out x", "tau-search.toml: line 3: tau=0.1, trial 0: there is no key 'tau'; did you mean 'temperature'?")]
    [InlineData("figure cost --estimators GR", "unknown estimator 'GR'; did you mean 'gr'?")]
    [InlineData("train vae --settings key.toml", "colour")]
    [InlineData("train vae --settings key.json", "colour")]
    [InlineData("train vae --settings broken.toml", "broken.toml: ")]
    [InlineData("train vae --settings broken.json", "broken.json: ")]
    [InlineData("train vae --settings twice.json", "twice.json: ")]
    [InlineData("train vae --settings null.json", "null.json: ")]
    [InlineData("train vae --settings nothing.json", "nothing.json: ")]
    [InlineData("train vae --settings type.toml", "arity")]
    [InlineData("train vae --settings empty.json", "empty.json: ")]
    [InlineData("train vae --settings list.json", "list.json: ")]
    [InlineData("train vae --settings range.toml", "range.toml: line 2: arity is 5; expected 2, 4, 8 or 16.")]
    [InlineData("train vae --settings range.toml --arity 6", "dgrad: arity is 6; expected 2, 4, 8 or 16.")]
    [InlineData("train vae --settings name.json", "name.json: line 3: unknown estimator 'rebar'; expected")]
    [InlineData("train listops --settings name.json", "name.json: line 3: unknown estimator 'rebar'; expected")]
    [InlineData("train polynomial --settings power.toml", "power.toml: line 1: power is 0.5; expected")]
    [InlineData("train simplex --settings start.toml", "start.toml: line 2: p is ")]
    [InlineData("compare --settings range.toml", "range.toml: line 2: arity is 5")]
    [InlineData("search range-of-grid.toml --out o", "range-of-grid.toml: line 5: arity=5, trial 0: arity is 5; expected 2, 4, 8 or 16.")]
    [InlineData("search range-of-trials.toml --out o", "range-of-trials.toml: line 2: trials is 0; expected at least 1.")]
    [InlineData("search range-of-report.toml --out o", "range-of-report.toml: line 3: final-samples is 0")]
    [InlineData("gradients simplex --p 0.5,0.5", "p is 0.5,0.5; expected three numbers")]
    [InlineData("gradients simplex --p 0.5,0.5,x", "--p is '0.5,0.5,x', of which 'x' is no number; expected numbers separated by commas, with a decimal point")]
    [InlineData("gradients simplex --p 0.5,0.6,-0.1", "expected three numbers of at least 0 with the sum 1")]
    [InlineData("gradients simplex --temperatures 0", "--temperatures is 0")]
    [InlineData("gradients simplex --temperatures 1,0.5,2 --suggest-temperature", "expects at least three, ascending")]
    [InlineData("gradients simplex --batch 20", "--batch goes with --suggest-temperature.")]
    [InlineData("gradients simplex --draws 3", "--draws is 3; expected a whole number of at least 40.")]
    [InlineData("gradients simplex --estimators gr-qmc:4", "estimator 'gr-qmc:4' is no longer offered; use gr")]
    [InlineData("gradients simplex --p 0.6666666666666667,0.2,0.1333333333333333 --direct", "--direct: the direct derivative is infinite")]
    [InlineData("gradients polynomial --power 0.5", "power is 0.5; expected a finite number of at least 1.")]
    [InlineData("gradients polynomial --probability 1", "probability is 1")]
    [InlineData("gradients vae", "nothing to measure; expected --run DIR or --at STEPS")]
    [InlineData("gradients vae --at ''", "--at names none; expected a list such as 1000,5000.")]
    [InlineData("gradients vae --run RUN --at '' --out g", "--at names none; expected a list such as 1000,5000.")]
    [InlineData("gradients vae --at 1000,500,1000", "step '1000' is named twice; expected each once.")]
    [InlineData("gradients vae --run none", "none is no run folder")]
    [InlineData("gradients vae --run RUN --steps 4", "--run takes the settings of its folder")]
    [InlineData("gradients vae --run RUN --at 7 --out g --quiet", "step-7.safetensors does not exist")]
    [InlineData("gradients vae --run RUN --reference exact", "--reference exact enumerates at most 1048576 outcomes")]
    [InlineData("gradients vae --run RUN --minibatches 9", "minibatches is 9; expected at least 10.")]
    [InlineData("gradients vae --run RUN --passes 1", "passes is 1; expected at least 2.")]
    [InlineData("gradients vae --run RUN --estimators st,st", "an estimator is named twice")]
    [InlineData("gradients vae --run RUN --temperatures 0.5,0.5", "expected different finite numbers")]
    [InlineData("gradients vae --run RUN --suggest-temperature --reference none", "--suggest-temperature needs a reference")]
    [InlineData("gradients vae --run RUN --reference none --reference-passes 50", "--reference-passes has no effect with --reference none")]
    [InlineData("gradients vae --data DATA --at 12 --steps 4 --quiet", "step 12 was asked for; expected a step from 1 to 4")]
    [InlineData("figure", "Required command")]
    [InlineData("figure 9", "9")]
    [InlineData("figure 1 --side 2", "side is 2")]
    [InlineData("figure 1 --exact --samples 10", "--samples has no effect with --exact")]
    [InlineData("figure 1 --exact --rao-draws 5000", "--rao-draws has no effect with --exact")]
    [InlineData("figure 1 --temperatures 100", "expected one to five numbers from 0.01 to 10")]
    [InlineData("figure 2a --at 5 --steps 4", "--at is 5; expected a step of at most --steps, 4.")]
    [InlineData("figure 3 --arities 3", "arity is 3")]
    [InlineData("figure 3 --arities 8,2,8", "arity '8' is named twice; expected each once.")]
    [InlineData("figure 3 --arity 4", "--arity")]
    [InlineData("figure cost --arities 3", "arities is 3; expected one to three of 2, 4, 8, 16, 64.")]
    [InlineData("figure cost --estimators gr-mc:x", "estimator 'gr-mc:x' has K = 'x'")]
    [InlineData("figure cost --draws 3", "draws is 3; expected at least 20.")]
    [InlineData("figure cost --seconds 1e300", "seconds is 1E+300; expected a number from 0.001 to 86400.")]
    [InlineData("figure cost --seconds 0", "seconds is 0; expected a number from 0.001 to 86400.")]
    [InlineData("figure cost --arities 2,8,2", "arity '2' is named twice; expected each once.")]
    [InlineData("figure cost --estimators st,gr,st", "estimator 'st' is named twice; expected each once.")]
    [InlineData("bench vae --estimators ,", "--estimators names none; expected a list such as st-gs,gr-mc:100.")]
    [InlineData("figure cost --out file", "file cannot be made: ")]
    [InlineData("figure 1 --out file/below", "file/below cannot be made: ")]
    [InlineData("figure idea --out file", "file cannot be made: ")]
    [InlineData("data generate listops --count 20 --out file", "file cannot be made: ")]
    [InlineData("train listops --estimator gr --baseline self-critical",
        "baseline is self-critical; expected running-mean, or the estimator reinforce, which alone subtracts a baseline.")]
    [InlineData("train simplex --p 1,0,0", "p is 1,0,0; expected three numbers above 0 with the sum 1")]
    [InlineData("train polynomial --variables 0", "variables is 0")]
    [InlineData("compare --estimators ,", "no estimator is named")]
    [InlineData("compare --estimators st,st", "estimator 'st' is named twice")]
    [InlineData("compare --estimators st,gr-mc:x", "estimator 'gr-mc:x' has K = 'x'")]
    [InlineData("compare --task gan", "gan")]
    [InlineData("compare --data DATA --steps 1 --out file/run --quiet", "file/run")]
    [InlineData("evaluate none", "none is no run folder")]
    [InlineData("evaluate", "evaluate")]
    [InlineData("evaluate RUN --split train", "train")]
    [InlineData("evaluate RUN --samples 0", "--samples is 0; expected a whole number from 1 to 1000000.")]
    [InlineData("evaluate RUN --images -1", "--images is -1; expected a whole number of at least 1.")]
    [InlineData("evaluate RUN --weights last", "--weights is for ListOps runs; ")]
    [InlineData("evaluate RUN --max-length 5", "--max-length is for ListOps runs; ")]
    [InlineData("parse RUN 1", "is no run of 'dgrad train listops'.")]
    [InlineData("data check none", "none: no such directory")]
    [InlineData("data get fashion", "no data set has the name 'fashion'")]
    [InlineData("data", "Required command")]
    [InlineData("bench search --recorded 99961", "--recorded is 99961; expected a whole number from 1 to 99960.")]
    [InlineData("results none", "none: no such directory")]
    [InlineData("results empty", "holds no evaluated run")]
    [InlineData("results odd", "settings.json is not readable")]
    public async Task OneLineNamesWhatIsWrong(string arguments, string named)
    {
        WriteFiles();
        var given = arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word == "''" ? "" : word.Replace("DATA", run.Data).Replace("RUN", run.Path));
        AssertOneLine(await InProcess.Run(folder.FullPath, [.. given]), 2, named);
    }

    [Theory]
    [InlineData("\"arity\": 4", "\"arity\": 8", "is a checkpoint of other settings than")]
    [InlineData("\"seed\": 5", "\"seed\": 6", "is a checkpoint of other settings than")]
    [InlineData("\"seed\": 5", "\"seed\": 5, \"colour\": 1", "settings.json is not readable: ")]
    [InlineData("\"seed\": 5", "\"seed\": ", "settings.json is not readable: ")]
    [InlineData("\"gr-mc:5\"", "null", "estimator")]
    [InlineData("\"arity\": 4", "\"arity\": 9", "arity is 9")]
    public async Task ARunWithOtherSettingsIsRefused(string old, string replacement, string named)
    {
        var copy = run.Copy();
        var settings = Path.Combine(copy, "settings.json");
        File.WriteAllText(settings, File.ReadAllText(settings).Replace(old, replacement));
        AssertOneLine(await InProcess.Run(folder.FullPath, ["train", "vae", "--resume", copy]), 2, named);
    }

    [Fact]
    public async Task ADamagedCheckpointIsRefused()
    {
        var copy = run.Copy();
        var path = Path.Combine(copy, "checkpoint", "state.safetensors");
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        foreach (var command in new[] { "train vae --resume", "evaluate" })
            AssertOneLine(await InProcess.Run(folder.FullPath, [.. command.Split(' '), copy]), 2, $"{path}: the content does not match its SHA-256");
        File.WriteAllBytes(path, bytes[..1000]);
        foreach (var command in new[] { "train vae --resume", "evaluate" })
            AssertOneLine(await InProcess.Run(folder.FullPath, [.. command.Split(' '), copy]), 2, path);
        File.Delete(path);
        AssertOneLine(await InProcess.Run(folder.FullPath, ["evaluate", copy]), 2, $"{path} does not exist");
    }

    [Fact]
    public async Task MetricsThatWereCutAreRefused()
    {
        var copy = run.Copy();
        File.WriteAllText(Path.Combine(copy, "metrics.jsonl"), "");
        AssertOneLine(await InProcess.Run(folder.FullPath, ["train", "vae", "--resume", copy]), 2, "metrics.jsonl has 0 bytes; the checkpoint expects");
    }

    [Fact]
    public async Task ADiskThatFillsUpIsAFailureOfOneLine_AndTheRunGoesOnWhenThereIsRoom()
    {
        var mount = Directory.CreateDirectory(folder.At("small")).FullName;
        Assert.SkipUnless(await Shell("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", mount), "a small file system needs the right to mount one");
        try
        {
            string[] arguments = ["train", "vae", .. run.Options, "--out", Path.Combine(mount, "run"), "--quiet"];
            AssertOneLine(await InProcess.Run(folder.FullPath, arguments), 1, "o space left on device");
            Assert.Empty(Directory.EnumerateFiles(mount, "*.tmp", SearchOption.AllDirectories));
            Assert.True(await Shell("mount", "-o", "remount,size=64m", mount));
            (await InProcess.Run(folder.FullPath, arguments)).Good();
            run.AssertSame(Path.Combine(mount, "run"));
        }
        finally
        {
            await Shell("umount", mount);
        }
    }

    [Fact]
    public async Task ADiskThatFillsUpIsNoFaultOfATrial_AndTheSearchGoesOnWhenThereIsRoom()
    {
        var mount = Directory.CreateDirectory(folder.At("small")).FullName;
        Assert.SkipUnless(await Shell("mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", mount), "a small file system needs the right to mount one");
        try
        {
            File.WriteAllText(folder.At("spec.toml"), SmallSearch.Spec(steps: 4, interval: 2).Replace("[settings]", $"[settings]\ndata = \"{run.Data}\"", StringComparison.Ordinal));
            string[] arguments = ["search", folder.At("spec.toml"), "--out", Path.Combine(mount, "search"), "--workers", "1", "--quiet"];
            AssertOneLine(await Dgrad.Run(folder.FullPath, arguments), 1, "o space left on device");
            Assert.Empty(Directory.EnumerateFiles(mount, "trial.json", SearchOption.AllDirectories));
            Assert.True(await Shell("mount", "-o", "remount,size=64m", mount));
            Assert.StartsWith("12 of 12 trials done, 0 running", (await Dgrad.Run(folder.FullPath, arguments)).Good().Output, StringComparison.Ordinal);
        }
        finally
        {
            await Shell("umount", mount);
        }
    }

    public void Dispose() => folder.Dispose();

    private static void AssertOneLine(Dgrad.Outcome outcome, int code, string named)
    {
        Assert.Contains(named, outcome.Error, StringComparison.Ordinal);
        Assert.Equal((code, ""), (outcome.Code, outcome.Output));
        Assert.StartsWith("dgrad: ", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(outcome.Error.Length - 1, outcome.Error.IndexOf('\n', StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
    }

    private static async Task<bool> Shell(string command, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(command, arguments) { RedirectStandardError = true, UseShellExecute = false });
        await process!.WaitForExitAsync();
        return process.ExitCode == 0;
    }

    private void WriteFiles()
    {
        folder.Write("file", "x");
        folder.Write("words", "@words");
        folder.Write("key.toml", "colour = 1\n");
        folder.Write("key.json", "{\"colour\": 1}");
        folder.Write("broken.toml", "arity = = 3\nsteps = [\n");
        folder.Write("broken.json", "{\"arity\": 4,");
        folder.Write("twice.json", "{\"arity\": 4, \"arity\": 8}");
        folder.Write("null.json", "null");
        folder.Write("nothing.json", "{\"estimator\": null}");
        folder.Write("type.toml", "arity = \"four\"\n");
        folder.Write("empty.json", "");
        folder.Write("list.json", "[1]");
        folder.Write("range.toml", "seed = 1\narity = 5\n");
        folder.Write("near.json", "{\"estimator\": \"stgs\"}");
        folder.Write("tau.toml", "seed = 1\ntau = 0.1\n");
        folder.Write("tau-search.toml", "task = \"vae\"\n[[grid]]\ntau = [0.1]\n");
        folder.Write("name.json", "{\n\"seed\": 1,\n\"estimator\": \"rebar\"}");
        folder.Write("power.toml", "power = 0.5\n");
        folder.Write("start.toml", "seed = 1\np = \"1,0,0\"\n");
        folder.Write("range-of-grid.toml", "task = \"vae\"\n[settings]\nsteps = 4\n[[grid]]\narity = [5, 2]\n");
        folder.Write("range-of-trials.toml", "task = \"vae\"\ntrials = 0\n");
        folder.Write("range-of-report.toml", "task = \"vae\"\n[evaluation]\nfinal-samples = 0\n");
        foreach (var name in new[] { "empty", "cut", "wrong", "idx", "odd" }) Directory.CreateDirectory(folder.At(name));
        foreach (var part in new[] { "train", "valid", "test" })
        {
            var path = folder.Write($"cut/binarized_mnist_{part}.amat.gz", new string('0', 784 * 2));
            if (part == "valid") File.WriteAllBytes(path, File.ReadAllBytes(path)[..^4]);
            File.Copy(Path.Combine(run.Data, $"binarized_mnist_{part}.amat"), folder.At($"wrong/binarized_mnist_{part}.amat"));
        }
        foreach (var part in new[] { "train", "test" }) File.Copy(Path.Combine(run.Data, $"binarized_mnist_{part}.amat"), folder.At($"cut/binarized_mnist_{part}.amat"));
        folder.Write("wrong/binarized_mnist_train.amat", "0 1 2\n");
        folder.Write("idx/train-images-idx3-ubyte", [0, 0, 8, 1, .. new byte[800]]);
        folder.Write("idx/t10k-images-idx3-ubyte", [0, 0, 8, 3, .. new byte[800]]);
        folder.Write("odd/settings.json", "{");
    }
}
