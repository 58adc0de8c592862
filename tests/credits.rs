//! What lies in `data/`: every file has a row with a licence in CREDITS.md, and there is enough of it.

use convlens::pixels::Photos;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// SPDX names, and what has none.
const LICENCES: [&str; 11] = [
    "public domain",
    "CC0-1.0",
    "CC-BY-2.0",
    "CC-BY-3.0",
    "CC-BY-4.0",
    "CC-BY-SA-4.0",
    "GPL-2.0-or-later",
    "GPL-3.0-or-later",
    "MIT OR Apache-2.0",
    "Apache-2.0",
    "those of the pictures shown",
];

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

/// Pictures and weights, as CREDITS.md names them; the rest is text about them and what makes them.
fn works() -> BTreeSet<String> {
    let is_text = |path: &Path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        let end = path.extension().unwrap_or_default().to_str().unwrap();
        name == "LICENSE" || ["md", "py", "tsv"].contains(&end)
    };
    let name = |path: PathBuf| path.strip_prefix(data()).unwrap().to_str().unwrap().to_string();
    files(&data()).into_iter().filter(|path| !is_text(path)).map(name).collect()
}

fn cells(line: &str) -> Vec<&str> {
    line.trim().trim_matches('|').split('|').map(str::trim).collect()
}

/// The licence of each file that has a row in a table of CREDITS.md with a column of that name.
fn rows(credits: &str) -> Vec<(String, String)> {
    let mut column = None;
    let mut found = vec![];
    for line in credits.lines() {
        if line.starts_with("| file |") {
            column = cells(line).iter().position(|cell| *cell == "licence");
        } else if line.starts_with("| `") {
            let cells = cells(line);
            let licence = cells[column.expect("a table of files without licences")];
            found.push((cells[0].trim_matches('`').to_string(), licence.to_string()));
        } else if !line.starts_with("|-") {
            column = None;
        }
    }
    found.retain(|(file, _)| file.contains('/'));
    found
}

fn credits() -> Vec<(String, String)> {
    rows(&fs::read_to_string(data().join("CREDITS.md")).unwrap())
}

#[test]
fn every_file_has_a_row_and_every_row_a_file() {
    let named: Vec<String> = credits().into_iter().map(|(file, _)| file).collect();
    let once: BTreeSet<String> = named.iter().cloned().collect();
    assert_eq!(named.len(), once.len(), "a file has two rows");
    let works = works();
    let without_row: Vec<_> = works.difference(&once).collect();
    let without_file: Vec<_> = once.difference(&works).collect();
    assert!(without_row.is_empty(), "no row in CREDITS.md: {without_row:?}");
    assert!(without_file.is_empty(), "no such file: {without_file:?}");
}

#[test]
fn every_row_names_a_known_licence() {
    for (file, licence) in credits() {
        let known = LICENCES.iter().any(|name| licence.contains(name));
        assert!(known, "{file}: {licence:?} is none of {LICENCES:?}");
    }
}

#[test]
fn every_folder_states_its_licence() {
    for entry in fs::read_dir(data()).unwrap() {
        let folder = entry.unwrap().path();
        if folder.is_dir() {
            let page = fs::read_to_string(folder.join("README.md")).unwrap_or_default();
            let names = LICENCES.iter().any(|name| page.contains(name));
            assert!(names || page.contains("licences"), "{}: no licence", folder.display());
            assert!(page.contains("CREDITS.md"), "{}: no link to the authors", folder.display());
        }
    }
}

#[test]
fn data_stays_small() {
    let size: u64 = files(&data()).iter().map(|file| file.metadata().unwrap().len()).sum();
    assert!(size < 25_000_000, "{size} bytes");
}

#[test]
fn photographs_are_many_in_each_category_and_of_one_size() {
    let photos = Photos::in_folder(data().join("photographs")).unwrap();
    let mut count = BTreeMap::new();
    for category in photos.categories() {
        *count.entry(category).or_insert(0) += 1;
    }
    assert!(photos.files.len() >= 245 && count.len() >= 30, "{count:?}");
    let few: Vec<_> = count.iter().filter(|(_, n)| **n < 6).collect();
    assert!(few.iter().all(|(_, n)| **n >= 4) && few.len() <= 6, "{few:?}");
    for file in &photos.files {
        let (width, height) = image::image_dimensions(file).unwrap();
        let longer = width.max(height);
        assert!((320..=384).contains(&longer), "{}: {width}x{height}", file.display());
    }
}

#[test]
fn paintings_are_by_different_hands() {
    let credits = fs::read_to_string(data().join("CREDITS.md")).unwrap();
    let paintings = credits.lines().filter(|line| line.starts_with("| `paintings/"));
    let painters: BTreeSet<&str> = paintings.map(|line| cells(line)[2]).collect();
    assert!(painters.len() >= 6, "{painters:?}");
    for file in Photos::in_folder(data().join("paintings")).unwrap().files {
        let (width, height) = image::image_dimensions(&file).unwrap();
        assert!(width.max(height) >= 500, "{}: {width}x{height}", file.display());
    }
}

/// Most of `data/` has licences that the crate's does not cover, and notebooks show it.
#[test]
fn a_package_of_the_crate_holds_no_picture() {
    let root = env!("CARGO_MANIFEST_DIR");
    let mut list = Command::new(env!("CARGO"));
    list.args(["package", "--list", "--allow-dirty", "--offline"]).current_dir(root);
    let done = list.output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let text = String::from_utf8(done.stdout).unwrap();
    let pictures = ["jpg", "jpeg", "png", "webp", "gif", "ipynb", "safetensors"];
    let not_ours = |name: &&str| {
        name.starts_with("data") || pictures.iter().any(|end| name.ends_with(&format!(".{end}")))
    };
    let found: Vec<&str> = text.lines().filter(not_ours).collect();
    assert!(found.is_empty(), "{found:?}");
    assert!(text.lines().any(|name| name.ends_with("lib.rs")), "{text}");
}
