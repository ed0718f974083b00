#!/usr/bin/env bash
# Pseudo-harmonic modes beside those of softspot 1.0.0 from the registry, which needs gfortran, an old numpy and an old
# setuptools (Python up to 3.11).
#
#   bash ci/softspot-test.sh
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=ci/environment.sh
source ci/environment.sh
base=$(bash ci/install-python.sh)
command -v gfortran >/dev/null || { apt-get update -qq && apt-get install -y -qq gfortran; } >/dev/null

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$base" -m venv "$folder/python"
pip() { "$folder/python/bin/pip" --quiet --disable-pip-version-check "$@"; }
pip install "numpy<2" scipy "setuptools<60" wheel
pip install --no-build-isolation softspot==1.0.0 2>/dev/null
cargo run --quiet --locked --package glassmodes-realization --example nonlinear -- config/wells.toml \
  glass.particles=400 thermalize.sweeps=3000 spectrum.omega_max=2 modes.omega_max=1.6 modes.lowest=10 >"$folder/modes.txt"
"$folder/python/bin/python" tests/softspot/agreement.py "$folder/modes.txt"
