//! The threads of a worker. Each computes one chunk of tasks at a time, every task under `catch_unwind`.

use crate::clock::AwakeClock;
use crate::ids::TaskIndex;
use crate::message::{Ended, Failure, FailureKind};
use crate::task::{RECORD_BYTES_MAX, STACK_BYTES, Task};
use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A thread that computes short tasks wakes the talking thread at most this often.
const WAKE_EVERY: Duration = Duration::from_millis(5);

/// The computing threads of one process.
pub(super) struct Pool<T> {
    task: Arc<T>,
    slots: Vec<Slot>,
    outbox: Arc<Outbox>,
    clock: Arc<AwakeClock>,
}

/// One thread's place. A thread that hangs keeps running, detached; its place goes to a new thread.
struct Slot {
    orders: Sender<Arc<Chunk>>,
    generation: u64,
    chunk: Option<Arc<Chunk>>,
    /// How many tasks of the chunk have been collected.
    collected: usize,
}

struct Chunk {
    tasks: Vec<TaskIndex>,
    /// How many of them the thread is done with; the next one is in work.
    done: AtomicUsize,
}

/// What the threads have done and nobody has collected yet. (A channel would wake the reader for every short task.)
#[derive(Default)]
struct Outbox {
    content: Mutex<Content>,
    wake: Condvar,
    closed: AtomicBool,
}

#[derive(Default)]
struct Content {
    done: Vec<Done>,
    /// Whether it should be collected now.
    urgent: bool,
}

/// What a thread says.
struct Done {
    slot: usize,
    generation: u64,
    ended: Ended,
    /// Whether it was the last of its chunk.
    free: bool,
}

impl Outbox {
    fn put(&self, done: Done, urgent: bool) {
        let mut content = self.content.lock().unwrap_or_else(PoisonError::into_inner);
        content.done.push(done);
        content.urgent |= urgent;
        if urgent {
            self.wake.notify_one();
        }
    }

    fn take(&self, longest: Duration) -> Vec<Done> {
        let content = self.content.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.wake.wait_timeout_while(content, longest, |content| !content.urgent);
        let mut content = waited.unwrap_or_else(PoisonError::into_inner).0;
        content.urgent = false;
        std::mem::take(&mut content.done)
    }
}

impl<T: Task> Pool<T> {
    pub(super) fn new(task: Arc<T>, threads: usize, clock: &Arc<AwakeClock>) -> io::Result<Self> {
        let mut pool = Self { task, slots: Vec::new(), outbox: Arc::default(), clock: Arc::clone(clock) };
        for slot in 0..threads.max(1) {
            let orders = pool.spawn(slot, 0)?;
            pool.slots.push(Slot { orders, generation: 0, chunk: None, collected: 0 });
        }
        Ok(pool)
    }

    fn spawn(&self, slot: usize, generation: u64) -> io::Result<Sender<Arc<Chunk>>> {
        let (orders, inbox) = channel::<Arc<Chunk>>();
        let (task, outbox, clock) = (Arc::clone(&self.task), Arc::clone(&self.outbox), Arc::clone(&self.clock));
        std::thread::Builder::new().name(format!("compute-{slot}")).stack_size(STACK_BYTES).spawn(move || {
            while let Ok(chunk) = inbox.recv() {
                let mut woken = Instant::now();
                for (position, &index) in chunk.tasks.iter().enumerate() {
                    if outbox.closed.load(Ordering::Relaxed) {
                        return;
                    }
                    let ended = compute(task.as_ref(), index, &clock);
                    chunk.done.store(position + 1, Ordering::Release);
                    let free = position + 1 == chunk.tasks.len();
                    let urgent = free || woken.elapsed() > WAKE_EVERY;
                    outbox.put(Done { slot, generation, ended, free }, urgent);
                    if urgent {
                        woken = Instant::now();
                    }
                }
            }
        })?;
        Ok(orders)
    }

    /// Threads that have nothing to do.
    pub(super) fn free(&self) -> usize {
        self.slots.iter().filter(|slot| slot.chunk.is_none()).count()
    }

    /// Gives a chunk to a free thread.
    pub(super) fn begin(&mut self, tasks: Vec<TaskIndex>) {
        let Some(slot) = self.slots.iter_mut().find(|slot| slot.chunk.is_none()) else { return };
        let chunk = Arc::new(Chunk { tasks, done: AtomicUsize::new(0) });
        if slot.orders.send(Arc::clone(&chunk)).is_ok() {
            slot.chunk = Some(chunk);
            slot.collected = 0;
        }
    }

    /// Waits until a thread has something urgent to say, at most so long, and collects all that was said.
    pub(super) fn collect(&mut self, longest: Duration) -> Vec<Ended> {
        let mut ended = Vec::new();
        for done in self.outbox.take(longest) {
            if let Some(slot) = self.slots.get_mut(done.slot).filter(|slot| slot.generation == done.generation) {
                slot.collected += 1;
                if done.free {
                    slot.chunk = None;
                }
            }
            ended.push(done.ended);
        }
        ended
    }

    /// Every task handed to a thread and not collected.
    pub(super) fn in_work(&self) -> Vec<TaskIndex> {
        let rest =
            |slot: &Slot| slot.chunk.as_ref().and_then(|chunk| chunk.tasks.get(slot.collected..).map(<[_]>::to_vec));
        self.slots.iter().filter_map(rest).flatten().collect()
    }

    /// Gives up a task that a thread is computing: another thread takes its place. Returns the tasks that waited behind
    /// it, or `None` if it is not being computed.
    pub(super) fn abandon(&mut self, task: TaskIndex) -> io::Result<Option<Vec<TaskIndex>>> {
        for position in 0..self.slots.len() {
            let Some(chunk) = self.slots[position].chunk.clone() else { continue };
            let done = chunk.done.load(Ordering::Acquire);
            if chunk.tasks.get(done) != Some(&task) {
                continue;
            }
            let generation = self.slots[position].generation + 1;
            let orders = self.spawn(position, generation)?;
            self.slots[position] = Slot { orders, generation, chunk: None, collected: 0 };
            return Ok(Some(chunk.tasks[done + 1..].to_vec()));
        }
        Ok(None)
    }
}

impl<T> Drop for Pool<T> {
    fn drop(&mut self) {
        self.outbox.closed.store(true, Ordering::Relaxed);
    }
}

fn compute<T: Task>(task: &T, index: TaskIndex, clock: &AwakeClock) -> Ended {
    let begun = clock.now();
    // A task that panics leaves nothing behind: it is a pure function of its index and shares no state.
    let result = match catch_unwind(AssertUnwindSafe(|| task.compute(index.0))) {
        Ok(Ok(record)) if record.len() > RECORD_BYTES_MAX => Err(Failure {
            kind: FailureKind::Failed,
            reason: format!("its record has {} bytes, more than the {RECORD_BYTES_MAX} allowed", record.len()),
            again: false,
        }),
        Ok(Ok(record)) => Ok(record),
        Ok(Err(failure)) => Err(Failure { kind: FailureKind::Failed, reason: failure.reason, again: failure.again }),
        Err(payload) => Err(Failure {
            kind: FailureKind::Panicked,
            reason: format!("panicked: {}", panic_text(payload.as_ref())),
            again: true,
        }),
    };
    Ended { task: index, seconds: clock.now().saturating_sub(begun).as_secs_f64(), result }
}

fn panic_text(payload: &(dyn Any + Send)) -> &str {
    let literal = payload.downcast_ref::<&str>().copied();
    literal.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}
