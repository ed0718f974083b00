//! Arguments of `glassmodes modes`.

use super::values::periodic_box;
use super::{Overrides, Workers};
use clap::Args;
use formats::{Diameters, FrameRange};
use realization::particles::FoundBox;
use std::path::PathBuf;

/// `glassmodes modes`
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  glassmodes modes glass.xyz --out own.h5
  glassmodes modes frames.xyz --quench --out own.h5 --set potential.smoothness=4
  glassmodes modes minimized.data --diameters 1=1.0,2=1.4 --out own.h5
  glassmodes modes trajectory.gsd --frames 100::10 --quench --out own.h5
  glassmodes modes trajectory.h5 --config config/paper-fast.toml --out own.h5
  mpirun -n 64 glassmodes modes glasses/*.xyz --out own.h5

Realization 0, 1, ... of the archive is the first, second, ... frame of the files in the order given; which files
and frames these are stands before the configuration in it. What is no glass, or no minimum, is set aside with its
file, frame and reason in /failures, and the exit code is 3; 1 if nothing is left.

The work lies in ARCHIVE.unfinished until it is done; after ^C, a kill or the end of an allocation the same command
goes on, with the same glasses. Once it is done, the same command does nothing.

Without --config every mode below omega = 1 is described, and found by spectrum.method = \"low\", with
spectrum.omega_max = modes.omega_max unless set. --set spectrum.method=dense gives the whole spectrum: 128 N^2 bytes
a glass, and a time that grows as N^3, which is foreseen and said when it is long.

A file is a LAMMPS dump (text) or data file, GSD, NPZ (arrays positions, diameters and box), extended or plain XYZ, H5MD,
or an archive of this program, told apart by how it begins; all but HDF5 may be gzipped. Each needs a box
along the axes, periodic along x and y, and along z where z differs among the particles (which then are a glass of
three dimensions), and a diameter (or radius) for each, for example
  ITEM: ATOMS id type x y diameter
  Lattice=\"63.2 0 0 0 63.2 0 0 0 1\" Properties=species:S:1:pos:R:2:diameter:R:1
Where there are types only, --diameters says how large each is; plain XYZ needs --box, too.")]
pub struct ModesArguments {
    /// Glasses: LAMMPS dumps or data, GSD, NPZ, XYZ, H5MD, or archives; of many frames
    #[arg(required = true, value_name = "GLASS")]
    pub glasses: Vec<PathBuf>,
    /// The archive to write
    #[arg(long, value_name = "ARCHIVE")]
    pub out: PathBuf,
    /// H5MD: which group below /particles, where there are several
    #[arg(long, value_name = "NAME")]
    pub group: Option<String>,
    /// The diameter of each type of particles, instead of any that the file has
    #[arg(long, value_name = "TYPE=DIAMETER,...")]
    pub diameters: Option<Diameters>,
    /// Plain XYZ: the side of the periodic square or cube, or the sides of the box
    #[arg(long = "box", value_name = "L[,L[,L]]", allow_negative_numbers = true, value_parser = periodic_box)]
    pub periodic_box: Option<FoundBox>,
    /// Which frames of each file, counted from 0, as slices of Python: 100::10, or one: -1
    #[arg(long, value_name = "FIRST:END:STEP", allow_hyphen_values = true, default_value = "::")]
    pub frames: FrameRange,
    /// Take potential, quench, spectrum and modes from this campaign's configuration
    #[arg(long, value_name = "CONFIG")]
    pub config: Option<PathBuf>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "flattened")]
    pub overrides: Overrides,
    /// Quench each glass first; without it, what is not a minimum is refused
    #[arg(long)]
    pub quench: bool,
    #[command(flatten)]
    #[allow(missing_docs, reason = "flattened")]
    pub workers: Workers,
}
