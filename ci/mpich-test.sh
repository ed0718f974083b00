#!/usr/bin/env bash
# The same campaign by a build with MPICH and by one with Open MPI: identical archives.
#
#   bash ci/mpich-test.sh            Debian/Ubuntu; builds into target/mpich
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v mpicc.mpich >/dev/null; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq mpich libmpich-dev >/dev/null
fi
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
small="--set campaign.realizations=6 --set thermalize.sweeps=200"

cargo build --quiet --locked --package glassmodes
MPICC=mpicc.mpich cargo build --quiet --locked --package glassmodes --target-dir target/mpich
# shellcheck disable=SC2086 # the words of $small are words
mpirun.openmpi -n 2 target/debug/glassmodes run config/quick.toml --out "$work/openmpi" $small
# shellcheck disable=SC2086
mpirun.mpich -n 2 target/mpich/debug/glassmodes run config/quick.toml --out "$work/mpich" $small
target/debug/glassmodes verify "$work/mpich/archive.h5" --same-as "$work/openmpi/archive.h5"
