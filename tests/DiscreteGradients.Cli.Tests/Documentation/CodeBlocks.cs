using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DiscreteGradients.Cli.Tests.Documentation;

/// <summary>Compiles C# as a reader's new console project would.</summary>
internal static class CodeBlocks
{
    // What <ImplicitUsings>enable</ImplicitUsings> gives a console project.
    private const string ImplicitUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        """;

    /// <summary>The framework, TorchSharp and the library.</summary>
    public static IReadOnlyList<MetadataReference> References { get; } =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(IsOfTheReader).Select(path => MetadataReference.CreateFromFile(path))];

    /// <summary>The assembly; fails the test with the compiler's errors.</summary>
    public static byte[] Compile(string name, string code)
    {
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        var compilation = CSharpCompilation.Create(
            "Page", [CSharpSyntaxTree.ParseText(ImplicitUsings, options), CSharpSyntaxTree.ParseText(code, options)], References,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        Assert.True(result.Success, $"{name}\n{string.Join('\n', result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))}\n{code}");
        return image.ToArray();
    }

    /// <summary>Runs it to its end and gives what it wrote.</summary>
    public static string Run(byte[] image)
    {
        var context = new AssemblyLoadContext("page", isCollectible: false);
        var entry = context.LoadFromStream(new MemoryStream(image)).EntryPoint!;
        var console = Console.Out;
        using var output = new StringWriter();
        Console.SetOut(output);
        try
        {
            entry.Invoke(null, entry.GetParameters().Length == 0 ? null : [Array.Empty<string>()]);
        }
        catch (TargetInvocationException e)
        {
            Assert.Fail($"{e.InnerException}");
        }
        finally
        {
            Console.SetOut(console);
        }
        return output.ToString();
    }

    private static bool IsOfTheReader(string path) =>
        Path.GetFileNameWithoutExtension(path) is var name
        && (name is "TorchSharp" or "DiscreteGradients" or "mscorlib" or "netstandard" || name.StartsWith("System", StringComparison.Ordinal));
}
