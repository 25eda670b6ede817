using System.Runtime.InteropServices;

namespace DiscreteGradients.Tests.Packaging;

/// <summary>The command as docs/getting-started.md publishes it: one folder that needs no .NET.</summary>
public sealed class PublishTests
{
    [Fact(Explicit = true), Trait("Category", "Slow")]
    public void ThePublishedFolderTrainsAndExports()
    {
        var folder = Directory.CreateTempSubdirectory("publish-test-").FullName;
        try
        {
            Shell.Run(WorkingTree.Root, "dotnet", "publish", "src/DiscreteGradients.Cli", "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "-o", Path.Combine(folder, "dgrad"));
            var program = Path.Combine(folder, "dgrad", OperatingSystem.IsWindows() ? "dgrad.exe" : "dgrad");
            // Real files, no links into a package cache that another machine does not have.
            Assert.DoesNotContain(Directory.EnumerateFiles(Path.Combine(folder, "dgrad")), file => new FileInfo(file).LinkTarget is not null);
            var elsewhere = Directory.CreateDirectory(Path.Combine(folder, "elsewhere")).FullName;
            Assert.Matches(@"^validation bound \d+\.\d\d nats", Shell.Run(elsewhere, program, "train", "vae", "--steps", "3", "--out", "run", "--quiet"));
            Assert.Contains("encoder.0.weight [", Shell.Run(elsewhere, program, "export", "run"), StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(elsewhere, "run", "weights.safetensors")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
