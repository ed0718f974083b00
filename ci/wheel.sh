#!/usr/bin/env bash
# The wheel of crates/python, for every Python from 3.10 on; prints its path. Needs Rust, and maturin or what
# ci/install-python.sh makes.
#
#   bash ci/wheel.sh                 optimized, as users get it
#   bash ci/wheel.sh --profile dev   with what the tests have compiled already: as fast, but for its own checks
set -euo pipefail
cd "$(dirname "$0")/.."
profile=(--release)
[ $# = 0 ] || profile=("$@")

maturin=${MATURIN:-$(dirname "$(bash ci/install-python.sh)")/maturin}
wheels=${CARGO_TARGET_DIR:-target}/wheels
mkdir -p "$wheels"
folder=$(mktemp -d "$wheels/new-XXXXXX")
trap 'rm -rf "$folder"' EXIT
"$maturin" build --quiet --locked --manifest-path crates/python/Cargo.toml "${profile[@]}" --out "$folder" >&2
name=$(basename "$folder"/*.whl)
mv "$folder/$name" "$wheels/$name"
echo "$wheels/$name"
