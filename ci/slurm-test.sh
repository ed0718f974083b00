#!/usr/bin/env bash
# The job scripts on a real SLURM, every archive compared with that of a run that nothing interrupted:
#
#   array.slurm    four slices of two ranks. Slice 1 is warned before its time limit of one minute, goes back
#                  into the queue and resumes; slice 2 does not hear the warning, meets the limit and is
#                  ended by SLURM (state TIMEOUT), and resumes when it is submitted again
#   merge.slurm    one archive from the four
#   single.slurm   one of its ranks is killed; the same job goes on to the end without it
#   chain.slurm    a link ended by SLURM's warning, and the next
#
# SLURM's shortest limit is a minute, looked at every half minute. So that a campaign of seconds meets it, the
# coordinators of slices 1 and 2 are frozen (SIGSTOP), as on a node that does not answer.
#
#   sudo bash ci/slurm-test.sh        about two minutes
#
# GLASSMODES names a built program; otherwise one is built.
set -euo pipefail
cd "$(dirname "$0")/.."
top=$PWD
# shellcheck source=ci/environment.sh
source ci/environment.sh

if [ "${INSIDE_SLURM_TEST:-}" != yes ]; then
  if [ -z "${GLASSMODES:-}" ]; then
    cargo build --quiet --locked
    GLASSMODES=$target/debug/glassmodes
  fi
  export GLASSMODES INSIDE_SLURM_TEST=yes
  exec bash ci/slurm-cluster.sh bash "$top/ci/slurm-test.sh"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export CONFIG=$work/config.toml
sed 's/^realizations *=.*/realizations = 200\nsegment_records = 5/' "$top/config/quick.toml" > "$CONFIG"
# Jobs share the node's cores here; each of Open MPI's would bind itself to the first.
export OMPI_MCA_hwloc_base_binding_policy=none

say() { printf '%4ss  %s\n' "$SECONDS" "$*"; }
# What a failure leaves is kept, for whoever looks for the cause.
fail() {
  echo "slurm-test: $*; all of it is in $work" >&2
  trap - EXIT
  cp "$(dirname "$SLURM_CONF")"/*.log "$work" || true
  { squeue; tail -n 15 glassmodes-*.log; } >&2
  exit 1
}

# within SECONDS COMMAND...: until the command succeeds.
within() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || fail "waited too long for: $*"
    sleep 0.1
  done
}

state() { scontrol show job "$1" 2>/dev/null | tr ' ' '\n' | sed -n "s/^$2=//p" | head -1; }
# Whether every task of a job has ended for good. (No answer is no end.)
ended() {
  local states
  states=$(scontrol show job "$1" 2>/dev/null | tr ' ' '\n' | sed -n 's/^JobState=//p')
  [ -n "$states" ] && ! grep -qvE '^(COMPLETED|FAILED|TIMEOUT|CANCELLED|NODE_FAIL|OUT_OF_MEMORY)$' <<< "$states"
}
# A requeued job would wait two minutes before it starts again. It need not; but in the second in which its first run
# was ended, slurmd refuses another ("Job credential revoked"), and SLURM takes that for the end of the job.
started_again() {
  if [ "$(state "$1" JobState)" = PENDING ]; then
    sleep 2
    scontrol update jobid="$1" StartTime=now 2>/dev/null || true
  fi
  [ "$(state "$1" Restarts)" = 1 ] && [[ "$(state "$1" JobState)" =~ ^(RUNNING|COMPLETED)$ ]]
}
has_segment() { compgen -G "$1/segments/segment-*.h5" >/dev/null; }
coordinator() { sed -n 's/.*"pid":\([0-9]*\).*/\1/p' "$1/lock"; }
# Whether SIGUSR1 (bit 9) waits for a frozen process.
warned() {
  [ -e "/proc/$1" ] || fail "process $1 is gone before it was warned"
  (( 0x$(sed -n 's/^ShdPnd:\s*//p' "/proc/$1/status") & 0x200 ))
}

# freeze FOLDER: stops its coordinator after its first segment; the process number is in $frozen.
freeze() {
  within 60 has_segment "$1"
  frozen=$(coordinator "$1")
  kill -STOP "$frozen"
  [ ! -e "$1/archive.h5" ] || fail "$1 was complete before it could be frozen"
}

say "array of four slices, two ranks each; slices 1 and 2 have a limit of one minute"
export CAMPAIGN=$work/campaign SLICES=4
array=$(sbatch --parsable --ntasks=2 --mem-per-cpu=100M --time=10 --signal=B:USR1@10 "$top/jobscripts/array.slurm")
scontrol update jobid="${array}_1" TimeLimit=1
scontrol update jobid="${array}_2" TimeLimit=1
freeze "$CAMPAIGN/slice-1"; first=$frozen
freeze "$CAMPAIGN/slice-2"; second=$frozen
say "slices 1 and 2 are frozen (processes $first and $second)"

say "single.slurm with three ranks, of which one is killed; chain.slurm with two, its first link warned"
single=$(CAMPAIGN=$work/single sbatch --parsable --ntasks=3 --mem-per-cpu=100M "$top/jobscripts/single.slurm")
chain=$(CAMPAIGN=$work/chain sbatch --parsable --ntasks=2 --mem-per-cpu=100M "$top/jobscripts/chain.slurm")
within 60 has_segment "$work/single"
kill -KILL "$(sed -n 's/.*"entry":"joined","worker":2,.*"pid":\([0-9]*\).*/\1/p' "$work/single/ledger.jsonl")"
[ ! -e "$work/single/archive.h5" ] || fail "the single job was complete before a rank could be killed"
within 60 has_segment "$work/chain"
scancel --batch --signal=USR1 "$chain"
within 60 started_again "$chain"
say "the chain's second link runs"

say "the same campaign, uninterrupted, meanwhile"
"$GLASSMODES" run "$CONFIG" --out "$work/reference" > reference.log 2>&1 &
reference=$!

within 90 warned "$first"
say "SLURM's warning has come to slice 1: thawed"
kill -CONT "$first"
within 60 started_again "${array}_1"
# The short limit has done its work: a second warning, or the limit itself, would only begin the same again.
scontrol update jobid="${array}_1" TimeLimit=10
say "slice 1 went back into the queue and runs again"
within 120 ended "${array}_2"
[ "$(state "${array}_2" JobState)" = TIMEOUT ] || fail "slice 2 ended as $(state "${array}_2" JobState), not at its limit"
[ ! -e "$CAMPAIGN/slice-2/archive.h5" ] || fail "slice 2 is complete after its limit"
say "slice 2 was ended by its limit: $(cat "$CAMPAIGN/slice-2/outcome" 2>/dev/null || echo 'without a word'); submitted again"
again=$(sbatch --parsable --array=2 --ntasks=2 --mem-per-cpu=100M --time=10 "$top/jobscripts/array.slurm")
for job in "$array" "$again" "$single" "$chain"; do within 180 ended "$job"; done
wait "$reference" || { cat reference.log >&2; fail "the uninterrupted run failed"; }

grep -q '"entry":"lost","worker":2' "$work/single/ledger.jsonl" || fail "the single job has not noticed its lost rank"
[ "$(grep -c '"entry":"run_started"' "$work/single/ledger.jsonl")" = 1 ] || fail "the single job began more than once"
say "the single job went on without its lost rank"

say "merge.slurm"
sbatch --wait --mem=1G "$top/jobscripts/merge.slurm" >/dev/null || fail "merge.slurm failed"
for archive in "$CAMPAIGN" "$work/single" "$work/chain"; do
  "$GLASSMODES" verify "$archive/archive.h5" --same-as "$work/reference/archive.h5" > verify.log || { cat verify.log; fail "$archive differs"; }
done
[ -e "$CAMPAIGN/report/index.html" ] || fail "merge.slurm made no report"
say "all as without interruption: the merged slices, the single job, the chain"
