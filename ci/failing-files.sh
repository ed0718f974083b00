#!/usr/bin/env bash
# Every call that a command makes on its files fails once: writes with three errors, opens and reads with five. What is
# left must be right or not there; the gate tries a sample.
#
#   bash ci/failing-files.sh          some ten minutes on two cores
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=ci/environment.sh
source ci/environment.sh
GLASSMODES_FAILURES=all cargo test --workspace --locked --test failing_files one_failing_call -- --nocapture
