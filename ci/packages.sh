#!/usr/bin/env bash
# Every crate that is published makes a package without a warning, and the release is dated: version, changelog and
# citation agree. (Python's ships as a wheel.)
#
#   bash ci/packages.sh              quick; nothing is compiled
#   bash ci/packages.sh --verify     compiles each crate from its package, too (minutes)
set -euo pipefail
cd "$(dirname "$0")/.."
verify=(--no-verify)
[ "${1:-}" = --verify ] && verify=()

ours=(--exclude glassmodes-tests --exclude glassmodes-features --exclude glassmodes-python)
said=$(cargo package --workspace "${ours[@]}" --locked --allow-dirty "${verify[@]}" 2>&1) || {
  echo "$said" >&2
  exit 1
}
# The project has no address yet, and names none that does not exist.
said=$(sed '/^warning: manifest has no documentation, homepage or repository/,/= note:/d' <<<"$said")
if grep -E '^warning' -A5 <<<"$said" >&2; then
  echo "packages: the warnings above must go" >&2
  exit 1
fi
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)
grep -qE "^## \[$version\] - [0-9]{4}-[0-9]{2}-[0-9]{2}" CHANGELOG.md || {
  echo "CHANGELOG.md has no dated entry of version $version" >&2
  exit 1
}
grep -qx "version: $version" CITATION.cff || {
  echo "CITATION.cff is not of version $version" >&2
  exit 1
}
echo "packages: $(grep -c '^ *Packaged ' <<<"$said") of version $version"
