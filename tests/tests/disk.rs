//! Disks that refuse: clear words, exit 1, nothing damaged.

#![expect(clippy::print_stderr, reason = "says when it skips")]

use glassmodes_tests::{Finished, assert_same_results, glassmodes, run, segments, small_campaign, write};
use std::path::{Path, PathBuf};
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

    fn remount(&self, option: &str) {
        let status = Command::new("mount").args(["-o", &format!("remount,{option}")]).arg(self.0).status();
        assert!(status.expect("mount runs").success());
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0).status();
    }
}

fn contents(out: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    segments(out).into_iter().map(|path| (path.clone(), std::fs::read(path).expect("readable"))).collect()
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
    let kept = contents(&out);
    assert!(!kept.is_empty(), "no segment was written before the disk was full");
    disk.remount("size=64m");
    campaign(&config, &out).expect_code(0);
    assert!(contents(&out).starts_with(&kept), "what was kept is kept");
    let whole = folder.path().join("whole");
    campaign(&config, &whole).expect_code(0);
    assert_same_results(&whole.join("archive.h5"), &out.join("archive.h5"));
}

#[test]
fn a_folder_made_read_only_is_refused_and_read_and_gone_on_with_later() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let config = write(folder.path(), "small.toml", &small_campaign(9));
    let at = folder.path().join("disk");
    std::fs::create_dir(&at).expect("writable");
    let Some(disk) = SmallDisk::mount(&at, "64m") else {
        eprintln!("skipped: mounting a file system needs root");
        return;
    };
    let out = at.join("campaign");
    campaign(&config, &out).expect_code(0);
    let whole = folder.path().join("whole.h5");
    std::fs::rename(out.join("archive.h5"), at.join("whole.h5")).expect("writable");
    std::fs::copy(at.join("whole.h5"), &whole).expect("writable");
    std::fs::remove_file(&segments(&out)[1]).expect("removable");
    let kept = contents(&out);

    disk.remount("ro");
    campaign(&config, &out).expect_code(1).expect_error("cannot create").expect_error("Read-only file system");
    let status = run(glassmodes(["status", &out.display().to_string()])).expect_code(0).out;
    assert!(status.contains("9 of 9 done"), "{status}");
    assert_eq!(contents(&out), kept);

    disk.remount("rw");
    campaign(&config, &out).expect_code(0);
    assert!(kept.iter().all(|segment| contents(&out).contains(segment)), "what was kept is kept");
    assert_same_results(&whole, &out.join("archive.h5"));
}
