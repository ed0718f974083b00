//! Resident memory of this process, as Linux counts it (0 elsewhere).

/// Forgets the peak so far; the resident bytes now.
pub(crate) fn restart_peak() -> u64 {
    // 5: reset the peak resident set size (proc(5)).
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    bytes("VmRSS:")
}

/// The most resident bytes since.
pub(crate) fn peak() -> u64 {
    bytes("VmHWM:")
}

fn bytes(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok()).map_or(0, |kilobytes| 1024 * kilobytes)
}
