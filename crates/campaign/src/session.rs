//! A process's part in a campaign, from its first line to its exit.

use crate::engine::{Setting, coordinate};
use crate::launch::Launch;
use crate::lock::Life;
use crate::observer::Observer;
use crate::outcome::{CampaignError, Outcome};
use crate::settings::Settings;
use crate::store::{Store, StoreError};
use crate::task::Task;
use crate::transport::Exchange;
use crate::transport::switchboard::{LOCAL, Switchboard};
use crate::transport::threads::{ThreadConnection, ThreadExchange};
use crate::worker::{Dismissed, Hand, work};
use std::marker::PhantomData;
use std::sync::Arc;
use std::thread::JoinHandle;

#[cfg(feature = "mpi")]
use crate::lock::Lookout;
#[cfg(feature = "mpi")]
use crate::transport::mpi::World;

/// Up to so many ranks, rank 0 computes too unless told otherwise: an idle one among 16 costs 6 % of the allocation, and
/// the coordinator's own work a fraction of a percent of a core.
pub const FEW_RANKS: u32 = 16;

/// This process among those of the campaign. Made once, before anything else that could fail, by the thread that then
/// calls [`run`](Self::run); ended by [`leave`](Self::leave).
///
/// ```no_run
/// # use campaign::{Launch, Session, Settings, StoreError, Store, TaskFailure};
/// # fn run(open: fn() -> Result<Box<dyn Store>, StoreError>) -> Result<(), campaign::CampaignError> {
/// let mut session = Session::start(Launch::detect())?;
/// let settings = Settings::new("campaign", 0..1000);
/// let outcome = session.run(&settings, |index: u64| Ok(index.to_le_bytes().to_vec()), open, &mut ());
/// let code = outcome.map_or(1, |outcome| outcome.exit_code());
/// std::process::exit(session.leave(code).into());
/// # }
/// ```
pub struct Session {
    #[cfg(feature = "mpi")]
    world: Option<World>,
    /// MPI belongs to the thread that initialized it.
    not_send: PhantomData<*const ()>,
}

impl Session {
    /// Joins the other processes, if there are any.
    pub fn start(launch: Launch) -> Result<Self, CampaignError> {
        match launch {
            Launch::Alone => Ok(Self {
                #[cfg(feature = "mpi")]
                world: None,
                not_send: PhantomData,
            }),
            Launch::Ranks(told) => Self::start_ranks(told),
        }
    }

    #[cfg(feature = "mpi")]
    fn start_ranks(told: Option<u32>) -> Result<Self, CampaignError> {
        let world = World::initialize()?;
        match told {
            Some(tasks) if tasks > 1 && world.size() == 1 => {
                world.finalize();
                Err(CampaignError::RanksUnconnected { tasks })
            }
            _ => Ok(Self { world: Some(world), not_send: PhantomData }),
        }
    }

    #[cfg(not(feature = "mpi"))]
    fn start_ranks(told: Option<u32>) -> Result<Self, CampaignError> {
        Err(CampaignError::BuiltWithoutMpi { ranks: told.unwrap_or(2) })
    }

    /// Whether this is the process that decides, stores and reports; exactly one is.
    pub fn is_coordinator(&self) -> bool {
        self.rank() == 0
    }

    /// Number of this process, from 0.
    pub fn rank(&self) -> u32 {
        #[cfg(feature = "mpi")]
        if let Some(world) = &self.world {
            return world.rank();
        }
        0
    }

    /// How many processes there are.
    pub fn ranks(&self) -> u32 {
        #[cfg(feature = "mpi")]
        if let Some(world) = &self.world {
            return world.size();
        }
        1
    }

    /// The MPI library in use, if there are several processes.
    pub fn mpi_version(&self) -> Option<String> {
        #[cfg(feature = "mpi")]
        if let Some(world) = &self.world {
            return Some(world.library_version());
        }
        None
    }

    /// The MPI library this program is linked with; `None` in a build without MPI. Needs no session.
    pub fn mpi_library() -> Option<String> {
        #[cfg(feature = "mpi")]
        return Some(crate::transport::mpi::library());
        #[cfg(not(feature = "mpi"))]
        None
    }

    /// Runs the campaign to its end. On the coordinator, `open_store` is called once the folder is locked; on a worker it
    /// is not called at all, and the outcome is [`Outcome::Worker`].
    ///
    /// A computation that was given up may still be running on a detached thread when this returns: end the process soon.
    pub fn run<T: Task>(
        &mut self,
        settings: &Settings,
        task: T,
        open_store: impl FnOnce() -> Result<Box<dyn Store>, StoreError> + Send,
        observer: &mut dyn Observer,
    ) -> Result<Outcome, CampaignError> {
        let task = Arc::new(task);
        #[cfg(feature = "mpi")]
        if let Some(world) = &mut self.world {
            if world.rank() == 0 {
                let remote: Option<&mut dyn Exchange> = if world.size() > 1 { Some(world) } else { None };
                let (outcome, orderly) = run_coordinator(settings, &task, remote, open_store, observer);
                world.set_dismissed(orderly);
                return outcome;
            }
            return run_worker(settings, world, task);
        }
        run_coordinator(settings, &task, None, open_store, observer).0
    }

    /// Leaves the other processes; the exit code to return from `main`. After a lost rank MPI cannot be finalized (it
    /// would wait for the dead), so then the coordinator ends all processes here, with this exit code, and does not
    /// return; what the launcher makes of that is its affair, and the file `outcome` tells the truth.
    pub fn leave(mut self, exit_code: u8) -> u8 {
        #[cfg(feature = "mpi")]
        if let Some(world) = self.world.take() {
            world.leave(exit_code);
        }
        let _ = &mut self;
        exit_code
    }
}

#[cfg(feature = "mpi")]
fn run_worker<T: Task>(settings: &Settings, world: &mut World, task: Arc<T>) -> Result<Outcome, CampaignError> {
    let _ignored = crate::stop::Signals::leave_to_coordinator()
        .map_err(|source| CampaignError::System { action: "catch signals", source })?;
    let mut lookout = Lookout::of(&settings.directory);
    let dismissed = work(&mut *world, hand(settings, task), |known| lookout.life(known));
    match &dismissed {
        Ok(dismissed) => world.set_dismissed(dismissed.orderly),
        Err(_) => world.set_forsaken(),
    }
    dismissed.map(|_| Outcome::Worker)
}

fn hand<T>(settings: &Settings, task: Arc<T>) -> Hand<T> {
    Hand { task, threads: settings.threads, agreement: settings.agreement.clone() }
}

/// The coordinator, with a worker beside it if it is to compute too.
fn run_coordinator<T: Task>(
    settings: &Settings,
    task: &Arc<T>,
    remote: Option<&mut dyn Exchange>,
    open_store: impl FnOnce() -> Result<Box<dyn Store>, StoreError> + Send,
    observer: &mut dyn Observer,
) -> (Result<Outcome, CampaignError>, bool) {
    let others = remote.as_ref().map_or(0, |remote| remote.everybody().len()) as u32;
    let works = others == 0 || settings.coordinator_works.unwrap_or(others < FEW_RANKS);
    let mut local = None;
    let mut worker = None;
    if works {
        let mut exchange = ThreadExchange::new();
        match spawn_local_worker(exchange.connect(LOCAL), hand(settings, Arc::clone(task))) {
            Ok(handle) => worker = Some(handle),
            Err(source) => {
                let error = CampaignError::System { action: "start the worker's thread", source };
                return (Err(error), others == 0);
            }
        }
        local = Some(exchange);
    }
    let mut local_failure = || match worker.take() {
        Some(handle) if handle.is_finished() => handle.join().ok().and_then(Result::err),
        unfinished => {
            worker = unfinished;
            None
        }
    };
    let mut exchange = Switchboard::new(local, remote);
    let setting =
        Setting { settings, ranks: others + 1, exchange: &mut exchange, observer, local_failure: &mut local_failure };
    let left = coordinate(setting, open_store);
    (left.outcome, left.orderly)
}

fn spawn_local_worker<T: Task>(
    connection: ThreadConnection,
    hand: Hand<T>,
) -> std::io::Result<JoinHandle<Result<Dismissed, CampaignError>>> {
    std::thread::Builder::new().name("worker".to_owned()).spawn(move || work(connection, hand, |_| Life::Lives))
}
