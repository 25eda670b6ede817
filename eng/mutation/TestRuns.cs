using System.Diagnostics;

namespace DiscreteGradients.Mutation;

/// <summary>A test method: its time, and the faults that its run meets.</summary>
internal sealed record Test(string Program, string Name, double Seconds, HashSet<int> Met);

/// <summary>Runs the tests, with and without a fault.</summary>
internal sealed class TestRuns(IReadOnlyList<string> programs)
{
    // A run with a fault may take so many times as long as without it, and a start of the program.
    private const double Patience = 4, StartSeconds = 20;

    /// <summary>Runs every test once, with no fault switched on.</summary>
    public List<Test> Explore(int workers)
    {
        var tests = from program in programs
                    from line in WorkingCopy.Run(program, Path.GetDirectoryName(program)!, ["-list", "methods", "-noLogo", "-noColor"]).Output
                        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    where line.StartsWith("DiscreteGradients", StringComparison.Ordinal)
                    select (program, line);
        return [.. tests.AsParallel().WithDegreeOfParallelism(workers).Select(test => Explore(test.program, test.line)).OfType<Test>()];
    }

    private static Test? Explore(string program, string name)
    {
        var path = Path.Combine(Path.GetTempPath(), $"met-{Guid.NewGuid():N}");
        var watch = Stopwatch.StartNew();
        var passed = Run(program, [name], TimeSpan.FromMinutes(5), ("MUTANTS_MET", path));
        var seconds = watch.Elapsed.TotalSeconds;
        var met = new HashSet<int>();
        foreach (var file in Directory.GetFiles(Path.GetTempPath(), Path.GetFileName(path) + ".*"))
        {
            met.UnionWith(File.ReadAllLines(file).Select(int.Parse));
            File.Delete(file);
        }
        if (!passed) Console.Error.WriteLine($"{name} fails without a fault; it is left out");
        return passed ? new(program, name, seconds, met) : null;
    }

    /// <summary>Whether a test notices the fault: the quickest alone, then twice as many, and so on.</summary>
    /// <param name="mutant">Its number.</param>
    /// <param name="meeting">The tests that meet it.</param>
    public static bool Notice(int mutant, IEnumerable<Test> meeting)
    {
        var waiting = new Queue<Test>(meeting.OrderBy(test => test.Seconds));
        for (var count = 1; waiting.Count > 0; count *= 3)
        {
            var tests = Enumerable.Range(0, Math.Min(count, waiting.Count)).Select(_ => waiting.Dequeue()).ToList();
            var limit = TimeSpan.FromSeconds(StartSeconds + (Patience * tests.Sum(test => test.Seconds)));
            if (tests.GroupBy(test => test.Program).Any(some => !Run(some.Key, some.Select(test => test.Name), limit, ("MUTANT", $"{mutant}")))) return true;
        }
        return false;
    }

    private static bool Run(string program, IEnumerable<string> methods, TimeSpan limit, (string Name, string Value) variable)
    {
        var arguments = methods.SelectMany(name => (string[])["-method", name]);
        var start = new ProcessStartInfo(program, ["-noLogo", "-noColor", "-stopOnFail", .. arguments])
        {
            WorkingDirectory = Path.GetDirectoryName(program)!,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment[variable.Name] = variable.Value;
        using var process = Process.Start(start)!;
        var reading = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (process.WaitForExit(limit) && reading.Wait(TimeSpan.FromSeconds(5))) return process.ExitCode == 0;
        process.Kill(entireProcessTree: true);
        return false;
    }
}
