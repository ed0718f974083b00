#!/usr/bin/env bash
# Every stage's benchmark on this machine, as one table: docs/performance.md is made from it.
#
#   bash ci/bench.sh [OUT.md]         default target/bench.md; run it on a quiet machine
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-target/bench.md}
mkdir -p "$(dirname "$out")"

cargo build --release --quiet --package glassmodes
{
  echo "# Benchmarks"
  echo
  echo "$(date -u +%F), $(git rev-parse --short HEAD), $(nproc) cores of $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(rustc --version)"
  for package in glassmodes-glass glassmodes-modes glassmodes-archive glassmodes-campaign glassmodes-analysis; do
    [ -d "crates/${package#glassmodes-}/benches" ] || continue
    echo
    echo "## $package"
    echo
    echo '```text'
    cargo bench --quiet --package "$package" 2>/dev/null
    echo '```'
  done
  echo
  echo "## A whole realization: config/paper-fast.toml, N = 4000, one thread, four realizations"
  echo
  echo '```text'
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  /usr/bin/env time -f '%e s wall, %U s user, %S s system, %M kB' \
    target/release/glassmodes run config/paper-fast.toml --out "$work/run" --threads 1 --set campaign.realizations=4 2>&1 | tail -12
  echo '```'
} | tee "$out"
