using System.Globalization;
using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Cli.Tests;

/// <summary>What dgrad train listops, evaluate and parse say, of a small run whose best weights are not its last.</summary>
[Collection(nameof(InProcess))]
public sealed class ListOpsWordsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task ATrainingSaysItsLastAccuracyAndItsBest()
    {
        var said = await Train();
        var result = JsonNode.Parse(File.ReadAllText(folder.At("run/result.json")))!;
        Assert.Equal(string.Create(CultureInfo.InvariantCulture,
            $"validation accuracy {(double)result["validation-accuracy"]!:P1} after 2 epochs, {(double)result["best-accuracy"]!:P1} at the best, epoch {(int)result["best-epoch"]!}; {folder.At("run")}\n"), said);
    }

    [Fact]
    public async Task AnEvaluationSaysWhatItsRecordHolds()
    {
        await Train();
        // One was trained on, two were not; of several lengths, so that the trees from the left and from the right differ.
        folder.Write("set", "9\t[MAX 0 9 ]\n9\t[MAX 2 [MIN 4 9 ] 9 ]\n3\t[MIN 3 [MAX 4 5 ] ]\n");
        var text = await Run("evaluate", "run", "--data", "set", "--max-length", "8", "--weights", "last", "--quiet");
        var kept = JsonNode.Parse(File.ReadAllText(folder.At("run/evaluation-file-set-max-length-8-last.json")))!;
        double Number(string key) => (double)kept[key]!;
        Assert.Equal((3, 2), ((int)kept["expressions"]!, (int)kept["unseen-expressions"]!));
        Assert.NotEqual(Number("left-branching-f1"), Number("right-branching-f1"));
        Assert.StartsWith(string.Create(CultureInfo.InvariantCulture,
            $"set, up to 8 tokens, last weights: accuracy {Number("accuracy"):P1} ± {Number("standard-error"):P1} (3 expressions; {Number("unseen-accuracy"):P1} on the 2 that are not in the training data)\nbracket F1 {Number("bracket-f1"):F3} (joining from the left {Number("left-branching-f1"):F3}, from the right {Number("right-branching-f1"):F3}), cross-entropy {Number("loss"):F3} nats\n"),
            text, StringComparison.Ordinal);
    }

    /// <summary>As the model says when it is asked without the command.</summary>
    [Theory]
    [InlineData("best")]
    [InlineData("last")]
    public async Task AParseIsByTheWeightsAskedFor(string weights)
    {
        await Train();
        var checkpoint = RunFolder.CheckpointIn(folder.At("run"));
        var (tensors, texts) = SafeTensors.Read(checkpoint);
        SafeTensors.Write(checkpoint, tensors.Select(pair =>
            (pair.Key, pair.Key.StartsWith("best.", StringComparison.Ordinal) ? pair.Value.neg() : pair.Value)), texts);
        foreach (var tensor in tensors.Values) tensor.Dispose();
        using var model = ListOpsRun.Model(folder.At("run"), Enum.Parse<Weights>(weights, ignoreCase: true));
        foreach (var text in new[] { "[MAX 2 9 [MIN 4 7 ] 0 ]", "[SM 4 [MED 1 5 8 ] ]", "[MIN [MAX 3 6 ] [MED 2 7 9 ] ]" })
        {
            var said = JsonNode.Parse(await Run("parse", "run", text, "--weights", weights, "--json"))!;
            var expression = Expression.Parse(text);
            var parse = ParsedExpression.All(model, [expression])[0];
            Assert.Equal((parse.Value, (int)expression.Label), ((int)said["value"]!, (int)said["true-value"]!));
            Assert.Equal(parse.Tree.F1(expression.Tree()), (double)said["f1"]!, 1e-12);
            Assert.Equal((TreeText.Brackets(parse.Tree, expression), TreeText.Brackets(expression.Tree(), expression)),
                ((string)said["tree"]!, (string)said["true-tree"]!));
        }
    }

    public void Dispose() => folder.Dispose();

    private Task<string> Train()
    {
        folder.Write("train.tsv", string.Concat(Enumerable.Range(0, 30).Select(i => $"9\t[MAX {i % 10} 9 ]\n")));
        return Run("train", "listops", "--data", "train.tsv", "--max-length", "6", "--epochs", "2", "--estimator", "st", "--out", "run", "--quiet");
    }

    private async Task<string> Run(params string[] words) => (await InProcess.Run(folder.FullPath, words)).Good().Output;
}
