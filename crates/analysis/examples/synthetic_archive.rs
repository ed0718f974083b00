//! An archive of made-up records of the real shape, as large as a campaign's: what reports are timed on.
//!
//! ```text
//! cargo run --release -p glassmodes-analysis --example synthetic_archive -- 60000 4000 low big.h5
//! /usr/bin/time -v glassmodes report big.h5 --out report
//! ```
//!
//! `low` has the lowest eigenvalues and a staircase, as `config/paper-fast.toml`; `dense` all 2N, as
//! `config/paper.toml`. A record keeps one mode vector and the glass: at N = 4000 about 160 kB, and 128 kB
//! more with a full spectrum. Segments stand in `OUT.segments` until they are merged.

use archive::synthetic::SyntheticCampaign;
use archive::{MergeOptions, SegmentStore, merge};
use std::error::Error;
use std::path::{Path, PathBuf};

/// Records of one segment.
const SEGMENT: u64 = 250;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [realizations, particles, method, out] = &arguments[..] else {
        return Err("usage: synthetic_archive REALIZATIONS PARTICLES low|dense OUT".into());
    };
    let (realizations, particles) = (realizations.parse()?, particles.parse()?);
    let campaign = match method.as_str() {
        "low" => SyntheticCampaign::low(particles),
        "dense" => SyntheticCampaign::dense(particles),
        other => return Err(format!("{other}: accepted: low, dense").into()),
    };
    write(campaign, realizations, Path::new(out))
}

fn write(campaign: SyntheticCampaign, realizations: u64, out: &Path) -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(format!("{}.segments", out.display()));
    let mut store = SegmentStore::open(&folder, &campaign.provenance(realizations))?;
    for first in (0..realizations).step_by(SEGMENT as usize) {
        store.write_segment(&campaign.records(first..realizations.min(first + SEGMENT)))?;
    }
    merge(std::slice::from_ref(&folder), out, &MergeOptions::default())?;
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}
