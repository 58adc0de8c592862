//! Fetching published weights, each file once.
//!
//! The work is done by `curl`, which systems bring along and which knows proxies, certificates and how to
//! go on with half a file. A library for that would be some twenty crates more for every kernel to load.

use crate::digest::sha256;
use crate::show::progress;
use crate::{Error, Result};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const NO_RANGES: i32 = 33; // curl's word for a server that cannot go on with half a file

/// A file of weights where it is published.
pub(super) struct Published<'a> {
    /// Its name; what stands between the last `-` and the `.` begins its sha256.
    pub file: &'a str,
    /// Its size in 2^20 bytes.
    pub megabytes: u64,
    /// The address of the folder that it is in.
    pub site: &'a str,
}

impl Published<'_> {
    /// The file in `folder`, fetched if it is not there; it appears whole and checked, or not at all.
    ///
    /// Half a file from an earlier try is completed. Processes that want the same file wait for each
    /// other.
    pub(super) fn fetch(&self, folder: &Path) -> Result<PathBuf> {
        let path = folder.join(self.file);
        let part = folder.join(format!("{}.part", self.file));
        let failed = |e: io::Error| self.error(folder, e.to_string());
        fs::create_dir_all(folder).map_err(failed)?;
        let lock = File::create(folder.join(".lock")).map_err(failed)?;
        lock.lock().map_err(failed)?;
        if !path.is_file() {
            self.download(folder, &part)?;
            self.check(folder, &part)?;
            fs::rename(&part, &path).map_err(failed)?;
        }
        Ok(path)
    }

    fn url(&self) -> String {
        format!("{}/{}", self.site.trim_end_matches('/'), self.file)
    }

    /// The beginning of the sha256 that the file's name gives.
    fn digest(&self) -> &str {
        let name = self.file.split('.').next().unwrap_or_default();
        name.rsplit('-').next().unwrap_or_default()
    }

    fn is_whole(&self, part: &Path) -> bool {
        sha256(part).is_ok_and(|found| found.starts_with(self.digest()))
    }

    fn check(&self, folder: &Path, part: &Path) -> Result<()> {
        if self.is_whole(part) {
            return Ok(());
        }
        let found = sha256(part).unwrap_or_default();
        let _ = fs::remove_file(part); // so that the next try begins anew
        let found = found.get(..self.digest().len()).unwrap_or_default();
        let why = format!("the sha256 begins with {found}, not with {}", self.digest());
        Err(self.error(folder, why))
    }

    fn download(&self, folder: &Path, part: &Path) -> Result<()> {
        if self.is_whole(part) {
            return Ok(());
        }
        match self.curl(folder, part) {
            Ok(Some(NO_RANGES)) => {
                let _ = fs::remove_file(part);
                self.curl(folder, part).map(drop)
            }
            result => result.map(drop),
        }
    }

    /// None when all has come; the exit code where another try may help.
    fn curl(&self, folder: &Path, part: &Path) -> Result<Option<i32>> {
        let mut curl = start(&self.url(), part).map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => self.error(folder, "there is no `curl` to do it".into()),
            _ => self.error(folder, e.to_string()),
        })?;
        if !self.watch(&mut curl, part) {
            let _ = curl.kill();
            let _ = curl.wait();
            return Err(self.error(folder, "stopped; the next try goes on from there".into()));
        }
        let mut said = String::new();
        let _ = curl.stderr.take().map(|mut stderr| stderr.read_to_string(&mut said));
        let status = curl.wait().map_err(|e| self.error(folder, e.to_string()))?;
        match status.code() {
            Some(0) => Ok(None),
            Some(NO_RANGES) => Ok(Some(NO_RANGES)),
            _ => Err(self.error(folder, said.trim().trim_start_matches("curl: ").to_string())),
        }
    }

    /// Shows how much has come until curl ends; false if the reader pressed Stop before.
    fn watch(&self, curl: &mut Child, part: &Path) -> bool {
        let runs = |curl: &mut Child| matches!(curl.try_wait(), Ok(None));
        let mut seen = 0;
        for megabyte in progress(&format!("fetching {} (MB)", self.file), 1..=self.megabytes) {
            while fs::metadata(part).map_or(0, |m| m.len()) >> 20 < megabyte {
                if !runs(curl) {
                    return true;
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            seen = megabyte;
        }
        seen == self.megabytes || !runs(curl)
    }

    fn error(&self, folder: &Path, why: String) -> Error {
        let why = format!("cannot be fetched from {}: {why}", self.url());
        let advice = format!(
            "put the file into {} yourself, or name a mirror in CONVLENS_WEIGHTS_URL",
            folder.display()
        );
        Error::file(self.file, why, advice)
    }
}

fn start(url: &str, part: &Path) -> io::Result<Child> {
    let mut curl = Command::new("curl");
    curl.args(["--fail", "--silent", "--show-error", "--location", "--connect-timeout", "20"]);
    curl.args(["--continue-at", "-", "--output"]).arg(part).arg(url);
    curl.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()
}

#[cfg(test)]
#[path = "fetch_tests.rs"]
mod tests;
