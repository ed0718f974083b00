//! Memory, as the system tells of it.

use std::path::{Path, PathBuf};

/// Where the system tells.
const ROOT: &str = "/";

/// Bytes of memory that this process would still be given: what the machine has, what the limits of its control groups
/// leave (containers, SLURM), what `ulimit -v` leaves. Without limit where the system does not say.
pub fn memory_available() -> u64 {
    available_below(Path::new(ROOT))
}

fn available_below(root: &Path) -> u64 {
    [of_the_machine(root), of_control_groups(root), of_the_address_space(root)]
        .into_iter()
        .flatten()
        .min()
        .unwrap_or(u64::MAX)
}

fn of_the_machine(root: &Path) -> Option<u64> {
    let text = std::fs::read_to_string(root.join("proc/meminfo")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kilobytes.saturating_mul(1024))
}

/// What the tightest limit of this process's control group and of those above it leaves.
fn of_control_groups(root: &Path) -> Option<u64> {
    let text = std::fs::read_to_string(root.join("proc/self/cgroup")).ok()?;
    // ID:CONTROLLERS:PATH; version 2 has the ID 0 and names no controllers.
    let groups = text.lines().filter_map(|line| {
        let mut fields = line.splitn(3, ':');
        let (id, controllers, path) = (fields.next()?, fields.next()?, fields.next()?);
        let version = match (id, controllers) {
            ("0", "") => &UNIFIED,
            _ if controllers.split(',').any(|name| name == "memory") => &MEMORY_CONTROLLER,
            _ => return None,
        };
        Some(version.left(root, path))
    });
    groups.flatten().min()
}

/// What `ulimit -v` leaves.
fn of_the_address_space(root: &Path) -> Option<u64> {
    let limits = std::fs::read_to_string(root.join("proc/self/limits")).ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max address space"))?;
    let limit: u64 = line.split_whitespace().next()?.parse().ok()?;
    let status = std::fs::read_to_string(root.join("proc/self/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmSize:"))?;
    let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(limit.saturating_sub(kilobytes.saturating_mul(1024)))
}

/// Where a version of control groups keeps its limits.
struct Files {
    mounted: &'static str,
    limit: &'static str,
    used: &'static str,
    /// In `memory.stat`: file contents that the kernel drops when memory is short.
    dropped: &'static str,
}

const UNIFIED: Files =
    Files { mounted: "sys/fs/cgroup", limit: "memory.max", used: "memory.current", dropped: "inactive_file" };
const MEMORY_CONTROLLER: Files = Files {
    mounted: "sys/fs/cgroup/memory",
    limit: "memory.limit_in_bytes",
    used: "memory.usage_in_bytes",
    dropped: "total_inactive_file",
};

impl Files {
    fn left(&self, root: &Path, path: &str) -> Option<u64> {
        let mounted = root.join(self.mounted);
        let mut group: PathBuf = mounted.join(path.trim_start_matches('/'));
        let mut least = None;
        // In a container the path may be the host's, which is not seen from inside; the mount itself is the group then.
        while group.starts_with(&mounted) {
            least = [least, self.left_in(&group)].into_iter().flatten().min();
            if !group.pop() {
                break;
            }
        }
        least
    }

    fn left_in(&self, group: &Path) -> Option<u64> {
        let number = |name| std::fs::read_to_string(group.join(name)).ok()?.trim().parse::<u64>().ok();
        let (limit, used) = (number(self.limit)?, number(self.used)?);
        let stat = std::fs::read_to_string(group.join("memory.stat")).unwrap_or_default();
        let dropped = stat.lines().find_map(|line| line.strip_prefix(self.dropped)?.trim().parse::<u64>().ok());
        Some(limit.saturating_sub(used.saturating_sub(dropped.unwrap_or(0))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// A system that tells what `files` say.
    fn told(files: &[(&str, &str)]) -> u64 {
        let root = tempfile::tempdir().expect("a temporary folder");
        for (name, text) in files {
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
            fs::write(path, text).expect("writable");
        }
        available_below(root.path())
    }

    const MACHINE: (&str, &str) = ("proc/meminfo", "MemTotal:       8000 kB\nMemAvailable:    4000 kB\n");

    #[test]
    fn the_machine_alone() {
        assert_eq!(told(&[MACHINE]), 4000 * 1024);
        assert_eq!(told(&[]), u64::MAX);
        assert!(memory_available() > 1 << 20);
    }

    #[test]
    fn the_tightest_group_counts_and_what_the_kernel_drops_is_free() {
        let group = ("proc/self/cgroup", "0::/slurm/job_7/step_0\n");
        let job = "sys/fs/cgroup/slurm/job_7/";
        let step = "sys/fs/cgroup/slurm/job_7/step_0/";
        let files = [
            MACHINE,
            group,
            (&format!("{job}memory.max"), "1000000\n"),
            (&format!("{job}memory.current"), "600000\n"),
            (&format!("{job}memory.stat"), "anon 5\ninactive_file 100000\nactive_file 7\n"),
            (&format!("{step}memory.max"), "max\n"),
            (&format!("{step}memory.current"), "1\n"),
        ];
        assert_eq!(told(&files), 500_000);
    }

    #[test]
    fn a_container_whose_path_is_the_hosts() {
        let files = [
            MACHINE,
            ("proc/self/cgroup", "0::/docker/0123abcd\n"),
            ("sys/fs/cgroup/memory.max", "300000\n"),
            ("sys/fs/cgroup/memory.current", "100000\n"),
        ];
        assert_eq!(told(&files), 200_000);
    }

    #[test]
    fn the_first_version_of_control_groups() {
        let files = [
            MACHINE,
            ("proc/self/cgroup", "5:cpu,cpuacct:/a\n4:memory:/a/b\n"),
            ("sys/fs/cgroup/memory/a/b/memory.limit_in_bytes", "9223372036854771712\n"),
            ("sys/fs/cgroup/memory/a/b/memory.usage_in_bytes", "5\n"),
            ("sys/fs/cgroup/memory/a/memory.limit_in_bytes", "7000\n"),
            ("sys/fs/cgroup/memory/a/memory.usage_in_bytes", "5000\n"),
            ("sys/fs/cgroup/memory/a/memory.stat", "inactive_file 1\ntotal_inactive_file 1000\n"),
        ];
        assert_eq!(told(&files), 3000);
    }

    #[test]
    fn a_limit_of_the_address_space() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units\n\
            Max address space         3000000              unlimited            bytes\n";
        let files =
            [MACHINE, ("proc/self/limits", limits), ("proc/self/status", "VmPeak:\t 9 kB\nVmSize:\t    1000 kB\n")];
        assert_eq!(told(&files), 3_000_000 - 1_024_000);
        let unlimited = [MACHINE, ("proc/self/limits", "Max address space unlimited unlimited bytes\n")];
        assert_eq!(told(&unlimited), 4000 * 1024);
    }
}
