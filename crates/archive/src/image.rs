//! HDF5 files built in memory, one after another in the same buffer.
//!
//! HDF5 alone would allocate the memory of every file anew and give out a copy of it: for segments of some
//! ten megabytes the page faults of both cost more than all that HDF5 does.

use hdf5_sys::h5::herr_t;
use hdf5_sys::h5fd::{H5FD_file_image_callbacks_t, H5FD_file_image_op_t};
use std::ffi::{CString, c_void};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

/// HDF5 asks for memory in steps of this size, and clears each; one step stays in the processor's cache.
const GROWTH: usize = 256 << 10;

/// What a file in memory lies in. It is never made smaller.
type Memory = Mutex<Vec<u8>>;

/// A buffer for one file at a time.
#[derive(Debug, Default)]
pub(crate) struct ImageBuffer {
    /// Shared with HDF5 while a file is open.
    memory: Arc<Memory>,
}

impl ImageBuffer {
    /// Creates a file that exists in this buffer only.
    pub(crate) fn create(&mut self) -> hdf5::Result<hdf5::File> {
        use hdf5::file::LibraryVersion::{Earliest, V18};
        // HDF5 tells files in memory apart by their names.
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let name = CString::new(format!("in memory {}", COUNT.fetch_add(1, Ordering::Relaxed)))
            .map_err(|error| error.to_string())?;
        if Arc::get_mut(&mut self.memory).is_none() {
            // A file that could not be closed keeps the memory it has.
            *self = ImageBuffer::default();
        }
        // Before 1.14.7 an image in a later format has a wrong checksum (HDF5 issue 1915).
        let mut access = hdf5::plist::FileAccess::build();
        access.core_options(GROWTH, false).libver_bounds(Earliest, V18);
        let access = access.finish()?;
        let mut callbacks = H5FD_file_image_callbacks_t {
            image_malloc: None,
            image_memcpy: None,
            image_realloc: Some(resize),
            image_free: Some(keep),
            udata_copy: Some(share),
            udata_free: Some(unshare),
            udata: Arc::as_ptr(&self.memory).cast_mut().cast(),
        };
        hdf5::sync::sync(|| {
            // SAFETY: the property list is valid, and HDF5 copies the callbacks; `udata` is the memory, of which it
            // takes its own shares by `share`. The name is a C string, and the identifier goes to one owner.
            unsafe {
                hdf5::h5check(hdf5_sys::h5p::H5Pset_file_image_callbacks(access.id(), &mut callbacks))?;
                let default = hdf5_sys::h5p::H5P_DEFAULT;
                let flags = hdf5_sys::h5f::H5F_ACC_EXCL;
                hdf5::from_id(hdf5::h5check(hdf5_sys::h5f::H5Fcreate(name.as_ptr(), flags, default, access.id()))?)
            }
        })
    }

    /// Closes the file in this buffer; gives the bytes that it would have on disk.
    pub(crate) fn close(&mut self, file: hdf5::File) -> hdf5::Result<&[u8]> {
        file.flush()?;
        // SAFETY: the file is open; without a buffer nothing but the length is asked for.
        let length = hdf5::sync::sync(|| unsafe {
            hdf5::h5check(hdf5_sys::h5f::H5Fget_file_image(file.id(), std::ptr::null_mut(), 0))
        })?;
        file.close()?;
        let memory = Arc::get_mut(&mut self.memory).ok_or("a file in memory is still in use")?;
        let memory = memory.get_mut().map_err(|_| "out of memory")?;
        memory.get(..length as usize).ok_or_else(|| "a file in memory is cut short".into())
    }
}

/// HDF5 asks for `size` bytes in the place of those it has: null if there are not so many. It clears what is new.
extern "C" fn resize(_: *mut c_void, size: usize, _: H5FD_file_image_op_t, memory: *mut c_void) -> *mut c_void {
    // SAFETY: `memory` is a share that HDF5 took by `share`, so the memory lives.
    let memory = unsafe { &*memory.cast::<Memory>() };
    let Ok(mut bytes) = memory.lock() else { return std::ptr::null_mut() };
    if let Some(missing) = size.checked_sub(bytes.len()) {
        if bytes.try_reserve(missing).is_err() {
            return std::ptr::null_mut();
        }
        bytes.resize(size, 0);
    }
    bytes.as_mut_ptr().cast()
}

/// HDF5 has closed the file: its bytes are still wanted.
extern "C" fn keep(_: *mut c_void, _: H5FD_file_image_op_t, _: *mut c_void) -> herr_t {
    0
}

/// HDF5 keeps one more pointer to the memory.
unsafe extern "C" fn share(memory: *mut c_void) -> *mut c_void {
    // SAFETY: it comes from an `Arc` that is alive: ours, or a share of HDF5's.
    unsafe { Arc::increment_strong_count(memory.cast::<Memory>().cast_const()) };
    memory
}

/// HDF5 forgets one of its pointers to the memory.
unsafe extern "C" fn unshare(memory: *mut c_void) -> herr_t {
    // SAFETY: HDF5 gives back what `share` gave it, once.
    unsafe { Arc::decrement_strong_count(memory.cast::<Memory>().cast_const()) };
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The copy that HDF5 gives out of an open file.
    fn copy(file: &hdf5::File) -> Vec<u8> {
        file.flush().expect("in memory");
        let copy = |buffer: *mut c_void, capacity: usize| {
            // SAFETY: the file is open, and `buffer` is null or has room for `capacity` bytes.
            hdf5::sync::sync(|| unsafe { hdf5_sys::h5f::H5Fget_file_image(file.id(), buffer, capacity) })
        };
        let mut bytes = vec![0; copy(std::ptr::null_mut(), 0) as usize];
        copy(bytes.as_mut_ptr().cast(), bytes.len());
        bytes
    }

    fn fill(file: &hdf5::File, count: usize) {
        let numbers: Vec<f64> = (0..count).map(|k| k as f64).collect();
        let dataset = file.new_dataset::<f64>().shape(count).chunk(count.min(1000)).fletcher32().create("numbers");
        dataset.expect("new").write_raw(&numbers).expect("as many");
    }

    #[test]
    fn the_bytes_are_those_of_the_copy_whatever_lay_in_the_buffer() {
        let mut buffer = ImageBuffer::default();
        for count in [3, 200_000, 1, 50_000] {
            let file = buffer.create().expect("in memory");
            fill(&file, count);
            let copy = copy(&file);
            assert!(copy.len() > 8 * count && buffer.close(file).expect("whole") == copy, "{count} numbers");
            assert!(!std::path::Path::new("in memory 0").exists());
        }
    }

    #[test]
    fn a_file_that_was_left_open_keeps_its_memory() {
        let mut buffer = ImageBuffer::default();
        let first = buffer.create().expect("in memory");
        let second = buffer.create().expect("in memory");
        fill(&first, 1000);
        fill(&second, 1000);
        let read: Vec<f64> = first.dataset("numbers").and_then(|numbers| numbers.read_raw()).expect("readable");
        assert_eq!(read[999], 999.0);
        assert_eq!(buffer.close(second).expect("whole")[1..4], *b"HDF");
    }
}
