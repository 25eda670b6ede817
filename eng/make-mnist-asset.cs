#:project ../src/DiscreteGradients.Experiments/DiscreteGradients.Experiments.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
#:property NoWarn=$(NoWarn);MA0048

// Makes assets/mnist-binarized.bin.br from MNIST's IDX files; eng/make-mnist-asset.sh gets them first.
// dotnet run eng/make-mnist-asset.cs -- DIRECTORY OUT

using System.IO.Compression;
using DiscreteGradients.Experiments.Vae;

if (args is not [var directory, var path])
{
    Console.Error.WriteLine("usage: dotnet run eng/make-mnist-asset.cs -- DIRECTORY OUT");
    return 2;
}
var data = MnistData.Load(directory);
using (var brotli = new BrotliStream(File.Create(path), CompressionLevel.SmallestSize))
{
    foreach (var part in new[] { data.Train, data.Valid, data.Test })
        brotli.Write(part.Packed);
}
Console.WriteLine($"{data.Name}; {data.Binarisation}; {new FileInfo(path).Length} bytes");
Console.WriteLine($"train {data.Checksums.Train}");
Console.WriteLine($"valid {data.Checksums.Valid}");
Console.WriteLine($"test  {data.Checksums.Test}");
return 0;
