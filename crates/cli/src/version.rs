//! What this program is: version, commit, and the libraries it runs with.

use campaign::Session;
use std::sync::LazyLock;

/// The version of the package.
pub const SHORT: &str = env!("CARGO_PKG_VERSION");

/// The commit it was built from; `unknown` outside a repository or package.
pub const COMMIT: &str = env!("GLASSMODES_COMMIT");

/// Version, commit, and the HDF5 and MPI libraries this process has loaded.
pub fn long() -> &'static str {
    static LONG: LazyLock<String> = LazyLock::new(|| {
        let mpi = Session::mpi_library().unwrap_or_else(|| "no MPI (threads of one machine only)".to_owned());
        format!("{SHORT}\ncommit {COMMIT}\nHDF5 {}\n{mpi}", archive::hdf5_version())
    });
    &LONG
}
