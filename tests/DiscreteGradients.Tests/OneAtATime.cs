// The tests write bare numbers into tensor operations, and TorchSharp may finalise the Scalar made of one while libtorch reads
// it, if another thread's allocations start a collection just then. One test at a time, there is no such thread.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
