using DiscreteGradients.Cli.Launchers;

namespace DiscreteGradients.Cli.Tests;

public sealed class SlurmScriptTests
{
    [Fact]
    public void AScriptSaysWhatWasAskedFor()
    {
        var script = new SlurmScript(new("/data/it's/search", 3, 12.5), Tasks: 5, "2:00:00", Cpus: 4, Partition: null,
            ["--mem=4G", "--gres=gpu:1"]);
        Assert.StartsWith("#!/bin/bash\n#SBATCH --job-name=dgrad-search\n#SBATCH --array=0-4\n", script.Text,
            StringComparison.Ordinal);
        foreach (var option in new[]
        {
            "ntasks=1", "cpus-per-task=4", "time=2:00:00", "requeue", "open-mode=append", "signal=B:USR1@60", "mem=4G",
            "gres=gpu:1",
            "output=\"/data/it's/search/slurm/%A_%a.log\"",
        })
            Assert.Contains($"\n#SBATCH --{option}\n", script.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("--partition", script.Text, StringComparison.Ordinal);
        // A word of a shell, whatever it holds.
        Assert.Contains(@" 'worker' '/data/it'\''s/search' '--threads' '3' '--checkpoint-seconds' '12.5' &" + "\n", script.Text,
            StringComparison.Ordinal);
    }
}
