#!/usr/bin/env bash
# What is too long for the gate: all kill trials, the MPICH build, more spectra compared, packages compiled alone.
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
GLASSMODES_KILL_TRIALS=${GLASSMODES_KILL_TRIALS:-200} \
  cargo test --locked --package glassmodes-tests --test kill_trials -- --nocapture

step "MPICH gives the same bits as Open MPI"
bash ci/mpich-test.sh

step "low finds what dense finds, mode by mode"
GLASSMODES_SPECTRA=${GLASSMODES_SPECTRA:-100,5} \
  cargo test --locked --package glassmodes-modes --test low_finds_what_dense_finds -- --nocapture

step "every crate compiles from its package"
bash ci/packages.sh --verify
