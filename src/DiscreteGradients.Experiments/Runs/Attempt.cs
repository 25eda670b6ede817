namespace DiscreteGradients.Experiments.Runs;

/// <summary>Work on files that may fail without harm: what is written beside other work must not end it, and what can be made
/// again need not be there.</summary>
internal static class Attempt
{
    /// <summary>Does it; nothing is said where a file is missing, cannot be read or written, or holds something else.</summary>
    public static void To(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InputException)
        {
        }
    }

    /// <summary>Gives what is read, or nothing.</summary>
    public static IEnumerable<T> ToRead<T>(Func<T> read)
    {
        var found = new List<T>(1);
        To(() => found.Add(read()));
        return found;
    }
}
