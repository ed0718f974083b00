//! How many workers can one coordinator serve? The real state machine, driven by a discrete-event simulation:
//!
//! ```text
//! cargo run --release --example simulate_scale [-- WORKERS...]
//! ```
//!
//! Every worker is a process with one thread. Run times are lognormal around 4 s (`low`) or 200 s (`dense`) with a
//! spread of 30 %; one task in 500 takes five times as long; a worker dies on average after 1000 hours; a message takes
//! 0.2 ms, and a worker looks for messages every 10 ms while it computes. A campaign has 60 000 tasks, or ten for each
//! worker where that is more. The store keeps a segment every 30 s.
//!
//! Printed: utilization (time in which workers computed, over the time they were there), the tail (from the first moment
//! at which a worker had nothing left to do to the end), events a second of simulated time, CPU time of the state machine
//! for each, and their product, the load: the share of a core that the coordinator's decisions need. What is left out is
//! the transport and the ledger, a few microseconds a message (see the overhead benchmark).

use campaign::Agreement;
use campaign::protocol::{
    Action, Coordinator, Ended, Ending, Event, Hello, Report, Serial, TaskIndex, ToCoordinator, ToWorker, WorkerId,
};
use campaign::{History, Rules};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::time::{Duration, Instant};

/// Nanoseconds of simulated time.
type Moment = u64;

const SECOND: Moment = 1_000_000_000;
const LATENCY: Moment = SECOND / 5_000;
const LOOK_EVERY: Moment = SECOND / 100;
const TICK: Moment = SECOND / 5;
const SEGMENT: Moment = 30 * SECOND;
const RECORD_BYTES: usize = 0;
const SPREAD: f64 = 0.3;
const STRAGGLER: f64 = 0.002;
const HOURS_TO_DEATH: f64 = 1000.0;

/// What happens at a moment.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    ToCoordinator { from: u32, message: usize },
    ToWorker { to: u32, message: usize },
    Finished { worker: u32, task: u64, seconds: u64 },
    Heartbeat { worker: u32 },
    Death { worker: u32 },
    Tick,
    Segment,
}

/// SplitMix64: enough for run times.
struct Random(u64);

impl Random {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }

    fn run_time(&mut self, mean: f64) -> f64 {
        let variance = (1.0 + SPREAD * SPREAD).ln();
        let seconds = mean * (variance.sqrt() * self.normal() - variance / 2.0).exp();
        if self.uniform() < STRAGGLER { 5.0 * seconds } else { seconds }
    }
}

#[derive(Default)]
struct SimulatedWorker {
    dead_since: Option<Moment>,
    running: Option<(u64, Moment)>,
    queue: VecDeque<u64>,
    computed: Moment,
    spoken: Moment,
}

struct Simulation {
    coordinator: Coordinator,
    now: Moment,
    order: u64,
    agenda: BinaryHeap<Reverse<(Moment, u64, What)>>,
    to_coordinator: Vec<Option<ToCoordinator>>,
    to_worker: Vec<Option<ToWorker>>,
    workers: Vec<SimulatedWorker>,
    mean: f64,
    random: Random,
    received: Vec<u64>,
    heartbeat: Moment,
    events: u64,
    cpu: Duration,
    first_idle: Option<Moment>,
    ending: Option<Ending>,
}

struct Measured {
    tasks: u64,
    hours: f64,
    utilization: f64,
    tail_seconds: f64,
    lost: usize,
    events_per_second: f64,
    microseconds_per_event: f64,
}

impl Simulation {
    fn new(workers: u32, tasks: u64, mean: f64) -> Self {
        let rules = Rules::default();
        let heartbeat = rules.heartbeat.as_nanos() as Moment;
        let coordinator = Coordinator::new(rules, 0..tasks, &[], &History::default(), workers as usize, None);
        let mut simulation = Self {
            coordinator,
            now: 0,
            order: 0,
            agenda: BinaryHeap::new(),
            to_coordinator: Vec::new(),
            to_worker: Vec::new(),
            workers: (0..workers).map(|_| SimulatedWorker::default()).collect(),
            mean,
            random: Random(7),
            received: Vec::new(),
            heartbeat,
            events: 0,
            cpu: Duration::ZERO,
            first_idle: None,
            ending: None,
        };
        for worker in 0..workers {
            // Processes start within a few seconds of one another.
            let start = (simulation.random.uniform() * 3.0 * SECOND as f64) as Moment;
            let hello = Hello {
                threads: 1,
                host: format!("node{}", worker / 64),
                pid: worker,
                agreement: Agreement::default(),
            };
            simulation.say(start, worker, ToCoordinator::Hello(hello));
            simulation.plan(start + heartbeat, What::Heartbeat { worker });
            let life = -HOURS_TO_DEATH * 3600.0 * (1.0 - simulation.random.uniform()).ln();
            simulation.plan((life * SECOND as f64) as Moment, What::Death { worker });
        }
        simulation.plan(TICK, What::Tick);
        simulation.plan(SEGMENT, What::Segment);
        simulation
    }

    fn plan(&mut self, at: Moment, what: What) {
        self.order += 1;
        self.agenda.push(Reverse((at, self.order, what)));
    }

    fn say(&mut self, at: Moment, from: u32, message: ToCoordinator) {
        self.to_coordinator.push(Some(message));
        self.plan(at + LATENCY, What::ToCoordinator { from, message: self.to_coordinator.len() - 1 });
    }

    /// Tells the real coordinator, with its CPU time measured.
    fn event(&mut self, event: Event) {
        let begun = Instant::now();
        let actions = self.coordinator.on_event(event, Duration::from_nanos(self.now));
        self.cpu += begun.elapsed();
        self.events += 1;
        for action in actions {
            match action {
                Action::Send { to, message } => {
                    self.to_worker.push(Some(message));
                    // A computing worker looks for messages only now and then.
                    let wait = (self.random.uniform() * LOOK_EVERY as f64) as Moment;
                    let message = self.to_worker.len() - 1;
                    self.plan(self.now + LATENCY + wait, What::ToWorker { to: to.0, message });
                }
                Action::Keep(finished) => self.received.push(finished.index),
                Action::Flush => self.plan(self.now, What::Segment),
                Action::Forget(_) | Action::Record(_) => {}
                Action::End(ending) => self.ending = Some(ending),
            }
        }
    }

    fn happens(&mut self, what: What) {
        match what {
            What::ToCoordinator { from, message } => {
                if let Some(message) = self.to_coordinator[message].take() {
                    self.event(Event::Message { from: WorkerId(from), local: false, message });
                }
            }
            What::ToWorker { to, message } => {
                if let Some(message) = self.to_worker[message].take().filter(|_| self.alive(to)) {
                    self.obey(to, message);
                }
            }
            What::Finished { worker, task, seconds } => {
                if self.alive(worker) {
                    self.finish(worker, task, seconds);
                }
            }
            What::Heartbeat { worker } => {
                if self.alive(worker) {
                    if self.now - self.workers[worker as usize].spoken >= self.heartbeat {
                        self.speak(worker, ToCoordinator::Heartbeat);
                    }
                    self.plan(self.now + self.heartbeat, What::Heartbeat { worker });
                }
            }
            What::Death { worker } => {
                let now = self.now;
                let worker = &mut self.workers[worker as usize];
                worker.dead_since = Some(now);
                if let Some((_, begun)) = worker.running.take() {
                    worker.computed += now - begun;
                }
            }
            What::Tick => {
                self.event(Event::Tick);
                self.plan(self.now + TICK, What::Tick);
            }
            What::Segment => {
                let kept = std::mem::take(&mut self.received);
                self.event(Event::Kept(kept));
                self.plan(self.now + SEGMENT, What::Segment);
            }
        }
    }

    fn alive(&self, worker: u32) -> bool {
        self.workers[worker as usize].dead_since.is_none()
    }

    fn speak(&mut self, worker: u32, message: ToCoordinator) {
        self.workers[worker as usize].spoken = self.now;
        self.say(self.now, worker, message);
    }

    fn obey(&mut self, worker: u32, message: ToWorker) {
        match message {
            ToWorker::Assign { tasks, .. } => {
                self.workers[worker as usize].queue.extend(tasks.iter().map(|task| task.0));
                if self.workers[worker as usize].running.is_none() {
                    self.begin(worker, Vec::new());
                }
            }
            ToWorker::Enquire { serial, release } => self.answer(worker, serial, release),
            ToWorker::Welcome { .. } | ToWorker::Abandon { .. } | ToWorker::Alive | ToWorker::Goodbye { .. } => {}
        }
    }

    fn answer(&mut self, worker: u32, serial: Serial, release: bool) {
        let state = &mut self.workers[worker as usize];
        if release {
            state.queue.clear();
        }
        let running = state.running.iter().map(|(task, _)| *task);
        let tasks = running.chain(state.queue.iter().copied()).map(TaskIndex).collect();
        self.speak(worker, ToCoordinator::Holding { serial, tasks });
    }

    fn begin(&mut self, worker: u32, ended: Vec<Ended>) {
        let mut started = Vec::new();
        if let Some(task) = self.workers[worker as usize].queue.pop_front() {
            self.workers[worker as usize].running = Some((task, self.now));
            started.push(TaskIndex(task));
            let seconds = (self.random.run_time(self.mean) * SECOND as f64) as Moment;
            self.plan(self.now + seconds, What::Finished { worker, task, seconds });
        } else if self.coordinator.counts().waiting == 0 {
            self.first_idle.get_or_insert(self.now);
        }
        self.speak(worker, ToCoordinator::Report(Report { started, ended }));
    }

    fn finish(&mut self, worker: u32, task: u64, seconds: u64) {
        let state = &mut self.workers[worker as usize];
        state.running = None;
        state.computed += seconds;
        let seconds = seconds as f64 / SECOND as f64;
        let ended = Ended { task: TaskIndex(task), seconds, result: Ok(vec![0; RECORD_BYTES]) };
        self.begin(worker, vec![ended]);
    }

    fn run(mut self, tasks: u64) -> Measured {
        while self.ending.is_none() {
            let Some(Reverse((at, _, what))) = self.agenda.pop() else { break };
            self.now = at;
            self.happens(what);
        }
        assert!(matches!(self.ending, Some(Ending::Complete(_))), "{:?}", self.ending);
        let end = self.now;
        let there: Moment = self.workers.iter().map(|worker| worker.dead_since.unwrap_or(end)).sum();
        let computed: Moment = self.workers.iter().map(|worker| worker.computed).sum();
        Measured {
            tasks,
            hours: end as f64 / SECOND as f64 / 3600.0,
            utilization: computed as f64 / there as f64,
            tail_seconds: (end - self.first_idle.unwrap_or(end)) as f64 / SECOND as f64,
            lost: self.workers.iter().filter(|worker| worker.dead_since.is_some()).count(),
            events_per_second: self.events as f64 / (end as f64 / SECOND as f64),
            microseconds_per_event: self.cpu.as_secs_f64() * 1e6 / self.events as f64,
        }
    }
}

#[expect(clippy::print_stdout, reason = "the table is what this program is for")]
fn main() {
    let chosen: Vec<u32> = std::env::args().skip(1).filter_map(|text| text.parse().ok()).collect();
    let chosen = if chosen.is_empty() { vec![10, 100, 1_000, 10_000, 50_000] } else { chosen };
    println!("| task | workers | tasks | hours | utilization | tail, s | lost | events/s | µs/event | load |");
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for (name, mean) in [("low, 4 s", 4.0), ("dense, 200 s", 200.0)] {
        for &workers in &chosen {
            let tasks = 60_000.max(10 * u64::from(workers));
            let measured = Simulation::new(workers, tasks, mean).run(tasks);
            println!(
                "| {name} | {workers} | {} | {:.2} | {:.2} % | {:.0} | {} | {:.0} | {:.2} | {:.2} % |",
                measured.tasks,
                measured.hours,
                100.0 * measured.utilization,
                measured.tail_seconds,
                measured.lost,
                measured.events_per_second,
                measured.microseconds_per_event,
                measured.events_per_second * measured.microseconds_per_event * 1e-4,
            );
        }
    }
}
