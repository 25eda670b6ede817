using DiscreteGradients.Experiments.Presentation;

namespace DiscreteGradients.Experiments.Tests.Presentation;

public sealed class MarkdownTextTests
{
    [Theory]
    [InlineData("a|b", "a\\|b")]
    [InlineData("`a` [b] !", "\\`a\\` \\[b\\] \\!")]
    [InlineData("a\\b", "a\\\\b")]
    [InlineData("a < b & c > d", "a &lt; b &amp; c &gt; d")]
    [InlineData("a\nb", "aU+000Ab")]
    public void APartOfAParagraphStaysText(string text, string written) => Assert.Equal(written, MarkdownText.Of(text));

    [Theory]
    [InlineData("../results/figure-1", "../results/figure-1")]
    [InlineData("a b/(c)", "a%20b/%28c%29")]
    [InlineData("a\nb", "a%0Ab")]
    [InlineData("[a]<b>", "%5Ba%5D%3Cb%3E")]
    [InlineData("ä", "ä")]
    [InlineData("run#2/what?/100%20", "run%232/what%3F/100%2520")]
    public void ATargetOfALinkIsThePath_WhateverIsInIt(string path, string written) => Assert.Equal(written, MarkdownText.Target(path));

    [Fact]
    public void ASpanOfCodeHasNoEndInIt() => Assert.Equal("a 'b' <c> | U+000Ad", MarkdownText.Code("a `b` <c> | \nd"));
}
