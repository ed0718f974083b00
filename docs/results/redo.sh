#!/usr/bin/env bash
# What docs/results.md says of the ensembles of the paper, of sizes and of cutoffs, made again from their committed parts:
# the report, the rows of the page's tables, claims.txt and cutoff-exponents.svg. Prose and the other figures stay.
#
#   bash docs/results/redo.sh             puts all of it where it is committed
#   bash docs/results/redo.sh --check     changes nothing; fails where report, rows or claims differ
#
# GLASSMODES names the program (default: glassmodes), PYTHON a Python with h5py, numpy, scipy and matplotlib (default: python3).
set -euo pipefail
glassmodes=${GLASSMODES:-glassmodes}
python=${PYTHON:-python3}
check=${1:-}
[ $# -le 1 ] && [ "$check" = "${check:+--check}" ] || { echo "usage: bash docs/results/redo.sh [--check]" >&2; exit 2; }
# Programs may be named by a path from where this was called.
case $glassmodes in */*) glassmodes=$(realpath "$glassmodes") ;; esac
case $python in */*) python=$(realpath --no-symlinks "$python") ;; esac
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$glassmodes" merge paper/part-*.h5 --out "$work/paper.h5"
"$glassmodes" merge cutoff/q2/part-*.h5 --out "$work/n1024.h5"
"$glassmodes" merge cutoff/q2-n400/part-*.h5 --out "$work/n400.h5"
"$glassmodes" report "$work/paper.h5" "$work/n1024.h5" "$work/n400.h5" --out "$work/report" --pr-max 0.27 --omega-max-phonon 0.7

sizes="N400=cutoff/q2-n400 N1024=cutoff/q2 N4000=paper"
cutoffs="q2=cutoff/q2 q3-wider=cutoff/q3-wider q4-wider=cutoff/q4-wider q3-colder=cutoff/q3-colder q4-colder=cutoff/q4-colder"
# shellcheck disable=SC2086 # These are several words.
{
  "$python" tables.py "$work/report/summary.json"
  "$python" exponents.py $sizes --below 0.6 0.7 0.8
  "$python" exponents.py $cutoffs --figure "$work/cutoff-exponents.svg"
  "$python" sizes.py $sizes
  "$python" adjacent_minima.py T=0.1=wells T=0.3=wells-hot
} >"$work/printed.md"
"$python" claims.py paper >"$work/claims.txt"
"$python" refresh.py ../results.md "$work/printed.md" $check

if [ -n "$check" ]; then
  diff -rq report "$work/report"
  diff claims.txt "$work/claims.txt"
else
  rm -rf report
  cp -r "$work/report" report
  cp "$work/claims.txt" "$work/cutoff-exponents.svg" .
fi
