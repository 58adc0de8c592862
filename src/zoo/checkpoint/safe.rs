//! safetensors: a list of names, shapes and kinds, then the numbers.

use super::fault::{Fault, Result, quoted};
use super::view::View;
use safetensors::{Dtype, SafeTensors};
use std::fs::File;
use std::io::Read;
use tch::{Kind, Tensor};

/// Reads the whole file, checks it, and builds the tensors one after another.
pub(super) fn read(file: File, length: u64) -> Result<Vec<(String, Tensor)>> {
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes)?;
    let (_, header) = SafeTensors::read_metadata(&bytes).map_err(Fault::damaged)?;
    let file = SafeTensors::deserialize(&bytes).map_err(Fault::damaged)?;
    let names = header.offset_keys();
    let tensors = names.into_iter().map(|name| {
        let tensor = tensor(&file, &name)?;
        Ok((name, tensor))
    });
    tensors.collect()
}

fn tensor(file: &SafeTensors, name: &str) -> Result<Tensor> {
    let entry = file.tensor(name).map_err(Fault::damaged)?;
    let kind = kind(entry.dtype(), name)?;
    let tensor = View::contiguous(entry.shape()).and_then(|view| view.tensor(entry.data(), kind));
    tensor.map_err(|fault| fault.in_tensor(name))
}

fn kind(dtype: Dtype, name: &str) -> Result<Kind> {
    Ok(match dtype {
        Dtype::F32 => Kind::Float,
        Dtype::F16 => Kind::Half,
        Dtype::BF16 => Kind::BFloat16,
        Dtype::F64 => Kind::Double,
        Dtype::I64 => Kind::Int64,
        Dtype::I32 => Kind::Int,
        Dtype::I16 => Kind::Int16,
        Dtype::I8 => Kind::Int8,
        Dtype::U8 | Dtype::BOOL => Kind::Uint8,
        other => {
            let name = quoted(name);
            let why = format!("{name} has numbers of kind {other}, which is not supported");
            return Err(Fault::refused(why));
        }
    })
}
