using System.Diagnostics;

namespace DiscreteGradients.Tests.Packaging;

/// <summary>The package as its users get it: packed, referenced by a new project outside the repository, run, published.</summary>
public sealed class PackageTests
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup><TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
          <ItemGroup>
            <PackageReference Include="DiscreteGradients" Version="*" />
            <PackageReference Include="libtorch-cpu-linux-x64" Version="2.10.0" />
          </ItemGroup>
        </Project>
        """;

    private const string Program = """
        using DiscreteGradients;
        using static TorchSharp.torch;

        var logits = randn(20, 80, 8).requires_grad_();
        var z = new GumbelRao(samples: 100, temperature: 0.5).Sample(new OneHotCategorical(logits));
        SurrogateLoss.Parallel((z.Value * logits.detach()).sum([1, 2]), [z]).mean().backward();
        Console.WriteLine(logits.grad!.abs().sum().item<float>() > 0 ? "works" : "no gradient");
        """;

    [Fact(Explicit = true), Trait("Category", "Slow")]
    public void AProjectThatReferencesThePackageRunsAndPublishes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the sample names the Linux package of libtorch");
        var folder = Directory.CreateTempSubdirectory("package-test-").FullName;
        try
        {
            Run(Repository(), "dotnet", "pack", "-c", "Release", "src/DiscreteGradients", "-o", Path.Combine(folder, "feed"));
            var app = Directory.CreateDirectory(Path.Combine(folder, "app")).FullName;
            File.WriteAllText(Path.Combine(app, "app.csproj"), Project);
            File.WriteAllText(Path.Combine(app, "Program.cs"), Program);
            File.WriteAllText(Path.Combine(app, "nuget.config"), """
                <configuration>
                  <packageSources><add key="feed" value="../feed" /></packageSources>
                  <config><add key="globalPackagesFolder" value="../packages" /></config>
                </configuration>
                """);
            Assert.Equal("works", Run(app, "dotnet", "run", "-c", "Release").Trim());
            Run(app, "dotnet", "publish", "-c", "Release", "-r", "linux-x64", "--self-contained", "false", "-o", "out");
            Assert.Equal("works", Run(app, Path.Combine(app, "out", "app")).Trim());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "DiscreteGradients.slnx"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    private static string Run(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, UseShellExecute = false };
        // What this test run's own build set must not reach the new project.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToList()) start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: exit code {process.ExitCode}\n{output}");
        return output;
    }
}
