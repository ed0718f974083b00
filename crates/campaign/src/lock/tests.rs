use super::holder::Identity;
use super::presence::presence_by;
use super::*;
use rustix::process::{Pid, Signal, kill_process};
use std::process::{Child, Command};

/// Short enough to wait for.
const TIMES: LockTimes = LockTimes {
    refresh: Duration::from_millis(200),
    abandoned: Duration::from_millis(600),
    look: Duration::from_millis(20),
};

fn acquire(directory: &Path) -> Result<Lock, LockError> {
    Lock::acquire(directory, TIMES)
}

fn write(directory: &Path, holder: &Holder) {
    fs::write(directory.join(LOCK_NAME), serde_json::to_vec(holder).expect("a holder")).expect("written");
}

/// Sets the lock's time, as a holder whose clock is wrong would have it.
fn touch_at(directory: &Path, time: SystemTime) {
    let file = OpenOptions::new().write(true).open(directory.join(LOCK_NAME)).expect("opened");
    file.set_modified(time).expect("touched");
}

fn holder_elsewhere() -> Holder {
    Holder { host: "elsewhere".to_owned(), ..Holder::this_process() }
}

fn holder_is(child: &Child) -> Holder {
    let mut holder = Holder { pid: child.id(), ..Holder::this_process() };
    holder.identity = Identity::of(child.id());
    holder
}

fn sleeper() -> Child {
    Command::new("sleep").arg("60").spawn().expect("a process")
}

#[test]
fn a_lock_is_exclusive_and_released() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = acquire(folder.path()).expect("the lock");
    let refused = acquire(folder.path()).expect_err("it is held");
    let LockError::Held { holder, age, suspended: false, .. } = &refused else { panic!("{refused}") };
    assert_eq!((holder.pid, holder.host.clone()), (std::process::id(), crate::this_host()));
    assert!(*age < 60);
    drop(first);
    acquire(folder.path()).expect("the lock");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0, "nothing is left behind");
}

#[test]
fn a_dead_process_holds_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut child = Command::new("true").spawn().expect("a process");
    let holder = holder_is(&child);
    child.wait().expect("it ends");
    write(folder.path(), &holder);
    assert_eq!(presence(&[folder.path().to_owned()]), [Presence::Gone]);
    acquire(folder.path()).expect("the lock");
}

#[test]
fn a_dead_process_that_nobody_reaps_holds_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut child = sleeper();
    let holder = holder_is(&child);
    child.kill().expect("it runs");
    while holder.life() == Life::Lives {
        std::thread::sleep(Duration::from_millis(5));
    }
    write(folder.path(), &holder);
    assert!(Path::new(&format!("/proc/{}", child.id())).exists(), "it is a zombie");
    assert_eq!(presence(&[folder.path().to_owned()]), [Presence::Gone]);
    acquire(folder.path()).expect("the lock");
    child.wait().expect("it ended");
}

#[test]
fn a_suspended_holder_is_called_frozen() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut child = sleeper();
    let holder = holder_is(&child);
    write(folder.path(), &holder);
    assert_eq!(presence(&[folder.path().to_owned()]), [Presence::Working]);
    kill_process(Pid::from_child(&child), Signal::STOP).expect("it runs");
    while holder.life() == Life::Lives {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(presence(&[folder.path().to_owned()]), [Presence::Frozen]);
    let refused = acquire(folder.path()).expect_err("it is held").to_string();
    assert!(refused.contains("is frozen") && refused.contains("kill -CONT"), "{refused}");
    child.kill().expect("it runs");
    child.wait().expect("it ends");
}

#[test]
fn another_process_with_the_number_of_a_dead_one_holds_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut holder = Holder::this_process();
    holder.identity.start = "1".to_owned();
    write(folder.path(), &holder);
    acquire(folder.path()).expect("the lock");
}

#[test]
fn elsewhere_only_a_touch_counts_whatever_the_clocks_say() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut of_this_name = Holder::this_process();
    of_this_name.identity.boot = "another machine, or an earlier boot".to_owned();
    for (holder, wrong) in
        [(holder_elsewhere(), 0), (holder_elsewhere(), 90), (holder_elsewhere(), -90), (of_this_name, 0)]
    {
        let clock = |shift: u64| match wrong {
            wrong if wrong < 0 => SystemTime::now() - Duration::from_secs(90) + Duration::from_millis(shift),
            wrong => SystemTime::now() + Duration::from_secs(wrong as u64) + Duration::from_millis(shift),
        };
        write(folder.path(), &holder);
        touch_at(folder.path(), clock(0));
        let path = folder.path().to_owned();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                std::thread::sleep(Duration::from_millis(300));
                touch_at(&path, clock(1));
            });
            let refused = acquire(&path).expect_err("it is touched").to_string();
            assert!(refused.contains(&holder.host), "{refused}");
        });
        touch_at(folder.path(), clock(2));
        let begun = Instant::now();
        drop(acquire(folder.path()).expect("nobody touches it"));
        assert!(begun.elapsed() >= TIMES.abandoned, "it was not watched");
    }
}

#[test]
fn what_is_shown_of_a_lock_elsewhere_follows_its_touches() {
    let folder = tempfile::tempdir().expect("a folder");
    let folders = [folder.path().to_owned()];
    write(folder.path(), &holder_elsewhere());
    assert_eq!(presence(&folders), [Presence::Working], "touched just now");
    touch_at(folder.path(), SystemTime::now() - Duration::from_secs(90));
    assert_eq!(presence_by(&folders, TIMES), [Presence::Gone]);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(100));
            touch_at(folder.path(), SystemTime::now() - Duration::from_secs(89));
        });
        assert_eq!(presence_by(&folders, TIMES), [Presence::Working]);
    });
    write(folder.path(), &Holder::this_process());
    touch_at(folder.path(), SystemTime::now() - Duration::from_secs(90));
    assert_eq!(presence_by(&folders, TIMES), [Presence::Frozen], "it lives here, and does not move");
}

#[test]
fn a_half_written_lock_is_replaced_after_a_moment() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join(LOCK_NAME), "{\"host\":").expect("written");
    acquire(folder.path()).expect("the lock");
}

#[test]
fn what_is_no_file_is_refused_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(LOCK_NAME);
    std::os::unix::fs::symlink(folder.path().join("nothing"), &path).expect("a link");
    let refused = acquire(folder.path()).expect_err("a dangling link");
    let LockError::File { source, .. } = &refused else { panic!("{refused}") };
    assert_eq!(source.to_string(), "it is a link that leads nowhere; remove it");
    fs::remove_file(&path).expect("removed");
    assert!(Command::new("mkfifo").arg(&path).status().expect("mkfifo runs").success());
    let refused = acquire(folder.path()).expect_err("a pipe");
    let LockError::File { source, .. } = &refused else { panic!("{refused}") };
    assert_eq!(source.to_string(), "it is no regular file; remove it");
    assert_eq!(presence(&[folder.path().to_owned()]), [Presence::Gone]);
}

#[test]
fn whatever_becomes_of_lock_and_folder_is_noticed() {
    type Accident = fn(&Path);
    let accidents: [(Accident, Standing, bool); 5] = [
        (|folder| write(folder, &holder_elsewhere()), Standing::TakenOver, true),
        (|folder| fs::write(folder.join(LOCK_NAME), "").expect("emptied"), Standing::LockDamaged, false),
        (|folder| fs::remove_file(folder.join(LOCK_NAME)).expect("removed"), Standing::LockRemoved, false),
        (|folder| fs::rename(folder, folder.with_extension("moved")).expect("renamed"), Standing::Moved, false),
        (
            |folder| {
                fs::rename(folder, folder.with_extension("moved")).expect("renamed");
                fs::create_dir(folder).expect("another");
                write(folder, &holder_elsewhere());
            },
            Standing::Moved,
            true,
        ),
    ];
    for (accident, expected, another) in accidents {
        let parent = tempfile::tempdir().expect("a folder");
        let folder = parent.path().join("campaign");
        fs::create_dir(&folder).expect("a folder");
        let mut lock = acquire(&folder).expect("the lock");
        lock.refreshed = Instant::now() - TIMES.refresh;
        assert_eq!(lock.refresh(), Standing::Ours);
        accident(&folder);
        assert_eq!(lock.refresh(), Standing::Ours, "it does not look more often than it touches");
        lock.refreshed = Instant::now() - TIMES.refresh;
        assert_eq!(lock.refresh(), expected);
        drop(lock);
        assert_eq!(folder.join(LOCK_NAME).exists(), another, "{expected:?}: only one's own lock is removed");
        assert!(!parent.path().join("campaign.moved").join(LOCK_NAME).exists(), "ours is, wherever it is now");
    }
}

#[test]
fn a_touch_changes_the_lock() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut lock = acquire(folder.path()).expect("the lock");
    let before = Sight::of(&folder.path().join(LOCK_NAME)).expect("a lock");
    std::thread::sleep(Duration::from_millis(20));
    lock.refreshed = Instant::now() - TIMES.refresh;
    lock.refresh();
    let after = Sight::of(&folder.path().join(LOCK_NAME)).expect("a lock");
    assert!(before != after && before.is_same_file(&after));
}

#[test]
fn many_find_a_stale_lock_and_one_gets_it() {
    let folder = tempfile::tempdir().expect("a folder");
    for _ in 0..50 {
        let mut holder = Holder::this_process();
        holder.identity.start = "1".to_owned();
        write(folder.path(), &holder);
        let got: Vec<Option<Lock>> = std::thread::scope(|scope| {
            let attempts: Vec<_> = (0..4).map(|_| scope.spawn(|| acquire(folder.path()).ok())).collect();
            attempts.into_iter().map(|attempt| attempt.join().expect("no panic")).collect()
        });
        assert_eq!(got.iter().flatten().count(), 1);
    }
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let refused = acquire(Path::new("/nowhere/at/all")).expect_err("there is no such folder");
    assert_eq!(refused.to_string(), "cannot create /nowhere/at/all/lock");
}

#[test]
fn a_lock_is_touched_while_something_long_is_done() {
    let folder = tempfile::tempdir().expect("a folder");
    let lock = acquire(folder.path()).expect("the lock");
    let sight = || Sight::of(&folder.path().join(LOCK_NAME)).expect("a lock");
    let before = sight();
    let touched = lock.held_during(|| {
        let begun = Instant::now();
        while sight() == before && begun.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(10));
        }
        sight() != before
    });
    assert!(touched && sight().is_same_file(&before));
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| lock.held_during(|| panic!("as it may"))));
    assert!(panicked.is_err(), "and it does not hang");
    let found = while_locked(&folder.path().join("."), |_| ()).expect_err("it is held");
    assert!(matches!(found, LockError::Held { .. }), "{found}");
    drop(lock);
    let (before, after) = while_locked(folder.path(), |ours| {
        let before = ours();
        write(folder.path(), &holder_elsewhere());
        (before, ours())
    })
    .expect("the lock");
    assert!(before && !after, "that another has taken it is seen");
}

#[cfg(feature = "mpi")]
#[test]
fn the_lock_of_a_dead_run_says_nothing_of_a_coordinator_that_does_not_have_it_yet() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut dead = Holder::this_process();
    dead.identity.start = "1".to_owned();
    write(folder.path(), &dead);
    let mut lookout = Lookout::of(folder.path());
    assert_eq!(lookout.life(Known::NotYet), Life::Unknown);
    assert_eq!(lookout.life(Known::Welcomed), Life::Unknown);
    write(folder.path(), &Holder::this_process());
    assert_eq!(lookout.life(Known::NotYet), Life::Unknown);
    assert_eq!(lookout.life(Known::Welcomed), Life::Lives);
    assert_eq!(lookout.life(Known::Employed), Life::Lives, "what was seen before is forgotten");
    write(folder.path(), &dead);
    assert_eq!(lookout.life(Known::Employed), Life::Dead, "another has the lock");
}
