using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using DiscreteGradients.Experiments.Benchmarks;
using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.ToyProblems;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Cli.Tests;

/// <summary>The page of each command that one can call.</summary>
public sealed class HelpTests
{
    public static TheoryData<string> Paths => [.. All(Root.Create(), "dgrad").Select(pair => pair.Path)];

    [Fact]
    public void WhatExamplesSayOfThePagesAndTheWorkloadsIsSo()
    {
        var page = Regex.Match(Examples.Of("dgrad figure cost")[0].Purpose, @"^The figures of (\S+\.md) ").Groups[1].Value;
        Assert.Contains("(images/cost-", File.ReadAllText(Path.Combine(WorkingTree.Root, page)), StringComparison.Ordinal);
        Assert.Equal(("Six workloads, K = 10, 100, 1000.", 6), (Examples.Of("dgrad bench kernel")[0].Purpose, Workload.All.Count));
    }

    [Theory, MemberData(nameof(Paths))]
    public void APageHasExamples_AndTellsWhatEachOptionTakes(string path)
    {
        var command = All(Root.Create(), "dgrad").Single(pair => pair.Path == path).Command;
        foreach (var width in (int[])[60, 100])
        {
            var page = HelpPage.Text(command, width);
            Assert.Contains($"Usage:\n  {path} ", page, StringComparison.Ordinal);
            Assert.Contains(command is RootCommand ? "Begin with:\n  dgrad " : $"Examples:\n", page, StringComparison.Ordinal);
            Assert.DoesNotContain("2147483647", page, StringComparison.Ordinal);
            // Only what cannot be broken is longer.
            Assert.All(page.Split('\n'), line => Assert.True(line.Length <= width || !line.Trim().Contains(' ') || line.Contains("  dgrad ", StringComparison.Ordinal) || Regex.IsMatch(line, @"\[default: |^  --\S+ \S+$|^  \S+ \(|^  eval"), line));
            foreach (var option in command.Options)
            {
                var row = Row(page, option.Name);
                if (HelpPage.Default(option) is { } value) Assert.Contains($"[default: {value}]", row, StringComparison.Ordinal);
                if (row.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var placeholder, ..] && option.ValueType != typeof(bool))
                    Assert.False(placeholder.Equals(option.Name.TrimStart('-'), StringComparison.OrdinalIgnoreCase), row);
            }
        }
        Assert.All(command.Options, option => AssertSentence(option.Name, option.Description));
        Assert.All(command.Arguments, argument => AssertSentence(argument.Name, argument.Description));
        AssertSentence(path, command.Description);
    }

    [Theory, MemberData(nameof(Paths))]
    public void ExamplesAreCommands(string path)
    {
        Assert.NotEmpty(Examples.Of(path));
        foreach (var (line, purpose) in Examples.Of(path))
        {
            AssertSentence(line, purpose);
            Assert.Contains(path, line, StringComparison.Ordinal);
            if (!line.StartsWith("dgrad ", StringComparison.Ordinal) || line.Contains('|') || line.Contains('>')) continue;
            Assert.Empty(Root.Parse([.. CommandLineParser.SplitCommandLine(line).Skip(1)]).Errors);
        }
    }

    [Fact]
    public void DefaultsAreThoseOfTheSettings()
    {
        var (vae, listops, toy) = (Page("dgrad train vae"), Page("dgrad train listops"), Page("dgrad train polynomial"));
        Assert.All(
            [
                (vae, "--steps", $"{new VaeSettings().Steps}"), (vae, "--estimator", "st-gs"), (vae, "--temperature", "0.5"), (vae, "--learning-rate", "0.001"), (vae, "--momentum", "0.9"),
                (vae, "--arity", "8"), (vae, "--batch-size", "20"), (vae, "--architecture", "deep"), (vae, "--log-ratio", "analytic"), (vae, "--data", "mnist"), (vae, "--seed", "0"),
                (listops, "--estimator", $"{new ListOpsSettings().Estimator}"), (listops, "--baseline", "running-mean"), (listops, "--epochs", "10"), (listops, "--weight-decay", "0.0001"),
                (toy, "--variables", $"{new ToyProblemSettings().Variables}"), (toy, "--learning-rate", "300"),
                (Page("dgrad compare"), "--steps", "8000"), (Page("dgrad compare"), "--estimators", "st-gs,gr"),
                (Page("dgrad figure 2a"), "--estimator", "gr-mc:100"), (Page("dgrad figure 2b"), "--temperatures", "0.1,0.2,0.3,0.45,0.65,1"), (Page("dgrad evaluate"), "--split", "test"),
            ], row => Assert.Contains($"[default: {row.Item3}]", Row(row.Item1, row.Item2), StringComparison.Ordinal));
        Assert.Contains("--architecture deep|tanh|linear", vae, StringComparison.Ordinal);
        Assert.Contains("--arity 2|4|8|16", vae, StringComparison.Ordinal);
        Assert.DoesNotContain("[default", Row(listops, "--batch-size"), StringComparison.Ordinal);
    }

    [Fact]
    public void OptionsAreInGroups() =>
        Assert.Equal(["Usage:", "Examples:", "Model:", "Estimator:", "Optimisation:", "Evaluation:", "Run:"], Page("dgrad train vae").Split('\n').Where(line => line.EndsWith(':') && line[0] != ' '));

    [Theory]
    [InlineData("dgrad figure 2a")]
    [InlineData("dgrad gradients vae")]
    public void TheEstimatorThatTrainsIsToldFromThoseThatAreMeasured(string path)
    {
        Assert.Contains("trains the model", Row(Page(path), "--estimator"), StringComparison.Ordinal);
        Assert.Contains("are measured", Row(Page(path), "--estimators"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vae")]
    [InlineData("listops")]
    [InlineData("simplex")]
    [InlineData("polynomial")]
    public void TheEstimatorsWithoutATemperatureAreNamed(string task) => Assert.Contains(
        "; reinforce, zgr and st2:λ have none.", Row(Page($"dgrad train {task}"), "--temperature"), StringComparison.Ordinal);

    public static IEnumerable<(string Path, Command Command)> All(Command command, string path) =>
        command.Subcommands.Where(part => !part.Hidden).SelectMany(part => All(part, $"{path} {part.Name}")).Prepend((path, command));

    private static string Page(string path) => HelpPage.Text(All(Root.Create(), "dgrad").Single(pair => pair.Path == path).Command, 100);

    /// <summary>The option and what is told of it, on one line.</summary>
    private static string Row(string page, string option)
    {
        var match = Regex.Match(page, $@"^  (-h, )?{option}( .*)?$(\n    .*)*", RegexOptions.Multiline);
        Assert.True(match.Success, $"{option} is missing in\n{page}");
        return Regex.Replace(match.Value, @"\s+", " ");
    }

    private static void AssertSentence(string name, string? text) =>
        Assert.True(text is not null && Regex.IsMatch(text, @"^[\p{Lu}0-9].*\.$") && text.Split(' ').Length > 1 && !Regex.IsMatch(text, "^(Of|How|Which|So) "), $"{name}: {text}");
}
