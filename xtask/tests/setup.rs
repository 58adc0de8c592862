//! Set-up where the world is not as it should be: each costs the reader one sentence.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

const NOBODY: &str = "http://127.0.0.1:9/simple";

/// A cache folder and a clone of their own; nothing is downloaded, because nobody answers.
struct Place {
    folder: TempDir,
    home: PathBuf,
}

impl Place {
    fn new(home: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("clone")).expect("a clone");
        let ours = Path::new(env!("CARGO_MANIFEST_DIR"));
        std::os::unix::fs::symlink(ours, folder.path().join("clone/xtask")).expect("a link");
        let home = folder.path().join(home);
        Self { folder, home }
    }

    /// `program`, with the environment in which `cargo xtask` would run here.
    fn command(&self, program: &str, index: &str) -> Command {
        let mut command = Command::new(program);
        command.env("CARGO_MANIFEST_DIR", self.folder.path().join("clone/xtask"));
        command.env("CONVLENS_HOME", &self.home).stdin(Stdio::null());
        command
            .env("PIP_INDEX_URL", index)
            .env("PIP_RETRIES", "1")
            .env("PIP_CONFIG_FILE", "/dev/null");
        for name in ["LIBTORCH", "LIBTORCH_USE_PYTORCH", "PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL"] {
            command.env_remove(name);
        }
        command
    }

    fn set_up(&self) -> Output {
        self.command(XTASK, NOBODY).arg("setup").output().expect("set-up")
    }

    /// Sets up after `mount`, a command that only set-up sees; None where the machine allows no mounts.
    fn set_up_after(&self, mount: &str) -> Option<Output> {
        let mut unshare = self.command("unshare", NOBODY);
        unshare.args(["--map-root-user", "--mount", "sh", "-c"]);
        unshare.arg(format!("{mount} || exit 99; exec \"$1\" setup")).arg(&self.home).arg(XTASK);
        let output = unshare.output().ok().filter(|output| output.status.code() != Some(99));
        let allowed = output.filter(|o| !String::from_utf8_lossy(&o.stderr).contains("unshare"));
        if allowed.is_none() {
            println!("skipped: this machine does not let a test mount a file system");
        }
        allowed
    }
}

const XTASK: &str = env!("CARGO_BIN_EXE_xtask");

/// The one line that a failed set-up says.
#[track_caller]
fn sentence(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "set-up succeeded");
    let lines: Vec<_> = said.lines().collect();
    let [line] = lines[..] else { panic!("not one line: {said}") };
    line.strip_prefix("error: ").unwrap_or_else(|| panic!("{line}")).into()
}

#[test]
fn no_network_is_one_sentence() {
    let place = Place::new("home");
    let said = sentence(&place.set_up());
    assert!(
        said.contains("cannot reach the package index") && said.contains("no network?"),
        "{said}"
    );
    assert!(said.contains("logs/pip-install.log"), "{said}");
}

#[test]
fn a_cache_that_cannot_be_written_is_named_with_what_to_do() {
    let place = Place::new("home");
    fs::create_dir(&place.home).expect("a home");
    let Some(output) =
        place.set_up_after("mount -t tmpfs tmpfs \"$0\" && mount -o remount,ro \"$0\"")
    else {
        return;
    };
    let said = sentence(&output);
    assert!(said.contains(&format!("cannot write to {}", place.home.display())), "{said}");
    assert!(said.contains("set CONVLENS_HOME to a folder of your own"), "{said}");
}

#[test]
fn a_full_disk_is_one_sentence() {
    for size in ["4k", "2m"] {
        let place = Place::new("home");
        fs::create_dir(&place.home).expect("a home");
        let mount = format!("mount -t tmpfs -o size={size} tmpfs \"$0\"");
        let Some(output) = place.set_up_after(&mount) else { return };
        let said = sentence(&output);
        assert!(said.contains("is full"), "{said}");
        assert!(said.contains(&*place.home.to_string_lossy()), "{said}");
    }
}

/// Processes whose command line names this folder.
fn processes(folder: &Path) -> Vec<String> {
    let of = |process: fs::DirEntry| fs::read(process.path().join("cmdline")).ok();
    let all = fs::read_dir("/proc").expect("/proc").filter_map(|process| of(process.ok()?));
    all.map(|line| String::from_utf8_lossy(&line).replace('\0', " "))
        .filter(|line| line.contains(&*folder.to_string_lossy()))
        .collect()
}

#[track_caller]
fn within(seconds: u64, what: &str, condition: impl Fn() -> bool) {
    let until = Instant::now() + Duration::from_secs(seconds);
    while !condition() {
        assert!(Instant::now() < until, "not within {seconds} s: {what}");
        sleep(Duration::from_millis(50));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_killed_set_up_leaves_no_process() {
    let server = TcpListener::bind("127.0.0.1:0").expect("a port"); // takes calls, never answers
    let index = format!("http://{}/simple", server.local_addr().expect("an address"));
    let place = Place::new("home");
    let mut set_up = place.command(XTASK, &index);
    let mut set_up = set_up.arg("setup").env("PIP_DEFAULT_TIMEOUT", "300").spawn().expect("set-up");
    let _call = server.accept().expect("pip calls");
    set_up.kill().expect("SIGKILL"); // nothing of ours can run after that
    set_up.wait().expect("an end");
    within(5, "pip ends", || processes(&place.home).is_empty());
}
