using System.Text.Json;
using System.Text.Json.Serialization;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Tests.Runs;

public sealed class JsonTextTests
{
    [Fact]
    public void AnEstimateIsTwoNumbers_OfWhichTheUnknownAreLeftOut()
    {
        Assert.Equal("""{"trace":2,"trace-error":0.5,"bias":3,"bias-error":1}""", Json(new(new(2, 0.5), new Estimate(3, 1))));
        Assert.Equal("""{"trace":0}""", Json(new(new(0, double.NaN), null)));
        static string Json(Measured measured) => JsonSerializer.Serialize(measured, JsonText.Line);
    }

    private sealed record Measured(Estimate Trace, Estimate? Bias)
    {
        [JsonIgnore]
        public Estimate? Log10Trace => Trace.Log10;
    }
}
