// The constants of the kernels: of the quadrature behind GumbelRaoExact (docs/exact.md), as they stand in ExponentialSum.cs and
// ConditionalQuadrature.cs of Kernels/GumbelRao/, and of the polynomials in Kernels/Vectors/VectorMath.cs:
//
//   dotnet run -c Release --project eng/nodes
//
// and, at the root of the repository, the measurements and the figures of that page:
//
//   dotnet run -c Release --project eng/nodes -- figures [nodes|time]

using System.Globalization;
using DiscreteGradients.Nodes;

if (args is ["figures", ..])
{
    Figures.Make(args.Length > 1 ? args[1] : null, Path.Combine("results", "exact"), Path.Combine("docs", "images"));
    return;
}

foreach (var (terms, largest) in ((int, double)[])[(3, 2), (6, 8), (7, 16), (8, 32), (8, 64), (9, 64)])
{
    var (exponents, coefficients) = ExponentialFit.Find(terms, largest);
    var error = ExponentialFit.Error(exponents, coefficients, largest).ToString("E1", CultureInfo.InvariantCulture);
    Print(string.Create(CultureInfo.InvariantCulture, $"1/S² on [1, {largest}], {terms} terms: relative error {error}"), exponents, coefficients);
}

foreach (var (count, degree) in ((int, double)[])[(8, 3), (10, 4.5)])
{
    var (nodes, weights) = GaussRule.Find(count, degree);
    Print(string.Create(CultureInfo.InvariantCulture, $"∫ f(e) e^−e de, {count} nodes, exact for polynomials in e^(1/{degree})"), nodes, weights);
}

var (logarithm, logarithmError) = MinimaxPolynomial.Log2();
Print(string.Create(CultureInfo.InvariantCulture, $"log₂(1 + t)/t by powers of t, relative error {logarithmError:E1}"), logarithm);
var (power, powerError) = MinimaxPolynomial.Exp2();
Print(string.Create(CultureInfo.InvariantCulture, $"(2^f − 1)/f by powers of f, relative error {powerError:E1} of 2^f"), power);

static void Print(string title, params double[][] lists)
{
    Console.WriteLine(title);
    foreach (var numbers in lists)
        Console.WriteLine($"    [{string.Join(", ", numbers.Select(x => x.ToString("R", CultureInfo.InvariantCulture)))}],");
}
