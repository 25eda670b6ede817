namespace DiscreteGradients.Kernels;

/// <summary>Work that falls into numbered blocks, independent of each other.</summary>
internal interface IBlockJob
{
    /// <summary>Computes blocks <paramref name="first"/> … <paramref name="end"/> − 1.</summary>
    void Run(int first, int end);
}
