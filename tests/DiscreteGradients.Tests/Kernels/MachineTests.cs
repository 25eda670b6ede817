using System.Diagnostics;
using System.Runtime.Intrinsics.X86;

namespace DiscreteGradients.Tests.Kernels;

/// <summary>The kernels give the same bits whatever instructions the machine has.</summary>
public sealed class MachineTests
{
    [Theory]
    [InlineData("DOTNET_EnableAVX512", "256")]
    [InlineData("DOTNET_EnableAVX2", "128")]
    [InlineData("DOTNET_EnableHWIntrinsic", "0")]
    public async Task GoldenBitsHoldWithout(string instructions, string widestVector)
    {
        Assert.SkipUnless(Avx2.IsSupported, "the machine itself has no AVX2");
        var host = Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet" ? [typeof(GoldenTests).Assembly.Location] : Array.Empty<string>();
        var start = new ProcessStartInfo(Environment.ProcessPath!, [.. host, "-class", typeof(GoldenTests).FullName!])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[instructions] = "0";
        start.Environment[GoldenTests.WidestVector] = widestVector;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, output + await errors);
    }
}
