using DiscreteGradients.Experiments.ListOps;

namespace DiscreteGradients.Experiments.Tests.ListOps;

public sealed class BinaryTreeTests
{
    [Fact]
    public void TheTrueTreeTakesArgumentsFromTheLeft() =>
        Assert.Equal([(0, 6), (0, 5), (0, 2), (2, 5), (2, 4)], Expression.Parse("[MAX 1 [MIN 2 ] ]").Tree().Brackets());

    [Fact]
    public void MergesMakeTheTree()
    {
        var tree = BinaryTree.OfMerges(5, [3, 0, 1, 0]);   // 0 1 2 (3 4); (0 1) 2 (3 4); (0 1) (2 (3 4))
        Assert.Equal([(0, 5), (0, 2), (2, 5), (3, 5)], tree.Brackets());
        Assert.Throws<ArgumentException>(() => BinaryTree.OfMerges(3, [0]));
    }

    [Fact]
    public void OnlyNeighboursAreJoined()
    {
        var error = Assert.Throws<ArgumentException>(() => BinaryTree.Leaf(0).Join(BinaryTree.Leaf(2)));
        Assert.Contains("next starts at token 2; expected 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void F1IsTheShareOfCommonBrackets()
    {
        var left = BinaryTree.OfMerges(5, [0, 0, 0, 0]);
        var right = BinaryTree.OfMerges(5, [3, 2, 1, 0]);
        var mixed = BinaryTree.OfMerges(5, [0, 2, 1, 0]);   // (0 1) (2 (3 4))
        Assert.Equal(1, left.F1(left));
        Assert.Equal(0.25, left.F1(right));                 // the whole only
        Assert.Equal((0.5, 0.75), (left.F1(mixed), right.F1(mixed)));
        Assert.Equal(1, BinaryTree.Leaf(0).F1(BinaryTree.Leaf(0)));
        Assert.Throws<ArgumentException>(() => left.F1(BinaryTree.Leaf(0)));
    }

    [Fact]
    public void ATreeIsDrawnALineAToken()
    {
        var expression = Expression.Parse("[MAX 1 [MIN 2 ] ]");
        Assert.Equal(
        [
            "┬─┬─┬─── [MAX",
            "│ │ └─── 1",
            "│ └─┬─┬─ [MIN",
            "│   │ └─ 2",
            "│   └─── ]",
            "└─────── ]",
        ], TreeText.Lines(expression.Tree(), expression));
        Assert.Equal("model    true\nxy       z", TreeText.Beside("model", ["xy"], "true", ["z"]));
        Assert.Equal("( ( ( [MAX 1 ) ( ( [MIN 2 ) ] ) ) ] )", TreeText.Brackets(expression.Tree(), expression));
    }

    [Fact]
    public void ThePictureHoldsBothTrees()
    {
        var expression = Expression.Parse("[MAX 1 [MIN 2 ] ]");
        var other = BinaryTree.OfMerges(6, [0, 0, 0, 0, 0]);
        var svg = System.Xml.Linq.XDocument.Parse(TreeSvg.Draw(expression, ("model: 1 < 2", other), ("true", expression.Tree())));
        var paths = svg.Descendants().Where(node => node.Name.LocalName == "path").ToList();
        Assert.Equal(2 * 5, paths.Count);
        // (0, 6), (0, 5) and (0, 2) are in both; two of each tree are its own.
        Assert.Equal(2 * 2, paths.Count(path => path.Attribute("stroke-dasharray") is not null));
        var texts = svg.Descendants().Where(node => node.Name.LocalName == "text").Select(node => node.Value).ToList();
        string[] tokens = ["[MAX", "1", "[MIN", "2", "]", "]"];
        Assert.Equal(["model: 1 < 2", .. tokens, "true", .. tokens], texts);
    }
}
