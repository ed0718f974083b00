#!/usr/bin/env bash
# Calls that commands make on their files fail, one a trial: writes with three errors, opens and reads with five. What is
# left must be right or not there; the gate tries a sample. Prints what docs/reliability.md counts.
#
#   bash ci/failing-files.sh          120 calls of each command with each error: some 4000 trials
#   bash ci/failing-files.sh all      every call: some 30 000 trials, for a night
set -euo pipefail
cd "$(dirname "$0")/.."
calls=${1:-120}
[[ $calls =~ ^([1-9][0-9]*|all)$ ]] || { echo "how many calls? '$calls' is no number" >&2; exit 2; }
# shellcheck source=ci/environment.sh
source ci/environment.sh
GLASSMODES_FAILURES=$calls cargo test --locked --test all failing_files::one_failing_call -- --nocapture
