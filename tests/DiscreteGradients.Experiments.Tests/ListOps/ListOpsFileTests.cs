using DiscreteGradients.Experiments.ListOps;

namespace DiscreteGradients.Experiments.Tests.ListOps;

public sealed class ListOpsFileTests : IDisposable
{
    private const string Lines = "0\t( ( ( ( ( [MIN 1 ) 6 ) 5 ) 0 ) ] )\n7\t7\n3\t( ( ( [SM 9 ) 4 ) ] )\n";
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("train.tsv", Lines)]
    [InlineData("train.tsv.gz", Lines)]
    [InlineData("blank.tsv", Lines + "\n \r\n")]
    [InlineData("arena.tsv", "Source\tTarget\r\n( ( ( ( ( [MIN 1 ) 6 ) 5 ) 0 ) ] )\t0\r\n7\t7\r\n( ( ( [SM 9 ) 4 ) ] )\t3\r\n")]
    [InlineData("arena.tsv.gz", "Target\tSource\n" + Lines)]
    [InlineData("loose.tsv", "Source\tTarget\n( [MIN 1 6 5 0 ] )\t0\n7\t7\n([SM 9 4])\t3\n")]
    [InlineData("crlf.tsv", "0\t( ( ( ( ( [MIN 1 ) 6 ) 5 ) 0 ) ] )\r\n7\t7\r\n3\t( ( ( [SM 9 ) 4 ) ] )")]
    public void AFileIsReadWhole(string name, string content)
    {
        var all = ListOpsFile.Read(folder.Write(name, content));
        Assert.Equal(["[MIN 1 6 5 0 ]", "7", "[SM 9 4 ]"], all.Select(expression => expression.Text));
        Assert.Equal([0, 7, 3], all.Select(expression => (int)expression.Label));
        Assert.Equal(["[MIN 1 6 5 0 ]", "[SM 9 4 ]"], ListOpsData.Open(folder.At(name)).Train.Select(expression => expression.Text));
    }

    [Theory]
    [InlineData("0\t( ( [MIN 1 ) ] )\n5 ( ( [MIN 5 ) ] )\n", "line 2: '5 ( ( [MIN 5 ) ] )' has no tab; expected a label, a tab and a tree.")]
    [InlineData("0\t( ( [MIN 1 ) ] )\n\n0\t0\n", "line 2: it is blank; expected a label, a tab and a tree.")]
    [InlineData("10\t( ( [MIN 1 ) ] )\n", "line 1: the label is '10'; expected 0 to 9.")]
    [InlineData("9\u00a0\t9\n", "line 1: the label is '9U+00A0'; expected 0 to 9.")]
    [InlineData("\u001b[1m\t9\n", "line 1: the label is 'U+001B[1m'; expected 0 to 9.")]
    [InlineData("1\t( ( [MIN\u00a01 ) ] )\n", "line 1: token 1 is '[MINU+00A01'; expected a digit, [MIN, [MAX, [MED, [SM or ].")]
    [InlineData("1\t1\t1\n", "line 1: '1U+00091U+00091' has 2 tabs; expected a label, a tab and a tree.")]
    [InlineData("Source\tTarget\n1\t( ( [MIN 1 ) ] )\n", "line 2: the label is '( ( [MIN 1 ) ] )'; expected 0 to 9.")]
    [InlineData("1\t1\n1\t( ( [MIN 1 ] )\n", "line 2: 1 '(' are never closed.")]
    [InlineData("1\t( [MIN 1 ) ] )\n", "line 1: a ')' has no '(' before it.")]
    [InlineData("1\t( ( [MINUS 1 ) ] )\n", "line 1: token 1 is '[MINUS'; expected a digit, [MIN, [MAX, [MED, [SM or ].")]
    [InlineData("1\t1\n1\t1\n1\t( [MIN 1 )\n", "line 3: the expression is cut off after token 2; 1 more ']' expected.")]
    public void ABadLineIsNamedByNumber(string content, string message)
    {
        var path = folder.Write("bad.tsv", System.Text.Encoding.UTF8.GetBytes(content));
        Assert.Equal($"{path}, {message}", Assert.Throws<InputException>(() => ListOpsFile.Read(path)).Message);
    }

    [Fact]
    public void AByteOrderMarkIsLeftOut() =>
        Assert.Equal(3, ListOpsFile.Read(folder.Write("mark.tsv", [0xef, 0xbb, 0xbf, .. System.Text.Encoding.ASCII.GetBytes(Lines)])).Count);

    [Fact]
    public void ALineWithoutEndIsRefusedBeforeItIsRead()
    {
        var path = folder.Write("long.tsv.gz", new string('(', 30 << 20));
        Assert.Equal($"{path}, line 1: more than 1048576 bytes; expected at most so many", Assert.Throws<InputException>(() => ListOpsFile.Read(path)).Message);
    }

    [Fact]
    public void AnEmptyOrMissingFileIsRefused()
    {
        Assert.Contains("is empty", Assert.Throws<InputException>(() => ListOpsFile.Read(folder.Write("e.tsv", ""))).Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => ListOpsFile.Read(folder.At("missing.tsv")));
        Assert.Contains("no such file or directory", Assert.Throws<InputException>(() => ListOpsData.Open(folder.At("missing"))).Message, StringComparison.Ordinal);
        Assert.Contains("none of train_d20s.tsv, train.tsv, basic_train.tsv", Assert.Throws<InputException>(() => ListOpsData.Open(folder.FullPath)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("basic_train.tsv", "basic_test.tsv")]
    [InlineData("train.tsv.gz", "test.tsv")]
    [InlineData("train_d20s.tsv", "test_d20s.tsv.gz")]
    public void AFolderIsKnownByTheNamesOfItsFiles_WithATestSetOrWithout(string train, string test)
    {
        folder.Write(train, Lines);
        Assert.Null(ListOpsData.Open(folder.FullPath).Test);
        folder.Write(test, "5\t( ( ( [MAX 5 ) 4 ) ] )\n4\t4\n");
        var data = ListOpsData.Open(folder.FullPath);
        Assert.Equal((train, folder.FullPath), (data.Name, data.Source));
        Assert.Equal(["[MIN 1 6 5 0 ]", "[SM 9 4 ]"], data.Train.Select(expression => expression.Text));
        Assert.Equal(["[MAX 5 4 ]"], data.Test!.Select(expression => expression.Text));
        // A file alone is for training.
        Assert.Null(ListOpsData.Open(folder.At(train)).Test);
    }

    [Fact]
    public void WhatIsWrittenIsReadAgain()
    {
        var data = ListOpsData.Generate(1, 500, []);
        using (var stream = File.Create(folder.At("train_d20s.tsv"))) ListOpsFile.Write(stream, data.Train);
        using (var stream = File.Create(folder.At("test_d20s.tsv"))) ListOpsFile.Write(stream, data.Test!);
        var read = ListOpsData.Open(folder.FullPath);
        Assert.Equal((data.Checksum(), data.Train.Count, data.Test!.Count), (read.Checksum(), read.Train.Count, read.Test!.Count));
    }

    [Fact]
    public void TheChecksumIsOfEveryTokenAndLabelOfBothParts_InOrder()
    {
        var (a, b) = (Expression.Parse("[MAX 2 9 ]"), Expression.Parse("[MIN 4 7 ]"));
        string[] all =
        [
            Of([a, b]), Of([b, a]), Of([a]), Of([a], [a]), Of([a, Expression.Parse("[MIN 4 7 ]", 5)]), Of([a, Expression.Parse("[MIN 4 8 ]")]),
        ];
        Assert.Equal(all.Length, all.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(all[0], (new ListOpsData("another name", [a, b], null) { Source = "elsewhere" }).Checksum());

        static string Of(IReadOnlyList<Expression> train, IReadOnlyList<Expression>? test = null) => new ListOpsData("a name", train, test).Checksum();
    }

    [Fact]
    public void TheReportCounts()
    {
        folder.Write("train.tsv", Lines + "4\t( ( ( [SM 9 ) 4 ) ] )\n");
        Assert.True(ListOpsDataReport.Recognises(folder.FullPath));
        Assert.Equal("""
            train.tsv: 4 lines, 1 of one token (dropped), 3 distinct, 1 whose label is not the value
              L ≤ 10: 3
              L ≤ 25: 3
              L ≤ 50: 3
              labels 0 to 9: 1 0 0 1 1 0 0 0 0 0
              by length: 4:2 6:1
            """, ListOpsDataReport.Of(folder.FullPath));
    }

    [Fact]
    public void AFolderWithoutTablesIsNoListOps()
    {
        folder.Write("train.txt", Lines);
        Assert.False(ListOpsDataReport.Recognises(folder.FullPath));
        Assert.False(ListOpsDataReport.Recognises(folder.At("missing")));
        folder.Write("any.tsv.gz", Lines);
        Assert.True(ListOpsDataReport.Recognises(folder.FullPath));
    }

    [Fact]
    public void TheReportCountsUpToALengthAndThatLengthToo_AFileAfterTheOther()
    {
        folder.Write("b.tsv", Of(51, 10, 25, 26, 11, 50, 10));
        folder.Write("a.tsv.gz", Of(3));
        folder.Write("c.txt", "no data");
        Assert.Equal("""
            a.tsv.gz: 1 lines, 0 of one token (dropped), 1 distinct, 0 whose label is not the value
              L ≤ 10: 1
              L ≤ 25: 1
              L ≤ 50: 1
              labels 0 to 9: 0 0 0 1 0 0 0 0 0 0
              by length: 3:1
            b.tsv: 7 lines, 0 of one token (dropped), 6 distinct, 0 whose label is not the value
              L ≤ 10: 2
              L ≤ 25: 4
              L ≤ 50: 6
              labels 0 to 9: 3 2 0 0 0 1 1 0 0 0
              by length: 10:2 11:1 25:1 26:1 50:1 51:1
            """, ListOpsDataReport.Of(folder.FullPath));

        // The last digit of its length, over and over, between an operator and a bracket.
        static string Of(params int[] lengths) => string.Concat(lengths.Select(length =>
            Expression.Parse($"[MAX {string.Join(' ', Enumerable.Repeat(length % 10, length - 2))} ]").Line() + "\n"));
    }

    public void Dispose() => folder.Dispose();
}
