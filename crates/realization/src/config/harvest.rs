//! Several glasses of one chain.

use super::error::ConfigError;
use super::glasses::Glasses;
use super::ranges::Ranges;
use super::raw::{RawConfig, RawHarvest};
use modes::SpectrumMethod;

/// How glasses are taken from a chain after the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Harvest {
    /// Glasses a chain.
    pub count: u64,
    /// Sweeps from one to the next.
    pub sweeps: u64,
}

/// Most glasses of one chain: it is computed in one go, and its records, of N = 4000 half a megabyte each, travel in one
/// message of at most 1 GiB.
const COUNT_MAX: u64 = 1000;

/// The records of all its glasses together, in bytes.
const RECORDS_BYTES_MAX: u64 = 1 << 30;

/// Most sweeps between two of them, as many as a chain may begin with.
const SWEEPS_MAX: u64 = 1_000_000_000_000;

pub(super) fn harvest(
    raw: &RawConfig,
    glasses: Glasses,
    (spectrum, coordinates): (SpectrumMethod, usize),
    ranges: &Ranges<'_>,
) -> Result<Option<Harvest>, ConfigError> {
    const KEY: &str = "thermalize.harvest";
    let Some(RawHarvest { count, sweeps }) = raw.thermalize.harvest else { return Ok(None) };
    let refuse = |accepted: &str| {
        Err(ranges.refuse(KEY, format!("{{ count = {count}, sweeps = {sweeps} }}"), format!("accepted: {accepted}")))
    };
    if glasses == Glasses::MadeElsewhere {
        return refuse("no such key, as glasses made elsewhere are of no chain of ours");
    }
    if !(2..=COUNT_MAX).contains(&count) {
        return refuse(&format!("a count of 2 to {COUNT_MAX} glasses a chain; no such key for one"));
    }
    if !(1..=SWEEPS_MAX).contains(&sweeps) {
        return refuse(&format!("1 to {SWEEPS_MAX} sweeps from one glass to the next"));
    }
    // How many vectors there will be nobody knows; a full spectrum has a frequency and a participation ratio of each mode.
    if spectrum != SpectrumMethod::Low {
        let bytes = 2 * size_of::<f64>() as u64 * coordinates as u64;
        if count.saturating_mul(bytes) > RECORDS_BYTES_MAX {
            return refuse(&format!(
                "a count of at most {}, as the record of a full spectrum has at least {bytes} bytes, and those of a chain \
                 together {RECORDS_BYTES_MAX} at most; or spectrum.method = \"low\"",
                RECORDS_BYTES_MAX / bytes
            ));
        }
    }
    let realizations = raw.campaign.realizations;
    let beyond = realizations % count;
    if beyond != 0 {
        let (below, above) = (realizations - beyond, realizations - beyond + count);
        let nearest = if below == 0 { above.to_string() } else { format!("{below}, {above}") };
        return Err(ranges.refuse(
            "campaign.realizations",
            realizations,
            format!("{KEY} takes {count} glasses from each chain; accepted: a multiple of that, such as {nearest}"),
        ));
    }
    Ok(Some(Harvest { count, sweeps }))
}
