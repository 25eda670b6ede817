using DiscreteGradients.Experiments.ListOps;

namespace DiscreteGradients.Experiments.Tests.ListOps;

public sealed class ExpressionTests
{
    // Lines of the published training file.
    public static TheoryData<string> Published =>
    [
        "6\t( ( ( ( ( ( [MED 7 ) 5 ) ( ( ( ( [MIN 5 ) 2 ) 5 ) ] ) ) ( ( ( ( [MAX 2 ) 4 ) 6 ) ] ) ) ( ( ( ( ( [MED 7 ) 8 ) 9 ) 6 ) ] ) ) ] )",
        "0\t( ( ( ( ( [MIN 1 ) 6 ) 5 ) 0 ) ] )",
        "9\t( ( ( ( ( [SM 9 ) ( ( ( ( ( [MED 4 ) 3 ) 0 ) 8 ) ] ) ) 9 ) 8 ) ] )",
        "8\t( ( ( ( ( [MAX ( ( ( ( ( ( [MIN 6 ) 4 ) 3 ) 5 ) ( ( ( [MED 8 ) ( ( ( ( [MIN 7 ) 1 ) 5 ) ] ) ) ] ) ) ] ) ) 6 ) 8 ) 8 ) ] )",
    ];

    [Theory]
    [MemberData(nameof(Published))]
    public void APublishedLineIsReadAndWrittenAgain(string line)
    {
        var expression = Expression.Parse(line[2..]);
        Assert.Equal(line, expression.Line());
        Assert.Equal((line[0] - '0', line[0] - '0'), (expression.Label, expression.Value()));
        Assert.Equal(line.Split(' ', '\t').Skip(1).Where(word => word is not ("(" or ")")), expression.Text.Split(' '));
        Assert.Equal(expression.Tokens, Expression.Parse(expression.Text).Tokens);
    }

    [Theory]
    [InlineData("[MED 1 2 ]", 1)]
    [InlineData("[MED 9 2 4 7 ]", 5)]
    [InlineData("[MED 9 2 4 ]", 4)]
    [InlineData("[SM 9 9 5 ]", 3)]
    [InlineData("[MIN 3 [MAX 4 1] 8]", 3)]
    [InlineData("([MAX 3)]", 3)]
    [InlineData("7", 7)]
    public void TheValueIsThatOfTheOperators(string text, int value) => Assert.Equal(value, Expression.Parse(text).Value());

    [Fact]
    public void AStatedLabelStays() => Assert.Equal((2, 1), (Expression.Parse("[MIN 1 2 ]", 2).Label, Expression.Parse("[MIN 1 2 ]", 2).Value()));

    [Theory]
    [InlineData("", "there is no token; expected an expression")]
    [InlineData("( )", "there is no token; expected an expression")]
    [InlineData("[MAX 1 10 ]", "token 3 is '10'; expected a digit, [MIN, [MAX, [MED, [SM or ]")]
    [InlineData("[max 1 ]", "token 1 is '[max'; expected a digit, [MIN, [MAX, [MED, [SM or ]")]
    [InlineData("[MAX 1 [MIN 2 3 ]", "the expression is cut off after token 6; 1 more ']' expected")]
    [InlineData("[MAX 1 ] 2", "the expression ends at token 3; token 4 is '2'")]
    [InlineData("1 ]", "the expression ends at token 1; token 2 is ']'")]
    [InlineData("]", "token 1 is ']'; expected a digit or an operator")]
    [InlineData("[MAX [SM ] ]", "token 3 is ']' right after its operator; expected an argument")]
    public void WhatIsNoExpressionIsRefused(string text, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => Expression.Parse(text)).Message);

    [Fact]
    public void TheVocabularyIsFixed() =>
        Assert.Equal("0 1 2 3 4 5 6 7 8 9 [MIN [MAX [MED [SM ]", string.Join(' ', Enumerable.Range(0, Vocabulary.Count).Select(token => Vocabulary.Text((byte)token))));
}
