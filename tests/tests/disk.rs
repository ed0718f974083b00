//! Disks that refuse: clear words, exit 1, nothing damaged.

#![expect(clippy::print_stderr, reason = "says when it skips")]

use glassmodes_tests::{Finished, assert_same_results, glassmodes, run, small_campaign, write};
use std::path::Path;
use std::process::Command;

fn campaign(config: &Path, out: &Path) -> Finished {
    run(glassmodes([&"run".into(), &config.to_owned(), &"--out".into(), &out.to_owned()]))
}

#[test]
fn an_unwritable_folder_is_named() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let config = write(folder.path(), "small.toml", &small_campaign(2));
    // Not even root may write there.
    campaign(&config, Path::new("/proc/campaign"))
        .expect_code(1)
        .expect_error("/proc/campaign: cannot make the folder");
}

/// A small file system of its own, if this user may mount one.
struct SmallDisk<'a>(&'a Path);

impl<'a> SmallDisk<'a> {
    fn mount(at: &'a Path, size: &str) -> Option<SmallDisk<'a>> {
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"]).arg(at).output();
        mounted.is_ok_and(|output| output.status.success()).then_some(SmallDisk(at))
    }

    fn resize(&self, size: &str) {
        let status = Command::new("mount").args(["-o", &format!("remount,size={size}")]).arg(self.0).status();
        assert!(status.expect("mount runs").success());
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0).status();
    }
}

#[test]
fn a_full_disk_ends_with_1_and_room_lets_the_campaign_go_on() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let config = write(folder.path(), "small.toml", &small_campaign(40));
    let at = folder.path().join("disk");
    std::fs::create_dir(&at).expect("writable");
    let Some(disk) = SmallDisk::mount(&at, "300k") else {
        eprintln!("skipped: mounting a file system needs root");
        return;
    };
    let out = at.join("campaign");
    campaign(&config, &out).expect_code(1).expect_error("No space left on device");
    disk.resize("64m");
    campaign(&config, &out).expect_code(0);
    let whole = folder.path().join("whole");
    campaign(&config, &whole).expect_code(0);
    assert_same_results(&whole.join("archive.h5"), &out.join("archive.h5"));
}
