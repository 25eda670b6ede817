namespace DiscreteGradients.Kernels;

/// <summary>Runs the blocks of a job on one or several threads. What a block computes never depends on the split.</summary>
internal static class Blocks
{
    // More chunks than threads even out a thread that is late.
    private const int ChunksPerThread = 4;

    /// <summary>Runs blocks 0 … <paramref name="count"/> − 1. One thread means the caller's own, and then nothing is
    /// allocated.</summary>
    public static void Run<TJob>(TJob job, int count, int threads)
        where TJob : struct, IBlockJob
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        if (threads == 1 || count <= 1)
            job.Run(0, count);
        else
            Split(job, count, threads);
    }

    // Apart from Run, so that the closure is made only where it is needed.
    private static void Split<TJob>(TJob job, int count, int threads)
        where TJob : struct, IBlockJob
    {
        var chunks = Math.Min(count, threads * ChunksPerThread);
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads };
        Parallel.For(0, chunks, options, c => job.Run((int)((long)count * c / chunks), (int)((long)count * (c + 1) / chunks)));
    }
}
