//! `.pth` as torch wrote it before 1.6: five pickles, then the storages one after another.

use super::assembly::Assembly;
use super::fault::{Fault, Result, quoted};
use super::pickle::{self, Value};
use super::state_dict;
use std::collections::HashSet;
use std::fs::File;
use std::io::{BufReader, Read, Seek};
use tch::Tensor;

const MAGIC: i128 = 0x1950_a86a_20f9_469c_fc6c;
const PROTOCOL: i128 = 1001;

/// Magic number, protocol, machine; the object; the storages' keys; the storages in that order.
pub(super) fn read(file: File, length: u64) -> Result<Vec<(String, Tensor)>> {
    let mut file = BufReader::new(file);
    check_header(&mut file)?;
    let mut assembly = state_dict::assembly(pickle::load(&mut file)?, length)?;
    for index in order(&mut file, &assembly)? {
        let bytes = numbers(&mut file, &assembly, index, length)?;
        assembly.feed(index, &bytes)?;
    }
    assembly.finish()
}

fn check_header(file: &mut BufReader<File>) -> Result<()> {
    if !matches!(pickle::load(file)?.root(), Value::Int(MAGIC)) {
        return Err(Fault::refused("it is a pickle, but not one of `torch.save`"));
    }
    if !matches!(pickle::load(file)?.root(), Value::Int(PROTOCOL)) {
        return Err(Fault::refused("it is a torch checkpoint of an unknown version"));
    }
    let machine = pickle::load(file)?;
    let Value::Dict(facts) = machine.root() else {
        return Err(Fault::damaged("it does not say what machine wrote it"));
    };
    match machine.entry(facts, "little_endian") {
        Some(Value::Bool(true)) => Ok(()),
        _ => Err(Fault::refused("its numbers are not little-endian")),
    }
}

/// The storages in the order in which their numbers follow.
fn order(file: &mut BufReader<File>, assembly: &Assembly) -> Result<Vec<usize>> {
    let keys = pickle::load(file)?;
    let Value::List(ids) = keys.root() else {
        return Err(Fault::damaged("it does not list its storages"));
    };
    let indices = ids.iter().map(|&id| {
        let key = keys.text(id)?;
        let index = assembly.index_of(key);
        index.ok_or_else(|| Fault::damaged(format!("nothing uses its storage {}", quoted(key))))
    });
    let indices: Vec<usize> = indices.collect::<Result<_>>()?;
    let unique: HashSet<usize> = indices.iter().copied().collect();
    if unique.len() != indices.len() {
        return Err(Fault::damaged("it lists a storage twice"));
    }
    Ok(indices)
}

/// One storage: how many numbers, in 8 bytes, then the numbers.
fn numbers(
    file: &mut BufReader<File>,
    assembly: &Assembly,
    index: usize,
    length: u64,
) -> Result<Vec<u8>> {
    let storage = &assembly.storages[index];
    let mut count = [0; 8];
    file.read_exact(&mut count)?;
    let (count, wanted) = (u64::from_le_bytes(count), storage.len);
    if usize::try_from(count) != Ok(wanted) {
        let key = quoted(&storage.key);
        return Err(Fault::damaged(format!("storage {key} has {count} numbers, not {wanted}")));
    }
    let (bytes, left) = (storage.bytes()?, length.saturating_sub(file.stream_position()?));
    if bytes > left {
        return Err(Fault::damaged(format!("the file ends {} bytes too early", bytes - left)));
    }
    let mut numbers = Vec::new();
    file.take(bytes).read_to_end(&mut numbers)?;
    Ok(numbers)
}
