namespace DiscreteGradients.Experiments.Vae;

/// <summary>How far the download of one file is.</summary>
/// <param name="File">Its name, without a folder.</param>
/// <param name="Received">Bytes so far.</param>
/// <param name="Total">Bytes in all; null if the server does not say.</param>
internal readonly record struct DownloadProgress(string File, long Received, long? Total);
