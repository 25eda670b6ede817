namespace DiscreteGradients.Cli;

/// <summary>The examples that help shows of each command; the tests parse every one.</summary>
internal static class Examples
{
    private static readonly Dictionary<string, (string Line, string Purpose)[]> All = new(StringComparer.Ordinal)
    {
        ["dgrad"] =
        [
            ("dgrad compare", "Train a VAE with ST-GS and with GR side by side, and write a report of both (some minutes)."),
            ("dgrad train vae --estimator gr --steps 2000", "Train one model; the last line says where it is."),
            ("dgrad gradients simplex --estimators st-gs,gr-mc:100,gr",
                "Measure bias, variance and error of estimators where the exact gradient is known."),
        ],
        ["dgrad compare"] =
        [
            ("dgrad compare", "ST-GS beside GR, as the README has it."),
            ("dgrad compare --estimators st,st-gs,gr-mc:10,gr-mc:1000 --arity 4",
                "Other estimators, on variables of four categories."),
            ("dgrad compare --temperature 0.3 --steps 400", "A first look at another temperature, in a folder of its own."),
        ],
        ["dgrad train"] =
        [
            ("dgrad train vae --estimator gr-mc:100 --temperature 0.5", "The discrete VAE."),
            ("dgrad train listops --max-length 10 --epochs 2", "The parser of ListOps expressions."),
        ],
        ["dgrad train vae"] =
        [
            ("dgrad train vae --estimator gr-mc:100 --temperature 0.5 --out runs/gr100", "A model of the paper's size."),
            ("dgrad train vae --resume runs/gr100", "Go on with it after Ctrl-C."),
            ("dgrad train vae --resume runs/gr100 --steps 100000", "Train it further than it was to be trained."),
        ],
        ["dgrad train listops"] =
        [
            ("dgrad train listops --max-length 10 --estimator gr-mc:100 --temperature 0.1 --out runs/tree",
                "The paper's shortest expressions."),
            ("dgrad train listops --resume runs/tree --epochs 20", "Ten epochs more."),
        ],
        ["dgrad train simplex"] =
        [
            ("dgrad train simplex --estimator st-gs --temperature 0.1", "The path of ST-GS on the triangle."),
            ("dgrad train simplex --p 0.5,0.3,0.2 --steps 5000 --out runs/path", "Another start, and more steps."),
        ],
        ["dgrad train polynomial"] =
        [
            ("dgrad train polynomial --estimator gr", "128 binary variables with GR."),
            ("dgrad train polynomial --power 3 --variables 16 --estimator reinforce --learning-rate 10",
                "A smaller problem with REINFORCE."),
        ],
        ["dgrad evaluate"] =
        [
            ("dgrad evaluate runs/gr100 --samples 5000", "The test bound as the paper has it."),
            ("dgrad evaluate runs/gr100 --split valid --images 100 --samples 100",
                "A quick look, recorded under a name that says so."),
        ],
        ["dgrad parse"] =
        [
            ("dgrad parse runs/tree \"[MAX 2 9 [MIN 4 7 ] 0 ]\"", "The model's tree beside the true one."),
            ("dgrad parse runs/tree \"[MED 1 2 3 ]\" --out tree.svg", "The picture elsewhere."),
        ],
        ["dgrad export"] =
        [
            ("dgrad export runs/gr100", "The weights, to runs/gr100/weights.safetensors."),
            ("dgrad export runs/gr100 --format tensorboard --out runs/events/gr100", "The metrics, for TensorBoard."),
        ],
        ["dgrad gradients"] =
        [
            ("dgrad gradients simplex --estimators st-gs,gr-mc:100,gr", "Where the exact gradient is known."),
            ("dgrad gradients vae --run runs/gr100 --minibatches 200", "On a trained model."),
        ],
        ["dgrad gradients simplex"] =
        [
            ("dgrad gradients simplex --p 0.5,0.3,0.2 --temperatures 0.1,0.5,1 --estimators st-gs,gr-mc:100",
                "Two estimators at three temperatures."),
            ("dgrad gradients simplex --suggest-temperature", "The temperature of least error of each."),
        ],
        ["dgrad gradients polynomial"] =
        [
            ("dgrad gradients polynomial --power 2 --probability 0.3", "Six estimators at one point."),
            ("dgrad gradients polynomial --variables 16 --suggest-temperature", "The temperature of least error of each."),
        ],
        ["dgrad gradients vae"] =
        [
            ("dgrad gradients vae --run runs/gr100 --estimators st-gs,gr --minibatches 200",
                "Measure two estimators at a model that was trained with a third."),
            ("dgrad gradients vae --at 1000,5000 --steps 5000 --estimator st-gs --reference none",
                "Train a model with ST-GS, and measure variances on the way."),
            ("dgrad gradients vae --run runs/gr100 --minibatches 200 --suggest-temperature",
                "The temperature of least error of each."),
        ],
        ["dgrad search"] =
        [
            ("dgrad search table2-small --out runs/table2", "A small version of Table 2."),
            ("dgrad search --resume runs/table2", "Go on with it after Ctrl-C; any path of the folder serves."),
            ("dgrad search --resume runs/table2 --trials 40", "Add trials to it."),
        ],
        ["dgrad status"] = [("dgrad status runs/table2", "The search's cells and workers."),
            ("dgrad status runs/table2 --json", "The same for a program.")],
        ["dgrad report"] =
        [
            ("dgrad report runs/table2",
                "The page of a search, DIR/report.html; likewise of a run, a comparison or a study of gradients."),
            ("dgrad report runs/st-gs runs/gr --out both.html", "Several runs on one page."),
        ],
        ["dgrad table"] =
        [
            ("dgrad table 2 runs/table2", "Table 2, to the terminal."),
            ("dgrad table 2 runs/table2 --format html --out table2.html", "The same as a page."),
        ],
        ["dgrad figure"] =
        [
            ("dgrad figure 1 --out figures", "The triangle of Figure 1 (half a minute)."),
            ("dgrad figure 2c runs/figure2c", "From a search."),
        ],
        ["dgrad figure 1"] = [("dgrad figure 1 --out figures", "Figure 1 of the paper."),
            ("dgrad figure 1 --exact --side 20", "A coarse map of GR itself.")],
        ["dgrad figure 2a"] =
        [
            ("dgrad figure 2a --out figures", "Figure 2a (12 minutes)."),
            ("dgrad figure 2a --estimator st-gs --estimators st-gs,gr-mc:10,gr --at 1000,5000 --steps 5000",
                "Train with ST-GS, and measure three estimators on the way."),
        ],
        ["dgrad figure 2b"] =
        [
            ("dgrad figure 2b --out figures", "Figure 2b (a quarter of an hour)."),
            ("dgrad figure 2b --estimators st-gs,gr --at 2000 --temperatures 0.1,0.3,1",
                "Two estimators, early in the training."),
        ],
        ["dgrad figure 3"] =
        [
            ("dgrad figure 3 --out figures", "Figure 3 (two hours)."),
            ("dgrad figure 3 --arities 2,8 --at 1000 --steps 1000", "Two columns, early in the training."),
        ],
        ["dgrad figure 2c"] =
        [
            ("dgrad figure 2c runs/figure2c", "Figure 2c, into the folder of the search."),
            ("dgrad figure 2c runs/figure2c --thresholds 110,105,100 --out figures", "Other thresholds, elsewhere."),
        ],
        ["dgrad figure 4"] =
        [
            ("dgrad figure 4 runs/figure4", "Figure 4, into the folder of the search."),
            ("dgrad figure 4 runs/table3 runs/sizes --out figures", "The same from two searches that complete each other."),
        ],
        ["dgrad figure cost"] =
        [
            ("dgrad figure cost --threads 1 --out figures", "The figures of docs/estimators.md (a minute)."),
            ("dgrad figure cost --arities 2,64 --temperature 0.1", "Few and many categories."),
        ],
        ["dgrad figure idea"] =
        [
            ("dgrad figure idea --out docs/images", "The figure of docs/idea.md."),
            ("dgrad figure idea --temperature 0.1 --samples 100", "A lower temperature, means over 100."),
        ],
        ["dgrad results"] =
            [("dgrad results results", "To the terminal."), ("dgrad results results --out docs/results.md", "To a file.")],
        ["dgrad data"] =
            [("dgrad data list", "What there is."), ("dgrad data get binarized-mnist", "The paper's binarisation of MNIST.")],
        ["dgrad data list"] = [("dgrad data list", "What there is.")],
        ["dgrad data get"] = [("dgrad data get binarized-mnist", "The paper's binarisation of MNIST.")],
        ["dgrad data generate"] =
        [
            ("dgrad data generate listops", "The set named listops, as files."),
            ("dgrad data generate listops --count 1000 --seed 7 --out small", "A small one."),
        ],
        ["dgrad data check"] = [("dgrad data check fashion-mnist", "Say what is in a folder.")],
        ["dgrad bench"] =
            [("dgrad bench kernel", "The kernels of GR-MCK."), ("dgrad bench vae --threads 1", "The training steps.")],
        ["dgrad bench kernel"] =
        [
            ("dgrad bench kernel", "Six workloads, K = 10, 100, 1000."),
            ("dgrad bench kernel --workload 100,32,8 --samples 100 --seconds 1", "One workload, quickly."),
        ],
        ["dgrad bench vae"] = [("dgrad bench vae --threads 1", "The estimators of the paper, and gr."),
            ("dgrad bench vae --estimators st-gs,gr --arity 8", "Two of them.")],
        ["dgrad bench iwae"] =
            [("dgrad bench iwae", "The bound with M = 5000."), ("dgrad bench iwae --samples 500 --seconds 5", "A quick look.")],
        ["dgrad bench search"] =
            [("dgrad bench search", "About six minutes."), ("dgrad bench search --recorded 1000 --steps 100", "A quick look.")],
        ["dgrad bench report"] =
        [
            ("dgrad bench report kernel-1.json vae-1.json", "To the terminal."),
            ("dgrad bench report kernel-1.json vae-1.json --out performance.md", "To a file."),
        ],
        ["dgrad completion"] =
        [
            ("eval \"$(dgrad completion bash)\"", "In ~/.bashrc."),
            ("dgrad completion fish > ~/.config/fish/completions/dgrad.fish", "Once, for fish."),
            ("dgrad completion powershell | Out-String | Invoke-Expression", "In the profile of PowerShell."),
        ],
    };

    /// <summary>Those of a command; none where it has none.</summary>
    /// <param name="path">The command as it is called, as in "dgrad train vae".</param>
    public static IReadOnlyList<(string Line, string Purpose)> Of(string path) => All.GetValueOrDefault(path, []);
}
