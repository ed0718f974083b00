//! Archives of made-up glasses.

use analysis::{FrequencyCut, Selection};
use archive::record::Record;
use archive::synthetic::SyntheticCampaign;
use archive::{FailureRow, WriteStyle, write_archive};
use std::path::{Path, PathBuf};

/// An archive of these records and failures, of a campaign that planned so many.
pub(crate) fn write(folder: &Path, name: &str, planned: u64, records: &[Record], failures: &[FailureRow]) -> PathBuf {
    let path = folder.join(format!("{name}.h5"));
    let mut provenance = SyntheticCampaign::low(100).provenance(planned);
    provenance.config = format!(
        "[campaign]\nname = \"{name}\"\n[glass]\nparticles = 100\ndensity = 1.0\n[potential]\nsmoothness = 2\n\
         [thermalize]\ntemperature = 0.1\nsweeps = 20000\n[spectrum]\nmethod = \"low\"\nstaircase_shifts = 41\n\
         [modes]\nomega_max = 2.5\n"
    );
    write_archive(&path, &provenance, records, failures, WriteStyle::Segment).expect("written");
    path
}

/// Glasses that all count.
pub(crate) fn medium(count: u64) -> Vec<Record> {
    let campaign = SyntheticCampaign { described: 8, samples: 25, ..SyntheticCampaign::low(100) };
    let mut records = campaign.records(0..count);
    for record in &mut records {
        record.spectrum.rattlers = 0;
    }
    records
}

/// Modes of PR < 0.4 below ω = 2.
pub(crate) fn selection() -> Selection {
    Selection { participation_max: 0.4, omega_max: FrequencyCut::Omega(2.0), ..Selection::default() }
}
