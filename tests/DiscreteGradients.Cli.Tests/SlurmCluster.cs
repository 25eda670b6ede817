using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace DiscreteGradients.Cli.Tests;

/// <summary>A real Slurm on this host: munged, slurmctld and two slurmd, in a folder of its own. Each node is a process
/// namespace with a boot id of its own, so that a program on it takes the other node for another machine, and killing a
/// node ends whatever runs on it at once.</summary>
internal sealed class SlurmCluster : IDisposable
{
    private static readonly string[] Programs = ["munged", "slurmctld", "slurmd", "sbatch", "scontrol", "unshare", "mount"];
    private readonly string path;
    private readonly List<Process> daemons = [];
    private readonly Process?[] nodes = new Process?[2];

    /// <param name="path">New; short, for the sockets in it.</param>
    public SlurmCluster(string path)
    {
        this.path = path;
        foreach (var name in new[] { "state", "spool.n1", "spool.n2" }) Directory.CreateDirectory(Path.Combine(path, name));
        File.WriteAllBytes(In("munge.key"), RandomNumberGenerator.GetBytes(1024));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(In("munge.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(In("slurm.conf"), Configuration());
        // For the commands that the tests and dgrad start.
        Environment.SetEnvironmentVariable("SLURM_CONF", In("slurm.conf"));
        daemons.Add(Daemon("munged", "--foreground", "--force", "--key-file=" + In("munge.key"), "--socket=" + In("munge.socket"), "--pid-file=" + In("munge.pid"),
            "--log-file=" + In("munge.log"), "--seed-file=" + In("munge.seed")));
        daemons.Add(Daemon("slurmctld", "-D", "-f", In("slurm.conf")));
        Start(1);
        Start(2);
    }

    /// <summary>What keeps this host from running it; null for nothing.</summary>
    public static string? Missing()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").ToList();
        if (Programs.FirstOrDefault(program => !folders.Exists(folder => File.Exists(Path.Combine(folder, program)))) is { } missing)
            return $"there is no {missing}; as root: apt-get install slurm-wlm munge";
        using var unshare = Process.Start(new ProcessStartInfo("unshare", ["--mount", "--pid", "--fork", "true"]) { UseShellExecute = false, RedirectStandardError = true })!;
        unshare.WaitForExit();
        return unshare.ExitCode == 0 ? null : "this user may not make namespaces; expected root";
    }

    /// <summary>Starts a node, 1 or 2, as after a reboot.</summary>
    public void Start(int node)
    {
        File.WriteAllText(In($"boot.n{node}"), $"{Guid.NewGuid()}\n");
        var start = $"mount --bind {In($"boot.n{node}")} /proc/sys/kernel/random/boot_id && exec slurmd -D -N n{node} -f {In("slurm.conf")}";
        nodes[node - 1] = Daemon("unshare", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child", "bash", "-c", start);
    }

    /// <summary>Takes the power from a node.</summary>
    public void Kill(int node)
    {
        nodes[node - 1]!.Kill();
        nodes[node - 1]!.WaitForExit();
    }

    /// <summary>Runs one of Slurm's commands; what it wrote, errors included.</summary>
    public static async Task<string> Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (await output + await error).Trim();
    }

    /// <summary>The ends of the daemons' logs.</summary>
    public string Logs() => string.Join("\n\n", Directory.EnumerateFiles(path, "*.log").Order(StringComparer.Ordinal)
        .Select(file => $"{Path.GetFileName(file)}:\n{string.Join('\n', File.ReadLines(file).TakeLast(40))}"));

    public void Dispose()
    {
        foreach (var process in nodes.OfType<Process>().Concat(daemons.AsEnumerable().Reverse()))
        {
            if (!process.HasExited) process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
        Environment.SetEnvironmentVariable("SLURM_CONF", null);
    }

    private static Process Daemon(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin";
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    // Short timeouts, so that a lost node is noticed within the test; a requeued task waits for cred_expire seconds.
    private string Configuration()
    {
        var (host, ports) = (Dns.GetHostName().Split('.')[0], Ports(3));
        return string.Create(CultureInfo.InvariantCulture, $"""
            ClusterName=test
            SlurmctldHost={host}(127.0.0.1)
            SlurmUser={Environment.UserName}
            SlurmdUser={Environment.UserName}
            AuthType=auth/munge
            AuthInfo=cred_expire=5,socket={In("munge.socket")}
            CredType=cred/munge
            SlurmctldPort={ports[0]}
            SlurmdParameters=config_overrides
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            JobAcctGatherType=jobacct_gather/none
            SelectType=select/cons_tres
            SelectTypeParameters=CR_Core
            SwitchType=switch/none
            MpiDefault=none
            MailProg=/bin/true
            ReturnToService=2
            SlurmdTimeout=10
            SchedulerParameters=bf_interval=1,sched_interval=2
            AccountingStorageType=accounting_storage/none
            JobCompType=jobcomp/none
            MinJobAge=86400
            StateSaveLocation={In("state")}
            SlurmdSpoolDir={In("spool.%n")}
            SlurmctldPidFile={In("slurmctld.pid")}
            SlurmdPidFile={In("slurmd.%n.pid")}
            SlurmctldLogFile={In("slurmctld.log")}
            SlurmdLogFile={In("slurmd.%n.log")}
            NodeName=n1 NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[1]} CPUs=2 State=UNKNOWN
            NodeName=n2 NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[2]} CPUs=2 State=UNKNOWN
            PartitionName=main Nodes=n[1-2] Default=YES MaxTime=INFINITE State=UP

            """);
    }

    private static List<int> Ports(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.ConvertAll(listener => ((IPEndPoint)listener.LocalEndpoint).Port);
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }

    private string In(string name) => Path.Combine(path, name);
}
