//! How a campaign is best laid out over processes, slices and jobs.

use campaign::FEW_RANKS;

/// How a campaign is best laid out.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Processes, all slices together.
    pub ranks: u32,
    /// Slices, each with its own coordinator.
    pub slices: u32,
    /// Hours until all is done.
    pub hours: f64,
    /// Time limit to ask for, in half hours; at most a day.
    pub limit_hours: f64,
    /// Jobs one after the other that this takes.
    pub links: u32,
}

/// One coordinator serves so many processes with ease.
const RANKS_OF_A_COORDINATOR: u32 = 1024;

/// What most clusters grant without asking.
const LIMIT_HOURS: f64 = 24.0;

/// Hours that a campaign should take unless said otherwise.
const COMFORTABLE_HOURS: f64 = 12.0;

impl Layout {
    /// The layout of `realizations`, or chains of several, of `seconds` each on `ranks` processes, or on as many as finish
    /// over night.
    pub fn of(realizations: u64, seconds: f64, ranks: Option<u32>) -> Layout {
        let work = realizations as f64 * seconds / 3600.0;
        let ranks = ranks.unwrap_or_else(|| {
            let needed = (work / COMFORTABLE_HOURS).ceil().clamp(1.0, 65_536.0) as u32;
            needed.next_power_of_two().min(realizations.min(65_536) as u32).max(1)
        });
        let slices = ranks.div_ceil(RANKS_OF_A_COORDINATOR);
        // Among more than a few, the coordinator of each slice does nothing else.
        let computing = if ranks / slices > FEW_RANKS { ranks - slices } else { ranks };
        // The last realizations run on while other processes have nothing left.
        let rounds = (realizations as f64 / f64::from(computing)).ceil();
        let hours = rounds * seconds / 3600.0;
        let wanted = (2.0 * 1.25 * hours).ceil() / 2.0;
        Layout {
            ranks,
            slices,
            hours,
            limit_hours: wanted.clamp(0.5, LIMIT_HOURS),
            links: (wanted / LIMIT_HOURS).ceil().max(1.0) as u32,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layout_fits_its_work() {
        // The paper's campaign in 60 core-hours.
        let night = Layout::of(60_000, 3.6, None);
        assert_eq!((night.ranks, night.slices, night.links), (8, 1, 1));
        assert!((night.hours - 7.5).abs() < 0.01 && night.limit_hours == 9.5);
        // Among many, one does not compute.
        let day = Layout::of(60_000, 3.6, Some(64));
        assert!((day.hours - 60.0 / 63.0).abs() < 0.01);
        let many = Layout::of(60_000, 200.0, Some(4096));
        assert_eq!((many.slices, many.links), (4, 1));
        assert!((many.hours - 15.0 * 200.0 / 3600.0).abs() < 1e-12);
        let chain = Layout::of(60_000, 200.0, Some(32));
        assert_eq!((chain.limit_hours, chain.links), (24.0, 6));
        let one = Layout::of(1, 3.0, None);
        assert_eq!((one.ranks, one.limit_hours), (1, 0.5));
    }
}
