namespace DiscreteGradients.Kernels;

/// <summary>The function 1/S², S from 1 to n, as a sum Σ c e^(−tS): a function of a sum becomes a sum of products.</summary>
/// <param name="Exponents">The exponents t, increasing.</param>
/// <param name="Coefficients">The coefficients c.</param>
internal sealed record ExponentialSum(double[] Exponents, double[] Coefficients)
{
    // Found by eng/nodes. The relative errors are 1.1e-5, 4e-6, 1.1e-5, 2.7e-5, 2.4e-4 (the short one) and 5.8e-5, alternating in
    // sign: little is left in a mean over S.
    private static readonly ExponentialSum UpTo2 = new(
        [0.6412831236410528, 2.2979340377091906, 5.542068375521936],
        [0.7086757812120779, 5.258659935262739, 25.131045765111637]);

    private static readonly ExponentialSum UpTo8 = new(
        [0.14183362250859527, 0.49750020140134904, 1.1322728267124944, 2.1962083190172157, 4.006914576616256,
        7.297807073870406],
        [0.03440990921263317, 0.23835472149781906, 0.9218416806929325, 2.995388467413438, 9.47524209720623,
        33.36676910338366]);

    private static readonly ExponentialSum UpTo16 = new(
        [0.07230554234904095, 0.2544156860935919, 0.582922816450687, 1.1450799931882183, 2.124766410683831,
        3.870780579008463, 7.126092445474336],
        [0.008952963495600473, 0.06262803151874946, 0.24749801561052204, 0.835208026351168, 2.732001036829547,
        8.960258868551884, 32.420904546545025]);

    private static readonly ExponentialSum UpTo32 = new(
        [0.03628200635481412, 0.1278414308853467, 0.29397388485302567, 0.5827843808554493, 1.1017608949807671,
        2.0556806210928307, 3.8001162781219127, 7.073210543933717],
        [0.0022553531660969473, 0.015848777065428556, 0.0634310232520408, 0.22093623141848592, 0.7627881927172594,
        2.6155302154359465, 8.83184470101458, 32.36095375419306]);

    private static readonly ExponentialSum ShortUpTo64 = new(
        [0.019921240917988872, 0.07114787765970672, 0.16851461000211831, 0.3541450645209612, 0.7330477835956075,
        1.5160713360134184, 3.072450624436932, 6.152503319355024],
        [0.0006832779237333181, 0.005008757899617564, 0.022028644168296318, 0.09111376376875105, 0.39220805520759755,
        1.652940649223633, 6.551638799977453, 26.94495227179374]);

    private static readonly ExponentialSum UpTo64 = new(
        [0.01802028546746578, 0.06349304506054049, 0.1460886392655359, 0.29069244012898166, 0.5566650417244268,
        1.0656276320317857, 2.0293089935737405, 3.801007513090298, 7.113489053458257],
        [0.0005563316117156105, 0.0039097138937894335, 0.015695379222889324, 0.05556875016769944, 0.20074953930242376,
        0.737373638988608, 2.6213353641505215, 8.963559099811674, 32.862030591343945]);

    /// <summary>The sum for the accuracy of float32: a relative error of some 1e-6 in means over S.</summary>
    /// <param name="categories">The largest S.</param>
    /// <param name="brief">Whether 8 terms are to do for more than 32 categories.</param>
    public static ExponentialSum Single(int categories, bool brief = false) => categories switch
    {
        <= 2 => UpTo2,
        <= 8 => UpTo8,
        <= 16 => UpTo16,
        <= 32 => UpTo32,
        <= 64 => brief ? ShortUpTo64 : UpTo64,
        _ => Trapezoid(categories, -1.6, 2.65, 0.48),
    };

    /// <summary>The sum for a relative error of 1e-9.</summary>
    public static ExponentialSum Double(int categories) => Trapezoid(Math.Max(2, categories), -2.2, 3.25, 0.3);

    /// <summary>The sum by the trapezoid rule: 1/S² = ∫ t e^(−tS) dt with t = exp(x − e^(−x)/n), x from first − log n to
    /// last. The error falls as e^(−π²/step).</summary>
    private static ExponentialSum Trapezoid(int categories, double first, double last, double step)
    {
        first -= Math.Log(categories);
        var count = (int)Math.Ceiling((last - first) / step);
        var (exponents, coefficients) = (new double[count], new double[count]);
        for (var m = 0; m < count; m++)
        {
            var x = last - step * (count - 1 - m);
            var bend = Math.Exp(-x) / categories;
            exponents[m] = Math.Exp(x - bend);
            coefficients[m] = step * exponents[m] * exponents[m] * (1 + bend);
        }

        return new(exponents, coefficients);
    }
}
