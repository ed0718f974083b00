//! Before anything is touched: who is there, and whether all were given the same campaign.

use crate::agreement::Agreement;
use crate::ids::WorkerId;
use crate::message::{ToCoordinator, ToWorker};
use crate::outcome::CampaignError;
use crate::settings::{Rules, Settings};
use crate::task::STACK_BYTES;
use crate::transport::{Arrival, Backoff, Exchange};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::{Duration, Instant};

/// Processes that start together report within moments; who comes later is looked at when they come.
const ROLL_CALL: Duration = Duration::from_secs(10);
/// Differences named in a message.
const DIFFERENCES_NAMED: usize = 5;

/// What was said before the state machine was there to hear it.
pub(super) type Early = VecDeque<Arrival>;

/// Waits until everybody has reported.
///
/// # Errors
/// [`CampaignError::RanksDiffer`] if not all were given the same campaign.
pub(super) fn roll_call(
    exchange: &mut dyn Exchange,
    settings: &Settings,
    early: &mut Early,
) -> Result<(), CampaignError> {
    let mut awaited: BTreeSet<WorkerId> = exchange.everybody().into_iter().collect();
    let begun = Instant::now();
    let mut backoff = Backoff::new();
    while !awaited.is_empty() && begun.elapsed() < ROLL_CALL {
        match exchange.try_receive() {
            Some(arrival) => {
                backoff.reset();
                if let Ok(ToCoordinator::Hello(_) | ToCoordinator::Farewell) = arrival.message {
                    awaited.remove(&arrival.from);
                }
                answer(exchange, &arrival, &settings.rules);
                early.push_back(arrival);
            }
            None => exchange.wait(backoff.next()),
        }
    }
    agreed(&settings.agreement, early.iter())
}

/// Does what takes long on another thread, which has room for a task, while whoever speaks is answered, so that nobody
/// takes us for dead.
pub(super) fn meanwhile<T: Send>(
    exchange: &mut dyn Exchange,
    rules: &Rules,
    early: &mut Early,
    work: impl FnOnce() -> Result<T, CampaignError> + Send,
) -> Result<T, CampaignError> {
    std::thread::scope(|scope| {
        let working = std::thread::Builder::new()
            .name("opening".to_owned())
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, work)
            .map_err(|source| CampaignError::System { action: "start the thread that opens the store", source })?;
        let mut backoff = Backoff::new();
        while !working.is_finished() {
            match exchange.try_receive() {
                Some(arrival) => {
                    answer(exchange, &arrival, rules);
                    early.push_back(arrival);
                }
                None => exchange.wait(backoff.next()),
            }
        }
        working.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// Whether everybody who greets was given what we were.
pub(super) fn agreed<'a>(
    ours: &Agreement,
    arrivals: impl IntoIterator<Item = &'a Arrival>,
) -> Result<(), CampaignError> {
    // Many ranks usually differ in the same way.
    let mut differing: BTreeMap<String, BTreeSet<WorkerId>> = BTreeMap::new();
    for arrival in arrivals {
        if let Ok(ToCoordinator::Hello(hello)) = &arrival.message {
            for (name, here, there) in ours.differences(&hello.agreement) {
                differing.entry(format!("{name} is {here} on rank 0, {there}")).or_default().insert(arrival.from);
            }
        }
    }
    if differing.is_empty() {
        return Ok(());
    }
    let more = differing.len().saturating_sub(DIFFERENCES_NAMED);
    let mut named: Vec<String> = differing
        .into_iter()
        .take(DIFFERENCES_NAMED)
        .map(|(difference, ranks)| format!("{difference} on {}", list(&ranks)))
        .collect();
    if more > 0 {
        named.push(format!("and {more} more"));
    }
    Err(CampaignError::RanksDiffer { differences: named.join("; ") })
}

/// "rank 1", "ranks 1, 2 and 5 others".
fn list(ranks: &BTreeSet<WorkerId>) -> String {
    let first: Vec<String> = ranks.iter().take(3).map(ToString::to_string).collect();
    match (ranks.len(), ranks.len().saturating_sub(first.len())) {
        (1, _) => format!("rank {}", first.join("")),
        (_, 0) => format!("ranks {}", first.join(", ")),
        (_, others) => format!("ranks {} and {others} others", first.join(", ")),
    }
}

fn answer(exchange: &mut dyn Exchange, arrival: &Arrival, rules: &Rules) {
    match arrival.message {
        Ok(ToCoordinator::Hello(_)) => {
            let (heartbeat, silence) = (rules.heartbeat, rules.coordinator_silence);
            exchange.send(arrival.from, ToWorker::Welcome { heartbeat, silence });
        }
        Ok(ToCoordinator::Heartbeat) => exchange.send(arrival.from, ToWorker::Alive),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Hello;

    fn hello(rank: u32, seed: &str) -> Arrival {
        let agreement = [("campaign.seed", seed), ("--slice", "1/1")].into_iter().collect();
        let hello = Hello { threads: 1, host: String::new(), pid: 1, agreement };
        Arrival { from: WorkerId(rank), local: false, message: Ok(ToCoordinator::Hello(hello)) }
    }

    #[test]
    fn who_was_given_something_else_is_named_with_the_key() {
        let ours: Agreement = [("campaign.seed", "100"), ("--slice", "1/1")].into_iter().collect();
        assert!(agreed(&ours, &[hello(1, "100"), hello(2, "100")]).is_ok());
        let refused = agreed(&ours, &[hello(1, "101"), hello(2, "100"), hello(3, "7"), hello(4, "101")]);
        let Err(CampaignError::RanksDiffer { differences }) = refused else { panic!("{refused:?}") };
        assert_eq!(
            differences,
            "campaign.seed is 100 on rank 0, 101 on ranks 1, 4; campaign.seed is 100 on rank 0, 7 on rank 3"
        );
    }
}
