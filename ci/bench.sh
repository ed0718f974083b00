#!/usr/bin/env bash
# Every stage's benchmark on this machine, as tables: docs/performance.md is made from them.
#
#   bash ci/bench.sh [OUT.md]         default target/bench.md; about ten minutes on a quiet machine
#
# Everything runs on one core (but for the comparison of one thread with two), before other work where
# the user may ask for that (nice -15).
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-target/bench.md}
mkdir -p "$(dirname "$out")"
target=${CARGO_TARGET_DIR:-target}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

first=(nice -n -15)
"${first[@]}" true 2>/dev/null || first=()
alone=("${first[@]}" taskset -c $(($(nproc) - 1)))
# Benches are started by cargo through this.
export "CARGO_TARGET_$(rustc -vV | sed -n 's/^host: //p' | tr 'a-z-' 'A-Z_')_RUNNER=${alone[*]}"

packages=(glassmodes-glass glassmodes-modes glassmodes-archive glassmodes-analysis)
# bench PACKAGE [CARGO-BENCH-ARGUMENT...]: its benches, by name, for otherwise cargo lists the unit tests too.
bench() {
  local package=$1 names=() file
  shift
  for file in "crates/${package#glassmodes-}"/benches/*.rs; do names+=(--bench "$(basename "$file" .rs)"); done
  cargo bench --quiet --package "$package" "${names[@]}" "$@" 2>/dev/null
}

cargo build --release --quiet --package glassmodes --bin glassmodes --example scaling
for package in "${packages[@]}"; do bench "$package" --no-run; done

# campaign NAME REALIZATIONS THREADS [COMMAND...]: runs config/paper-fast.toml with 20 000 sweeps; prints wall and CPU seconds.
campaign() {
  local name=$1 realizations=$2 threads=$3
  shift 3
  local TIMEFORMAT='%R %U %S'
  { time "$@" "$target/release/glassmodes" run config/paper-fast.toml --out "$work/$name" --threads "$threads" \
    --set "campaign.realizations=$realizations" --set thermalize.sweeps=20000 > "$work/$name.log" 2>&1; } 2> "$work/$name.time" ||
    { cat "$work/$name.log" >&2; exit 1; }
  cat "$work/$name.time"
}

{
  echo "# Benchmarks"
  echo
  echo "$(date -u +%F), $(git rev-parse --short HEAD), $(nproc) cores of $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1) (family $(sed -n 's/^cpu family[^:]*: //p' /proc/cpuinfo | head -1)), $(rustc --version); load average $(cut -d' ' -f1-3 /proc/loadavg)"
  echo
  echo "## A whole realization: config/paper-fast.toml, N = 4000, 20 000 sweeps"
  echo
  read -r wall user system < <(campaign one 4 1 "${alone[@]}")
  "$target/release/glassmodes" report "$work/one/archive.h5" --out "$work/report" > /dev/null 2>&1
  echo "CPU seconds of four realizations on one thread:"
  echo
  echo "| stage | mean | least | most |"
  echo "|---|---|---|---|"
  awk -F, 'NR > 1 { printf "| %s | %.3f | %.3f | %.3f |\n", $1, $3, $4, $8 }' "$work/report/timing.csv"
  awk -F, -v user="$user" -v kernel="$system" '$1 == "together" { all = (user + kernel) / 4
    printf "| the process, all told | %.3f | | |\n\nOutside the stages: %.1f %%.\n", all, 100 * (1 - $3 / all) }' \
    "$work/report/timing.csv"
  echo
  cpu_one=$(awk -v user="$user" -v kernel="$system" 'BEGIN { print (user + kernel) / 4 }')
  read -r wall_two user system < <(campaign two 8 2 "${first[@]}")
  awk -v one="$wall" -v two="$wall_two" -v cpu_one="$cpu_one" -v user="$user" -v kernel="$system" 'BEGIN {
    printf "Realizations an hour: %.0f on one thread (4 in %.1f s), %.0f on two (8 in %.1f s): %.2f times as many.\n",
      3600 * 4 / one, one, 3600 * 8 / two, two, 2 * one / two
    cpu_two = (user + kernel) / 8
    printf "CPU seconds of one: %.3f alone, %.3f beside another: two idle cores would make %.2f times as many.\n",
      cpu_one, cpu_two, 2 * cpu_one / cpu_two }'
  echo
  echo "## Scaling with N (examples/scaling)"
  echo
  "${alone[@]}" "$target/release/examples/scaling"
  for package in "${packages[@]}"; do
    echo
    echo "## Benches of $package"
    echo
    echo '```text'
    bench "$package"
    echo '```'
  done
} | tee "$out"
