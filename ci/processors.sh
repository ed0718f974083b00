#!/usr/bin/env bash
# The same glasses on other processors, emulated: an archive made here is recomputed on an x86 processor with AVX2 alone
# and on one without AVX; the pure crates' tests run on aarch64 (with --aarch64).
#
#   bash ci/processors.sh                 some minutes on two cores
#   bash ci/processors.sh --aarch64       half an hour more
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=ci/environment.sh
source ci/environment.sh

need() {
  if ! command -v "$1" >/dev/null 2>&1; then
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || { echo "processors: $1 is missing (package $2)" >&2; exit 1; }
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2"
  fi
}
need qemu-x86_64 qemu-user

cargo build --locked
program=$(realpath "${CARGO_TARGET_DIR:-target}/debug/glassmodes")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
settings=(--set campaign.realizations=4 --set thermalize.sweeps=500)
"$program" run config/quick.toml --out "$folder/here" "${settings[@]}"
here=$folder/here/archive.h5
"$program" verify "$here" --recompute 4

for processor in Haswell-v4 Nehalem; do
  printf '\n== %s (%ss)\n' "$processor" "$SECONDS"
  # qemu warns of what it does not emulate; Open MPI is not asked.
  emulated=(qemu-x86_64 -cpu "$processor" "$program")
  # Glasses to the bit, spectra to the bit within an instruction class and within tolerances across: what `verify` says.
  "${emulated[@]}" verify "$here" --recompute 4 2> >(grep -v 'TCG doesn' >&2)
  "${emulated[@]}" run config/quick.toml --out "$folder/$processor" --threads 2 "${settings[@]}" 2> >(grep -v 'TCG doesn' >&2)
  "$program" verify "$folder/$processor/archive.h5" --recompute 4
done
echo
echo "processors: an archive of each is sound on the others"

if [ "${1:-}" = --aarch64 ]; then
  printf '\n== aarch64 (%ss)\n' "$SECONDS"
  need qemu-aarch64 qemu-user
  need aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu
  rustup target add aarch64-unknown-linux-gnu
  export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
  export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER='qemu-aarch64 -L /usr/aarch64-linux-gnu'
  cargo test --locked --target aarch64-unknown-linux-gnu --lib \
    --package glassmodes-glass --package glassmodes-modes --package glassmodes-realization
fi
