#!/usr/bin/env bash
# Damage of ten kinds to every file of a finished campaign, one a trial, then `verify`, `merge` and `run` again; the gate
# tries a few. Prints what docs/reliability.md counts.
#
#   bash ci/damage-trials.sh          1500 trials: some twenty minutes on two cores
#   bash ci/damage-trials.sh 60
set -euo pipefail
cd "$(dirname "$0")/.."
trials=${1:-1500}
[[ $trials =~ ^[1-9][0-9]*$ ]] || { echo "how many trials? '$trials' is no number" >&2; exit 2; }
# shellcheck source=ci/environment.sh
source ci/environment.sh
GLASSMODES_DAMAGE=$trials cargo test --locked --test all damage_trials:: -- --nocapture
