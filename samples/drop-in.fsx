// The variance of one gradient with ST-Gumbel-Softmax and with GR, in F#: one variable of eight categories, a thousand draws.
//
// Run, in a clone:    dotnet build -c Release src/DiscreteGradients.Cli
//                     dotnet fsi --lib:src/DiscreteGradients.Cli/bin/Release/net10.0/linux-x64 samples/drop-in.fsx
// Expect, at once:    two variances, that of GumbelRaoExact the smaller one. The numbers are the same at each run.
//
// The folder after --lib is that of any built program that uses the library: there libtorch lies beside the assemblies.
#r "TorchSharp.dll"
#r "DiscreteGradients.dll"
open DiscreteGradients
open TorchSharp

torch.random.manual_seed 1L |> ignore
let weights = torch.randn(8L, 5L)
let logits = torch.randn(8L).repeat(1000L, 1L).requires_grad_()         // [draws, categories]

let variance (estimator: IGradientEstimator) =
    let z = logits.SampleOneHot estimator                               // was: gumbel_softmax(logits, tau = 0.5, hard = true)
    let y = z.matmul weights
    let gradient = torch.autograd.grad([| (y * y).sum() |], [| logits |])[0]
    gradient.var(0L).sum().item<float32>()

let estimators: IGradientEstimator list = [ StraightThroughGumbelSoftmax 0.5; GumbelRaoExact 0.5 ]
for estimator in estimators do
    printfn "%-30s variance %.2f" (estimator.GetType().Name) (variance estimator)
