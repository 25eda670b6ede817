using DiscreteGradients.Backward;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.Estimators;

/// <summary>The expectation given D by tensor operations, of more rows than are taken at once.</summary>
public sealed class ManyRowsTests
{
    private const int Categories = 40, Kinds = 7;

    // A few hundred rows of 40 categories are taken at once; the kinds of rows follow each other in turn, so that none of the
    // parts begins or ends as another one does.
    [Fact]
    public void EachRowHasItsOwnResult_HoweverManyThereAre()
    {
        const int Rows = 1000;
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var logProbs = randn([Kinds, Categories], generator: generator).log_softmax(-1);
        var value = nn.functional.one_hot(tensor(new long[] { 0, 39, 7, 20, 7, 1, 13 }), Categories).to(ScalarType.Float32);
        var gradient = randn([Kinds, Categories], generator: generator);
        var expectation = new ConditionalExpectation(0.1, ByKernel: false);
        Same(expectation.Product([logProbs, value], gradient),
            expectation.Product([Many(logProbs), Many(value)], Many(gradient)));
        Same(expectation.Relaxation([logProbs, value]), expectation.Relaxation([Many(logProbs), Many(value)]));

        static Tensor Many(Tensor rows) => rows.repeat(1 + Rows / Kinds, 1)[..Rows];

        static void Same(Tensor few, Tensor many)
        {
            Assert.Equal([Rows, Categories], many.shape);
            Assert.True(few.abs().sum(-1).min().item<float>() > 1e-4, "a row of zeros compares nothing");
            Assert.True(many.allclose(Many(few), 1e-5, 1e-7));
        }
    }
}
