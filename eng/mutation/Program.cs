// Mutation testing: puts small faults into the code, one at a time, and tells which of them no test notices.
//
//   dotnet run -c Release --project eng/mutation -- library                       every file but the kernels' bodies
//   dotnet run -c Release --project eng/mutation -- experiments --since HEAD~3     lines changed since a commit
//   dotnet run -c Release --project eng/mutation -- library --files Diagnostics/   files whose path begins so
//   dotnet run -c Release --project eng/mutation -- experiments --every 10         each tenth fault, for an estimate
//   dotnet run -c Release --project eng/mutation -- library --log faults.txt       goes on after an interruption; faults once noticed are
//                                                                                  not tried again, so that new tests meet the survivors
//   dotnet run -c Release --project eng/mutation -- library --seconds 10           without the tests that take longer: sooner, and a
//                                                                                  lower bound
//
// Survivors are printed; those of eng/mutation/accepted.txt change nothing that can be seen: they are not
// tried and do not count. Stryker.NET, tried
// first, runs the whole suite for each fault on this runner (a minute and more); this runs the tests that meet it, the quickest first.

using System.Globalization;
using System.Text.RegularExpressions;
using DiscreteGradients.Mutation;

var projects = new Dictionary<string, (string Project, string[] Tests, string[] Prefixes, string[] Except)>(StringComparer.Ordinal)
{
    ["library"] = ("src/DiscreteGradients", ["tests/DiscreteGradients.Tests"], [""], ["Kernels/"]),
    ["experiments"] = ("src/DiscreteGradients.Experiments", ["tests/DiscreteGradients.Experiments.Tests", "tests/DiscreteGradients.Cli.Tests"],
        ["Networks/", "Vae/", "Gradients/", "Runs/", "Search/", "ToyProblems/", "Paper/", "Presentation/", "ListOps/"],
        ["Networks/MatrixProducts.cs", "ListOps/TreeKernel.cs", "Vae/VaePictures.cs", "Presentation/Triangle", "Presentation/Panel", "Presentation/Curve", "Presentation/Plot", "Presentation/Image"]),
};
if (args.Length == 0 || !projects.TryGetValue(args[0], out var chosen))
{
    Console.Error.WriteLine($"usage: {string.Join('|', projects.Keys)} [--files PREFIX,…] [--since REVISION] [--every N] [--workers N] [--log FILE] [--seconds N]");
    return 2;
}
var workers = int.Parse(Option("--workers") ?? "2", CultureInfo.InvariantCulture);
var root = WorkingCopy.Run("git", ".", ["rev-parse", "--show-toplevel"]).Output.Trim();
var prefixes = Option("--files")?.Split(',') ?? chosen.Prefixes;
var files = Directory.GetFiles(Path.Combine(root, chosen.Project), "*.cs", SearchOption.AllDirectories)
    .Select(path => Path.GetRelativePath(Path.Combine(root, chosen.Project), path))
    .Where(file => !file.StartsWith("obj/", StringComparison.Ordinal) && prefixes.Any(prefix => file.StartsWith(prefix, StringComparison.Ordinal))
        && !chosen.Except.Any(prefix => file.StartsWith(prefix, StringComparison.Ordinal)))
    .Order(StringComparer.Ordinal).ToDictionary(file => file, Lines);

var copy = new WorkingCopy(root, chosen.Project, chosen.Tests);
try
{
    var every = int.Parse(Option("--every") ?? "1", CultureInfo.InvariantCulture);
    var mutants = copy.Build(files, every);
    var runs = new TestRuns(copy.TestPrograms);
    var tests = runs.Explore(workers);
    if (Option("--seconds") is { } most) tests.RemoveAll(test => test.Seconds > double.Parse(most, CultureInfo.InvariantCulture));
    Console.WriteLine($"{mutants.Count} faults in {files.Count} files, {tests.Count} tests");
    var accepted = File.ReadAllLines(Path.Combine(root, "eng/mutation/accepted.txt")).Select(line => line.Split(" # ")[0].Trim()).ToHashSet(StringComparer.Ordinal);
    var log = Option("--log");
    var before = log is not null && File.Exists(log) ? File.ReadAllLines(log).ToHashSet(StringComparer.Ordinal) : [];
    var names = mutants.GroupBy(mutant => mutant.Key, StringComparer.Ordinal)
        .SelectMany(same => same.Select((mutant, index) => (mutant.Id, Name: $"{same.Key} ({index + 1})"))).ToDictionary(pair => pair.Id, pair => pair.Name);
    var (done, noticed, excused) = (0, 0, 0);
    Parallel.ForEach(mutants, new ParallelOptions { MaxDegreeOfParallelism = workers }, mutant =>
    {
        var excuse = accepted.Contains(mutant.Key);
        var known = before.Contains(names[mutant.Id]);
        var meeting = tests.Where(test => test.Met.Contains(mutant.Id)).ToList();
        var noticing = known || (!excuse && TestRuns.Notice(mutant.Id, meeting));
        lock (mutants)
        {
            if (++done % 25 == 0) Console.Error.WriteLine($"{done} of {mutants.Count}, {noticed} noticed");
            if (noticing) noticed++;
            if (noticing && !known && log is not null) File.AppendAllText(log, names[mutant.Id] + "\n");
            if (noticing) return;
            if (excuse) excused++;
            else Console.WriteLine($"survived {mutant.Key} (line {mutant.Line}, {meeting.Count} tests meet it)");
        }
    });
    Console.WriteLine($"{noticed} of {done - excused} faults noticed, {100.0 * noticed / Math.Max(1, done - excused):F1} %; {excused} accepted");
}
finally
{
    copy.Delete();
}
return 0;

string? Option(string name) => Array.IndexOf(args, name) is var index and > 0 && index + 1 < args.Length ? args[index + 1] : null;

Func<int, bool> Lines(string file)
{
    if (Option("--since") is not { } revision) return _ => true;
    var changes = WorkingCopy.Run("git", root, ["diff", "-U0", revision, "--", Path.Combine(chosen.Project, file)]).Output;
    var ranges = Regex.Matches(changes, @"^@@ .* \+(?<first>\d+)(,(?<count>\d+))? @@", RegexOptions.Multiline | RegexOptions.ExplicitCapture).Select(match =>
    {
        var first = int.Parse(match.Groups["first"].Value, CultureInfo.InvariantCulture);
        return (First: first, Count: match.Groups["count"].Success ? int.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture) : 1);
    }).ToList();
    return line => ranges.Exists(range => line >= range.First && line < range.First + range.Count);
}
