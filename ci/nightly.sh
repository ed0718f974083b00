#!/usr/bin/env bash
# What is too long for the gate: all kill trials, 10⁵ hostile inputs and archives, damage, failing calls, other processors,
# the MPICH build, more spectra compared, LAMMPS and softspot beside us, more of Python, pages in a browser
# (Chromium is needed: apt-get install chromium), packages compiled alone, docs/results.md against its parts.
#
#   sudo bash ci/nightly.sh          an hour and more on two cores
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s (%ss)\n' "$1" "$SECONDS"; }

step "dependencies"
bash ci/install-deps.sh
# shellcheck source=ci/environment.sh
source ci/environment.sh

step "kill trials"
bash ci/kill-trials.sh "${GLASSMODES_KILL_TRIALS:-200}"

step "hostile inputs: 10⁵ mutations"
GLASSMODES_MUTATIONS=${GLASSMODES_MUTATIONS:-13} \
  cargo test --locked --test all hostile_ -- --nocapture

step "damage of every kind to every file"
bash ci/damage-trials.sh 300

step "calls on files fail, one a trial"
bash ci/failing-files.sh

step "other processors"
bash ci/processors.sh

step "MPICH gives the same bits as Open MPI"
bash ci/mpich-test.sh

step "low finds what dense finds, mode by mode"
GLASSMODES_SPECTRA=${GLASSMODES_SPECTRA:-100,5} \
  cargo test --locked --package glassmodes-modes --test low_finds_what_dense_finds -- --nocapture

step "LAMMPS, ASE, gsd and OVITO"
bash ci/lammps-test.sh

step "pseudo-harmonic modes of softspot"
bash ci/softspot-test.sh

step "Python: 10 000 random arguments, notebooks, installation from the source"
bash ci/python-test.sh --nightly

step "the page of a report in a browser"
GLASSMODES_REQUIRE_CHROMIUM=1 cargo test --locked --test all browser:: -- --nocapture

step "docs/results.md says what its parts say"
python=$(bash ci/install-python.sh)
"$(dirname "$python")/pip" install --quiet scipy matplotlib
cargo build --release --locked --package glassmodes
GLASSMODES=${CARGO_TARGET_DIR:-target}/release/glassmodes PYTHON=$python bash docs/results/redo.sh --check

step "the program without MPI"
cargo build --package glassmodes --no-default-features --locked --target-dir target/without-mpi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
target/without-mpi/debug/glassmodes run config/quick.toml --out "$folder/quick" --set campaign.realizations=4
target/without-mpi/debug/glassmodes verify "$folder/quick/archive.h5" --recompute 4

step "every crate compiles from its package"
bash ci/packages.sh --verify
