#!/usr/bin/env bash
# The job scripts on a real SLURM: an array of four slices of which one meets its time limit and goes
# back into the queue, merged and compared with the same campaign run without interruption.
#
#   bash ci/slurm-test.sh        about four minutes; needs root for the daemons
#
# GLASSMODES names a built program; otherwise one is built.
set -euo pipefail
cd "$(dirname "$0")/.."
top=$PWD

if [ "${INSIDE_SLURM_TEST:-}" != yes ]; then
  if [ -z "${GLASSMODES:-}" ]; then
    cargo build --quiet --package glassmodes
    GLASSMODES=$(cargo metadata --no-deps --format-version 1 | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')/debug/glassmodes
  fi
  export GLASSMODES INSIDE_SLURM_TEST=yes
  exec bash ci/slurm-cluster.sh bash "$top/ci/slurm-test.sh" 2> >(grep -vE '^(slurmctld|slurmd|munged|srun):|^$|Session terminated|: line [0-9]+: *[0-9]+ Killed' >&2)
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# As root in a container; more ranks than slots never happens here.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export CAMPAIGN=$work/campaign CONFIG=$work/config.toml SLICES=4
cp "$top/config/quick.toml" "$CONFIG"
sed -i 's/^realizations *=.*/realizations = 400/' "$CONFIG"

echo "== uninterrupted, for comparison"
"$GLASSMODES" run "$CONFIG" --out "$work/reference" > reference.log 2>&1

echo "== array of four slices, one core each; slice 2 has a limit of one minute, the others of ten"
# Longer slices than the time limit: the second is slowed by nothing but its limit, so make it meet the
# limit by warning it early (USR1 comes up to 60 s before the time asked for).
job=$(sbatch --parsable --export=ALL --ntasks=1 --mem-per-cpu=1G --time=10 --signal=B:USR1@5 "$top/jobscripts/array.slurm")
for _ in $(seq 100); do
  squeue -h -j "${job}_2" -t R -o %i 2>/dev/null | grep -q . && break
  sleep 0.1
done
sleep 2
# What SLURM does at the end of the time, at a moment of our choosing: its own signal to the batch shell.
scancel --batch --signal=USR1 "${job}_2"
sleep 1

requeued=no
for _ in $(seq 1200); do
  state=$(scontrol show job "${job}_2" | tr ' ' '\n' | grep -E '^(JobState|Restarts)=' | tr '\n' ' ')
  case "$state" in *Restarts=1*) requeued=yes ;; esac
  # A requeued job would wait two minutes before it starts again.
  if [ "$requeued" = yes ] && [[ "$state" == *PENDING* ]]; then scontrol update jobid="${job}_2" StartTime=now 2>/dev/null || true; fi
  [ -z "$(squeue -h -j "$job" -o %i 2>/dev/null)" ] && break
  sleep 0.5
done
[ -z "$(squeue -h -j "$job" -o %i)" ] || { echo "the array did not finish" >&2; squeue; tail -5 glassmodes-*.log; exit 1; }
[ "$requeued" = yes ] || { echo "slice 2 was not requeued" >&2; tail -20 glassmodes-*_2.log; exit 1; }

echo "== merge"
sbatch --wait --export=ALL --mem=1G "$top/jobscripts/merge.slurm" || { cat glassmodes-merge-*.log; exit 1; }
tail -3 glassmodes-merge-*.log
"$GLASSMODES" verify "$CAMPAIGN/archive.h5" --same-as "$work/reference/archive.h5"
echo "slice 2 was requeued and resumed; the merged archive is the uninterrupted one"
