//! Zip checkpoints whose checksums are right, so that what is inside gets read.

use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// A checkpoint with this pickle and one storage `0`; two bytes before them say where the pickle ends.
pub fn zipped(bytes: &[u8]) -> Option<Vec<u8>> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    let (pickle, storage) = rest.split_at_checked(usize::from(u16::from_le_bytes(*length)))?;
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [("a/data.pkl", pickle), ("a/data/0", storage)] {
        zip.start_file(name, SimpleFileOptions::default()).ok()?;
        zip.write_all(content).ok()?;
    }
    Some(zip.finish().ok()?.into_inner())
}

/// The pickle and the first storage of a real checkpoint, as [`zipped`] takes them.
pub fn parts(checkpoint: &[u8]) -> Option<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(checkpoint)).ok()?;
    let names: Vec<String> = archive.file_names().filter_map(|n| Some(n.ok()?.into())).collect();
    let mut content = |end: &str| {
        let name = names.iter().find(|name| name.ends_with(end))?;
        let mut bytes = Vec::new();
        archive.by_name(name).ok()?.read_to_end(&mut bytes).ok()?;
        Some(bytes)
    };
    let (pickle, storage) = (content("/data.pkl")?, content("/data/0")?);
    Some([&(pickle.len() as u16).to_le_bytes()[..], &pickle, &storage].concat())
}
