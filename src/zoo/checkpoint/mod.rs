//! Torch checkpoints and safetensors, read as data: nothing in a file is ever run.
//!
//! A `.pth` file is a pickle, a small program for Python's unpickler, beside the raw numbers. Here
//! it runs on a machine that knows only the opcodes and the half a dozen names that saved weights
//! consist of; any other is refused by name. The program only fills an arena of plain values, so
//! that neither nesting nor sharing costs more than the opcodes that wrote it.
//!
//! Bounds: a pickle has at most 2^20 opcodes and 64 MiB; the storages together are no larger than
//! the file, a tensor no larger than its storage, all tensors together at most 8 times the file.
//! Memory: for `.pth` the tensors and one storage, for safetensors the tensors and the file.

mod archive;
mod assembly;
pub(super) mod fault;
mod legacy;
mod pickle;
mod safe;
mod state_dict;
mod view;

use crate::regular;
use fault::{Fault, Result};
use std::io::{Read, Seek};
use std::path::Path;
use tch::Tensor;

/// The f32 tensors of a file, in its order.
pub(super) fn read(path: &Path) -> crate::Result<Vec<(String, Tensor)>> {
    read_file(path).map(unwrapped).map_err(|fault| fault.at(path))
}

fn read_file(path: &Path) -> Result<Vec<(String, Tensor)>> {
    let mut file = regular::open(path)?;
    let length = file.metadata()?.len();
    let mut head = Vec::new();
    (&mut file).take(16).read_to_end(&mut head)?;
    file.rewind()?;
    match head.as_slice() {
        [] => Err(Fault::damaged("the file is empty")),
        [b'P', b'K', 3, 4, ..] => archive::read(file, length),
        [_, _, _, _, _, _, _, _, b'{', ..] => safe::read(file, length),
        [0x80, 0..=5, ..] => legacy::read(file, length),
        _ => Err(unknown(&head)),
    }
}

fn unknown(head: &[u8]) -> Fault {
    let head = fault::quoted(&String::from_utf8_lossy(head));
    Fault::refused(format!("expected a torch checkpoint or safetensors, the file begins {head}"))
}

/// Without the `module.` that `torch.nn.DataParallel` puts before every name.
fn unwrapped(tensors: Vec<(String, Tensor)>) -> Vec<(String, Tensor)> {
    const WRAPPER: &str = "module.";
    if !tensors.iter().all(|(name, _)| name.starts_with(WRAPPER)) {
        return tensors;
    }
    tensors.into_iter().map(|(name, t)| (name[WRAPPER.len()..].to_string(), t)).collect()
}
