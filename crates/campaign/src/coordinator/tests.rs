//! Decisions, one by one; random sequences of events are in `random`.

mod random;

use super::*;
use crate::ids::Serial;
use crate::ledger::Line;
use crate::message::Hello;

const W1: WorkerId = WorkerId(1);
const W2: WorkerId = WorkerId(2);

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

fn rules() -> Rules {
    Rules { heartbeat_timeout: seconds(10.0), ..Rules::default() }
}

fn coordinator(tasks: u64) -> Coordinator {
    Coordinator::new(rules(), (0..tasks).collect(), &History::default(), 2, None)
}

/// A history in which these tasks were in work when the program ended without a word, so many times.
fn crashed(tasks: &[u64], times: usize) -> History {
    let started = Entry::RunStarted {
        host: String::new(),
        pid: 1,
        ranks: 1,
        threads: 1,
        tasks: 9,
        kept: Vec::new(),
        walltime: None,
        config_hash: String::new(),
        version: String::new(),
    };
    let run = [started, Entry::Assigned { worker: 0, tasks: tasks.to_vec() }];
    let lines: Vec<Line> =
        run.iter().cycle().take(2 * times).map(|entry| Line { at: 0.0, entry: entry.clone() }).collect();
    History::read(&lines)
}

fn from(worker: WorkerId, message: ToCoordinator) -> Event {
    Event::Message { from: worker, local: worker.0 == 0, message }
}

fn hello(worker: WorkerId, threads: u32) -> Event {
    from(worker, ToCoordinator::Hello(Hello { threads, host: format!("host-{worker}"), pid: worker.0 }))
}

fn report(worker: WorkerId, started: &[u64], ended: Vec<Ended>) -> Event {
    let started = started.iter().map(|&index| TaskIndex(index)).collect();
    from(worker, ToCoordinator::Report(Report { started, ended }))
}

fn done(index: u64, seconds: f64) -> Ended {
    Ended { task: TaskIndex(index), seconds, result: Ok(vec![index as u8]) }
}

fn failed(index: u64, again: bool) -> Ended {
    let failure = Failure { kind: FailureKind::Failed, reason: "no".to_owned(), again };
    Ended { task: TaskIndex(index), seconds: 1.0, result: Err(failure) }
}

fn holding(worker: WorkerId, serial: Serial, tasks: &[u64]) -> Event {
    let tasks = tasks.iter().map(|&index| TaskIndex(index)).collect();
    from(worker, ToCoordinator::Holding { serial, tasks })
}

/// What was assigned, and to whom.
fn assigned(actions: &[Action]) -> Vec<(u32, Vec<u64>)> {
    let assign = |action: &Action| match action {
        Action::Send { to, message: ToWorker::Assign { tasks, .. } } => {
            Some((to.0, tasks.iter().map(|task| task.0).collect()))
        }
        _ => None,
    };
    actions.iter().filter_map(assign).collect()
}

fn enquiry(actions: &[Action], worker: WorkerId) -> Option<(Serial, bool)> {
    actions.iter().find_map(|action| match action {
        Action::Send { to, message: ToWorker::Enquire { serial, release } } if *to == worker => {
            Some((*serial, *release))
        }
        _ => None,
    })
}

fn ending(actions: &[Action]) -> Option<Ending> {
    actions.iter().find_map(|action| match action {
        Action::End(ending) => Some(ending.clone()),
        _ => None,
    })
}

fn quarantined(actions: &[Action]) -> Vec<u64> {
    let index = |action: &Action| match action {
        Action::Record(Entry::Quarantined { index, .. }) => Some(*index),
        _ => None,
    };
    actions.iter().filter_map(index).collect()
}

#[test]
fn tasks_go_out_in_ascending_order_one_a_thread_while_nothing_is_known() {
    let mut coordinator = coordinator(10);
    assert_eq!(assigned(&coordinator.on_event(hello(W1, 2), seconds(0.0))), [(1, vec![0, 1])]);
    assert_eq!(assigned(&coordinator.on_event(hello(W2, 1), seconds(0.1))), [(2, vec![2])]);
    let actions = coordinator.on_event(report(W1, &[], vec![done(0, 100.0)]), seconds(100.0));
    assert_eq!(assigned(&actions), [(1, vec![3])], "long tasks are not given ahead");
}

#[test]
fn what_is_assigned_is_recorded_before_it_is_sent() {
    let mut coordinator = coordinator(10);
    let actions = coordinator.on_event(hello(W1, 2), seconds(0.0));
    let record = Action::Record(Entry::Assigned { worker: 1, tasks: vec![0, 1] });
    let recorded = actions.iter().position(|action| *action == record).expect("it is recorded");
    let sent =
        actions.iter().position(|action| matches!(action, Action::Send { message: ToWorker::Assign { .. }, .. }));
    assert!(recorded < sent.expect("it is sent"));
}

#[test]
fn short_tasks_are_given_ahead_and_fewer_towards_the_end() {
    let mut coordinator = coordinator(10_000);
    coordinator.on_event(hello(W1, 1), seconds(0.0));
    let actions = coordinator.on_event(report(W1, &[], vec![done(0, 1e-6)]), seconds(0.1));
    let first = assigned(&actions)[0].1.len();
    assert!(first > 500, "{first}");
    let (mut in_hand, mut next, mut now) = (first as u64, 1u64, 0.1);
    let mut largest_late = 0;
    while in_hand > 0 {
        now += 0.001;
        let half = in_hand.div_ceil(2);
        let ended = (next..next + half).map(|index| done(index, 1e-6)).collect();
        let actions = coordinator.on_event(report(W1, &[], ended), seconds(now));
        next += half;
        in_hand -= half;
        let given: u64 = assigned(&actions).iter().map(|(_, tasks)| tasks.len() as u64).sum();
        in_hand += given;
        if next > 9_900 {
            largest_late = largest_late.max(given);
        }
    }
    assert_eq!(next, 10_000);
    assert!(largest_late < 60, "{largest_late}");
}

#[test]
fn the_campaign_ends_when_all_is_kept_and_nothing_happens_afterwards() {
    let mut coordinator = coordinator(2);
    coordinator.on_event(hello(W1, 2), seconds(0.0));
    let actions = coordinator.on_event(report(W1, &[], vec![done(0, 1.0)]), seconds(1.0));
    assert!(!actions.contains(&Action::Flush));
    let actions = coordinator.on_event(report(W1, &[], vec![done(1, 1.0)]), seconds(1.0));
    assert!(actions.contains(&Action::Flush));
    assert_eq!(ending(&actions), None, "not before it is kept");
    let actions = coordinator.on_event(Event::Kept(vec![0, 1]), seconds(1.1));
    assert_eq!(ending(&actions), Some(Ending::Complete(Vec::new())));
    for event in [Event::Tick, hello(W2, 1), report(W1, &[], vec![done(1, 1.0)]), Event::Stop(StopReason::Terminated)] {
        assert_eq!(coordinator.on_event(event, seconds(99.0)), []);
    }
}

#[test]
fn a_certain_failure_is_quarantined_at_once_and_a_passing_one_after_two_attempts() {
    let mut coordinator = coordinator(3);
    coordinator.on_event(hello(W1, 3), seconds(0.0));
    let actions = coordinator.on_event(report(W1, &[], vec![failed(0, false)]), seconds(1.0));
    assert_eq!(quarantined(&actions), [0]);
    let actions = coordinator.on_event(report(W1, &[], vec![failed(1, true)]), seconds(1.0));
    assert_eq!((quarantined(&actions), assigned(&actions)), (vec![], vec![(1, vec![1])]));
    let actions = coordinator.on_event(report(W1, &[], vec![failed(1, true)]), seconds(2.0));
    assert_eq!((quarantined(&actions), assigned(&actions)), (vec![1], vec![]));
    coordinator.on_event(report(W1, &[], vec![done(2, 1.0)]), seconds(2.0));
    let actions = coordinator.on_event(Event::Kept(vec![2]), seconds(2.0));
    let Some(Ending::Complete(given_up)) = ending(&actions) else { panic!("{actions:?}") };
    assert_eq!(given_up.iter().map(|task| (task.index, task.attempts)).collect::<Vec<_>>(), [(0, 1), (1, 2)]);
}

#[test]
fn a_silent_worker_is_lost_and_only_what_it_ran_is_blamed() {
    let mut coordinator = coordinator(3);
    coordinator.on_event(hello(W1, 1), seconds(0.0));
    coordinator.on_event(report(W1, &[0], vec![]), seconds(0.0));
    coordinator.on_event(report(W1, &[1], vec![done(0, 1.0)]), seconds(1.0)); // 1 is in work, 2 given ahead
    coordinator.on_event(Event::Tick, seconds(4.0));
    coordinator.on_event(hello(W2, 1), seconds(5.0));
    coordinator.on_event(Event::Tick, seconds(8.0));
    let mut actions = coordinator.on_event(Event::Tick, seconds(11.5));
    assert!(actions.contains(&Action::Forget(W1)));
    let lost =
        |action: &Action| matches!(action, Action::Record(Entry::Lost { worker: 1, running, .. }) if *running == [1]);
    assert!(actions.iter().any(lost), "{actions:?}");
    let mut given = assigned(&actions);
    for now in [12.0, 13.0] {
        let index = given.pop().expect("W2 is given the rest").1[0];
        actions = coordinator.on_event(report(W2, &[], vec![done(index, 1.0)]), seconds(now));
        given.extend(assigned(&actions));
    }
    let kept = coordinator.on_event(Event::Kept(vec![0, 1, 2]), seconds(13.0));
    assert_eq!(ending(&kept), Some(Ending::Complete(Vec::new())));
}

#[test]
fn a_task_that_kills_two_workers_is_quarantined() {
    let mut coordinator = coordinator(1);
    coordinator.on_event(hello(W1, 1), seconds(0.0));
    coordinator.on_event(Event::Tick, seconds(4.0));
    coordinator.on_event(Event::Tick, seconds(8.0));
    coordinator.on_event(hello(W2, 1), seconds(9.0));
    assert_eq!(assigned(&coordinator.on_event(Event::Tick, seconds(11.0))), [(2, vec![0])]);
    coordinator.on_event(Event::Tick, seconds(15.0));
    let actions = coordinator.on_event(Event::Tick, seconds(19.5));
    assert_eq!(quarantined(&actions), [0]);
    let Some(Ending::Complete(given_up)) = ending(&actions) else { panic!("{actions:?}") };
    assert!(given_up[0].reason.contains("worker 2 on host-2 was lost while running it"), "{given_up:?}");
}

#[test]
fn suspects_go_out_one_at_a_time_on_a_worker() {
    let mut coordinator = coordinator(20);
    coordinator.on_event(hello(W1, 4), seconds(0.0));
    coordinator.on_event(report(W1, &[0, 1, 2, 3], vec![]), seconds(0.0));
    coordinator.on_event(hello(W2, 2), seconds(0.0));
    for tick in 1..11 {
        coordinator.on_event(Event::Tick, seconds(f64::from(tick)));
        coordinator.on_event(from(W2, ToCoordinator::Heartbeat), seconds(f64::from(tick)));
    }
    coordinator.on_event(Event::Tick, seconds(10.5)); // W1 is lost with 0, 1, 2, 3
    let suspects = |actions: &[Action]| -> Vec<u64> {
        assigned(actions).into_iter().flat_map(|(_, tasks)| tasks).filter(|&index| index < 4).collect()
    };
    let actions = coordinator.on_event(report(W2, &[], vec![done(4, 100.0), done(5, 100.0)]), seconds(11.0));
    assert_eq!(assigned(&actions), [(2, vec![0]), (2, vec![6])], "one suspect, and one that is none");
    let actions = coordinator.on_event(report(W2, &[], vec![done(6, 100.0)]), seconds(12.0));
    assert_eq!(suspects(&actions), [0u64; 0]);
    let actions = coordinator.on_event(report(W2, &[], vec![done(0, 100.0)]), seconds(13.0));
    assert_eq!(suspects(&actions), [1]);
}

#[test]
fn the_coordinators_own_process_is_spared_suspects_while_others_live() {
    let local = WorkerId(0);
    let mut coordinator = coordinator(2);
    coordinator.on_event(hello(W1, 1), seconds(0.0));
    coordinator.on_event(hello(local, 1), seconds(0.0));
    for tick in 1..11 {
        coordinator.on_event(Event::Tick, seconds(f64::from(tick)));
        coordinator.on_event(from(local, ToCoordinator::Heartbeat), seconds(f64::from(tick)));
    }
    coordinator.on_event(hello(W2, 1), seconds(10.2));
    coordinator.on_event(report(local, &[], vec![done(1, 1.0)]), seconds(10.3));
    let actions = coordinator.on_event(Event::Tick, seconds(10.5));
    assert_eq!(assigned(&actions), [(2, vec![0])], "0 is a suspect now");
    for tick in 11..20 {
        coordinator.on_event(from(local, ToCoordinator::Heartbeat), seconds(f64::from(tick)));
        coordinator.on_event(from(W2, ToCoordinator::Heartbeat), seconds(f64::from(tick)));
    }
    let actions = coordinator.on_event(report(W2, &[], vec![failed(0, true)]), seconds(20.0));
    assert_eq!(quarantined(&actions), [0]);
}

#[test]
fn a_crash_of_the_program_charges_nobody_until_a_suspect_has_met_five() {
    let with = |times| {
        let history = crashed(&[0, 1], times);
        let mut coordinator = Coordinator::new(rules(), (0..4).collect(), &history, 1, None);
        let given_up = coordinator.given_up().len();
        (assigned(&coordinator.on_event(hello(W1, 3), seconds(0.0))), given_up)
    };
    assert_eq!(with(1), (vec![(1, vec![0, 1, 2])], 0));
    assert_eq!(with(2), (vec![(1, vec![0]), (1, vec![2, 3])], 0), "one suspect of the run at a time");
    assert_eq!(with(4).1, 0);
    assert_eq!(with(5).1, 2, "both were in work at all five ends (which only an older version would have allowed)");
}

#[test]
fn a_late_result_is_taken_once_even_from_quarantine() {
    let mut coordinator = coordinator(1);
    coordinator.on_event(hello(W1, 1), seconds(0.0));
    coordinator.on_event(hello(W2, 1), seconds(0.0));
    let actions = coordinator.on_event(report(W1, &[], vec![failed(0, true)]), seconds(1.0));
    assert_eq!(assigned(&actions), [(1, vec![0])]);
    let actions = coordinator.on_event(report(W2, &[], vec![done(0, 1.0)]), seconds(2.0));
    assert_eq!(actions.iter().filter(|action| matches!(action, Action::Keep(_))).count(), 1);
    let actions = coordinator.on_event(report(W1, &[], vec![done(0, 1.0)]), seconds(3.0));
    assert!(!actions.iter().any(|action| matches!(action, Action::Keep(_))));
}

#[test]
fn a_worker_that_returns_is_asked_what_it_holds() {
    let mut coordinator = coordinator(3);
    coordinator.on_event(hello(W1, 2), seconds(0.0));
    coordinator.on_event(Event::Tick, seconds(4.0));
    coordinator.on_event(Event::Tick, seconds(8.0));
    coordinator.on_event(hello(W2, 1), seconds(9.0)); // has 2
    coordinator.on_event(Event::Tick, seconds(11.0)); // W1 is lost with 0 and 1; W2 is full
    let actions = coordinator.on_event(from(W1, ToCoordinator::Heartbeat), seconds(12.0));
    assert!(actions.contains(&Action::Record(Entry::Returned { worker: 1 })));
    let (serial, release) = enquiry(&actions, W1).expect("it is asked");
    assert!(!release);
    assert_eq!(assigned(&actions), [], "it is given nothing before it has answered");
    coordinator.on_event(holding(W1, serial, &[0, 1]), seconds(12.1));
    assert_eq!(coordinator.counts().waiting, 0, "both are its own again");
    coordinator.on_event(report(W1, &[], vec![done(0, 1.0), done(1, 1.0)]), seconds(13.0));
    coordinator.on_event(report(W2, &[], vec![done(2, 1.0)]), seconds(13.0));
    let actions = coordinator.on_event(Event::Kept(vec![0, 1, 2]), seconds(13.0));
    assert_eq!(ending(&actions), Some(Ending::Complete(Vec::new())));
    assert_eq!(coordinator.lost_workers().count(), 0);
}

#[test]
fn a_damaged_result_counts_as_an_attempt() {
    let mut coordinator = coordinator(2);
    coordinator.on_event(hello(W1, 1), seconds(0.0));
    let actions = coordinator.on_event(Event::Damaged { from: W1, reason: "checksum".to_owned() }, seconds(1.0));
    let (serial, _) = enquiry(&actions, W1).expect("it is asked");
    let actions = coordinator.on_event(holding(W1, serial, &[]), seconds(1.1));
    let attempt = |action: &Action| {
        matches!(action, Action::Record(Entry::Failed { index: 0, kind: FailureKind::Damaged, attempt: 1, .. }))
    };
    assert!(actions.iter().any(attempt), "{actions:?}");
    assert_eq!(assigned(&actions), [(1, vec![0])]);
}

#[test]
fn a_rejected_record_is_computed_again_even_at_the_very_end() {
    let mut coordinator = coordinator(1);
    coordinator.on_event(hello(W1, 1), seconds(0.0));
    coordinator.on_event(report(W1, &[], vec![done(0, 1.0)]), seconds(1.0));
    let actions = coordinator.on_event(Event::Rejected { index: 0, reason: "NaN".to_owned() }, seconds(1.1));
    assert_eq!((assigned(&actions), ending(&actions)), (vec![(1, vec![0])], None));
    coordinator.on_event(report(W1, &[], vec![done(0, 1.0)]), seconds(2.0));
    let actions = coordinator.on_event(Event::Kept(vec![0]), seconds(2.1));
    assert_eq!(ending(&actions), Some(Ending::Complete(Vec::new())));
}

#[test]
fn an_overdue_task_is_abandoned_once() {
    let mut coordinator = coordinator(10);
    coordinator.on_event(hello(W1, 1), seconds(0.0));
    for index in 0..4 {
        let now = 20.0 * index as f64;
        coordinator.on_event(report(W1, &[index], vec![]), seconds(now));
        coordinator.on_event(report(W1, &[], vec![done(index, 20.0)]), seconds(now + 20.0));
    }
    coordinator.on_event(report(W1, &[4], vec![]), seconds(80.0));
    let mut abandoned = Vec::new();
    for tick in 0..100 {
        let now = 80.0 + 4.0 * f64::from(tick);
        coordinator.on_event(from(W1, ToCoordinator::Heartbeat), seconds(now));
        for action in coordinator.on_event(Event::Tick, seconds(now)) {
            if let Action::Send { message: ToWorker::Abandon { task, .. }, .. } = action {
                abandoned.push((task.0, now));
            }
        }
    }
    assert_eq!(abandoned.len(), 1, "{abandoned:?}");
    let (index, now) = abandoned[0];
    assert_eq!(index, 4);
    assert!((280.0..295.0).contains(&now), "ten times the 95 % quantile of 20 s, within a bin: {now}");
}

#[test]
fn time_in_which_the_coordinator_slept_counts_against_nobody() {
    let mut coordinator = coordinator(1);
    coordinator.on_event(hello(W1, 1), seconds(0.0));
    coordinator.on_event(Event::Tick, seconds(0.2));
    let actions = coordinator.on_event(Event::Tick, seconds(500.0));
    assert!(!actions.contains(&Action::Forget(W1)), "{actions:?}");
    coordinator.on_event(Event::Tick, seconds(505.0));
    coordinator.on_event(Event::Tick, seconds(509.0));
    assert!(coordinator.on_event(Event::Tick, seconds(511.0)).contains(&Action::Forget(W1)));
}

#[test]
fn draining_awaits_what_runs_and_takes_back_what_waits() {
    let mut coordinator = coordinator(50);
    coordinator.on_event(hello(W1, 1), seconds(0.0));
    let actions = coordinator.on_event(report(W1, &[1], vec![done(0, 0.01)]), seconds(1.0));
    assert!(assigned(&actions)[0].1.len() >= 2, "some are given ahead");
    let actions = coordinator.on_event(Event::Stop(StopReason::UserSignal), seconds(1.0));
    assert!(actions.contains(&Action::Flush));
    let (serial, release) = enquiry(&actions, W1).expect("it is told to release");
    assert!(release);
    let actions = coordinator.on_event(holding(W1, serial, &[1]), seconds(1.1));
    assert!(!actions.iter().any(|action| matches!(action, Action::Record(Entry::Failed { .. }))));
    assert_eq!((coordinator.counts().assigned, ending(&actions)), (1, None));
    let actions = coordinator.on_event(report(W1, &[], vec![done(1, 0.5)]), seconds(2.0));
    assert_eq!(assigned(&actions), []);
    let actions = coordinator.on_event(Event::Kept(vec![0, 1]), seconds(2.1));
    assert_eq!(ending(&actions), Some(Ending::StoppedEarly(StopReason::UserSignal)));
}

#[test]
fn stopping_at_once_waits_for_answers_only() {
    let mut coordinator = coordinator(50);
    coordinator.on_event(hello(W1, 1), seconds(0.0));
    coordinator.on_event(hello(W2, 1), seconds(0.0));
    let actions = coordinator.on_event(Event::Stop(StopReason::Terminated), seconds(1.0));
    let (serial, _) = enquiry(&actions, W1).expect("it is asked");
    assert_eq!(ending(&coordinator.on_event(holding(W1, serial, &[0]), seconds(1.01))), None);
    let (serial, _) = enquiry(&actions, W2).expect("it is asked");
    let actions = coordinator.on_event(holding(W2, serial, &[1]), seconds(1.02));
    assert_eq!(ending(&actions), Some(Ending::StoppedEarly(StopReason::Terminated)));
    assert!(!actions.iter().any(|action| matches!(action, Action::Record(Entry::Failed { .. }))));
}

#[test]
fn a_worker_that_does_not_answer_at_the_end_is_lost_with_what_it_ran() {
    let mut coordinator = coordinator(50);
    coordinator.on_event(hello(W1, 1), seconds(0.0));
    coordinator.on_event(Event::Stop(StopReason::Terminated), seconds(1.0));
    assert_eq!(ending(&coordinator.on_event(Event::Tick, seconds(1.2))), None);
    let actions = coordinator.on_event(Event::Tick, seconds(1.6));
    let blamed =
        |action: &Action| matches!(action, Action::Record(Entry::Failed { index: 0, kind: FailureKind::Lost, .. }));
    assert!(actions.iter().any(blamed), "{actions:?}");
    assert_eq!(ending(&actions), Some(Ending::StoppedEarly(StopReason::Terminated)));
}

#[test]
fn nothing_is_begun_that_cannot_finish_before_the_walltime() {
    let mut coordinator = Coordinator::new(rules(), (0..100).collect(), &History::default(), 1, Some(seconds(100.0)));
    coordinator.on_event(hello(W1, 1), seconds(0.0));
    let mut finished = 0;
    let mut now = 0.0;
    let actions = loop {
        now += 9.0;
        let actions = coordinator.on_event(report(W1, &[], vec![done(finished, 9.0)]), seconds(now));
        finished += 1;
        if let Some((serial, true)) = enquiry(&actions, W1) {
            coordinator.on_event(holding(W1, serial, &[]), seconds(now));
            break coordinator.on_event(Event::Kept((0..finished).collect()), seconds(now));
        }
        assert!(now < 100.0);
    };
    assert_eq!(ending(&actions), Some(Ending::StoppedEarly(StopReason::Walltime)));
    assert_eq!(finished, 10, "at 90 s another 9 s, with 10 % to be safe, would just not fit");
}

#[test]
fn without_workers_the_campaign_stops_instead_of_waiting_for_ever() {
    let mut coordinator = coordinator(5);
    assert_eq!(coordinator.on_event(Event::Tick, seconds(60.0)), []);
    let actions = coordinator.on_event(Event::Tick, seconds(121.0));
    assert_eq!(ending(&actions), Some(Ending::StoppedEarly(StopReason::NoWorkers)));
}
