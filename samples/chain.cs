// A Markov chain of six dependent variables, learned through its draws: the logits of each step depend on the value of the
// step before. The chain is to visit its four states in turn; each step in a wrong state costs 1.
//
// It uses the surrogate form (App. B of the paper, eq. 21-26): the values are leaves, and SurrogateLoss.Sequential goes back from
// the last step to the first. With an estimator that needs no score, SampleOneHot alone would do.
//
// Run:     dotnet run samples/chain.cs
// Expect:  in a few seconds, the expected cost fall from 4.5, that of random walks, to below 0.5.
//
// Outside a clone, with the package in a folder of yours (the README makes it), put these in the place of the #:project line:
//     #:property RestoreAdditionalProjectSources=FEED
//     #:package DiscreteGradients@0.1.0
//     #:package libtorch-cpu-linux-x64@2.10.0
#:project ../src/DiscreteGradients/DiscreteGradients.csproj
using DiscreteGradients;
using TorchSharp;
using static TorchSharp.torch;

const int Length = 6, States = 4, Batch = 64, Steps = 400;

set_num_threads(1);                                                     // small batches: libtorch's own threads only get in the way
random.manual_seed(4);
using var start = nn.Parameter(zeros(States));
using var transition = nn.Parameter(zeros(States, States));
using var optimiser = optim.Adam([start, transition], lr: 3e-2);
IGradientEstimator estimator = new GumbelRao(samples: 32, temperature: 0.5) { Form = GradientForm.Surrogate };

for (var step = 0; step <= Steps; step++)
{
    using var scope = NewDisposeScope();
    if (step % 100 == 0) Console.WriteLine($"step {step}: expected cost {Exact():F3}");
    var logits = start.expand(Batch, States);
    List<StochasticNode> nodes = [];
    List<Tensor> costs = [];
    for (var t = 0; t < Length; t++)
    {
        nodes.Add(estimator.Sample(new OneHotCategorical(logits)));
        costs.Add(Wrong(nodes[t].Value, t));
        logits = nodes[t].Value.matmul(transition);
    }
    optimiser.zero_grad();
    SurrogateLoss.Sequential(costs, nodes).mean().backward();
    optimiser.step();
}

// 1 unless the state at step t is t modulo 4; [batch]. Linear in the value, so it takes probabilities too.
static Tensor Wrong(Tensor value, int t) => (value * (ones(States) - eye(States)[t % States])).sum(-1);

// The expected cost, exactly: the law of each state is that of the one before times the transition matrix.
double Exact()
{
    using var scope = NewDisposeScope();
    using var _ = no_grad();
    var (law, cost) = (start.softmax(-1), 0.0);
    for (var t = 0; t < Length; t++)
    {
        cost += Wrong(law, t).item<float>();
        law = law.matmul(transition.softmax(-1));
    }
    return cost;
}
