#!/usr/bin/env bash
# From a fresh clone to a small real result: dependencies, release build, a campaign of 64 glasses on two
# MPI processes, what it found, and the report.
#
#   bash ci/demo.sh [DIR]
set -euo pipefail
cd "$(dirname "$0")/.."

bash ci/install-deps.sh
# shellcheck source=ci/environment.sh
source ci/environment.sh
cargo build --release --locked --package glassmodes
glassmodes=$target/release/glassmodes

folder=${1:-demo-$(date +%Y%m%d-%H%M%S)}
if [ -e "$folder" ]; then
  echo "$folder exists; name a new folder: bash ci/demo.sh NEW" >&2
  exit 2
fi
mkdir -p "$folder"

echo
echo "== a campaign: 64 glasses of 256 particles, on two processes"
mpirun -n 2 "$glassmodes" run config/quick.toml --out "$folder/campaign"

echo
echo "== what is in it, read by h5dump"
h5dump -n 1 "$folder/campaign/archive.h5" | grep -E 'group|dataset' | head -20

echo
echo "== checked, two realizations computed again from their seeds"
"$glassmodes" verify "$folder/campaign/archive.h5" --recompute 2

echo
echo "== the report"
"$glassmodes" report "$folder/campaign/archive.h5" --out "$folder/report"

echo
echo "Look at"
echo "  $folder/report/index.html       figures and tables, in a browser"
echo "  $folder/campaign/archive.h5     everything found (docs/archive-format.md says what is where)"
echo "Next: $glassmodes run config/laptop.toml --out laptop     (docs/guide.md)"
