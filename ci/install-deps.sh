#!/usr/bin/env bash
# Installs what the build and the tests need beside Rust: an MPI, HDF5, libclang (for the MPI bindings),
# and Python with h5py (independent reader in the tests). Does nothing where all is there.
#
#   bash ci/install-deps.sh
set -euo pipefail

have() { command -v "$1" >/dev/null 2>&1; }

have_libclang() {
  [ -n "${LIBCLANG_PATH:-}" ] && return 0
  ldconfig -p 2>/dev/null | grep -q 'libclang[-.]' && return 0
  compgen -G '/usr/lib/llvm*/lib/libclang*.so*' >/dev/null && return 0
  compgen -G '/usr/lib*/libclang.so*' >/dev/null && return 0
  have brew && [ -e "$(brew --prefix llvm 2>/dev/null)/lib/libclang.dylib" ]
}

have_hdf5() {
  [ -n "${HDF5_DIR:-}" ] && return 0
  have pkg-config && pkg-config --exists hdf5 2>/dev/null && return 0
  have pkg-config && pkg-config --exists hdf5-serial 2>/dev/null && return 0
  have h5cc || { have brew && [ -d "$(brew --prefix hdf5 2>/dev/null)" ]; }
}

# The system's Python: h5py of a private one (pyenv, conda) counts as well.
have_h5py() { /usr/bin/python3 -c 'import h5py, numpy' 2>/dev/null || python3 -c 'import h5py, numpy' 2>/dev/null; }

# The tests make a Python of their own (ci/install-python.sh).
have_venv() { /usr/bin/python3 -c 'import ensurepip' 2>/dev/null || python3 -c 'import ensurepip' 2>/dev/null; }

missing=()
have mpicc && have mpirun || missing+=(mpi)
have_hdf5 && have h5dump || missing+=(hdf5)
have_libclang || missing+=(libclang)
have_h5py || missing+=(h5py)
have_venv || missing+=(venv)
have cc || have gcc || missing+=(compiler)

if ! have cargo; then
  echo "Rust is missing: https://rustup.rs (1.90 or newer), then run this again." >&2
  exit 1
fi
if [ "${#missing[@]}" = 0 ]; then
  echo "dependencies: all there"
  exit 0
fi
echo "dependencies missing: ${missing[*]}"

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif have sudo; then sudo "$@"
  else
    echo "This needs root: become root and run: $*" >&2
    exit 1
  fi
}

if have apt-get; then
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    build-essential pkg-config libopenmpi-dev openmpi-bin libclang-dev libhdf5-dev hdf5-tools \
    python3-h5py python3-numpy python3-venv >/dev/null
elif have dnf; then
  as_root dnf install -y -q gcc gcc-c++ make pkgconf-pkg-config openmpi-devel clang-devel hdf5-devel hdf5 \
    python3-h5py python3-numpy
  echo "Fedora keeps MPI in a module: module load mpi/openmpi-\$(uname -m)   (or add /usr/lib64/openmpi/bin to PATH)"
elif have brew; then
  brew install --quiet open-mpi hdf5 llvm pkg-config python numpy
  python3 -m pip install --quiet --user h5py || echo "h5py could not be installed: some tests will fail"
  echo "Tell the build where libclang is: export LIBCLANG_PATH=\"$(brew --prefix llvm)/lib\""
else
  cat >&2 <<'TEXT'
No package manager that this script knows. On a cluster, load as modules (names vary), then run it again:

  MPI        Open MPI 4 or newer, MPICH or Intel MPI:  module load openmpi     gives mpicc and mpirun
  HDF5       1.10 or newer, serial, with headers:      module load hdf5        gives h5cc; or set HDF5_DIR
             (or build with --features static-hdf5, which needs only CMake 3.26)
  libclang   any LLVM from 9 on:                       module load llvm        set LIBCLANG_PATH to its lib folder
  h5py       for the tests only:                       python3 -m pip install --user h5py numpy

Without MPI: cargo build --release --no-default-features  (threads of one machine only)
TEXT
  exit 1
fi
echo "dependencies: installed"
