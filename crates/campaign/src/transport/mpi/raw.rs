//! The five calls of MPI that are made directly: rsmpi's own versions do not look at error codes, and a dead partner must
//! be an error, not the end of the program or a read of uninitialized memory.

use mpi::ffi;
use std::mem::MaybeUninit;
use std::os::raw::c_int;

const SUCCESS: c_int = ffi::MPI_SUCCESS as c_int;

/// From now on, errors are returned to the caller.
pub(super) fn return_errors() {
    // SAFETY: MPI is initialized, and both handles are constants of the library.
    unsafe {
        ffi::MPI_Comm_set_errhandler(ffi::RSMPI_COMM_WORLD, ffi::RSMPI_ERRORS_RETURN);
    }
}

/// Ends every process.
pub(super) fn abort(exit_code: c_int) -> ! {
    // SAFETY: MPI is initialized and not finalized; the call does not return, and if it does, this process ends.
    unsafe {
        ffi::MPI_Abort(ffi::RSMPI_COMM_WORLD, exit_code);
    }
    std::process::exit(exit_code)
}

/// A message being sent, with its bytes, which MPI reads until it is done.
pub(super) struct Sending {
    request: ffi::MPI_Request,
    bytes: Vec<u8>,
    done: bool,
}

impl Sending {
    /// Begins to send; `None` if MPI refuses.
    pub(super) fn begin(bytes: Vec<u8>, to: c_int, tag: c_int) -> Option<Self> {
        let count = c_int::try_from(bytes.len()).ok()?;
        // SAFETY: the constant is a handle of the library.
        let mut request = unsafe { ffi::RSMPI_REQUEST_NULL };
        // SAFETY: `bytes` holds `count` bytes on the heap. They stay there, unchanged, until the request is complete:
        // moving the `Vec` does not move them, and dropping a `Sending` that is not done leaks them.
        let code = unsafe {
            ffi::MPI_Isend(
                bytes.as_ptr().cast(),
                count,
                ffi::RSMPI_UINT8_T,
                to,
                tag,
                ffi::RSMPI_COMM_WORLD,
                &raw mut request,
            )
        };
        (code == SUCCESS).then_some(Self { request, bytes, done: false })
    }

    /// Whether MPI no longer needs the bytes (it has sent them, or given up).
    pub(super) fn is_done(&mut self) -> bool {
        if !self.done {
            let mut flag: c_int = 0;
            let mut status = MaybeUninit::<ffi::MPI_Status>::uninit();
            // SAFETY: `request` came from MPI_Isend and is not complete; `flag` and `status` are writable.
            let code = unsafe { ffi::MPI_Test(&raw mut self.request, &raw mut flag, status.as_mut_ptr()) };
            self.done = flag != 0 || code != SUCCESS;
        }
        self.done
    }

    /// How many bytes.
    pub(super) fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Leaves request and bytes to MPI for ever.
    pub(super) fn forget(self) {
        drop(self);
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        if !self.done {
            std::mem::forget(std::mem::take(&mut self.bytes));
        }
    }
}

/// A message that came.
pub(super) struct Arrived {
    pub(super) from: c_int,
    /// `None` if it could not be received.
    pub(super) bytes: Option<Vec<u8>>,
}

/// The next message with this tag, if one has come.
pub(super) fn receive(tag: c_int) -> Option<Arrived> {
    let mut flag: c_int = 0;
    let mut status = MaybeUninit::<ffi::MPI_Status>::uninit();
    // SAFETY: the constant is a handle of the library.
    let mut message = unsafe { ffi::RSMPI_MESSAGE_NULL };
    // SAFETY: all pointers are writable; MPI fills `message` and `status` if it sets `flag`.
    let code = unsafe {
        ffi::MPI_Improbe(
            ffi::RSMPI_ANY_SOURCE,
            tag,
            ffi::RSMPI_COMM_WORLD,
            &raw mut flag,
            &raw mut message,
            status.as_mut_ptr(),
        )
    };
    if code != SUCCESS || flag == 0 {
        return None;
    }
    // SAFETY: `flag` was set, so `status` was written.
    let mut status = unsafe { status.assume_init() };
    let mut count: c_int = 0;
    // SAFETY: `status` is that of a probed message.
    let counted = unsafe { ffi::MPI_Get_count(&raw const status, ffi::RSMPI_UINT8_T, &raw mut count) };
    let count = if counted == SUCCESS { count.max(0) } else { 0 };
    let mut bytes: Vec<u8> = Vec::with_capacity(count as usize);
    // SAFETY: `bytes` has room for `count` bytes, and `message` was matched just now.
    let code = unsafe {
        ffi::MPI_Mrecv(bytes.as_mut_ptr().cast(), count, ffi::RSMPI_UINT8_T, &raw mut message, &raw mut status)
    };
    let received = code == SUCCESS;
    if received {
        // SAFETY: MPI has written `count` bytes, the length of the message it matched.
        unsafe { bytes.set_len(count as usize) };
    }
    Some(Arrived { from: status.MPI_SOURCE, bytes: received.then_some(bytes) })
}
