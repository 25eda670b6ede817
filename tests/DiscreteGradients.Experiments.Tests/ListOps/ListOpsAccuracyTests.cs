using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Tests.ListOps;

public sealed class ListOpsAccuracyTests
{
    [Fact]
    public void TheFiguresAreThoseOfTheParses()
    {
        using var model = new TreeLstm(3);
        var set = Expressions.Data.Test!.Where(expression => expression.Length <= 12).ToList();
        var parses = set.ConvertAll(expression => ParsedExpression.All(model, [expression])[0]);
        var result = ListOpsAccuracy.Of(model, Expressions.Data.Test!, 12, "test", Weights.Last, set.Take(10));
        var right = set.Zip(parses).Count(pair => pair.First.Label == pair.Second.Value);
        Assert.Equal((set.Count, (double)right / set.Count), (result.Expressions, result.Accuracy));
        Assert.Equal(parses.Average(parse => parse.Cost), result.Loss, 1e-4);
        Assert.Equal(set.Zip(parses).Average(pair => pair.First.Tree().F1(pair.Second.Tree)), result.BracketF1, 1e-12);
        Assert.Equal(set.Count - 10, result.UnseenExpressions);
        var unseen = set.Zip(parses).Skip(10).Count(pair => pair.First.Label == pair.Second.Value);
        Assert.Equal((double)unseen / (set.Count - 10), result.UnseenAccuracy);
        Assert.Equal(ListOpsAccuracy.BinomialError(result.Accuracy, set.Count), result.StandardError, 1e-15);
        Assert.Equal(0.04, ListOpsAccuracy.BinomialError(0.8, 100), 1e-15);
        Assert.Equal(("test", Weights.Last, 12), (result.Split, result.Weights, result.MaxLength));
        Assert.Equal(set.GroupBy(expression => expression.Length).OrderBy(group => group.Key).Select(group => (group.Key, group.Count())), result.Lengths.Select(row => (row.Length, row.Expressions)));
        Assert.Equal(result.Accuracy, result.Lengths.Sum(row => row.Accuracy * row.Expressions) / set.Count, 1e-12);
        Assert.Equal(result.BracketF1, result.Lengths.Sum(row => row.BracketF1 * row.Expressions) / set.Count, 1e-12);
        Assert.Throws<InputException>(() => ListOpsAccuracy.Of(model, set, 3, "test", Weights.Last, null));
    }

    [Fact]
    public void ParsesComeInTheOrderOfTheExpressions_ThoughTheyAreMadeByLength()
    {
        using var model = Expressions.Model(TorchSharp.torch.ScalarType.Float32);
        var set = Expressions.Data.Train.Where(expression => expression.Length <= 9).Take(300).ToList();
        var done = new List<int>();
        var parses = ParsedExpression.All(model, set, done.Add);
        Assert.Equal([256, 300], done);
        for (var i = 0; i < 300; i += 23)
        {
            var alone = ParsedExpression.All(model, [set[i]])[0];
            Assert.Equal(alone.Tree.Brackets(), parses[i].Tree.Brackets());
            Assert.Equal(alone.Value, parses[i].Value);
            Assert.Equal(alone.Cost, parses[i].Cost, 1e-3);
        }
    }

    [Fact]
    public void TheBranchingTreesAreMeasuredToo()
    {
        using var model = new TreeLstm(3);
        // True: (0, 6), (0, 5), (0, 2), (2, 5), (2, 4). From the left: (0, 2) to (0, 6); from the right: (0, 6) to (4, 6).
        var result = ListOpsAccuracy.Of(model, [Expression.Parse("[MAX 1 [MIN 2 ] ]")], 10, "one", Weights.Last, null);
        Assert.Equal((3 / 5.0, 1 / 5.0), (result.LeftBranchingF1, result.RightBranchingF1));
        Assert.Null(result.UnseenExpressions);
    }

    /// <summary>The name tells the split or the file, the length where it is not the one of training, and the weights.</summary>
    [Fact]
    public void AnEvaluationIsKeptUnderANameOfItsOwn()
    {
        using var folder = new TemporaryFolder();
        using var model = new TreeLstm(3);
        var best = ListOpsAccuracy.Of(model, Expressions.OfManyLengths, 10, "test", Weights.Best, null) with { Accuracy = 0.75 };
        var last = best with { Weights = Weights.Last, Accuracy = 0.125 };
        Assert.Equal("evaluation-test.json", Name(best));
        Assert.Equal("evaluation-test.json", Name(best, trainedLength: 10));
        Assert.Equal("evaluation-test-max-length-10.json", Name(best, trainedLength: 25));
        Assert.Equal("evaluation-test-last.json", Name(last));
        Assert.Equal("evaluation-test-max-length-10-last.json", Name(last, trainedLength: 5));
        Assert.Equal("evaluation-file-test-max-length-10.json", Name(best, trainedLength: 25, isOfFile: true));
        best.Save(folder.FullPath);
        last.Save(folder.FullPath);
        (best with { Accuracy = 0.5 }).Save(folder.FullPath, trainedLength: 25);
        (best with { Accuracy = 0.25 }).Save(folder.FullPath, isOfFile: true);
        Assert.Equal(0.75, ListOpsAccuracy.Read(folder.FullPath, Split.Test, Weights.Best)!.Accuracy);
        Assert.Equal(0.125, ListOpsAccuracy.Read(folder.FullPath, Split.Test, Weights.Last)!.Accuracy);
        Assert.Null(ListOpsAccuracy.Read(folder.FullPath, Split.Valid, Weights.Best));

        string Name(ListOpsAccuracy evaluation, int? trainedLength = null, bool isOfFile = false) =>
            Path.GetFileName(evaluation.PathIn(folder.FullPath, trainedLength, isOfFile));
    }

    [Fact]
    public void WhereEveryTreeWasTrainedOnThereIsNoAccuracyOnOthers()
    {
        using var model = new TreeLstm(3);
        var relabelled = Expressions.OfManyLengths.Select(expression => Expression.Parse(expression.Text, 0));
        var result = ListOpsAccuracy.Of(model, Expressions.OfManyLengths, 10, "test", Weights.Best, relabelled);
        Assert.Equal((4, 0), (result.Expressions, result.UnseenExpressions!.Value));
        Assert.Null(result.UnseenAccuracy);
        var longer = Expressions.OfManyLengths.Skip(1);
        var shorter = ListOpsAccuracy.Of(model, Expressions.OfManyLengths, 7, "test", Weights.Best, longer);
        Assert.Equal((3, 1), (shorter.Expressions, shorter.UnseenExpressions!.Value));
    }
}
