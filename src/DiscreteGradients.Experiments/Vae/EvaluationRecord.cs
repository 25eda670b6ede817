using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>A bound on a whole split, as a run folder keeps it for the reports.</summary>
/// <param name="Split">The part of the data.</param>
/// <param name="Result">The bound.</param>
/// <param name="Seed">Of the samples.</param>
/// <param name="Data">The data set.</param>
/// <param name="Binarisation">How it was made binary.</param>
/// <param name="Version">Of the program, with the commit.</param>
internal sealed record EvaluationRecord(Split Split, BoundResult Result, ulong Seed, string Data, string Binarisation, string Version)
{
    /// <summary>Writes evaluation-SPLIT.json.</summary>
    public void Save(string runFolder) => RunFolder.WriteJson(runFolder, FileName(Split), this);

    /// <summary>Reads it; null where the split was not evaluated.</summary>
    public static EvaluationRecord? Read(string runFolder, Split split) => JsonFile.Read<EvaluationRecord>(Path.Combine(runFolder, FileName(split)));

    private static string FileName(Split split) => $"evaluation-{JsonText.Word(split)}.json";
}
