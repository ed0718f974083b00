//! Long work beside the interpreter: other Python threads run on, and Ctrl-C is heard at once.

use crate::errors::refused;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::{PyResult, Python};
use rayon::ThreadPoolBuilder;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::Builder;
use std::time::Duration;

/// How often signals are looked for.
const PATIENCE: Duration = Duration::from_millis(50);

/// What `work` returns, done in a thread of its own while this one waits for signals without holding the
/// interpreter. The work is told whether its result is still wanted.
///
/// # Errors
/// What a signal handler raises (`KeyboardInterrupt`), while the work goes on until it asks or ends; a panic
/// in it as `RuntimeError`.
pub(crate) fn interruptible<T: Send + 'static>(
    py: Python<'_>,
    work: impl FnOnce(&dyn Fn() -> bool) -> T + Send + 'static,
) -> PyResult<T> {
    let (sender, mut receiver) = channel();
    let caller = Arc::new(());
    let waits = Arc::downgrade(&caller);
    let worker = move || {
        let work = AssertUnwindSafe(|| work(&|| waits.strong_count() > 0));
        // Nobody listens any more after an interruption.
        let _ = sender.send(catch_unwind(work));
    };
    Builder::new().name("glassmodes".to_owned()).spawn(worker)?;
    loop {
        let heard;
        (receiver, heard) = py.detach(move || wait(receiver));
        match heard {
            Ok(Ok(result)) => return Ok(result),
            Ok(Err(panic)) => return Err(PyRuntimeError::new_err(format!("a bug of glassmodes: {}", words(&*panic)))),
            Err(RecvTimeoutError::Timeout) => py.check_signals()?,
            Err(RecvTimeoutError::Disconnected) => return Err(PyRuntimeError::new_err("the worker thread ended")),
        }
    }
}

/// The same on a pool of `threads` threads, on which windows of a spectrum are solved at once.
///
/// # Errors
/// As [`interruptible`], and for a number of threads that no machine has.
pub(crate) fn interruptible_on<T: Send + 'static>(
    py: Python<'_>,
    threads: usize,
    work: impl FnOnce() -> T + Send + 'static,
) -> PyResult<T> {
    if !(1..=1024).contains(&threads) {
        return Err(refused(format!("threads = {threads}: accepted: 1 to 1024")));
    }
    let pool = ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|cause| PyRuntimeError::new_err(format!("{threads} threads: {cause}")))?;
    interruptible(py, move |_| pool.install(work))
}

type Heard<T> = Result<Result<T, Box<dyn Any + Send>>, RecvTimeoutError>;

fn wait<T>(receiver: Receiver<Result<T, Box<dyn Any + Send>>>) -> (Receiver<Result<T, Box<dyn Any + Send>>>, Heard<T>) {
    let heard = receiver.recv_timeout(PATIENCE);
    (receiver, heard)
}

/// What a panic says.
fn words(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without words")
}
