#!/usr/bin/env bash
# The same campaign by a build with MPICH and by one with Open MPI: identical archives.
#
#   bash ci/mpich-test.sh            Debian or Ubuntu; builds all again for MPICH, in target/mpich
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=ci/environment.sh
source ci/environment.sh
install_for_tests mpicc.mpich mpich libmpich-dev
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cargo build --quiet --locked
# A target folder of its own: the MPI bindings do not notice that MPICC changed.
MPICC=mpicc.mpich cargo build --quiet --locked --target-dir "$target/mpich"
ldd "$target/mpich/debug/glassmodes" | grep -q libmpich || { echo "the build for MPICH is not linked with it" >&2; exit 1; }

# run NAME MPIRUN PROGRAM
run() {
  "$2" -n 2 "$3" run config/quick.toml --out "$work/$1" --set campaign.realizations=6 --set thermalize.sweeps=200
}
run openmpi mpirun.openmpi "$target/debug/glassmodes"
run mpich mpirun.mpich "$target/mpich/debug/glassmodes"
"$target/debug/glassmodes" verify "$work/mpich/archive.h5" --same-as "$work/openmpi/archive.h5"
