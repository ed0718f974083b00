#!/usr/bin/env bash
# The ensemble of config/paper-ensemble.toml, slice after slice, by the program of one release, beside other work.
#
#   bash ci/campaign.sh                    until the last slice is there, or a signal comes
#   bash ci/campaign.sh --slices 2         the next two slices
#   bash ci/campaign.sh --commit           commits each finished part, and nothing else
#
# A slice that is finished becomes a thin part, docs/results/paper/part-KKK.h5; slices whose part is there are not
# made again. SIGTERM or SIGINT: the realizations that are being computed are written, and the same command goes on
# there. What is unfinished, and the program, lie in CAMPAIGN_FOLDER (default: campaign/paper-ensemble here).
# CAMPAIGN_PROGRAM names a program to take instead of building the release; CAMPAIGN_THREADS its threads;
# CAMPAIGN_PARTS another folder for the parts. Another campaign: CAMPAIGN_CONFIG and CAMPAIGN_SLICES, CAMPAIGN_CUTS what its
# parts leave out, CAMPAIGN_COMMIT the program; docs/results.md says with which of them its parts were made.
#
# Exit codes: 0 nothing is left to do, or as many slices as asked for are made; 75 stopped; 1 failed; 2 usage.
set -euo pipefail
cd "$(dirname "$0")/.."

# The release, and its commit, because not every clone has the tags.
release=v0.3.2
release_commit=${CAMPAIGN_COMMIT:-cb0636e2471373248c40f689fa1e255ef2c2372b}
release=${CAMPAIGN_COMMIT:-$release}
config=${CAMPAIGN_CONFIG:-config/paper-ensemble.toml}
slices=${CAMPAIGN_SLICES:-100} # of 600 realizations
folder=${CAMPAIGN_FOLDER:-campaign/paper-ensemble}
parts=${CAMPAIGN_PARTS:-docs/results/paper}
read -ra cuts <<<"${CAMPAIGN_CUTS---modes-below 0.3 --participation-below 0.3}"
bytes_max=$((25 * 1000 * 1000)) # of all parts together

usage() {
  echo "$1; usage: bash ci/campaign.sh [--slices COUNT] [--commit]" >&2
  exit 2
}
commit=no
wanted=$slices
while [ $# -gt 0 ]; do
  case $1 in
    --commit) commit=yes ;;
    --slices)
      [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || usage "--slices needs a count"
      wanted=$2
      shift
      ;;
    *) usage "unknown argument $1" ;;
  esac
  shift
done

mkdir -p "$folder" "$parts"
exec 9>"$folder/lock"
flock --nonblock 9 || { echo "another ci/campaign.sh works in $folder" >&2; exit 1; }
renice -n 19 -p $$ >/dev/null

# A signal to this script is one to what it started, which then ends by itself.
stopped=no
child=
stop() {
  stopped=yes
  if [ -n "$child" ]; then kill -TERM "$child" 2>/dev/null || true; fi
}
trap stop TERM INT

# supervised COMMAND...: runs it where the terminal's ^C does not reach; its exit code.
supervised() {
  local code=0
  # Where the kernel shares processors between sessions first, nice values count within one session only.
  setsid bash -c '{ echo 19 >/proc/self/autogroup; } 2>/dev/null; exec "$@"' - "$@" 9>&- &
  child=$!
  # A signal ends `wait`, not the command.
  while true; do
    code=0
    wait "$child" || code=$?
    kill -0 "$child" 2>/dev/null || break
  done
  child=
  return "$code"
}

# The program of the release, from a clone of its own.
program=${CAMPAIGN_PROGRAM:-$folder/$release/target/release/glassmodes}
if [ -z "${CAMPAIGN_PROGRAM:-}" ] && [ ! -x "$program" ]; then
  git cat-file -e "$release_commit^{commit}" 2>/dev/null || {
    echo "$release, commit $release_commit, is not in this clone: git fetch --unshallow" >&2
    exit 1
  }
  source=$folder/$release/source
  rm -rf "$source.unfinished"
  if [ ! -d "$source" ]; then
    mkdir -p "$folder/$release"
    git clone --quiet --no-checkout "file://$PWD" "$source.unfinished"
    git -C "$source.unfinished" checkout --quiet --detach "$release_commit"
    mv "$source.unfinished" "$source"
  fi
  built=0
  supervised env CARGO_TARGET_DIR="$PWD/$folder/$release/target" \
    cargo build --release --locked --package glassmodes --manifest-path "$source/Cargo.toml" || built=$?
  [ "$stopped" = no ] || exit 75
  [ "$built" = 0 ] || { echo "$release does not build" >&2; exit 1; }
fi

made=0
for slice in $(seq 1 "$slices"); do
  [ "$made" -lt "$wanted" ] || break
  name=$(printf 'part-%03d' "$slice")
  part=$parts/$name.h5
  [ ! -e "$part" ] || continue
  work=$folder/slice-$slice
  code=0
  supervised "$program" run "$config" --out "$work" --slice "$slice/$slices" \
    ${CAMPAIGN_THREADS:+--threads "$CAMPAIGN_THREADS"} || code=$?
  # 3: complete, with quarantined realizations, which the part names.
  case $code in
    0 | 3) ;;
    75) exit 75 ;;
    *)
      [ "$stopped" = no ] || exit 75
      echo "slice $slice failed with exit code $code; $work has its ledger" >&2
      exit 1
      ;;
  esac
  # The part appears under its name when it is whole and verified. It comes from the archive that the run has written and
  # verified, which names quarantined realizations; nothing may be left out now.
  new=$folder/$name.h5
  code=0
  supervised "$program" merge "$work/archive.h5" --out "$new" --thin "${cuts[@]}" || code=$?
  [ "$stopped" = no ] || exit 75
  [ "$code" = 0 ] || { echo "slice $slice could not be made thin; $work has all of it" >&2; exit 1; }
  "$program" verify "$new" --recompute 0
  cp "$new" "$parts/.$name.unfinished"
  sync "$parts/.$name.unfinished"
  mv "$parts/.$name.unfinished" "$part"
  rm -rf "$new" "$work"
  made=$((made + 1))
  bytes=$(cat "$parts"/part-*.h5 | wc -c)
  echo "slice $slice of $slices: $part; all parts $bytes bytes"
  [ "$bytes" -le "$bytes_max" ] || echo "more than $bytes_max bytes in $parts" >&2
  if [ "$commit" = yes ]; then
    git add -f -- "$part"
    git commit --quiet --message "Add slice $slice of $(basename "$config" .toml)" -- "$part"
  fi
  [ "$stopped" = no ] || exit 75
done
