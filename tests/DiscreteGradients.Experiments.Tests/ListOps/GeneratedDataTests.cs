using DiscreteGradients.Experiments.ListOps;

namespace DiscreteGradients.Experiments.Tests.ListOps;

/// <summary>The generated set against 1,000 lines of the published training file, at the level 1e-3 for each test.</summary>
public sealed class GeneratedDataTests
{
    private const double LevelOfChiSquare = 27.88;   // 9 degrees of freedom, 1e-3
    private static readonly Lazy<ListOpsData> Generated = new(() => ListOpsData.Open("listops"));
    private static readonly Lazy<List<(int Length, int Label)>> Real = new(ReadReal);

    [Fact]
    public void TheLengthsAreThoseOfTheRealLines()
    {
        var real = Real.Value.ConvertAll(line => line.Length);
        Assert.InRange(KolmogorovSmirnov(real, Lengths(Generated.Value.Train)), 0, Bound(real.Count, Generated.Value.Train.Count));
        Assert.InRange(KolmogorovSmirnov(real, Lengths(Generated.Value.Test!)), 0, Bound(real.Count, Generated.Value.Test!.Count));
    }

    /// <summary>The runs of results/search/record-table1 were trained on it, and are told by this.</summary>
    [Fact]
    public void TheGeneratedSetIsThatOfTheRecordedRuns() =>
        Assert.Equal("9aa790962b62f0e9ef4bf79e78b8a10c73dfd949e2e78311517423de6cbafc09", Generated.Value.Checksum());

    [Fact]
    public void DrawingThemStops() =>
        Assert.ThrowsAny<OperationCanceledException>(() => new ListOpsSettings().OpenData(cancellation: new CancellationToken(canceled: true)));

    [Fact]
    public void TheLabelsAreThoseOfTheRealLines()
    {
        var real = Enumerable.Range(0, 10).Select(label => (double)Real.Value.Count(line => line.Label == label)).ToArray();
        foreach (var set in new[] { Generated.Value.Train, Generated.Value.Test! })
        {
            var drawn = Enumerable.Range(0, 10).Select(label => (double)set.Count(expression => expression.Label == label)).ToArray();
            Assert.InRange(ChiSquare(real, drawn), 0, LevelOfChiSquare);
        }
    }

    /// <summary>The same tests see what is wrong: expressions that may repeat are too short.</summary>
    [Fact]
    public void ThoseTestsRefuseALawWithoutDistinctness()
    {
        var generator = new ExpressionGenerator(1);
        var lengths = Enumerable.Range(0, 20_000).Select(_ => generator.Next().Length).Where(length => length > 1).ToList();
        Assert.True(KolmogorovSmirnov(Real.Value.ConvertAll(line => line.Length), lengths) > 2 * Bound(Real.Value.Count, lengths.Count));
    }

    /// <summary>Below depth 20 stands a digit: of 20,000 expressions, hundreds reach 19 operators, and none more.</summary>
    [Fact]
    public void OperatorsNestAtMostNineteenDeep()
    {
        var generator = new ExpressionGenerator(2);
        Assert.Equal(19, Enumerable.Range(0, 20_000).Max(_ => Nesting(generator.Next())));

        static int Nesting(Expression expression)
        {
            var (open, most) = (0, 0);
            foreach (var token in expression.Tokens)
            {
                if (token == Vocabulary.Close) open--;
                else if (token >= Vocabulary.Digits) most = Math.Max(most, ++open);
            }
            return most;
        }
    }

    [Fact]
    public void NothingOccursTwice_NorIsAnyTestTreeTrainedOn()
    {
        var (train, test) = (Generated.Value.Train, Generated.Value.Test!);
        Assert.Equal(train.Count + test.Count, train.Concat(test).Select(expression => expression.Text).Distinct().Count());
        Assert.InRange(train.Count + test.Count, ListOpsData.GeneratedCount - 10, ListOpsData.GeneratedCount);   // ten digits are dropped
        Assert.All(train.Take(2000), expression => Assert.Equal(expression.Value(), expression.Label));
    }

    [Fact]
    public void TheSeedDecides_AndForeignTestTreesAreLeftOut()
    {
        var set = ListOpsData.Generate(3, 2000, []);
        Assert.Equal(Texts(set.Train), Texts(ListOpsData.Generate(3, 2000, []).Train));
        Assert.NotEqual(Texts(set.Train), Texts(ListOpsData.Generate(4, 2000, []).Train));
        var foreign = set.Train.Where((_, i) => i % 7 == 0).ToList();
        Assert.Equal(Texts(set.Train.Except(foreign)), Texts(ListOpsData.Generate(3, 2000, foreign).Train));
        static IEnumerable<string> Texts(IEnumerable<Expression> expressions) => expressions.Select(expression => expression.Text);
    }

    [Fact]
    public void ATenthIsSetAsideBySeed()
    {
        var (train, valid) = Generated.Value.Split(10, 5);
        var subset = Generated.Value.Train.Where(expression => expression.Length <= 10).ToHashSet();
        Assert.Equal(subset.Count / 10, valid.Count);
        Assert.True(subset.SetEquals(train.Concat(valid)));
        Assert.Equal(subset.Count, train.Count + valid.Count);
        Assert.Equal(valid, Generated.Value.Split(10, 5).Valid);
        Assert.NotEqual(valid, Generated.Value.Split(10, 6).Valid);
        Assert.Throws<InputException>(() => Generated.Value.Split(3, 5));
    }

    /// <summary>One that is longer than asked for is not counted.</summary>
    [Fact]
    public void TenExpressionsAreEnoughToSetOneAside()
    {
        Assert.Equal("few has 9 expressions of 2 to 10 tokens; expected at least 10",
            Assert.Throws<InputException>(() => Few(9).Split(10, 1)).Message);
        var (train, valid) = Few(10).Split(10, 1);
        Assert.Equal((9, 1), (train.Count, valid.Count));
        (train, valid) = Few(10).Split(25, 1);
        Assert.Equal((10, 1), (train.Count, valid.Count));

        static ListOpsData Few(int count)
        {
            var longer = Expression.Parse("[MIN 1 2 3 4 5 6 7 8 9 ]");
            return new("few", [.. Enumerable.Range(0, count).Select(i => Expression.Parse($"[MAX {i} 3 ]")), longer], null);
        }
    }

    private static List<int> Lengths(IEnumerable<Expression> expressions) => [.. expressions.Select(expression => expression.Length)];

    /// <summary>The largest distance of the two empirical distribution functions.</summary>
    private static double KolmogorovSmirnov(List<int> a, List<int> b) => a.Concat(b).Distinct().Max(length =>
        Math.Abs((double)a.Count(x => x <= length) / a.Count - (double)b.Count(x => x <= length) / b.Count));

    /// <summary>Exceeded with probability 1e-3 at most (less for whole numbers).</summary>
    private static double Bound(int m, int n) => Math.Sqrt(-0.5 * Math.Log(1e-3 / 2) * (m + n) / ((double)m * n));

    /// <summary>Of two samples in the same classes.</summary>
    private static double ChiSquare(double[] a, double[] b)
    {
        var (m, n) = (a.Sum(), b.Sum());
        return a.Zip(b).Sum(pair => Math.Pow(Math.Sqrt(n / m) * pair.First - Math.Sqrt(m / n) * pair.Second, 2) / (pair.First + pair.Second));
    }

    private static List<(int Length, int Label)> ReadReal()
    {
        using var reader = new StreamReader(typeof(GeneratedDataTests).Assembly.GetManifestResourceStream("real-lines.csv")!);
        var rows = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2).Select(line => line.Split(',').Select(int.Parse).ToArray());
        return [.. rows.SelectMany(row => Enumerable.Repeat((row[0], row[1]), row[2]))];
    }
}
