namespace DiscreteGradients.Experiments.Vae;

/// <summary>SHA-256 of the packed bits of each part of a data set, as <see cref="BinaryImages.Sha256"/> gives it.</summary>
internal sealed record DataChecksums(string Train, string Valid, string Test)
{
    /// <summary>The fixed binarisation of Salakhutdinov and Murray (2008), that the paper uses.</summary>
    public static DataChecksums BinarizedMnist { get; } = new(
        "727146c35424b019f3e350e1e69faa05644a0abaf787e3f4e1a9632220a13906",
        "a256ac44ae26be720fad8616a05ed6ecfd1619930d9a208379bb2a4405df5b6d",
        "9fcd8da6f0fdf09b2ba30fe63a0bb784042a0de82563172530229b983e294ff2");

    /// <summary>The set within this library; assets/README.md says where it is from.</summary>
    public static DataChecksums Embedded { get; } = new(
        "bf0151a67bb54924963342b5f49595f523def859a75169933e03cea15cfe07bf",
        "00c699496eb122be0d17f7a6a0c38226e9ed7c30c53ddb7b8576c3d18adcab31",
        "f39dc9df36888b32f5a7f82227a5022d27da9c8aad9931e71440214569e34059");
}
