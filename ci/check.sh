#!/usr/bin/env bash
# The gate: dependencies, format, lints, layering, every test, documentation. The same for a newcomer and
# for continuous integration.
#
#   bash ci/check.sh
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s (%ss)\n' "$1" "$SECONDS"; }

step "dependencies"
bash ci/install-deps.sh
# shellcheck source=ci/environment.sh
source ci/environment.sh
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-never}
# With these, a test that finds no Python fails instead of passing unseen.
GLASSMODES_PYTHON=$(bash ci/install-python.sh)
export GLASSMODES_PYTHON GLASSMODES_REQUIRE_PYTHON=1 GLASSMODES_REQUIRE_PYH5MD=1

step "format"
cargo fmt --all --check

step "layering"
bash ci/layering.sh
bash ci/places.sh
"$GLASSMODES_PYTHON" ci/circles.py

step "the page of results says what its report says"
"$GLASSMODES_PYTHON" docs/results/tables.py docs/results/report/summary.json >"${CARGO_TARGET_DIR:-target}/printed.md"
"$GLASSMODES_PYTHON" docs/results/refresh.py docs/results.md "${CARGO_TARGET_DIR:-target}/printed.md" --check

step "lints"
cargo clippy --workspace --all-targets --locked -- -D warnings

step "packages and citation"
bash ci/packages.sh
"$(dirname "$GLASSMODES_PYTHON")/cffconvert" --validate -i CITATION.cff

# Checked only: with other features every dependency would be compiled again. Nightly builds and runs it.
step "without MPI"
cargo clippy --package glassmodes --no-default-features --locked -- -D warnings

step "documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked

# The default members, whose dependencies have the features of the program alone: with Python's, all of it would be
# compiled again for the program that the tests start.
step "tests"
cargo test --locked

step "Python"
bash ci/python-test.sh

step "job scripts on a real SLURM"
if [ "$(id -u)" = 0 ] && { command -v slurmctld || command -v apt-get; } >/dev/null; then
  bash ci/slurm-test.sh
else
  echo "left out: its daemons need root and the packages of Debian or Ubuntu (sudo bash ci/slurm-test.sh)"
fi

step "done"
