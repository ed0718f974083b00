//! From an archive to its page: `cargo bench -p glassmodes-analysis`.

use analysis::{Selection, report};
use archive::synthetic::SyntheticCampaign;
use archive::{WriteStyle, write_archive};
use divan::Bencher;

fn main() {
    divan::main();
}

/// A report on an archive of so many realizations of 1000 particles, soft modes only.
#[divan::bench(args = [200, 2000], sample_count = 3, sample_size = 1)]
fn report_low(bencher: Bencher, realizations: u64) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("archive.h5");
    let campaign = SyntheticCampaign { described: 8, samples: 25, ..SyntheticCampaign::low(1000) };
    let records = campaign.records(0..realizations);
    let mut provenance = campaign.provenance(realizations);
    provenance.config = "[campaign]\nname = \"bench\"\n[glass]\nparticles = 1000\ndensity = 1.0\n\
         [potential]\nsmoothness = 2\n[thermalize]\ntemperature = 0.1\nsweeps = 20000\n\
         [spectrum]\nmethod = \"low\"\n[modes]\nomega_max = 2.5\n"
        .to_owned();
    write_archive(&path, &provenance, &records, &[], WriteStyle::Segment).expect("written");
    let out = folder.path().join("report");
    bencher.bench_local(|| report(std::slice::from_ref(&path), &Selection::default(), &out).expect("a report"));
}
