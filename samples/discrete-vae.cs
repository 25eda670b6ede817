#:project ../src/DiscreteGradients/DiscreteGradients.csproj
using DiscreteGradients;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

// A discrete variational autoencoder. Pictures of 8 × 8 pixels hold horizontal and vertical bars, each there with
// probability 1/4, drawn with 2 % of wrong pixels. The code is 16 variables of 4 categories.
const int Side = 8, Variables = 16, Categories = 4, Batch = 64, Steps = 1200;

set_num_threads(1);
foreach (var estimator in (IGradientEstimator[])[new StraightThroughGumbelSoftmax(0.5), new GumbelRaoExact(0.5)])
{
    random.manual_seed(1);
    using var model = new Vae(Side * Side, Variables, Categories);
    using var optimiser = optim.Adam(model.parameters(), lr: 2e-3);
    Console.WriteLine(estimator);
    double sum = 0;
    for (var step = 1; step <= Steps; step++)
    {
        using var scope = NewDisposeScope();
        var cost = model.Cost(Bars(Batch), estimator);
        optimiser.zero_grad();
        cost.mean().backward();
        optimiser.step();
        sum += cost.mean().item<float>();
        if (step % 400 != 0) continue;
        Console.WriteLine($"  step {step}: {sum / 400:F2} nats a picture");
        sum = 0;
    }
    Show(model);
}

/// <summary>Pictures, [count, 64], of zeros and ones.</summary>
static Tensor Bars(int count)
{
    using var scope = NewDisposeScope();
    var rows = rand(count, Side, 1) < 0.25;
    var columns = rand(count, 1, Side) < 0.25;
    var wrong = rand(count, Side, Side) < 0.02;
    return rows.logical_or(columns).logical_xor(wrong).to(float32).flatten(1).MoveToOuterDisposeScope();
}

/// <summary>A picture beside its reconstruction from the most probable code.</summary>
static void Show(Vae model)
{
    using var scope = NewDisposeScope();
    using var _ = no_grad();
    var x = Bars(1);
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
        return SurrogateLoss.Parallel(pixels.sum(-1) + q.KL(prior).sum(-1), [z]);
    }

    public Tensor Reconstruct(Tensor x) => decoder.call(Code(x).Mode().flatten(1)).sigmoid();

    private OneHotCategorical Code(Tensor x) => new(encoder.call(x).reshape(code));
}
