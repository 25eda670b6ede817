using System.ComponentModel;
using DiscreteGradients.Experiments;

namespace DiscreteGradients.Cli.Tests;

/// <summary>What is said of what went wrong, and the exit code.</summary>
public sealed class FailureTests
{
    [Fact]
    public void EachKindHasItsWordsAndItsCode() => Assert.All(
        new (Exception Error, string Message, int Code)[]
        {
            (new InputException("x is 3; expected 2."), "x is 3; expected 2.", 2),
            (new OperationCanceledException("of this test"), "stopped.", 130),
            (new TaskCanceledException("of this test"), "stopped.", 130),
            (new IOException("full"), "full", 1),
            (new UnauthorizedAccessException("not yours"), "not yours", 1),
            (new Win32Exception(1, "odd"), "libtorch: odd", 1),
            (new InsufficientMemoryException("of this test"), "out of memory.", 1),
            (new AggregateException(new InputException("first"), new IOException("second")), "first", 2),
            (new AggregateException(new AggregateException(new OperationCanceledException())), "stopped.", 130),
            (new InvalidTimeZoneException("odd."), "a bug: InvalidTimeZoneException: odd. Set DGRAD_TRACE=1 to see where.", 1),
        },
        row => Assert.Equal(new(row.Message, row.Code), Failure.Of(row.Error)));

    [Fact]
    public void AMessageIsALineThatCanBeRead()
    {
        Assert.Equal("one", Failure.Of(new InputException("one  \ntwo")).Message);
        Assert.Equal("aU+001Bb", Failure.Of(new InputException("a\u001bb")).Message);
        var (a, b) = (new string('a', 500), new string('b', 500));
        Assert.Equal(a + b, Failure.Of(new InputException(a + b)).Message);
        Assert.Equal($"{a}…{b}", Failure.Of(new InputException(a + "in between" + b)).Message);
    }
}
