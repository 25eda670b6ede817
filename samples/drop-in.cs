#:project ../src/DiscreteGradients/DiscreteGradients.csproj

using DiscreteGradients;
using static TorchSharp.torch;
Console.WriteLine(randn(2, 3).SampleOneHot(new GumbelRao(100, 0.5)).sum().item<float>());
