# What the scripts here set before they start MPI; to be sourced.

# Fedora's MPI is found only after its module is loaded.
if [ -d /usr/lib64/openmpi/bin ]; then PATH=$PATH:/usr/lib64/openmpi/bin; fi
# Open MPI asks root to mean it.
if [ "$(id -u)" = 0 ]; then
  export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
fi
# The tests start more processes than a small machine has cores: Open MPI 4, and 5. Other MPIs do not ask.
export OMPI_MCA_rmaps_base_oversubscribe=1 PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe

# Where cargo puts what it builds.
target=$(cargo metadata --no-deps --format-version 1 | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')

# Packages of Debian or Ubuntu that only some tests need: install_for_tests COMMAND PACKAGE...
install_for_tests() {
  command -v "$1" >/dev/null && return 0
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "$1 is missing; as root on Debian or Ubuntu: apt-get install ${*:2}" >&2
    return 1
  fi
  local quietly=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
  "${quietly[@]}" update && "${quietly[@]}" install -y --no-install-recommends "${@:2}" >/dev/null
}
