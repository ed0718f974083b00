//! How workers are dismissed.

use crate::ids::WorkerId;
use crate::message::{ToCoordinator, ToWorker};
use crate::transport::{Arrival, Backoff, Exchange};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// Workers have so long to say farewell, or less when there is no time.
pub(super) const FAREWELLS: Duration = Duration::from_secs(5);
pub(super) const FAREWELLS_IN_HASTE: Duration = Duration::from_millis(200);

/// Says goodbye to everybody when no campaign could begin; whether all answered in time.
#[cfg(feature = "mpi")]
pub(crate) fn dismiss_all(exchange: &mut dyn Exchange) -> bool {
    dismiss(exchange, FAREWELLS, &BTreeSet::new())
}

/// Says goodbye to everybody who is not known to be gone; whether all answered in time.
pub(super) fn dismiss(exchange: &mut dyn Exchange, patience: Duration, gone: &BTreeSet<WorkerId>) -> bool {
    let orderly = gone.is_empty();
    let mut awaited: BTreeSet<WorkerId> = exchange.everybody().into_iter().collect();
    for &worker in &awaited {
        exchange.send(worker, ToWorker::Goodbye { orderly });
    }
    awaited.retain(|worker| !gone.contains(worker));
    let begun = Instant::now();
    let mut backoff = Backoff::new();
    while !awaited.is_empty() && begun.elapsed() < patience {
        match exchange.try_receive() {
            Some(Arrival { from, message: Ok(ToCoordinator::Farewell), .. }) => {
                awaited.remove(&from);
            }
            Some(_) => {}
            None => exchange.wait(backoff.next()),
        }
    }
    orderly && awaited.is_empty()
}
