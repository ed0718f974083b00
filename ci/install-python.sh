#!/usr/bin/env bash
# A Python of the tests' own, with what reads our files independently of us: h5py (with the newest HDF5),
# pandas, pyh5md, and cffconvert for CITATION.cff. Does nothing where it is there; prints its path.
#
#   bash ci/install-python.sh            into target/python
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${CARGO_TARGET_DIR:-target}/python
python=$folder/bin/python3

if ! "$python" -c 'import h5py, pandas, pyh5md, cffconvert' 2>/dev/null; then
  rm -rf "$folder"
  # Debian keeps venv apart; another Python of this user may have it.
  python3 -m venv "$folder" 2>/dev/null || /usr/bin/python3 -m venv "$folder"
  "$python" -m pip install --quiet --disable-pip-version-check h5py pandas pyh5md cffconvert 2>&1 \
    | { grep -v DEPRECATION || true; } >&2
fi
echo "$PWD/$python" | sed "s|$PWD//|/|"
