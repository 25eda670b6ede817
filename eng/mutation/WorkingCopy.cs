using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DiscreteGradients.Mutation;

/// <summary>A copy of the working tree in which the faults are compiled.</summary>
internal sealed partial class WorkingCopy(string root, string project, IReadOnlyList<string> tests)
{
    private const string SwitchSource = """
        internal static class MutantSwitch
        {
            private static readonly int Active = int.TryParse(System.Environment.GetEnvironmentVariable("MUTANT"), out var id) ? id : -1;
            private static readonly bool[]? Met = Recorder();

            public static bool On(int id)
            {
                if (Met is not null) Met[id] = true;
                return id == Active;
            }

            private static bool[]? Recorder()
            {
                if (System.Environment.GetEnvironmentVariable("MUTANTS_MET") is not { Length: > 0 } path) return null;
                var met = new bool[1 << 16];
                System.AppDomain.CurrentDomain.ProcessExit += (_, _) => System.IO.File.WriteAllLines(
                    $"{path}.{System.Environment.ProcessId}",
                    System.Linq.Enumerable.Select(System.Linq.Enumerable.Where(System.Linq.Enumerable.Range(0, met.Length), i => met[i]), i => $"{i}"));
                return met;
            }
        }
        """;

    private static readonly string[] Options =
        ["-p:TreatWarningsAsErrors=false", "-p:RunAnalyzers=false", "-p:EnforceCodeStyleInBuild=false", "-nologo", "-v:q", "-clp:NoSummary"];

    private readonly string copy = Path.Combine(Path.GetTempPath(), $"mutants-{Environment.ProcessId}");

    /// <summary>The test programs with every fault in them.</summary>
    public IReadOnlyList<string> TestPrograms => [.. tests.Select(project => Directory.GetFiles(
        Path.Combine(copy, project, "bin", "Release"), Path.GetFileName(project), SearchOption.AllDirectories).Single(path => !path.Contains("/ref/", StringComparison.Ordinal)))];

    /// <summary>Copies the tree, puts the faults in, and leaves out those that do not compile.</summary>
    /// <param name="files">Relative to the project, with the lines that may be changed.</param>
    /// <param name="every">Only each so many-th fault is put in.</param>
    public List<Mutant> Build(IReadOnlyDictionary<string, Func<int, bool>> files, int every)
    {
        foreach (var path in Run("git", root, ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).Output.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!File.Exists(Path.Combine(root, path))) continue;
            var target = Path.Combine(copy, path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Path.Combine(root, path), target, overwrite: true);
        }
        File.WriteAllText(Path.Combine(copy, project, "MutantSwitch.cs"), "#nullable enable\n" + SwitchSource);
        var left = new HashSet<string>(StringComparer.Ordinal);
        for (var attempt = 0; attempt < 40; attempt++)
        {
            var mutants = Write(files, left, every);
            var (succeeded, output) = Run("dotnet", copy,
                ["build", "-c", "Release", tests[0], .. Options]);
            if (succeeded)
            {
                foreach (var more in tests.Skip(1))
                {
                    var (built, errors) = Run("dotnet", copy, ["build", "-c", "Release", more, .. Options]);
                    if (!built) throw new InvalidOperationException(errors);
                }
                return mutants;
            }
            var before = left.Count;
            foreach (Match error in Error().Matches(output)) LeaveOut(error, mutants, left);
            Console.Error.WriteLine($"build {attempt + 1}: {left.Count} faults do not compile");
            if (left.Count == before) throw new InvalidOperationException(output);
        }
        throw new InvalidOperationException("the faults do not compile");
    }

    private List<Mutant> Write(IReadOnlyDictionary<string, Func<int, bool>> files, HashSet<string> left, int every)
    {
        var mutants = new List<Mutant>();
        foreach (var (file, chosen) in files)
        {
            var tree = CSharpSyntaxTree.ParseText(File.ReadAllText(Path.Combine(root, project, file)));
            var changed = new Mutator(file, chosen, left, every, mutants).Visit(tree.GetRoot())!;
            File.WriteAllText(Path.Combine(copy, project, file), changed.ToFullString());
        }
        return mutants;
    }

    /// <summary>The fault that an error of the compiler points into; else, those of the member.</summary>
    private void LeaveOut(Match error, List<Mutant> mutants, HashSet<string> left)
    {
        var path = error.Groups["path"].Value;
        var file = Path.GetRelativePath(Path.Combine(copy, project), path);
        var tree = CSharpSyntaxTree.ParseText(File.ReadAllText(path));
        var lines = tree.GetText().Lines;
        var position = lines[int.Parse(error.Groups["line"].Value, null) - 1].Start + int.Parse(error.Groups["column"].Value, null) - 1;
        var node = tree.GetRoot().FindToken(position).Parent;
        var ids = node!.AncestorsAndSelf().Select(SwitchOf).Where(id => id is not null).Take(1).ToList();
        if (ids.Count == 0)
        {
            var member = node.AncestorsAndSelf().OfType<MemberDeclarationSyntax>().First();
            ids = [.. member.DescendantNodes().Select(SwitchOf).Where(id => id is not null)];
        }
        foreach (var mutant in ids.Select(id => mutants[id!.Value])) left.Add($"{file}:{mutant.Span}:{mutant.Replacement}");
    }

    private static int? SwitchOf(Microsoft.CodeAnalysis.SyntaxNode node)
    {
        var condition = node switch
        {
            ConditionalExpressionSyntax choice => choice.Condition,
            IfStatementSyntax { Condition: PrefixUnaryExpressionSyntax not } => not.Operand,
            _ => null,
        };
        return condition is InvocationExpressionSyntax call && call.Expression.ToString() == Mutator.Switch ? int.Parse(call.ArgumentList.Arguments[0].ToString(), null) : null;
    }

    /// <summary>Runs a program to its end.</summary>
    public static (bool Succeeded, string Output) Run(string program, string folder, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode == 0, output);
    }

    public void Delete() => Directory.Delete(copy, recursive: true);

    [GeneratedRegex(@"(?<path>/[^\s(]+\.cs)\((?<line>\d+),(?<column>\d+)\): error")]
    private static partial Regex Error();
}
