using System.Diagnostics;

namespace DiscreteGradients.Mutation;

/// <summary>A class of tests: its time, and the faults that its run meets.</summary>
internal sealed record TestClass(string Name, double Seconds, HashSet<int> Met);

/// <summary>Runs the tests, with and without a fault.</summary>
internal sealed class TestRuns(string program)
{
    // A run of the tests that meet a fault may take so many times as long as without it, and a start of the program.
    private const double Patience = 4, StartSeconds = 20;

    /// <summary>Runs every class once, with no fault switched on.</summary>
    public List<TestClass> Explore(int workers)
    {
        var names = WorkingCopy.Run(program, Path.GetDirectoryName(program)!, ["-list", "classes", "-noLogo", "-noColor"]).Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(line => line.StartsWith("DiscreteGradients", StringComparison.Ordinal));
        return [.. names.AsParallel().WithDegreeOfParallelism(workers).Select(Explore).OfType<TestClass>()];
    }

    private TestClass? Explore(string name)
    {
        var path = Path.Combine(Path.GetTempPath(), $"met-{Guid.NewGuid():N}");
        var watch = Stopwatch.StartNew();
        var passed = Run([name], TimeSpan.FromMinutes(10), ("MUTANTS_MET", path));
        var seconds = watch.Elapsed.TotalSeconds;
        var met = new HashSet<int>();
        foreach (var file in Directory.GetFiles(Path.GetTempPath(), Path.GetFileName(path) + ".*"))
        {
            met.UnionWith(File.ReadAllLines(file).Select(int.Parse));
            File.Delete(file);
        }
        if (!passed) Console.Error.WriteLine($"{name} fails without a fault; it is left out");
        return passed ? new(name, seconds, met) : null;
    }

    /// <summary>The class whose tests notice the fault; null if none does.</summary>
    /// <param name="mutant">Its number.</param>
    /// <param name="classes">Those that meet it.</param>
    public string? Killer(int mutant, IEnumerable<TestClass> classes)
    {
        foreach (var tests in classes.OrderBy(tests => tests.Seconds))
        {
            if (!Run([tests.Name], TimeSpan.FromSeconds(StartSeconds + (Patience * tests.Seconds)), ("MUTANT", $"{mutant}"))) return tests.Name;
        }
        return null;
    }

    private bool Run(IEnumerable<string> classes, TimeSpan limit, (string Name, string Value) variable)
    {
        var start = new ProcessStartInfo(program, ["-noLogo", "-noColor", "-stopOnFail", .. classes.SelectMany(name => (string[])["-class", name])])
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
