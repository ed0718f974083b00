//! How a message becomes bytes: `payload ‖ head ‖ footer`.
//!
//! The head is the message without its records (postcard); the payload is the records, one after another; the footer
//! closes it with what is needed to read it backwards. Records come first so that the largest ones travel without being
//! copied: the sender appends to the record's own buffer, the receiver cuts the rest off.
//!
//! ```text
//! footer, little-endian:  head length u32 │ magic "GM" │ version u16 │ crc32 of all before u32
//! ```

use crate::ids::{Serial, TaskIndex};
use crate::message::{Ended, Failure, Hello, Report, ToCoordinator, ToWorker};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use thiserror::Error;

const MAGIC: [u8; 2] = *b"GM";
const VERSION: u16 = 1;
const FOOTER: usize = 12;

/// Why bytes are not a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum FrameError {
    /// Too short, or lengths that do not add up.
    #[error("message is truncated")]
    Truncated,
    /// Not one of ours.
    #[error("message does not end in the mark of this protocol")]
    Magic,
    /// From another version of the program.
    #[error("message has protocol version {0}, this program speaks {VERSION}")]
    Version(u16),
    /// Bytes changed on the way.
    #[error("message is damaged: checksum differs")]
    Checksum,
    /// The head does not parse.
    #[error("message head cannot be read")]
    Head,
}

/// A message that can travel as bytes.
pub trait Framed: Sized {
    /// The bytes.
    fn encode(self) -> Vec<u8>;
    /// The message in these bytes.
    fn decode(bytes: Vec<u8>) -> Result<Self, FrameError>;
}

impl Framed for ToWorker {
    fn encode(self) -> Vec<u8> {
        seal(Vec::new(), &self)
    }

    fn decode(bytes: Vec<u8>) -> Result<Self, FrameError> {
        let (head, payload) = open::<ToWorker>(&bytes)?;
        if payload == 0 { Ok(head) } else { Err(FrameError::Truncated) }
    }
}

/// [`ToCoordinator`] with lengths in the place of records.
#[derive(Serialize, Deserialize)]
enum Head {
    Hello(Hello),
    Report { started: Vec<TaskIndex>, ended: Vec<EndedHead> },
    Heartbeat,
    Holding { serial: Serial, tasks: Vec<TaskIndex> },
    Garbled,
    Farewell,
}

#[derive(Serialize, Deserialize)]
struct EndedHead {
    task: TaskIndex,
    seconds: f64,
    result: Result<u64, Failure>,
}

impl Framed for ToCoordinator {
    fn encode(self) -> Vec<u8> {
        let report = match self {
            ToCoordinator::Hello(hello) => return seal(Vec::new(), &Head::Hello(hello)),
            ToCoordinator::Heartbeat => return seal(Vec::new(), &Head::Heartbeat),
            ToCoordinator::Holding { serial, tasks } => return seal(Vec::new(), &Head::Holding { serial, tasks }),
            ToCoordinator::Garbled => return seal(Vec::new(), &Head::Garbled),
            ToCoordinator::Farewell => return seal(Vec::new(), &Head::Farewell),
            ToCoordinator::Report(report) => report,
        };
        let mut payload = Vec::new();
        let mut ended = Vec::with_capacity(report.ended.len());
        for Ended { task, seconds, result } in report.ended {
            let result = result.map(|record| {
                let length = record.len() as u64;
                if payload.is_empty() {
                    payload = record;
                } else {
                    payload.extend_from_slice(&record);
                }
                length
            });
            ended.push(EndedHead { task, seconds, result });
        }
        seal(payload, &Head::Report { started: report.started, ended })
    }

    fn decode(mut bytes: Vec<u8>) -> Result<Self, FrameError> {
        let (head, payload) = open::<Head>(&bytes)?;
        let (started, heads) = match head {
            Head::Hello(hello) => return Ok(ToCoordinator::Hello(hello)),
            Head::Heartbeat => return Ok(ToCoordinator::Heartbeat),
            Head::Holding { serial, tasks } => return Ok(ToCoordinator::Holding { serial, tasks }),
            Head::Garbled => return Ok(ToCoordinator::Garbled),
            Head::Farewell => return Ok(ToCoordinator::Farewell),
            Head::Report { started, ended } => (started, ended),
        };
        bytes.truncate(payload);
        let mut offset = 0usize;
        let mut ended = Vec::with_capacity(heads.len());
        for EndedHead { task, seconds, result } in heads {
            let result = match result {
                Err(failure) => Err(failure),
                Ok(length) => {
                    let length = usize::try_from(length).map_err(|_| FrameError::Truncated)?;
                    let end = offset.checked_add(length).filter(|&end| end <= payload).ok_or(FrameError::Truncated)?;
                    let record = if length == 0 {
                        Vec::new()
                    } else if length == payload {
                        std::mem::take(&mut bytes)
                    } else {
                        bytes.get(offset..end).ok_or(FrameError::Truncated)?.to_vec()
                    };
                    offset = end;
                    Ok(record)
                }
            };
            ended.push(Ended { task, seconds, result });
        }
        if offset == payload {
            Ok(ToCoordinator::Report(Report { started, ended }))
        } else {
            Err(FrameError::Truncated)
        }
    }
}

/// `payload ‖ head ‖ footer`.
fn seal(mut payload: Vec<u8>, head: &impl Serialize) -> Vec<u8> {
    // These plain enums always serialize into memory; were it not so, the receiver would find no head.
    let head = postcard::to_stdvec(head).unwrap_or_default();
    payload.reserve_exact(head.len() + FOOTER);
    payload.extend_from_slice(&head);
    payload.extend_from_slice(&u32::try_from(head.len()).unwrap_or(u32::MAX).to_le_bytes());
    payload.extend_from_slice(&MAGIC);
    payload.extend_from_slice(&VERSION.to_le_bytes());
    let checksum = crc32fast::hash(&payload);
    payload.extend_from_slice(&checksum.to_le_bytes());
    payload
}

/// The head and the length of the payload before it.
fn open<Head: DeserializeOwned>(bytes: &[u8]) -> Result<(Head, usize), FrameError> {
    let (body, checksum) = bytes.split_last_chunk::<4>().ok_or(FrameError::Truncated)?;
    let (rest, version) = body.split_last_chunk::<2>().ok_or(FrameError::Truncated)?;
    let (rest, magic) = rest.split_last_chunk::<2>().ok_or(FrameError::Truncated)?;
    let (rest, head_length) = rest.split_last_chunk::<4>().ok_or(FrameError::Truncated)?;
    if *magic != MAGIC {
        return Err(FrameError::Magic);
    }
    if u16::from_le_bytes(*version) != VERSION {
        return Err(FrameError::Version(u16::from_le_bytes(*version)));
    }
    if crc32fast::hash(body) != u32::from_le_bytes(*checksum) {
        return Err(FrameError::Checksum);
    }
    let payload = rest.len().checked_sub(u32::from_le_bytes(*head_length) as usize).ok_or(FrameError::Truncated)?;
    let head = rest.get(payload..).ok_or(FrameError::Truncated)?;
    let (head, left) = postcard::take_from_bytes(head).map_err(|_| FrameError::Head)?;
    if left.is_empty() { Ok((head, payload)) } else { Err(FrameError::Head) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::FailureKind;
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;
    use std::time::Duration;

    fn ended() -> impl Strategy<Value = Ended> {
        let record = proptest::collection::vec(any::<u8>(), 0..200).prop_map(Ok);
        let failure =
            "[a-zéß ]{0,30}".prop_map(|reason| Err(Failure { kind: FailureKind::Panicked, reason, again: true }));
        (any::<u64>(), 0.0..1e6, prop_oneof![record, failure]).prop_map(|(task, seconds, result)| Ended {
            task: TaskIndex(task),
            seconds,
            result,
        })
    }

    fn to_coordinator() -> impl Strategy<Value = ToCoordinator> {
        let tasks = || proptest::collection::vec(any::<u64>().prop_map(TaskIndex), 0..20);
        prop_oneof![
            (any::<u32>(), ".{0,20}", any::<u32>()).prop_map(|(threads, host, pid)| ToCoordinator::Hello(Hello {
                threads,
                host,
                pid
            })),
            (tasks(), proptest::collection::vec(ended(), 0..6))
                .prop_map(|(started, ended)| ToCoordinator::Report(Report { started, ended })),
            Just(ToCoordinator::Heartbeat),
            (any::<u64>(), tasks())
                .prop_map(|(serial, tasks)| ToCoordinator::Holding { serial: Serial(serial), tasks }),
            Just(ToCoordinator::Garbled),
            Just(ToCoordinator::Farewell),
        ]
    }

    fn to_worker() -> impl Strategy<Value = ToWorker> {
        let tasks = proptest::collection::vec(any::<u64>().prop_map(TaskIndex), 0..20);
        prop_oneof![
            (any::<u32>(), any::<u32>()).prop_map(|(a, b)| ToWorker::Welcome {
                heartbeat: Duration::from_millis(a.into()),
                silence: Duration::from_millis(b.into())
            }),
            (any::<u64>(), tasks, any::<u32>()).prop_map(|(serial, tasks, chunk)| ToWorker::Assign {
                serial: Serial(serial),
                tasks,
                chunk
            }),
            (any::<u64>(), any::<bool>())
                .prop_map(|(serial, release)| ToWorker::Enquire { serial: Serial(serial), release }),
            (any::<u64>(), any::<u32>()).prop_map(|(task, s)| ToWorker::Abandon {
                task: TaskIndex(task),
                after: Duration::from_secs(s.into())
            }),
            Just(ToWorker::Alive),
            any::<bool>().prop_map(|orderly| ToWorker::Goodbye { orderly }),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

        #[test]
        fn messages_arrive_as_sent(message in to_coordinator(), reply in to_worker()) {
            prop_assert_eq!(ToCoordinator::decode(message.clone().encode()), Ok(message));
            prop_assert_eq!(ToWorker::decode(reply.clone().encode()), Ok(reply));
        }

        #[test]
        fn damage_is_noticed(message in to_coordinator(), place in any::<prop::sample::Index>(), bit in 0..8u32) {
            let mut bytes = message.encode();
            let place = place.index(bytes.len());
            bytes[place] ^= 1 << bit;
            prop_assert!(ToCoordinator::decode(bytes).is_err());
        }

        #[test]
        fn truncation_is_noticed(message in to_coordinator(), place in any::<prop::sample::Index>()) {
            let mut bytes = message.encode();
            bytes.truncate(place.index(bytes.len()));
            prop_assert!(ToCoordinator::decode(bytes).is_err());
        }

        #[test]
        fn noise_is_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            prop_assert!(ToCoordinator::decode(bytes.clone()).is_err());
            prop_assert!(ToWorker::decode(bytes).is_err());
        }

        #[test]
        fn a_lying_head_with_a_right_checksum_is_refused(length in 1u64..u64::MAX) {
            let head = Head::Report {
                started: Vec::new(),
                ended: vec![EndedHead { task: TaskIndex(1), seconds: 0.0, result: Ok(length) }],
            };
            prop_assert_eq!(ToCoordinator::decode(seal(Vec::new(), &head)), Err(FrameError::Truncated));
        }
    }

    #[test]
    fn a_single_record_keeps_its_buffer() {
        let record = vec![7u8; 1 << 20];
        let message = ToCoordinator::Report(Report {
            started: vec![TaskIndex(9)],
            ended: vec![Ended { task: TaskIndex(8), seconds: 1.5, result: Ok(record) }],
        });
        let bytes = message.clone().encode();
        let address = bytes.as_ptr();
        let decoded = ToCoordinator::decode(bytes).expect("intact");
        assert_eq!(decoded, message);
        let ToCoordinator::Report(report) = decoded else { panic!("a report was sent") };
        assert_eq!(report.ended[0].result.as_ref().expect("a record was sent").as_ptr(), address);
    }

    #[test]
    fn another_version_is_named() {
        let mut bytes = ToWorker::Alive.encode();
        let length = bytes.len();
        bytes[length - 6] = 9;
        assert_eq!(ToWorker::decode(bytes), Err(FrameError::Version(9)));
    }
}
