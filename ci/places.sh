#!/usr/bin/env bash
# Rows of ARCHITECTURE.md's table of where to add things, against what was added last of their kind: every source and
# document that names it is in the row, and every place of the row names it.
#
#   bash ci/places.sh
set -euo pipefail
cd "$(dirname "$0")/.."
failed=0

# places ROW: the paths in the second column of the row that begins with ROW, braces expanded, below crates/ if there.
places() {
  local row token path
  row=$(grep -F "| $1 |" ARCHITECTURE.md) || { echo "places: ARCHITECTURE.md has no row \"$1\"" >&2; exit 1; }
  grep -o '`[^`]*`' <<<"${row#*| "$1" |}" | tr -d '`' | while read -r token; do
    eval "printf '%s\n' $token"
  done | while read -r path; do
    if [ -e "crates/$path" ]; then echo "crates/$path"; elif [ -e "$path" ]; then echo "$path"; else
      echo "places: the row \"$1\" names $path, which is not there" >&2
      exit 1
    fi
  done
}

# holds ROW WORD [EXCEPT]: whether it does for what WORD names; files that match EXCEPT make use of it.
holds() {
  local listed found file place except=${3:-^$}
  listed=$(places "$1") || { failed=1; return; }
  found=$(grep -rliwE "$2" --include='*.rs' --include='*.py' --include='*.md' crates/*/src crates/formats/tests \
    crates/python/glassmodes tests/tests config docs | grep -vE "$except" || true)
  for file in $found; do
    grep -qxF "$(dirname "$file")/" <<<"$listed" || grep -qxF "$file" <<<"$listed" || {
      echo "places: $file names $2, but is not in the row \"$1\"" >&2
      failed=1
    }
  done
  for place in $listed; do
    [ -d "$place" ] || grep -qxF "$place" <<<"$found" || {
      echo "places: $place is in the row \"$1\", but does not name $2" >&2
      failed=1
    }
  done
}

# What analysis, the scripts of the results and tests do with it is use.
holds "a pair potential" "hertzian" "crates/analysis/"
holds "a descriptor of modes" "b3_inside" "crates/analysis/|docs/results/|tests"
holds "a file format of glasses" "npz" "crates/formats/src/npz/"

[ "$failed" = 0 ] && echo "places: as ARCHITECTURE.md says"
exit "$failed"
