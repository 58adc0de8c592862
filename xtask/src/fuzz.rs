//! `cargo xtask fuzz`: bytes that nobody expected, for everything that reads a file or speaks to a notebook.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Mutex;

use anyhow::{Context, Result, bail, ensure};

use crate::home::Home;
use crate::setup::{self, Device};
use crate::{command, libtorch};

const TARGETS: [&str; 6] = ["checkpoints", "pictures", "films", "banks", "styles", "markers"];
/// So many run at a time, each on one thread.
const TOGETHER: usize = 2;
/// What LLVM writes down about each run, so that the fuzzer sees where it has been.
const COVERAGE: [&str; 4] = ["level=4", "inline-8bit-counters", "pc-table", "trace-compares"];

/// What to run, and for how long.
#[derive(Debug, PartialEq)]
struct Options {
    seconds: u64,
    targets: Vec<&'static str>,
}

/// Builds the targets and runs them; fails where one finds something.
pub fn run(home: &Home, options: &[String]) -> Result<()> {
    let options = Options::parse(options)?;
    let libtorch = {
        let _lock = home.lock()?;
        libtorch::make(home, Device::Cpu)?
    };
    let fuzzer = Fuzzer { home, host: host()?, folder: home.clone.join("target/fuzz"), libtorch };
    fuzzer.build()?;
    let queue = Mutex::new(options.targets.iter());
    let next = || queue.lock().ok().and_then(|mut queue| queue.next().copied());
    let found = Mutex::new(vec![]);
    std::thread::scope(|scope| {
        for _ in 0..TOGETHER {
            scope.spawn(|| {
                while let Some(target) = next() {
                    let row = fuzzer.target(target, options.seconds);
                    println!("{}", row.as_ref().map_or_else(|e| format!("{target}: {e:#}"), told));
                    if row.is_ok_and(|row| row.is_quiet()) {
                        continue;
                    }
                    found.lock().into_iter().for_each(|mut found| found.push(target));
                }
            });
        }
    });
    let found = found.into_inner().unwrap_or_default();
    ensure!(found.is_empty(), "look at {}; CONTRIBUTING.md says how", found.join(", "));
    Ok(())
}

impl Options {
    fn parse(options: &[String]) -> Result<Self> {
        let (mut seconds, mut targets, mut rest) = (60, vec![], options.iter());
        while let Some(option) = rest.next() {
            if option == "--seconds" {
                let number = rest.next().context("--seconds needs a number")?;
                seconds = number.parse().with_context(|| format!("--seconds {number}"))?;
                continue;
            }
            let Some(target) = TARGETS.iter().find(|target| *target == option) else {
                bail!("`{option}` is no target; there are {}", TARGETS.join(", "));
            };
            targets.push(*target);
        }
        let targets = if targets.is_empty() { TARGETS.to_vec() } else { targets };
        Ok(Options { seconds, targets })
    }
}

struct Fuzzer<'a> {
    home: &'a Home,
    host: String,
    folder: PathBuf,
    libtorch: PathBuf,
}

/// What came of one target.
struct Row {
    target: &'static str,
    executions: String,
    findings: BTreeSet<PathBuf>,
    status: ExitStatus,
}

impl Row {
    fn is_quiet(&self) -> bool {
        self.findings.is_empty() && self.status.success()
    }
}

fn told(row: &Row) -> String {
    let files: String = row.findings.iter().map(|file| format!("\n  {}", file.display())).collect();
    let ended = if row.status.success() { String::new() } else { format!(", {}", row.status) };
    let (target, executions, found) = (row.target, &row.executions, row.findings.len());
    format!("{target:<12} {executions:>10} executions, {found} findings{ended}{files}")
}

impl Fuzzer<'_> {
    /// Only what is built for a named target gets the flags: build scripts are not to be watched.
    fn build(&self) -> Result<()> {
        let flag = |what: &&str| format!("-Cllvm-args=-sanitizer-coverage-{what}");
        let coverage: Vec<String> = COVERAGE.iter().map(flag).collect();
        let flags = format!("--cfg fuzzing -Cpasses=sancov-module {}", coverage.join(" "));
        let mut cargo = setup::command(self.home, "cargo", &self.libtorch);
        cargo.args(["build", "--release", "--locked", "--target", &self.host]);
        cargo.arg("--manifest-path").arg(self.home.clone.join("fuzz/Cargo.toml"));
        cargo.env("RUSTFLAGS", flags).env("CARGO_TARGET_DIR", &self.folder);
        cargo.current_dir(&self.home.clone);
        command::run(self.home, "building the fuzz targets", cargo, |_| ())
    }

    fn target(&self, target: &'static str, seconds: u64) -> Result<Row> {
        let place = |part: &str| self.made(Path::new(part).join(target));
        let (seeds, corpus, findings) = (place("seeds")?, place("corpus")?, place("findings")?);
        let log = self.made("logs".into())?.join(format!("{target}.log"));
        let program = self.folder.join(&self.host).join("release").join(target);
        let mut seeding = self.start(&program);
        let seeded = seeding.env("CONVLENS_FUZZ_SEEDS", &seeds).stderr(Stdio::null()).status()?;
        ensure!(seeded.success(), "its seeds could not be made");
        let before = files(&findings)?;
        let mut fuzzer = self.start(&program);
        fuzzer.arg(&corpus).arg(&seeds).arg(format!("-max_total_time={seconds}"));
        // 2 GB and 20 s for one input; what it keeps is at most 64 KB.
        fuzzer.args(["-rss_limit_mb=2048", "-timeout=20", "-max_len=65536"]);
        fuzzer.args(["-print_final_stats=1", "-close_fd_mask=1"]);
        fuzzer.arg(format!("-artifact_prefix={}/", findings.display()));
        let status = fuzzer.stderr(File::create(&log)?).status()?;
        let executions = executions(&String::from_utf8_lossy(&fs::read(&log)?));
        let findings = files(&findings)?.difference(&before).cloned().collect();
        Ok(Row { target, executions, findings, status })
    }

    fn start(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env("LD_LIBRARY_PATH", self.libtorch.join("lib")).env("OMP_NUM_THREADS", "1");
        // Each input is a file: where there is a folder in memory, it goes there.
        let memory = Path::new("/dev/shm");
        if memory.is_dir() {
            command.env("TMPDIR", memory);
        }
        command
    }

    fn made(&self, part: PathBuf) -> Result<PathBuf> {
        let folder = self.folder.join(part);
        fs::create_dir_all(&folder)?;
        Ok(folder)
    }
}

fn files(folder: &Path) -> Result<BTreeSet<PathBuf>> {
    Ok(fs::read_dir(folder)?.map(|file| Ok(file?.path())).collect::<std::io::Result<_>>()?)
}

/// How many inputs a fuzzer's log says it ran; at a crash it says only how many it began.
fn executions(log: &str) -> String {
    let last = |begins: &str| {
        let lines = log.lines().rev();
        lines.filter_map(|line| line.split_once(begins)?.1.split_whitespace().next()).next()
    };
    let began =
        || log.lines().rev().find_map(|line| line.strip_prefix('#')?.split_whitespace().next());
    last("number_of_executed_units:").or_else(began).unwrap_or("0").to_string()
}

/// What rustc calls this machine.
fn host() -> Result<String> {
    let output = Command::new("rustc").arg("-vV").output().context("rustc")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc does not say what machine this is")?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(options: &[&str]) -> Result<Options> {
        Options::parse(&options.iter().map(|option| option.to_string()).collect::<Vec<_>>())
    }

    #[test]
    fn all_targets_run_for_a_minute_unless_told_otherwise() {
        assert_eq!(parsed(&[]).unwrap(), Options { seconds: 60, targets: TARGETS.to_vec() });
        let two = parsed(&["films", "--seconds", "5", "banks"]).unwrap();
        assert_eq!(two, Options { seconds: 5, targets: vec!["films", "banks"] });
        assert!(
            parsed(&["film"]).unwrap_err().to_string().contains("there are checkpoints, pictures")
        );
        assert!(parsed(&["--seconds"]).is_err() && parsed(&["--seconds", "x"]).is_err());
    }

    #[test]
    fn every_target_is_one_of_the_workspace() {
        let folder = Home::find().unwrap().clone.join("fuzz/targets");
        let mut names: Vec<PathBuf> =
            TARGETS.iter().map(|t| folder.join(format!("{t}.rs"))).collect();
        names.sort();
        assert_eq!(files(&folder).unwrap().into_iter().collect::<Vec<_>>(), names);
    }

    #[cfg(unix)]
    #[test]
    fn a_finding_or_a_crash_is_told_and_counts() {
        use std::os::unix::process::ExitStatusExt;
        let row = |findings: &[&str], code: i32| Row {
            target: "films",
            executions: "12".into(),
            findings: findings.iter().map(PathBuf::from).collect(),
            status: ExitStatus::from_raw(code << 8),
        };
        assert!(row(&[], 0).is_quiet());
        assert_eq!(told(&row(&[], 0)), "films                12 executions, 0 findings");
        let found = row(&["findings/films/oom-1"], 71);
        assert!(!found.is_quiet() && !row(&[], 1).is_quiet() && !row(&["x"], 0).is_quiet());
        assert!(told(&found).ends_with("1 findings, exit status: 71\n  findings/films/oom-1"));
    }

    #[test]
    fn executions_are_read_from_the_log() {
        let whole = "#8\tINITED cov: 12\nstat::number_of_executed_units: 1234\nstat::x: 1\n";
        assert_eq!(executions(whole), "1234");
        assert_eq!(executions("#8\tINITED\n#512\tNEW cov: 3\nthread panicked\n"), "512");
        assert_eq!(executions(""), "0");
    }
}
