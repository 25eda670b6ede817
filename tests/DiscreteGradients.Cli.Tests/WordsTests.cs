using System.CommandLine;

namespace DiscreteGradients.Cli.Tests;

/// <summary>Every option of every command that takes a number or a list of them, found from the root command.</summary>
[Collection(nameof(InProcess))]
public sealed class WordsTests : IDisposable
{
    private static readonly Type[] Whole = [typeof(int), typeof(ulong)];
    private static readonly Type[] Lists = [typeof(CommaList<int>), typeof(CommaList<double>)];
    private static readonly string[] ListsAsText = ["--p", "--halving", "--workload"];
    private static readonly string[] Never = ["abc", "", "NaN", "nan", "Infinity", "-Infinity", "∞", "1e999", "0x10", "--5", "½", "0.5.5", "1\u00a0000", "5\u001b[1m", "1;5"];
    private static readonly string[] Commas = ["0,5", "1,000", "1,5", "-0,5", "1,000.5"];
    private static readonly string[] Odd = ["1e300", "1e-300", "-1", "0", "0.5", "1e5", "2147483647", "2147483648", "99999999999999999999", "0,5,1", "1,000", "1,,2", ","];

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Names => [.. Leaves(Root.Create(), []).Select(leaf => string.Join(' ', leaf.Path))];

    [Theory, MemberData(nameof(Names))]
    public async Task NoNumberIsMisread(string name)
    {
        var (path, command) = Leaves(Root.Create(), []).Single(leaf => string.Join(' ', leaf.Path) == name);
        foreach (var option in command.Options)
        {
            var type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;
            var isNumber = type == typeof(double) || Whole.Contains(type);
            var isList = Lists.Contains(type) || ListsAsText.Contains(option.Name) && type != typeof(double);
            if (!isNumber && !isList) continue;
            foreach (var word in Never) await Try(word, mustBeRefused: isNumber || word.Length > 0);
            if (isNumber)
            {
                foreach (var word in Commas) Assert.Contains("comma", await Try(word, mustBeRefused: true), StringComparison.Ordinal);
            }
            if (Whole.Contains(type)) await Try("1e5", mustBeRefused: true);
            foreach (var word in Odd) await Try(word, mustBeRefused: false);

            async Task<string> Try(string word, bool mustBeRefused)
            {
                string[] words = [.. path, .. Surroundings(command, option), $"{option.Name}={word}"];
                // Whatever is in range is begun, and stopped at once.
                var outcome = await InProcess.Run(folder.FullPath, words, new CancellationToken(canceled: true));
                var said = $"{string.Join(' ', words)}: {outcome.Code}: {outcome.Error}";
                Assert.True(outcome.Code == ExitCode.BadInput || !mustBeRefused && outcome.Code is ExitCode.Success or ExitCode.Interrupted, said);
                Assert.False(outcome.Error.Contains("   at ", StringComparison.Ordinal) || outcome.Error.Contains("System.", StringComparison.Ordinal), said);
                if (outcome.Code == ExitCode.BadInput) Assert.True(outcome.Error.StartsWith("dgrad: ", StringComparison.Ordinal) && outcome.Error.Count(c => c == '\n') == 1, said);
                if (mustBeRefused) Assert.Contains(option.Name.TrimStart('-'), outcome.Error, StringComparison.Ordinal);
                Assert.DoesNotContain('\u001b', outcome.Error);
                return outcome.Error;
            }
        }
    }

    [Fact]
    public void OptionsAreFound() => Assert.True(Leaves(Root.Create(), []).Sum(leaf => leaf.Command.Options.Count(option => option.ValueType == typeof(double))) > 20);

    public void Dispose() => folder.Dispose();

    /// <summary>What a command needs to get as far as its option, and no further than to its data.</summary>
    private IEnumerable<string> Surroundings(Command command, Option tried)
    {
        foreach (var argument in command.Arguments) yield return argument.Name == "TABLE" ? "1" : command.Name == "generate" ? "listops" : folder.At("none");
        foreach (var option in command.Options.Where(option => option != tried))
        {
            if (option.Name == "--out") yield return $"--out={folder.At("out")}";
            if (option.Name == "--data") yield return $"--data={folder.At("none")}";
        }
    }

    private static IEnumerable<(string[] Path, Command Command)> Leaves(Command command, string[] path) => command.Subcommands.Count == 0
        ? [(path, command)]
        : command.Subcommands.SelectMany(part => Leaves(part, [.. path, part.Name]));
}
