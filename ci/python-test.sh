#!/usr/bin/env bash
# The Python package as a new user gets it: installed into an empty virtual environment, its tests, and the blocks of
# docs/python.md. Prepares what it needs; compiles little after the tests.
#
#   bash ci/python-test.sh              from a wheel; two minutes
#   bash ci/python-test.sh --nightly    from the source, 10 000 random arguments, and the notebooks
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=ci/environment.sh
source ci/environment.sh

base=$(bash ci/install-python.sh)
if [ "${1:-}" = --nightly ]; then
  package=crates/python
  export GLASSMODES_EXAMPLES=${GLASSMODES_EXAMPLES:-10000}
else
  package=$(bash ci/wheel.sh --profile dev)
fi
cargo build --quiet --locked
export GLASSMODES_PROGRAM=$target/debug/glassmodes MPLBACKEND=Agg

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$base" -m venv "$folder/python"
pip() { "$folder/python/bin/python" -m pip --quiet --disable-pip-version-check "$@"; }
pip install "$package" pytest hypothesis ase
(cd "$folder" && python/bin/pytest -q -p no:cacheprovider "$OLDPWD/crates/python/tests")

if [ "${1:-}" = --nightly ]; then
  pip install nbconvert ipykernel
  for notebook in docs/notebooks/*.ipynb; do
    PATH=$(dirname "$GLASSMODES_PROGRAM"):$PATH "$folder/python/bin/jupyter" nbconvert --to notebook --execute \
      --output-dir "$folder" "$notebook"
  done
fi
