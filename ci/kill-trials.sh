#!/usr/bin/env bash
# Interruptions of every kind, on threads and on two to four ranks, each resumed until the campaign is complete: of the
# whole program, compared archive by archive, and of the engine alone. Prints what docs/reliability.md counts.
#
#   bash ci/kill-trials.sh          1000 of each: some two hours on two cores
#   bash ci/kill-trials.sh 60
set -euo pipefail
cd "$(dirname "$0")/.."
trials=${1:-1000}
[[ $trials =~ ^[1-9][0-9]*$ ]] || { echo "how many trials? '$trials' is no number" >&2; exit 2; }
# shellcheck source=ci/environment.sh
source ci/environment.sh

# Of the whole program, and of the engine.
GLASSMODES_KILL_TRIALS=$trials nice cargo test --locked --test all kill_trials:: -- --nocapture
KILL_TRIALS=$trials nice cargo test --locked --test kill_trials -- --nocapture
