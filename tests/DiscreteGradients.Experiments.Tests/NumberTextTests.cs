namespace DiscreteGradients.Experiments.Tests;

/// <summary>Numbers as people write them.</summary>
public sealed class NumberTextTests
{
    [Fact]
    public void ANumberIsReadAsItsTypeHasIt()
    {
        Assert.Equal(-3, NumberText.Read<int>("n", "-3"));
        Assert.Equal(ulong.MaxValue, NumberText.Read<ulong>("n", "18446744073709551615"));
        Assert.Equal(-1.5e-3, NumberText.Read<double>("n", "-1.5e-3"));
        foreach (var text in new[] { "", " 3", "3 ", "+ 3", "3.0", "1e3", "0x3", "2147483648", "1,000" })
            Assert.Equal("n", Assert.Throws<InputException>(() => NumberText.Read<int>("n", text)).Key);
        foreach (var text in new[] { "", " 3", "NaN", "Infinity", "-∞", "1e999", "1,5" })
            Assert.Equal("n", Assert.Throws<InputException>(() => NumberText.Read<double>("n", text)).Key);
    }

    [Theory]
    [InlineData("1,000", "n is '1,000'; expected a whole number without commas, as in 1000.")]
    [InlineData("2147483648", "n is '2147483648'; expected a whole number from -2147483648 to 2147483647.")]
    [InlineData("1e3", "n is '1e3'; expected a whole number in digits alone, as in 1000.")]
    public void WhatIsExpectedOfAWholeNumberIsSaid(string text, string message) =>
        Assert.Equal(message, Assert.Throws<InputException>(() => NumberText.Read<int>("n", text)).Message);

    [Fact]
    public void TheBoundsAreInTheRange()
    {
        Assert.Equal(1, NumberText.Read("n", "1", 1, 5));
        Assert.Equal(5, NumberText.Read("n", "5", 1, 5));
        Assert.Equal("n is 6; expected a whole number from 1 to 5.", Refused(() => NumberText.Read("n", "6", 1, 5)));
        Assert.Equal("n is 0; expected a whole number of at least 1.", Refused(() => NumberText.Read("n", "0", 1, int.MaxValue)));
        Assert.Equal("n is 0.4; expected a number from 0.5 to 2.", Refused(() => NumberText.Read("n", "0.4", 0.5, 2.0)));
        Assert.Equal(2.0, NumberText.Read("n", "2", 0.5, 2.0));

        static string Refused(Func<object> read) => Assert.Throws<InputException>(() => read()).Message;
    }

    // "1,000" and "0,05" are one number to those who wrote them.
    [Theory]
    [InlineData("1,000", "'000'")]
    [InlineData("0,05", "'05'")]
    [InlineData("1,,2", "''")]
    [InlineData("1,2,", "''")]
    [InlineData("1;2", "'1;2'")]
    public void AListIsOfNumbersAlone(string text, string part)
    {
        var error = Assert.Throws<InputException>(() => NumberText.ReadList<double>("n", text));
        Assert.Equal("n", error.Key);
        Assert.Equal($"n is '{text}', of which {part} is no number; "
            + "expected numbers separated by commas, with a decimal point, as in 0.5,1.", error.Message);
    }

    [Theory]
    [InlineData("2,1.5", "'1.5'")]
    [InlineData("2,1e3", "'1e3'")]
    [InlineData("1,000", "'000'")]
    public void AListOfWholeNumbersIsOfThemAlone(string text, string part)
    {
        var error = Assert.Throws<InputException>(() => NumberText.ReadList<int>("n", text));
        Assert.Equal("n", error.Key);
        Assert.Equal($"n is '{text}', of which {part} is no number; expected whole numbers separated by commas, as in 2,1000.",
            error.Message);
    }

    [Fact]
    public void AListIsWrittenAsItIsRead()
    {
        Assert.Empty(NumberText.ReadList<int>("n", ""));
        Assert.Equal([0, 10, -2], NumberText.ReadList<int>("n", "0, 10 ,-2"));
        double[] numbers = [0, 0.5, 1e-7, 123456789];
        Assert.Equal(numbers, NumberText.ReadList<double>("n", NumberText.List(numbers)));
        Assert.Equal("0.5,1", NumberText.List(new[] { 0.5, 1.0 }));
    }
}
