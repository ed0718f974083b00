#!/usr/bin/env bash
# Brings up a real single-node SLURM (munged, slurmctld, slurmd from the distribution's packages) in a
# folder of its own, runs the command given inside it, and takes it down again.
#
#   sudo bash ci/slurm-cluster.sh COMMAND [ARG ...]
#
# The command finds sbatch, squeue, srun ready to use (SLURM_CONF is set). Needs root, as the daemons do.
# The node claims 16 CPUs, so that several jobs run side by side on a small machine.
set -euo pipefail

[ "$#" -gt 0 ] || { echo "usage: ci/slurm-cluster.sh COMMAND [ARG ...]" >&2; exit 2; }
[ "$(id -u)" = 0 ] || { echo "ci/slurm-cluster.sh starts daemons and needs root: sudo bash ci/slurm-cluster.sh ..." >&2; exit 2; }
# shellcheck source=ci/environment.sh
source "$(dirname "$0")/environment.sh"
install_for_tests slurmctld slurm-wlm munge

node=$(hostname -s)
state=$(mktemp -d /tmp/slurm-cluster.XXXXXX)
# munge refuses directories that others may write, and sockets it cannot reach.
chmod 755 "$state"
getent hosts "$node" >/dev/null || echo "127.0.0.1 $node" >> /etc/hosts

pids=()
stop() {
  # What a daemon started would outlive it.
  squeue -h -o %A 2>/dev/null | xargs -r scancel --full 2>/dev/null || true
  for _ in $(seq 50); do [ -z "$(squeue -h -o %A 2>/dev/null)" ] && break; sleep 0.2; done
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  sleep 0.5
  for pid in "${pids[@]}"; do kill -9 "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; done
  rm -rf "$state"
}
trap stop EXIT

# munge: a key of 1 kB that its own user owns. /tmp itself is world-writable, hence --force.
install -d -o munge -g munge -m 700 "$state/munge"
install -d -o munge -g munge -m 755 "$state/munge-socket"
dd if=/dev/urandom of="$state/munge/key" bs=1024 count=1 status=none
chown munge:munge "$state/munge/key"
chmod 400 "$state/munge/key"
setpriv --reuid munge --regid munge --clear-groups \
  munged --foreground --force --key-file="$state/munge/key" --socket="$state/munge-socket/socket" \
  --pid-file="$state/munge/pid" --log-file="$state/munge/log" --seed-file="$state/munge/seed" \
  > "$state/munged.out" 2>&1 &
pids+=($!)

memory=$(awk '/MemTotal/ {print int($2 / 1024) - 200}' /proc/meminfo)
mkdir -p "$state/ctld" "$state/slurmd"
# Ports beside the usual ones: a SLURM that is there already is left alone.
cat > "$state/slurm.conf" <<CONF
ClusterName=glassmodes
SlurmctldHost=$node(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$state/munge-socket/socket
CryptoType=crypto/munge
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SlurmdParameters=config_overrides
JobRequeue=1
ReturnToService=2
KillWait=5
MinJobAge=600
SchedulerParameters=sched_interval=2
StateSaveLocation=$state/ctld
SlurmdSpoolDir=$state/slurmd
SlurmctldPidFile=$state/slurmctld.pid
SlurmdPidFile=$state/slurmd.pid
SlurmctldLogFile=$state/slurmctld.log
SlurmdLogFile=$state/slurmd.log
NodeName=$node NodeAddr=127.0.0.1 CPUs=16 RealMemory=$memory State=UNKNOWN
PartitionName=main Nodes=$node Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO
CONF
export SLURM_CONF=$state/slurm.conf

for _ in $(seq 50); do [ -S "$state/munge-socket/socket" ] && break; sleep 0.1; done
slurmctld -D -c > "$state/slurmctld.out" 2>&1 & pids+=($!)
slurmd -D -c > "$state/slurmd.out" 2>&1 & pids+=($!)
for _ in $(seq 100); do
  sinfo -h -o %t 2>/dev/null | grep -q idle && break
  sleep 0.2
done
if ! sinfo -h -o %t 2>/dev/null | grep -q idle; then
  echo "the SLURM node did not become idle:" >&2
  tail -n 5 "$state"/*.log "$state"/*.out >&2 || true
  exit 1
fi
"$@"
