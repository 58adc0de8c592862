//! Files made by hand, opcode by opcode.

use convlens::Result;
use convlens::zoo::Weights;
use std::io::{Cursor, Write};
use std::path::PathBuf;
use tch::{Kind, Tensor};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

pub const FIXTURES: [&str; 11] = [
    "plain_zip.pth",
    "plain_legacy.pth",
    "protocol5_zip.pth",
    "protocol4_legacy.pth",
    "kinds_zip.pth",
    "kinds_legacy.pth",
    "views_zip.pth",
    "views_legacy.pth",
    "nested_zip.pth",
    "nested_legacy.pth",
    "plain.safetensors",
];

pub fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/checkpoint").join(name)
}

/// `start`, `start + 1/4`, ... in row-major order, as in `make.py`.
pub fn ramp(start: f64, shape: &[i64]) -> Tensor {
    let count = shape.iter().product::<i64>();
    (Tensor::arange(count, (Kind::Float, tch::Device::Cpu)) / 4.0 + start).reshape(shape)
}

pub fn floats(tensor: &Tensor) -> Vec<f32> {
    assert_eq!(tensor.kind(), Kind::Float);
    assert!(tensor.is_contiguous());
    Vec::try_from(tensor.reshape([-1])).unwrap()
}

pub fn read_bytes(bytes: &[u8]) -> Result<Weights> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    Weights::read(file.path())
}

/// The message, without the file's name.
pub fn complaint(bytes: &[u8]) -> String {
    let message = read_bytes(bytes).unwrap_err().to_string();
    assert!(!message.contains('\n') && message.len() < 400, "{message}");
    message.split_once(": ").unwrap().1.to_string()
}

/// A zip checkpoint; `entries` are paths below `archive/`.
pub fn archive(entries: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        let options = SimpleFileOptions::default().compression_method(method);
        zip.start_file(format!("archive/{name}"), options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A zip checkpoint with one storage `0`.
pub fn zipped(object: &[u8], numbers: &[u8]) -> Vec<u8> {
    let pickle = [object, b"."].concat();
    archive(&[("data.pkl", &pickle), ("data/0", numbers)], CompressionMethod::Stored)
}

/// A legacy checkpoint with one storage `0` that claims `count` numbers.
pub fn legacy(object: &[u8], count: u64, numbers: &[u8]) -> Vec<u8> {
    let magic = b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.";
    let machine = [&b"}"[..], &text("little_endian"), b"\x88s."].concat();
    let keys = [&b"]"[..], &text("0"), b"a."].concat();
    let parts: [&[u8]; 8] =
        [magic, b"M\xe9\x03.", &machine, object, b".", &keys, &count.to_le_bytes(), numbers];
    parts.concat()
}

pub fn text(text: &str) -> Vec<u8> {
    [&b"X"[..], &(text.len() as u32).to_le_bytes(), text.as_bytes()].concat()
}

pub fn int(n: i64) -> Vec<u8> {
    [&b"\x8a\x08"[..], &n.to_le_bytes()].concat()
}

pub fn tuple(items: &[Vec<u8>]) -> Vec<u8> {
    [b"(".to_vec(), items.concat(), b"t".to_vec()].concat()
}

pub fn ints(numbers: &[i64]) -> Vec<u8> {
    tuple(&numbers.iter().map(|&n| int(n)).collect::<Vec<_>>())
}

/// Storage `0` of `len` f32.
pub fn storage(len: i64) -> Vec<u8> {
    let items = [text("storage"), b"ctorch\nFloatStorage\n".to_vec(), text("0"), text("cpu")];
    [tuple(&[items.concat(), int(len)]), b"Q".to_vec()].concat()
}

/// A tensor on `storage`; `place` is offset, sizes, strides.
pub fn tensor(storage: Vec<u8>, place: (i64, &[i64], &[i64])) -> Vec<u8> {
    let (offset, size, stride) = place;
    let tail = [b"\x89".to_vec(), b"}".to_vec()];
    let arguments = tuple(&[storage, int(offset), ints(size), ints(stride), tail.concat()]);
    [b"ctorch._utils\n_rebuild_tensor_v2\n".to_vec(), arguments, b"R".to_vec()].concat()
}

/// `{name: value, ...}`
pub fn dict(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let entries = entries.iter().flat_map(|(name, value)| [text(name), value.clone()]);
    [b"}(".to_vec(), entries.collect::<Vec<_>>().concat(), b"u".to_vec()].concat()
}

pub fn f32s(numbers: &[f32]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
}
