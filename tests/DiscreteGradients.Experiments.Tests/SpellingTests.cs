namespace DiscreteGradients.Experiments.Tests;

public sealed class SpellingTests
{
    private static readonly string[] Settings = ["data", "arity", "architecture", "estimator", "temperature", "batch-size", "steps", "learning-rate", "validation-interval", "validation-images"];

    [Theory]
    [InlineData("learning-rat", "learning-rate")]
    [InlineData("learning_rate", "learning-rate")]
    [InlineData("LearningRate", "learning-rate")]
    [InlineData("lr", "learning-rate")]
    [InlineData("tau", "temperature")]
    [InlineData("temp", "temperature")]
    [InlineData("--tau", "temperature")]
    [InlineData("iterations", "steps")]
    [InlineData("dataset", "data")]
    [InlineData("model", "architecture")]
    [InlineData("validation-int", "validation-interval")]
    // Two neighbours in each other's place are one change; of four letters one may change, of five two.
    [InlineData("dtaa", "data")]
    [InlineData("dtta", "data")]
    [InlineData("dttx", null)]
    [InlineData("stxxs", "steps")]
    [InlineData("sxxxs", null)]
    // The shortest that begins so.
    [InlineData("validation-i", "validation-images")]
    [InlineData("ar", "arity")]
    [InlineData("a", null)]
    [InlineData("momentum", null)]
    [InlineData("x", null)]
    [InlineData("", null)]
    [InlineData("LR", "learning-rate")]
    public void ASettingIsMeantByAnotherNameItsBeginningOrNearlyItsSpelling(string word, string? setting) => Assert.Equal(setting, Spelling.Setting(word, Settings));

    [Theory]
    [InlineData("wd", "weight-decay")]
    [InlineData("bs", "batch-size")]
    [InlineData("iters", "steps")]
    [InlineData("categories", "arity")]
    [InlineData("method", "estimator")]
    [InlineData("output", "out")]
    [InlineData("config", "settings")]
    [InlineData("jobs", "workers")]
    [InlineData("-o", "out")]
    [InlineData("-j", "workers")]
    [InlineData("-q", "quiet")]
    public void OtherProgramsHaveOtherNames(string word, string setting) =>
        Assert.Equal(setting, Spelling.Setting(word, [.. Settings, "weight-decay", "out", "settings", "workers", "quiet"]));
}
