namespace DiscreteGradients.Experiments.Tests;

/// <summary>Text of others in messages and commands.</summary>
public sealed class QuoteTests
{
    [Fact]
    public void ALongTextIsCut()
    {
        var forty = new string('x', 40);
        Assert.Equal($"'{forty}'", Quote.Of(forty));
        Assert.Equal($"'{forty}…'", Quote.Of(forty + "y"));
        Assert.Equal("''", Quote.Of(""));
    }

    [Theory]
    [InlineData("a b τ 漢", "a b τ 漢")]
    [InlineData("a\tb", "aU+0009b")]
    [InlineData("a\u00a0b", "aU+00A0b")]
    [InlineData("a\u2028b", "aU+2028b")]
    [InlineData("a\u200bb", "aU+200Bb")]
    [InlineData("a\u001b[31mb", "aU+001B[31mb")]
    [InlineData("a\ue000b", "aU+E000b")]
    public void WhatHasNoShapeIsShownByItsCode(string text, string shown) => Assert.Equal(shown, Quote.Visible(text));

    [Fact]
    public void LinesStayLines() => Assert.Equal("aU+0009\nb", Quote.VisibleLines("a\t\nb"));

    [Theory]
    [InlineData("gr-mc:100", "gr-mc:100")]
    [InlineData("/a/b_c.d+e=f,g@h%i", "/a/b_c.d+e=f,g@h%i")]
    [InlineData("", "''")]
    [InlineData("a b", "'a b'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("$HOME", "'$HOME'")]
    [InlineData("a;b", "'a;b'")]
    [InlineData("*", "'*'")]
    public void AWordIsOneOfAShell(string text, string word) => Assert.Equal(word, Quote.Word(text));
}
