//! `.pth` as torch writes it since 1.6: a zip archive without compression.

use super::assembly::Storage;
use super::fault::{Fault, Result, quoted};
use super::{pickle, state_dict};
use std::fs::File;
use std::io::{BufReader, Read};
use tch::Tensor;
use zip::{CompressionMethod, ZipArchive};

type Archive = ZipArchive<BufReader<File>>;

/// `<prefix>/data.pkl` and, for each storage, `<prefix>/data/<key>`.
pub(super) fn read(file: File, length: u64) -> Result<Vec<(String, Tensor)>> {
    let mut archive = ZipArchive::new(BufReader::new(file))?;
    let prefix = prefix(&archive)?;
    check_byte_order(&mut archive, &prefix, length)?;
    let object = entry(&mut archive, &format!("{prefix}/data.pkl"), length)?;
    let mut assembly = state_dict::assembly(pickle::load(&mut object.as_slice())?, length)?;
    for index in 0..assembly.storages.len() {
        if assembly.needs(index) {
            let bytes = numbers(&mut archive, &prefix, &assembly.storages[index])?;
            assembly.feed(index, &bytes)?;
        }
    }
    assembly.finish()
}

/// The one folder that torch puts everything in.
fn prefix(archive: &Archive) -> Result<String> {
    if archive.has_duplicate_names() {
        return Err(Fault::damaged("its archive has two entries of one name"));
    }
    let mut found = Vec::new();
    for name in archive.file_names() {
        found.extend(name?.strip_suffix("/data.pkl").map(str::to_string));
    }
    match <[String; 1]>::try_from(found) {
        Ok([prefix]) => Ok(prefix),
        Err(found) => Err(Fault::refused(format!(
            "it is a zip archive with {} entries `data.pkl` instead of one",
            found.len()
        ))),
    }
}

fn check_byte_order(archive: &mut Archive, prefix: &str, length: u64) -> Result<()> {
    let name = format!("{prefix}/byteorder");
    if archive.index_for_name(&name).is_some() && entry(archive, &name, length)? != b"little" {
        return Err(Fault::refused("its numbers are not little-endian"));
    }
    Ok(())
}

fn numbers(archive: &mut Archive, prefix: &str, storage: &Storage) -> Result<Vec<u8>> {
    let name = format!("{prefix}/data/{}", storage.key);
    let wanted = storage.bytes()?;
    let bytes = entry(archive, &name, wanted)?;
    if bytes.len() as u64 != wanted {
        let (name, got) = (quoted(&name), bytes.len());
        return Err(Fault::damaged(format!("{name} has {got} bytes, not {wanted}")));
    }
    Ok(bytes)
}

/// The bytes of an entry; its checksum is verified.
fn entry(archive: &mut Archive, name: &str, most: u64) -> Result<Vec<u8>> {
    let shown = quoted(name);
    if archive.index_for_name(name).is_none() {
        return Err(Fault::damaged(format!("its archive lacks {shown}")));
    }
    let file = archive.by_name(name)?;
    let size = file.size();
    if file.compression() != CompressionMethod::Stored || size != file.compressed_size() {
        return Err(Fault::refused(format!("{shown} is compressed; torch compresses nothing")));
    }
    if size > most {
        return Err(Fault::damaged(format!("{shown} has {size} bytes, not {most}")));
    }
    let mut bytes = Vec::new();
    // One byte more than there are: only who reads the end learns that the checksum is wrong.
    file.take(size + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
