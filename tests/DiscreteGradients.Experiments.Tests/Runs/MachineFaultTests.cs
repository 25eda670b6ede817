using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Tests.Runs;

public sealed class MachineFaultTests
{
    // EIO, ENFILE, EMFILE, ENOSPC, ESTALE and EDQUOT of Linux; then ENOENT, EEXIST, ENOTDIR, EISDIR and ENAMETOOLONG.
    [Theory]
    [InlineData(5, true)]
    [InlineData(23, true)]
    [InlineData(24, true)]
    [InlineData(28, true)]
    [InlineData(116, true)]
    [InlineData(122, true)]
    [InlineData(2, false)]
    [InlineData(17, false)]
    [InlineData(20, false)]
    [InlineData(21, false)]
    [InlineData(36, false)]
    public void ADiskIsAtFaultWhereItIsFullOrDoesNotAnswer_NotWhereAPathIsWrong(int number, bool isOfDisk) =>
        Assert.Equal(isOfDisk, MachineFault.IsOfDisk(new IOException("of this test", number)));

    [Fact]
    public void WorkThatFailsForTheMachineIsToldFromWorkThatFails()
    {
        foreach (var fault in (Exception[])[new IOException(), new UnauthorizedAccessException(),
            new InsufficientMemoryException()])
        {
            Assert.True(MachineFault.Is(fault), $"{fault}");
            Assert.True(MachineFault.Is(new AggregateException(fault)), $"{fault}");
            Assert.True(MachineFault.Is(new AggregateException(new AggregateException(fault))), $"{fault}");
        }
        foreach (var error in (Exception[])[new InvalidOperationException(), new InputException("x"),
            new AggregateException(new InvalidTimeZoneException("x")), new AggregateException()])
            Assert.False(MachineFault.Is(error), $"{error}");
    }
}
