namespace DiscreteGradients.Cli.Tests;

/// <summary>A search of three trials a cell.</summary>
internal static class SmallSearch
{
    /// <summary>As a TOML file.</summary>
    /// <param name="steps">Of a trial.</param>
    /// <param name="interval">Steps between validations.</param>
    /// <param name="arities">The cells of each: two.</param>
    public static string Spec(int steps = 30, int interval = 10, string arities = "8, 2") => $$"""
        task = "vae"
        trials = 3

        [settings]
        steps = {{steps}}
        validation-interval = {{interval}}
        validation-images = 20
        validation-samples = 2
        architecture = "linear"

        [[grid]]
        arity = [{{arities}}]
        estimator = ["st-gs", "gr-mc:10"]

        [random]
        learning-rate = { integers = [5, 50], over = 10_000 }
        momentum = { uniform = [0.0, 1.0] }

        [evaluation]
        selection-samples = 5
        selection-examples = 50
        final-samples = 5
        final-examples = 150
        """;
}
