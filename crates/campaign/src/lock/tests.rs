use super::*;

fn write(directory: &Path, holder: &Holder, age: Duration) {
    let path = directory.join(LOCK_NAME);
    fs::write(&path, serde_json::to_vec(holder).expect("a holder")).expect("written");
    let file = OpenOptions::new().write(true).open(&path).expect("opened");
    file.set_modified(SystemTime::now() - age).expect("touched");
}

fn holder_elsewhere() -> Holder {
    Holder { host: "elsewhere".to_owned(), ..Holder::this_process() }
}

#[test]
fn a_lock_is_exclusive_and_released() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = Lock::acquire(folder.path()).expect("the lock");
    let refused = Lock::acquire(folder.path()).expect_err("it is held");
    let LockError::Held { holder, age, .. } = &refused else { panic!("{refused}") };
    assert_eq!((holder.pid, holder.host.clone()), (std::process::id(), crate::this_host()));
    assert!(*age < 60);
    drop(first);
    Lock::acquire(folder.path()).expect("the lock");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0, "nothing is left behind");
}

#[test]
fn a_dead_process_holds_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut child = std::process::Command::new("true").spawn().expect("a process");
    let mut holder = Holder { pid: child.id(), ..Holder::this_process() };
    holder.identity = Identity::of(child.id());
    child.wait().expect("it ends");
    write(folder.path(), &holder, Duration::ZERO);
    Lock::acquire(folder.path()).expect("the lock");
}

#[test]
fn another_process_with_the_number_of_a_dead_one_holds_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut holder = Holder::this_process();
    holder.identity.start = "1".to_owned();
    write(folder.path(), &holder, Duration::ZERO);
    Lock::acquire(folder.path()).expect("the lock");
}

#[test]
fn a_restart_of_the_machine_frees_the_lock() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut holder = Holder::this_process();
    holder.identity.boot = "an earlier one".to_owned();
    write(folder.path(), &holder, Duration::ZERO);
    Lock::acquire(folder.path()).expect("the lock");
}

#[test]
fn elsewhere_a_fresh_lock_counts_and_an_old_one_does_not() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), &holder_elsewhere(), Duration::from_secs(2));
    let refused = Lock::acquire(folder.path()).expect_err("it is held");
    assert!(refused.to_string().contains("elsewhere"), "{refused}");
    write(folder.path(), &holder_elsewhere(), ABANDONED + Duration::from_secs(1));
    Lock::acquire(folder.path()).expect("the lock");
}

#[test]
fn elsewhere_a_silent_lock_is_watched_until_it_moves_or_has_aged() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), &holder_elsewhere(), REFRESH + Duration::from_secs(2));
    let path = folder.path().to_owned();
    let toucher = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(700));
        write(&path, &holder_elsewhere(), Duration::ZERO);
    });
    Lock::acquire(folder.path()).expect_err("it moved");
    toucher.join().expect("no panic");
    write(folder.path(), &holder_elsewhere(), ABANDONED - Duration::from_secs(1));
    Lock::acquire(folder.path()).expect("after a second it has aged");
}

#[test]
fn a_half_written_lock_is_replaced_after_a_moment() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join(LOCK_NAME), "{\"host\":").expect("written");
    Lock::acquire(folder.path()).expect("the lock");
}

#[test]
fn a_lock_taken_over_is_noticed_and_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut lock = Lock::acquire(folder.path()).expect("the lock");
    lock.refreshed = Instant::now() - REFRESH;
    assert!(lock.refresh());
    write(folder.path(), &holder_elsewhere(), Duration::ZERO);
    assert!(lock.refresh(), "it does not look more often than it touches");
    lock.refreshed = Instant::now() - REFRESH;
    assert!(!lock.refresh());
    drop(lock);
    assert!(folder.path().join(LOCK_NAME).exists(), "another's lock is not removed");
}

#[test]
fn many_find_a_stale_lock_and_one_gets_it() {
    let folder = tempfile::tempdir().expect("a folder");
    for _ in 0..50 {
        let mut holder = Holder::this_process();
        holder.identity.start = "1".to_owned();
        write(folder.path(), &holder, Duration::ZERO);
        let got: Vec<Option<Lock>> = std::thread::scope(|scope| {
            let attempts: Vec<_> = (0..4).map(|_| scope.spawn(|| Lock::acquire(folder.path()).ok())).collect();
            attempts.into_iter().map(|attempt| attempt.join().expect("no panic")).collect()
        });
        assert_eq!(got.iter().flatten().count(), 1);
    }
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let refused = Lock::acquire(Path::new("/nowhere/at/all")).expect_err("there is no such folder");
    assert_eq!(refused.to_string(), "cannot create /nowhere/at/all/lock");
}
