//! Tests of what crosses crates: this library is their shared hands.

pub mod hostile;

use std::ffi::OsStr;
use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// The workspace.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests is a folder of the workspace")
}

/// The program, built if need be; once a test binary.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        // target/debug/deps/this-test
        let here = std::env::current_exe().expect("the test runs");
        let folder = here.ancestors().nth(2).expect("a target folder").to_owned();
        let release = folder.ends_with("release");
        let target = folder.parent().expect("a target folder");
        let built = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["build", "--quiet", "--locked", "--bin", "glassmodes"])
            .args(release.then_some("--release"))
            .arg("--target-dir")
            .arg(target)
            .current_dir(root())
            .status()
            .expect("cargo runs");
        assert!(built.success(), "the program does not build");
        folder.join("glassmodes")
    })
}

/// How a program ended and what it said.
#[derive(Debug)]
pub struct Finished {
    /// Exit code; `None` after a signal.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Finished {
    /// Asserts the exit code, showing what was said otherwise.
    #[track_caller]
    pub fn expect_code(self, code: i32) -> Finished {
        assert_eq!(self.code, Some(code), "\n--- out\n{}\n--- err\n{}", self.out, self.err);
        self
    }

    /// Asserts that standard output has these words.
    #[track_caller]
    pub fn expect_out(self, words: &str) -> Finished {
        assert!(self.out.contains(words), "expected {words:?} in\n{}", self.out);
        self
    }

    /// Asserts that standard error has these words.
    #[track_caller]
    pub fn expect_error(self, words: &str) -> Finished {
        assert!(self.err.contains(words), "expected {words:?} in\n{}", self.err);
        self
    }
}

/// A program that runs in a process group of its own, its output in files.
pub struct Running {
    child: Child,
    output: tempfile::TempDir,
    started: Instant,
}

impl Running {
    /// Starts `command`.
    pub fn start(command: &mut Command) -> Running {
        let output = tempfile::tempdir().expect("a temporary folder");
        let file = |name: &str| File::create(output.path().join(name)).expect("writable");
        command.stdin(Stdio::null()).stdout(file("out")).stderr(file("err")).process_group(0);
        let child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        Running { child, output, started: Instant::now() }
    }

    /// Its process number.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal to the program itself.
    pub fn signal(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_child(&self.child);
        // It may have ended by itself; that is for the caller to see.
        let _ = rustix::process::kill_process(pid, signal);
    }

    /// Sends a signal to the program and all it started.
    pub fn signal_group(&self, signal: rustix::process::Signal) {
        let _ = rustix::process::kill_process_group(rustix::process::Pid::from_child(&self.child), signal);
    }

    /// Whether it has ended.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("a child").is_some()
    }

    /// Waits for its end, at most `seconds` since its start.
    pub fn wait(mut self, seconds: u64) -> Finished {
        if !self.ends_within(seconds) {
            self.signal_group(rustix::process::Signal::KILL);
            let _ = self.child.wait();
            panic!("still running after {seconds} s\n--- out\n{}\n--- err\n{}", self.said("out"), self.said("err"));
        }
        let status: ExitStatus = self.child.wait().expect("a child");
        // Whatever it left behind (orphans of mpirun) must not disturb the next test.
        self.signal_group(rustix::process::Signal::KILL);
        Finished { code: status.code(), out: self.said("out"), err: self.said("err") }
    }

    /// Whether it ends within `seconds` since its start; waits for that.
    pub fn ends_within(&mut self, seconds: u64) -> bool {
        while !self.has_ended() {
            if self.started.elapsed() > Duration::from_secs(seconds) {
                return false;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        true
    }

    /// Waits until the campaign in `folder` has written `count` segments, or it has ended.
    pub fn wait_for_segments(&mut self, folder: &Path, count: usize) {
        while segments(folder).len() < count && !self.has_ended() {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn said(&self, name: &str) -> String {
        let bytes = std::fs::read(self.output.path().join(name)).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// `glassmodes ARGUMENTS`, to be started.
pub fn glassmodes<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(binary());
    command.args(arguments);
    clean(&mut command);
    command
}

/// `mpirun -n RANKS glassmodes ARGUMENTS`, to be started; more ranks than cores are allowed.
pub fn mpirun<S: AsRef<OsStr>>(ranks: u32, options: &[&str], arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new("mpirun");
    command.args(["-n", &ranks.to_string()]);
    if is_open_mpi() {
        command.arg("--oversubscribe");
    }
    command.args(options).arg(binary()).args(arguments);
    clean(&mut command);
    command
}

/// Whether mpirun is Open MPI's.
pub fn is_open_mpi() -> bool {
    static OPEN_MPI: OnceLock<bool> = OnceLock::new();
    *OPEN_MPI.get_or_init(|| {
        let version = Command::new("mpirun").arg("--version").output().expect("mpirun is installed");
        let text = String::from_utf8_lossy(&version.stdout).to_lowercase();
        text.contains("open mpi") || text.contains("open-mpi")
    })
}

/// An environment that neither a cluster nor the person running the tests has a say in.
fn clean(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("SLURM_") || name.starts_with("PMI") || name.starts_with("OMPI_COMM") || name == "RUST_LOG"
        {
            command.env_remove(&*name);
        }
    }
    command.env("OMPI_ALLOW_RUN_AS_ROOT", "1").env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
}

/// Runs to the end, at most two minutes.
pub fn run(mut command: Command) -> Finished {
    Running::start(&mut command).wait(120)
}

/// A small campaign as TOML: 64 particles, a few milliseconds a realization.
pub fn small_campaign(realizations: u64) -> String {
    format!(
        "[campaign]\nname = \"small\"\nrealizations = {realizations}\nseed = 11\nsegment_records = 3\n\
         [glass]\nparticles = 64\n[thermalize]\ntemperature = 0.1\nsweeps = 200\n\
         [spectrum]\nmethod = \"dense\"\n[modes]\nomega_max = 2.5\n"
    )
}

/// A campaign of eight segments, a second or so on one thread: time enough to be interrupted after any of them.
pub fn longer_campaign() -> String {
    small_campaign(24).replace("sweeps = 200", "sweeps = 30_000")
}

/// A campaign's configuration in a folder of its own.
pub struct Campaign {
    folder: tempfile::TempDir,
    config: PathBuf,
}

impl Campaign {
    /// The campaign of a configuration.
    pub fn new(text: &str) -> Campaign {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let config = write(folder.path(), "campaign.toml", text);
        Campaign { folder, config }
    }

    /// A path in its folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The words of `glassmodes run` into `out`.
    pub fn words(&self, out: &str, more: &[&str]) -> Vec<String> {
        let mut words = vec!["run".into(), self.config.display().to_string(), "--out".into()];
        words.push(self.path(out).display().to_string());
        words.extend(more.iter().map(ToString::to_string));
        words
    }

    /// Runs it into `out`.
    pub fn run(&self, out: &str, more: &[&str]) -> Finished {
        run(glassmodes(self.words(out, more)))
    }

    /// The archive in `out`.
    pub fn archive(&self, out: &str) -> PathBuf {
        self.path(out).join("archive.h5")
    }
}

/// The finished segments of the campaign in `folder`, in the order of their numbers.
pub fn segments(folder: &Path) -> Vec<PathBuf> {
    archive::segments::segment_files(&folder.join("segments")).unwrap_or_default()
}

/// All Pythons that have these modules: the one that `GLASSMODES_PYTHON` names, the first on the path, the
/// system's. None is an error where `GLASSMODES_REQUIRE_PYTHON` is 1, as in the gate.
pub fn pythons(modules: &[&str]) -> Vec<PathBuf> {
    let named = std::env::var_os("GLASSMODES_PYTHON").map(PathBuf::from);
    let candidates = named.into_iter().chain(["python3".into(), "/usr/bin/python3".into()]);
    let program = format!("import sys, {}; print(sys.prefix)", modules.join(", "));
    let mut seen = Vec::new();
    let mut works = |python: &PathBuf| {
        let output = Command::new(python).args(["-c", &program]).output();
        // One Python by two names is one.
        let prefix = output.ok().filter(|output| output.status.success()).map(|output| output.stdout);
        prefix.is_some_and(|prefix| {
            !seen.contains(&prefix) && {
                seen.push(prefix);
                true
            }
        })
    };
    let found: Vec<PathBuf> = candidates.filter(|python| works(python)).collect();
    let required = std::env::var("GLASSMODES_REQUIRE_PYTHON").is_ok_and(|value| value == "1");
    assert!(!found.is_empty() || !required, "no python3 with {modules:?}, and GLASSMODES_REQUIRE_PYTHON is 1");
    found
}

/// Runs a program in a folder; what it printed.
#[track_caller]
pub fn run_python(python: &Path, folder: &Path, program: &str) -> String {
    let output = Command::new(python).arg("-c").arg(program).current_dir(folder).output().expect("python runs");
    assert!(output.status.success(), "{}\n{program}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Writes `text` to `folder/name` and returns the path.
pub fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("writable");
    path
}

/// Asserts that two archives hold the same results, bit by bit, timings and attempts aside.
#[track_caller]
pub fn assert_same_results(first: &Path, second: &Path) {
    let differences = archive::differences(first, second).expect("both readable");
    assert!(
        differences.is_empty(),
        "{} and {} differ:\n{}",
        first.display(),
        second.display(),
        differences.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    );
}
