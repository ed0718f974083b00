//! Records on their way to the store: gathered into segments, written by a thread of their own, so that workers are
//! answered meanwhile.

use crate::lock::{Ground, Standing};
use crate::settings::SegmentSettings;
use crate::store::{Finished, Quarantined, Receipt, Store, StoreError};
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::time::{Duration, Instant};

/// What the writing thread says.
#[derive(Debug)]
pub(crate) enum Written {
    /// A segment is safe.
    Segment { kept: Vec<u64>, rejected: Vec<(u64, String)>, bytes: u64, seconds: f64 },
    /// Nothing can be kept any more.
    Failed { reason: String },
    /// The folder is not ours any more: nothing was written.
    Astray(Standing),
    /// [`Store::complete`] has returned.
    Completed,
}

enum Order {
    Write(Vec<Finished>),
    Complete(Vec<Quarantined>),
}

/// Gathers records and hands them to the store's thread, one segment at a time.
pub(crate) struct SegmentWriter {
    settings: SegmentSettings,
    gathered: Vec<Finished>,
    gathered_bytes: usize,
    oldest: Option<Instant>,
    flush: bool,
    /// Records that the thread is writing.
    in_flight: usize,
    orders: Sender<Order>,
    answers: Receiver<Written>,
}

impl SegmentWriter {
    /// Gathers for this store, which writes only while the ground under it is ours.
    pub(crate) fn new(store: Box<dyn Store>, ground: Ground, settings: SegmentSettings) -> io::Result<Self> {
        let (orders, inbox) = channel();
        let (outlet, answers) = channel();
        std::thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || write_all(store, &ground, &inbox, &outlet))?;
        Ok(Self {
            settings,
            gathered: Vec::new(),
            gathered_bytes: 0,
            oldest: None,
            flush: false,
            in_flight: 0,
            orders,
            answers,
        })
    }

    /// Takes a record.
    pub(crate) fn gather(&mut self, finished: Finished) {
        self.gathered_bytes += finished.record.len();
        self.gathered.push(finished);
        self.oldest.get_or_insert_with(Instant::now);
    }

    /// What is gathered is to be written as soon as the thread is free.
    pub(crate) fn flush(&mut self) {
        self.flush = !self.gathered.is_empty();
    }

    /// Starts writing a segment if one is due and the thread is free.
    pub(crate) fn write_if_due(&mut self) {
        if self.in_flight > 0 || self.gathered.is_empty() {
            return;
        }
        let due = self.flush
            || self.gathered.len() >= self.settings.records
            || self.gathered_bytes >= self.settings.bytes
            || self.oldest.is_some_and(|oldest| oldest.elapsed() >= self.settings.age);
        if due {
            let mut records = self.take_segment();
            records.sort_unstable_by_key(|finished| finished.index);
            self.in_flight = records.len();
            let _ = self.orders.send(Order::Write(records)); // a dead thread is found out by `try_answer`
        }
    }

    /// The records of one segment, in the order in which they came. What came while another was being written may be
    /// more than that: it makes several, so that the store's memory does not grow with the rush.
    fn take_segment(&mut self) -> Vec<Finished> {
        let mut bytes = 0;
        let of_one = self.gathered.iter().take(self.settings.records.max(1)).take_while(|finished| {
            let room = bytes < self.settings.bytes.max(1);
            bytes += finished.record.len();
            room
        });
        let left = self.gathered.split_off(of_one.count());
        let records = std::mem::replace(&mut self.gathered, left);
        self.gathered_bytes = self.gathered.iter().map(|finished| finished.record.len()).sum();
        if self.gathered.is_empty() {
            self.oldest = None;
            self.flush = false;
        }
        records
    }

    /// Whether so much waits behind the segment being written that workers must wait, too.
    pub(crate) fn is_full(&self) -> bool {
        self.in_flight > 0 && self.gathered_bytes > self.settings.waiting_bytes
    }

    /// Records in no segment yet.
    pub(crate) fn unsaved(&self) -> usize {
        self.gathered.len() + self.in_flight
    }

    /// Tells the store that all is done.
    pub(crate) fn complete(&mut self, quarantined: Vec<Quarantined>) {
        let _ = self.orders.send(Order::Complete(quarantined));
    }

    /// What the thread has said, if anything.
    pub(crate) fn try_answer(&mut self) -> Option<Written> {
        let answer = match self.answers.try_recv() {
            Ok(answer) => answer,
            Err(TryRecvError::Empty) => return None,
            Err(TryRecvError::Disconnected) => dead(),
        };
        self.note(&answer);
        Some(answer)
    }

    /// What the thread says within this time.
    pub(crate) fn wait_answer(&mut self, longest: Duration) -> Option<Written> {
        let answer = match self.answers.recv_timeout(longest) {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Timeout) => return None,
            Err(RecvTimeoutError::Disconnected) => dead(),
        };
        self.note(&answer);
        Some(answer)
    }

    fn note(&mut self, answer: &Written) {
        if let Written::Segment { .. } = answer {
            self.in_flight = 0;
        }
    }
}

fn dead() -> Written {
    Written::Failed { reason: "the store panicked".to_owned() }
}

/// The store's thread.
fn write_all(mut store: Box<dyn Store>, ground: &Ground, orders: &Receiver<Order>, answers: &Sender<Written>) {
    while let Ok(order) = orders.recv() {
        let answer = match (ground.standing(), order) {
            (Standing::Ours, Order::Write(records)) => write_segment(store.as_mut(), records),
            (Standing::Ours, Order::Complete(quarantined)) => match store.complete(&quarantined) {
                Ok(()) => Written::Completed,
                Err(error) => Written::Failed { reason: error.full_text() },
            },
            (standing, _) => Written::Astray(standing),
        };
        if answers.send(answer).is_err() {
            return;
        }
    }
}

/// Writes the records, without those that the store refuses.
fn write_segment(store: &mut dyn Store, mut records: Vec<Finished>) -> Written {
    let begun = Instant::now();
    let mut rejected = Vec::new();
    loop {
        let written = if records.is_empty() { Ok(Receipt::default()) } else { store.write_segment(&records) };
        match written {
            Ok(Receipt { bytes }) => {
                let kept = records.iter().map(|finished| finished.index).collect();
                return Written::Segment { kept, rejected, bytes, seconds: begun.elapsed().as_secs_f64() };
            }
            Err(StoreError::Rejected { index, reason }) if records.iter().any(|finished| finished.index == index) => {
                records.retain(|finished| finished.index != index);
                rejected.push((index, reason));
            }
            Err(error) => return Written::Failed { reason: error.full_text() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lock::{Lock, LockTimes};

    /// Says what it is given.
    struct Telling(Sender<Vec<u64>>);

    impl Store for Telling {
        fn completed(&mut self) -> Result<Vec<u64>, StoreError> {
            Ok(Vec::new())
        }

        fn write_segment(&mut self, records: &[Finished]) -> Result<Receipt, StoreError> {
            let _ = self.0.send(records.iter().map(|finished| finished.index).collect());
            Ok(Receipt::default())
        }
    }

    /// The segments made of six records of 100 bytes that came in this order.
    fn segments_of(arrivals: [u64; 6], records: usize, bytes: usize) -> Vec<Vec<u64>> {
        let (outlet, told) = channel();
        let settings = SegmentSettings { records, bytes, age: Duration::MAX, waiting_bytes: usize::MAX };
        let folder = tempfile::tempdir().expect("a folder");
        let lock = Lock::acquire(folder.path(), LockTimes::default()).expect("the lock");
        let ground = lock.ground().clone();
        let mut segments = SegmentWriter::new(Box::new(Telling(outlet)), ground, settings).expect("a thread");
        for index in arrivals {
            segments.gather(Finished { index, attempts: 1, seconds: 0.0, record: vec![0; 100] });
        }
        segments.flush();
        while segments.unsaved() > 0 {
            segments.write_if_due();
            segments.wait_answer(Duration::from_secs(10)).expect("an answer");
        }
        assert_eq!(segments.gathered_bytes, 0);
        drop(segments);
        told.iter().collect()
    }

    #[test]
    fn a_rush_makes_several_segments_each_ascending() {
        let arrivals = [5, 3, 4, 0, 2, 1];
        assert_eq!(segments_of(arrivals, 4, usize::MAX), [vec![0, 3, 4, 5], vec![1, 2]]);
        assert_eq!(segments_of(arrivals, 1000, 250), [[3, 4, 5], [0, 1, 2]]);
        assert_eq!(segments_of(arrivals, 1000, 1000), [[0, 1, 2, 3, 4, 5]]);
        assert_eq!(segments_of(arrivals, 0, 0), [[5], [3], [4], [0], [2], [1]]);
    }
}
