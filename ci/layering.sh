#!/usr/bin/env bash
# Who may use whom, asserted: the crates' dependencies by cargo tree, what the pure crates may not touch by
# looking for it.
set -euo pipefail
cd "$(dirname "$0")/.."
failed=0

# Everything a package depends on, tests aside.
uses() { cargo tree --quiet --locked --package "$1" --edges normal,build --all-features --prefix none --format '{p}' | awk '{print $1}' | sort -u; }

# forbid PACKAGE NAME...: none of the names may be below the package.
forbid() {
  local package=$1 tree name
  shift
  tree=$(uses "$package")
  for name in "$@"; do
    if grep -qx -- "$name" <<<"$tree"; then
      echo "layering: $package must not depend on $name" >&2
      failed=1
    fi
  done
}

world="mpi mpi-sys hdf5-metno hdf5-metno-sys rustix tempfile signal-hook hostname jiff toml clap indicatif resvg svg2pdf tracing"
forbid glassmodes-glass $world glassmodes-durable glassmodes-modes glassmodes-archive glassmodes-campaign glassmodes-analysis glassmodes
forbid glassmodes-modes $world glassmodes-durable glassmodes-archive glassmodes-campaign glassmodes-analysis glassmodes
forbid glassmodes-realization mpi mpi-sys hdf5-metno hdf5-metno-sys tempfile signal-hook hostname jiff clap indicatif resvg svg2pdf tracing \
  glassmodes-durable glassmodes-archive glassmodes-campaign glassmodes-analysis glassmodes
forbid glassmodes-durable mpi mpi-sys hdf5-metno hdf5-metno-sys faer serde clap indicatif resvg svg2pdf tracing glassmodes-glass \
  glassmodes-modes glassmodes-realization glassmodes-archive glassmodes-campaign glassmodes-analysis glassmodes
forbid glassmodes-archive mpi mpi-sys clap indicatif resvg svg2pdf glassmodes-campaign glassmodes-analysis glassmodes
forbid glassmodes-formats mpi mpi-sys clap indicatif resvg svg2pdf glassmodes-campaign glassmodes-analysis glassmodes
forbid glassmodes-campaign hdf5-metno hdf5-metno-sys faer clap indicatif resvg svg2pdf \
  glassmodes-glass glassmodes-modes glassmodes-archive glassmodes-analysis glassmodes
forbid glassmodes-python mpi mpi-sys hdf5-metno hdf5-metno-sys tempfile signal-hook hostname jiff clap indicatif resvg svg2pdf tracing \
  glassmodes-archive glassmodes-campaign glassmodes-analysis glassmodes
forbid glassmodes-analysis mpi mpi-sys clap indicatif glassmodes-campaign glassmodes

# direct NAME CRATE: of the crates, only CRATE may name NAME as its own dependency.
direct() {
  local manifest
  for manifest in crates/*/Cargo.toml; do
    [ "$manifest" = "crates/$2/Cargo.toml" ] && continue
    if sed -n '/^\[dependencies\]/,/^\[/p' "$manifest" | grep -qE "^$1[. =]"; then
      echo "layering: $manifest names $1, which only crates/$2 may" >&2
      failed=1
    fi
  done
}
direct hdf5 archive
direct mpi campaign
direct clap cli
direct resvg analysis
direct svg2pdf analysis
direct pyo3 python
direct numpy python

# asked [ARGUMENT...]: each dependency with the features that are asked of it.
asked() { cargo tree --quiet --locked --prefix none --format '{p} {f}' "$@" | sed 's/ (\*)$//; s/ (proc-macro)//' | sort -u; }
# With other features than in the tests a dependency, and all above it, would be compiled again (ci/features).
all=$(asked --edges normal,build,dev)
for selection in "--package glassmodes-python" "--package glassmodes-modes --edges normal,build,dev" "--edges normal,build"; do
  # shellcheck disable=SC2086
  others=$(comm -13 <(echo "$all") <(asked $selection) | awk 'NR == FNR { known[$1 $2] = 1; next } $1 != "glassmodes-features" && ($1 $2) in known' <(echo "$all") -)
  if [ -n "$others" ]; then
    printf 'layering: cargo %s asks for other features than cargo test; add them to ci/features:\n%s\n' "$selection" "$others" >&2
    failed=1
  fi
done

# glass and modes know no clock, no files, no environment, no printing (their tests and benches may).
# Unit tests stand at the end of each file, behind #[cfg(test)].
for file in $(find crates/glass/src crates/modes/src -name '*.rs' ! -name tests.rs ! -path '*/tests/*'); do
  found=$(sed '/^#\[cfg(test)\]/,$d' "$file" \
    | grep -nE 'std::(time|fs|env|net|process|io)\b|\b(e?println|e?print|dbg)!|Instant::now|SystemTime' || true)
  if [ -n "$found" ]; then
    echo "layering: $file must be pure, but has:" >&2
    echo "$found" >&2
    failed=1
  fi
done

[ "$failed" = 0 ] && echo "layering: as ARCHITECTURE.md says"
exit "$failed"
