// A discrete variational autoencoder, trained with ST-Gumbel-Softmax and with GR on the same pictures from the same weights.
// The pictures, 8 × 8 pixels, hold horizontal and vertical bars, each there with probability 1/4, drawn with 2 % of wrong pixels.
// The code is 16 variables of 4 categories.
//
// Run:     dotnet run samples/discrete-vae.cs
// Expect:  in about a minute: the loss of each estimator, in nats a picture, far below the 44 nats of independent pixels;
//          and a picture beside its reconstruction. One run of each says little of which is better.
//
// Outside a clone, with the package in a folder of yours (the README makes it), put these in the place of the #:project line:
//     #:property RestoreAdditionalProjectSources=FEED
//     #:package DiscreteGradients@0.1.0
//     #:package libtorch-cpu-linux-x64@2.10.0
#:project ../src/DiscreteGradients/DiscreteGradients.csproj
using DiscreteGradients;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

const int Side = 8, Variables = 16, Categories = 4, Batch = 64, Steps = 1200;

set_num_threads(1);
var pixels = Bars(10_000, new Generator(3)).mean([0]).cpu().to(float64).data<double>();
Console.WriteLine($"independent pixels: {pixels.Sum(p => -p * Math.Log(p) - (1 - p) * Math.Log(1 - p)):F2} nats a picture");
foreach (var estimator in (IGradientEstimator[])[new StraightThroughGumbelSoftmax(0.5), new GumbelRaoExact(0.5)])
{
    random.manual_seed(1);                                              // the same weights for both
    var pictures = new Generator(2);                                    // the same pictures for both
    using var model = new Vae(Side * Side, Variables, Categories);
    using var optimiser = optim.Adam(model.parameters(), lr: 2e-3);
    Console.WriteLine(estimator);
    double sum = 0;
    for (var step = 1; step <= Steps; step++)
    {
        using var scope = NewDisposeScope();
        var cost = model.Cost(Bars(Batch, pictures), estimator);
        optimiser.zero_grad();
        cost.mean().backward();
        optimiser.step();
        sum += cost.mean().item<float>();
        if (step % 400 != 0) continue;
        Console.WriteLine($"  step {step}: {sum / 400:F2} nats a picture");
        sum = 0;
    }
    Show(model, Bars(1, new Generator(4)));
}

/// <summary>Pictures, [count, 64], of zeros and ones.</summary>
static Tensor Bars(int count, Generator generator)
{
    using var scope = NewDisposeScope();
    var rows = rand(count, Side, 1, generator: generator).less(tensor(0.25f));
    var columns = rand(count, 1, Side, generator: generator).less(tensor(0.25f));
    var wrong = rand(count, Side, Side, generator: generator).less(tensor(0.02f));
    return rows.logical_or(columns).logical_xor(wrong).to(float32).flatten(1).MoveToOuterDisposeScope();
}

/// <summary>A picture beside its reconstruction from the most probable code.</summary>
static void Show(Vae model, Tensor x)
{
    using var scope = NewDisposeScope();
    using var _ = no_grad();
    var y = model.Reconstruct(x);
    for (var row = 0; row < Side; row++)
        Console.WriteLine("  " + Line(x, row) + "   " + Line(y, row));

    static string Line(Tensor picture, int row) =>
        string.Concat(picture.reshape(Side, Side)[row].data<float>().Select(pixel => pixel > 0.5 ? "██" : "··"));
}

internal sealed class Vae : Module
{
    private readonly Module<Tensor, Tensor> encoder, decoder;
    private readonly long[] code;
    private static readonly Scalar One = 1;                             // not a + b: see docs/limits.md, numbers in passing

    public Vae(int pixels, int variables, int categories) : base(nameof(Vae))
    {
        code = [-1, variables, categories];
        encoder = Sequential(Linear(pixels, 128), LeakyReLU(0.1), Linear(128, variables * categories));
        decoder = Sequential(Linear(variables * categories, 128), LeakyReLU(0.1), Linear(128, pixels));
        RegisterComponents();
    }

    /// <summary>−log p(x|D) + KL(q ‖ uniform), [batch]: the bound on −log p(x), from one sample.</summary>
    public Tensor Cost(Tensor x, IGradientEstimator estimator)
    {
        var q = Code(x);
        var z = estimator.Sample(q);
        var prior = new OneHotCategorical(zeros_like(q.LogProbs));
        var pixels = functional.binary_cross_entropy_with_logits(decoder.call(z.Value.flatten(1)), x, reduction: Reduction.None);
        return SurrogateLoss.Parallel(pixels.sum(-1).add(q.KL(prior).sum(-1), One), [z]);
    }

    public Tensor Reconstruct(Tensor x) => decoder.call(Code(x).Mode().flatten(1)).sigmoid();

    private OneHotCategorical Code(Tensor x) => new(encoder.call(x).reshape(code));
}
