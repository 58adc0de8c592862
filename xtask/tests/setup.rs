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
        fs::create_dir_all(folder.path().join("clone/.cargo")).expect("a clone");
        let ours = Path::new(env!("CARGO_MANIFEST_DIR"));
        std::os::unix::fs::symlink(ours, folder.path().join("clone/xtask")).expect("a link");
        let home = folder.path().join(home);
        Self { folder, home }
    }

    /// `program`, with the environment in which `cargo xtask` would run here.
    fn command(&self, program: &str, index: &str) -> Command {
        let mut command = Command::new(program);
        command.env("CARGO_MANIFEST_DIR", self.folder.path().join("clone/xtask"));
        command.env("CONVLENS_HOME", &self.home).env("PYTHONDONTWRITEBYTECODE", "1");
        command.stdin(Stdio::null());
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
        self.set_up_with(&[])
    }

    fn set_up_with(&self, options: &[&str]) -> Output {
        self.command(XTASK, NOBODY).arg("setup").args(options).output().expect("set-up")
    }

    /// A part of the cache that was set up before these tests, and a list of what is in it. Of its folders
    /// those in `own` are filled with links to its files; the others are links themselves, and never written.
    fn link(&self, part: &str, own: &[&str]) {
        let (from, to) = (made().join(part), self.home.join(part));
        fs::create_dir_all(&to).expect("a folder");
        let entries = fs::read_dir(&from).unwrap_or_else(|_| {
            panic!("no {}; run `cargo xtask setup` first", from.display());
        });
        for entry in entries.map(|entry| entry.expect("an entry").file_name()) {
            let (from, to) = (from.join(&entry), to.join(&entry));
            if from.is_dir() && !own.iter().any(|name| entry == **name) {
                std::os::unix::fs::symlink(from, to).expect("a link");
            } else {
                link_or_copy(&from, &to);
            }
        }
        let mut list = self.command("python3", NOBODY);
        list.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("kernel/manifest.py"));
        assert!(list.arg("write").arg(&to).status().expect("python3").success());
    }

    /// Replaces a file, whose content a link shares with the real cache.
    fn damage(&self, name: &str, content: Option<&[u8]>) {
        let path = self.home.join(name);
        if path.is_dir() {
            fs::remove_dir_all(&path).expect("a folder");
        } else {
            fs::remove_file(&path).expect("a file");
        }
        if let Some(content) = content {
            fs::write(&path, content).expect("a file");
        }
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

/// The cache of whoever runs the tests.
fn made() -> PathBuf {
    let given = std::env::var_os("CONVLENS_HOME").map(PathBuf::from);
    given.or_else(|| Some(dirs::cache_dir()?.join("convlens"))).expect("set CONVLENS_HOME")
}

/// The same file or folder at a second place; links, where both are on one disk.
fn link_or_copy(from: &Path, to: &Path) {
    let copy = |how| Command::new("cp").arg(how).args([from, to]).output().expect("cp");
    let done = copy("-al").status.success() || copy("-a").status.success();
    assert!(done, "cannot copy {}", from.display());
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
    place.link("venv", &[]);
    let said = sentence(&place.set_up());
    assert!(
        said.contains("cannot reach the package index") && said.contains("no network?"),
        "{said}"
    );
    assert!(said.contains("logs/downloading-torch.log"), "{said}");
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
    place.link("venv", &[]);
    let mut set_up = place.command(XTASK, &index);
    let mut set_up = set_up.arg("setup").env("PIP_DEFAULT_TIMEOUT", "300").spawn().expect("set-up");
    let _call = server.accept().expect("pip calls");
    set_up.kill().expect("SIGKILL"); // nothing of ours can run after that
    set_up.wait().expect("an end");
    within(5, "pip ends", || processes(&place.home).is_empty());
}

/// Set-up names what is damaged, and tries to make it again; nobody answers.
#[track_caller]
fn assert_made_again(output: &Output, step: &str, words: &str) {
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = printed.lines().find(|line| line.contains("damaged")).unwrap_or_default();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(line.starts_with(step) && line.contains(words), "{printed}{said}");
    let said = sentence(output);
    assert!(said.starts_with(step) && said.contains("no network?"), "{said}");
}

const EVCXR: &str = "evcxr-0.22.0";
const TORCH: &str = "libtorch-2.13.0";

#[test]
fn a_removed_package_of_the_venv_is_noticed() {
    let place = Place::new("home");
    place.link("venv", &["lib"]);
    let packages = place.home.join("venv/lib");
    let python = fs::read_dir(&packages).expect("lib").next().expect("a Python").expect("a folder");
    let package = format!("venv/lib/{}/site-packages/nbclient", python.file_name().display());
    place.damage(&package, None);
    assert_made_again(&place.set_up(), "Jupyter", "nbclient/");
}

#[test]
fn a_damaged_libtorch_is_noticed() {
    let place = Place::new("home");
    place.link("venv", &[]);
    place.link(TORCH, &["lib"]);
    let library = format!("{TORCH}/lib/libtorch_cpu.so");
    place.damage(&library, Some(b"half"));
    assert_made_again(&place.set_up(), "libtorch", "libtorch_cpu.so has 4 bytes instead of");
    fs::remove_file(place.home.join(&library)).expect("a file");
    link_or_copy(&made().join(&library), &place.home.join(&library));
    assert_content_is_compared(&place);
    place.link(TORCH, &["lib"]);
    place.damage(&format!("{TORCH}/lib/libc10.so"), None);
    assert_made_again(&place.set_up(), "libtorch", "libc10.so cannot be read");
    place.damage(&format!("{TORCH}/.manifest"), None); // as before there were lists
    assert_made_again(&place.set_up(), "libtorch", "does not work");
}

/// A changed digit keeps the size: only `--repair` sees it, and removes the part.
fn assert_content_is_compared(place: &Place) {
    place.damage(&format!("{TORCH}/build-version"), Some(b"2.13.9\n"));
    let plain = String::from_utf8_lossy(&place.set_up().stdout).into_owned();
    assert!(plain.contains("libtorch               ready"), "{plain}");
    let output = place.set_up_with(&["--repair"]);
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(printed.contains("build-version has other contents"), "{printed}");
    assert!(sentence(&output).starts_with("libtorch: "), "{printed}");
}

#[test]
fn an_emptied_evcxr_is_noticed() {
    let place = Place::new("home");
    for (part, own) in
        [("venv", ""), (TORCH, ""), ("weights", ""), ("photos", "cifar-10"), (EVCXR, "bin")]
    {
        place.link(part, &[own]);
    }
    place.damage(&format!("{EVCXR}/bin/evcxr_jupyter"), Some(b""));
    let mut set_up = place.command(XTASK, NOBODY);
    set_up.env("CARGO_HOME", place.folder.path().join("cargo"));
    set_up.env("CARGO_HTTP_PROXY", "http://127.0.0.1:9").env("CARGO_NET_RETRY", "0");
    let output = set_up.arg("setup").output().expect("set-up");
    assert_made_again(&output, "evcxr kernel", "evcxr_jupyter has 0 bytes instead of");
}
