using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Text.RegularExpressions;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Cli.Tests.Documentation;

/// <summary>What a reader pastes or follows works: code compiles and runs, commands parse, links lead somewhere.</summary>
public sealed class DocumentationTests
{
    public static TheoryData<string> Names => [.. Page.All.Select(page => page.Name)];

    [Theory, MemberData(nameof(Names))]
    public void CommandsParse(string name)
    {
        foreach (var (line, whole) in Page.Of(name).Commands)
        {
            if (Dgrad(line) is not { } words) continue;
            var parsed = Root.Parse(words);
            var errors = parsed.Errors.Select(error => error.Message).Where(message => whole || !IsOfAnOmission(message)).ToList();
            Assert.True(errors.Count == 0, $"{name}: {line}\n{string.Join('\n', errors)}");
        }
    }

    [Fact]
    public void CommandsAreFound()
    {
        Assert.True(Page.Of("docs/command.md").Commands.Count(command => command.Whole && Dgrad(command.Line) is not null) >= 15);
        Assert.Contains("compare", Dgrad("dotnet run -c Release --project src/DiscreteGradients.Cli -- compare")!);
        var broken = Root.Parse(Dgrad("dgrad train vae --estimatr gr-mc:100 --out runs/x   # a slip")!);
        Assert.NotEmpty(broken.Errors);
    }

    /// <summary>Projects and files that a command line of another program names are there.</summary>
    [Theory, MemberData(nameof(Names))]
    public void PathsOfCommandsExist(string name)
    {
        foreach (var (line, _) in Page.Of(name).Commands)
        {
            foreach (Match match in Regex.Matches(line, @"(?:^|\s)((?:src|samples|experiments|eng|benchmarks|tests)/[\w./-]+)"))
                Assert.True(Path.Exists(Path.Combine(WorkingTree.Root, match.Groups[1].Value)), $"{name}: {line}");
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void LinksLeadSomewhere(string name)
    {
        var page = Page.Of(name);
        var folder = Path.GetDirectoryName(Path.Combine(WorkingTree.Root, name))!;
        foreach (var target in page.RelativeLinks)
        {
            var (path, anchor) = target.Split('#') is [var file, var part] ? (file, part) : (target, null);
            var full = path.Length == 0 ? Path.Combine(WorkingTree.Root, name) : Path.GetFullPath(Path.Combine(folder, path));
            Assert.True(Path.Exists(full), $"{name}: {target} leads nowhere");
            if (anchor is not null) Assert.Contains(anchor, new Page(target, File.ReadAllText(full)).Anchors);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void PythonIsSyntax(string name)
    {
        var blocks = Page.Of(name).Blocks.Where(block => block.Language == "python").ToList();
        if (blocks.Count == 0) return;
        Process? python = null;
        try
        {
            python = Process.Start(new ProcessStartInfo("python3", ["-c", "import ast, sys; ast.parse(sys.stdin.read())"]) { RedirectStandardInput = true, UseShellExecute = false });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("there is no Python here");
        }
        python!.StandardInput.Write(string.Join('\n', blocks.Select(block => block.Code)));
        python.StandardInput.Close();
        python.WaitForExit();
        Assert.Equal(0, python.ExitCode);
    }

    /// <summary>A block of TOML is a search: its settings and laws are those of the task.</summary>
    [Fact]
    public void SearchesAreSound()
    {
        using var folder = new TemporaryFolder();
        var texts = Page.All.SelectMany(page => page.Blocks.Where(block => block.Language == "toml").Select(block => block.Code)).ToList();
        Assert.NotEmpty(texts);
        foreach (var text in texts)
        {
            var spec = SearchSpec.Read(folder.Write("search.toml", text));
            var task = SearchTasks.All[spec.Task]();
            foreach (var trial in spec.AllTrials()) task.Read(trial.Settings).ToString();
        }
    }

    [Fact]
    public void EveryBlockNamesALanguageThatIsTested()
    {
        foreach (var page in Page.All)
        {
            foreach (var (language, code) in page.Blocks)
                Assert.True(language is "csharp" or "sh" or "python" or "toml", $"{page.Name} has a block of '{language}':\n{code}");
        }
    }

    /// <summary>The words after dgrad; null for other programs and for lines with a placeholder.</summary>
    private static string[]? Dgrad(string line)
    {
        line = Regex.Replace(line, @"^dotnet run .*--project src/DiscreteGradients\.Cli( --no-build)? -- ", "dgrad ");
        if (!line.StartsWith("dgrad ", StringComparison.Ordinal)) return null;
        // A comment, what follows in the shell, and what is optional: [--option VALUE].
        line = Regex.Replace(line, @"\s+(#|>|\||&&).*$| \[--[^]]*\]", "");
        // N stands for a number that the reader puts there; DIR, FILE and the like need no such care.
        return [.. CommandLineParser.SplitCommandLine(line).Skip(1).Select(word => word == "N" ? "2" : word)];
    }

    private static bool IsOfAnOmission(string message) => message.StartsWith("Required ", StringComparison.Ordinal) || message.EndsWith("is required.", StringComparison.Ordinal);
}
