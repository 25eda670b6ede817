using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DiscreteGradients.Experiments;

/// <summary>An estimator by its name, as the command line and files write it: "st-gs", "gr-mc:100". The text is read here and
/// nowhere else.</summary>
/// <param name="Samples">K; null where the kind has none.</param>
/// <param name="IsAntithetic">Whether the K draws are antithetic pairs.</param>
/// <param name="Weight">λ of the second-order term; null where the kind has none.</param>
[JsonConverter(typeof(Converter))]
internal sealed record EstimatorName(EstimatorFamily Family, int? Samples = null, bool IsAntithetic = false,
    double? Weight = null)
{
    /// <summary>The names, for messages and help.</summary>
    public const string Known =
        "reinforce, st, gs, st-gs, gr-mc:K (K ≥ 1), gr-mc:K:antithetic, gr, zgr, st2:λ (0 ≤ λ ≤ 2) or reinmax";

    /// <summary>The names of those that do not depend on τ, for help.</summary>
    public const string WithoutTemperature = "reinforce, zgr and st2:λ";

    /// <summary>The largest K.</summary>
    public const int MostSamples = 1_000_000;

    /// <summary>The range of a temperature in words, for messages.</summary>
    public const string TemperatureRange = "a finite number of at least 1e-36";

    private const string Antithetic = "antithetic", SecondOrder = "st2", Zgr = "zgr";

    // Of each family: as it is written, and as the paper prints it.
    private static readonly (string Text, string Paper)[] Families =
        [("reinforce", "REINFORCE"), ("st", "ST"), ("gs", "GS"), ("st-gs", "ST-GS"), ("gr-mc", "GR-MC"), ("gr-qmc", "GR-QMC"),
            ("gr", "GR"), (SecondOrder, "ST2"), ("reinmax", "ReinMax"), ("rloo", "RLOO"), ("disarm", "DisARM"),
            ("local", "local expectation")];

    private static readonly EstimatorFamily[] WithSetting =
        [EstimatorFamily.GumbelRao, EstimatorFamily.GumbelRaoQuasi, EstimatorFamily.SecondOrderStraightThrough,
            EstimatorFamily.LeaveOneOut];

    /// <summary>Tells whether the cost is multiplied by a score, so that a baseline helps.</summary>
    public bool UsesScore => Family == EstimatorFamily.Reinforce;

    /// <summary>Tells whether the estimator depends on τ.</summary>
    public bool HasTemperature =>
        Family is not (EstimatorFamily.Reinforce or EstimatorFamily.SecondOrderStraightThrough) && !HasSeveralEvaluations;

    /// <summary>Tells whether the cost sees a relaxed sample instead of a one-hot vector.</summary>
    public bool IsRelaxed => Family == EstimatorFamily.GumbelSoftmax;

    /// <summary>The name as part of a file name.</summary>
    public string FileName => ToString().Replace(':', '-');

    /// <summary>The name as the paper prints it, as in GR-MC100.</summary>
    public string PaperName => Weight switch
    {
        1 => "ZGR",
        { } weight => Invariant($"ST2, λ = {weight}"),
        null => PaperNameWith(Setting),
    };

    private string Setting => Invariant($"{Samples}{Weight}");

    /// <param name="temperature">τ, for those that <see cref="HasTemperature"/>.</param>
    public IGradientEstimator Create(double temperature) => Family switch
    {
        EstimatorFamily.Reinforce => new Reinforce(),
        EstimatorFamily.StraightThrough => new StraightThrough(temperature),
        EstimatorFamily.GumbelSoftmax => new GumbelSoftmax(temperature),
        EstimatorFamily.StraightThroughGumbelSoftmax => new StraightThroughGumbelSoftmax(temperature),
        EstimatorFamily.GumbelRao => new GumbelRao(Samples!.Value, temperature) { Antithetic = IsAntithetic },
        EstimatorFamily.GumbelRaoExact => new GumbelRaoExact(temperature),
        EstimatorFamily.SecondOrderStraightThrough => new SecondOrderStraightThrough(Weight!.Value),
        EstimatorFamily.ReinMax => new ReinMax(temperature),
        _ => throw Refused(),
    };

    /// <summary>Tells whether only recorded results name the estimator.</summary>
    public bool IsOfThePast => Family == EstimatorFamily.GumbelRaoQuasi;

    /// <summary>Tells whether a gradient takes several evaluations of the cost: such estimators are compared, not trained
    /// with.</summary>
    public bool HasSeveralEvaluations =>
        Family is EstimatorFamily.LeaveOneOut or EstimatorFamily.DisArm or EstimatorFamily.LocalExpectation;

    /// <summary>The name itself, of an estimator that can be used.</summary>
    /// <exception cref="InputException">Only recorded results name it, or it takes several evaluations of the cost.</exception>
    public EstimatorName Offered() => IsOfThePast || HasSeveralEvaluations ? throw Refused() : this;

    /// <summary>Tells whether an estimator can have this τ: float32 numbers can be divided by it.</summary>
    public static bool IsTemperature(double temperature) => temperature >= 1e-36 && double.IsFinite(temperature);

    /// <summary>Reads a name, which may be one that only recorded results have.</summary>
    /// <exception cref="InputException">No estimator has that name, or K is not a whole number ≥ 1.</exception>
    public static EstimatorName Parse(string text)
    {
        var parts = text.Split(':');
        var family = (EstimatorFamily)Array.FindIndex(Families, one => one.Text == parts[0]);
        return (family, parts.Length) switch
        {
            (EstimatorFamily.GumbelRao or EstimatorFamily.GumbelRaoQuasi, 2) => new(family, ReadSamples(parts[1], text)),
            (EstimatorFamily.LeaveOneOut, 2) => new(family, ReadSamples(parts[1], text, least: 2)),
            (EstimatorFamily.GumbelRao, 3) when parts[2] == Antithetic =>
                new(family, ReadSamples(parts[1], text), IsAntithetic: true),
            (EstimatorFamily.SecondOrderStraightThrough, 2) => new(family, Weight: ReadWeight(parts[1], text)),
            (_, 1) when text == Zgr => new(EstimatorFamily.SecondOrderStraightThrough, Weight: 1),
            (_, 1) when Enum.IsDefined(family) && !Array.Exists(WithSetting, one => one == family) => new(family),
            _ => throw Wrong($"unknown estimator {Quote.Of(text)}; expected {Known}."),
        };
    }

    /// <summary>Reads names separated by commas, of estimators to be used.</summary>
    /// <param name="severalEvaluations">Whether those of several evaluations of the cost are taken too.</param>
    /// <exception cref="InputException">One is no estimator's that can be used.</exception>
    public static IReadOnlyList<EstimatorName> ParseList(string text, bool severalEvaluations = false) =>
    [
        .. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(EstimatorSpelling.Read)
            .Select(name => severalEvaluations && name.HasSeveralEvaluations ? name : name.Offered()),
    ];

    /// <summary>The name with other letters in the place of K, as in "gr-mc:K"; or with K left out.</summary>
    public string With(string? setting) =>
        string.Join(':', new[] { Families[(int)Family].Text, Setting.Length == 0 ? null : setting,
            IsAntithetic ? Antithetic : null }.OfType<string>());

    /// <summary>The name as the paper prints it with other letters in the place of K, as in GR-MCK.</summary>
    public string PaperNameWith(string samples) => Families[(int)Family].Paper + samples + (IsAntithetic ? $" {Antithetic}" : "");

    /// <summary>The name as it is written.</summary>
    public override string ToString() => Weight == 1 ? Zgr : With(Setting);

    private static int ReadSamples(string digits, string text, int least = 1) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var samples) && samples >= least
            && samples <= MostSamples
            ? samples
            : throw Wrong(
                Invariant($"estimator '{text}' has {(least == 1 ? "K" : "S")} = '{digits}'; expected a whole number from {least} to {MostSamples}."));

    private static double ReadWeight(string digits, string text) =>
        double.TryParse(digits, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture,
            out var weight)
            && weight is >= 0 and <= 2
            ? weight
            : throw Wrong($"estimator '{text}' has λ = '{digits}'; expected a number from 0 to 2.");

    private InputException Refused() => Wrong(IsOfThePast
        ? $"estimator '{this}' is no longer offered; use gr, the limit of K → ∞, which takes less time."
        : $"estimator '{this}' evaluates the cost several times; only the comparison of cost and variance takes it.");

    private static InputException Wrong(string message) => new(message, "estimator");

    private sealed class Converter : JsonConverter<EstimatorName>
    {
        public override EstimatorName Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            EstimatorSpelling.Read(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, EstimatorName value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}

/// <summary>The kinds of estimator that have a name.</summary>
internal enum EstimatorFamily
{
    /// <summary>The score function, "reinforce".</summary>
    Reinforce,

    /// <summary>Straight-through, "st".</summary>
    StraightThrough,

    /// <summary>Gumbel-softmax, relaxed, "gs".</summary>
    GumbelSoftmax,

    /// <summary>Straight-through Gumbel-softmax, "st-gs".</summary>
    StraightThroughGumbelSoftmax,

    /// <summary>Gumbel-Rao by K draws, "gr-mc:K".</summary>
    GumbelRao,

    /// <summary>Gumbel-Rao by K Sobol' points, "gr-qmc:K": in recorded results only.</summary>
    GumbelRaoQuasi,

    /// <summary>Gumbel-Rao without draws, "gr".</summary>
    GumbelRaoExact,

    /// <summary>Second-order straight-through, "st2:λ"; "zgr" for λ = 1.</summary>
    SecondOrderStraightThrough,

    /// <summary>ReinMax, "reinmax".</summary>
    ReinMax,

    /// <summary>REINFORCE of S samples with leave-one-out baselines, "rloo:S".</summary>
    LeaveOneOut,

    /// <summary>Antithetic pairs by stick-breaking, "disarm".</summary>
    DisArm,

    /// <summary>The local expectation, "local".</summary>
    LocalExpectation,
}
