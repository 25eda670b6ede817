namespace DiscreteGradients.Experiments.Vae;

/// <summary>Where fetched data lie.</summary>
internal static class CacheFolder
{
    private const string Product = "discrete-gradients";

    /// <summary>$XDG_CACHE_HOME/discrete-gradients if the variable holds an absolute path (the specification ignores
    /// others); or else the user's local application data on Windows, ~/.cache/discrete-gradients elsewhere.</summary>
    /// <exception cref="InputException">There is no home directory either.</exception>
    public static string OfUser() => Resolve(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME"),
        OperatingSystem.IsWindows()
            ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : InHome(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)));

    internal static string Resolve(string? xdg, string otherwise)
    {
        if (Path.IsPathFullyQualified(xdg ?? ""))
            return Path.Combine(xdg!, Product);
        return otherwise.Length > 0
            ? Path.Combine(otherwise, Product)
            : throw InputException.Naming($"no home directory for the data cache; set XDG_CACHE_HOME to an absolute path, or give {new Setting("data", "DIR")}");
    }

    private static string InHome(string home) => home.Length > 0 ? Path.Combine(home, ".cache") : "";
}
