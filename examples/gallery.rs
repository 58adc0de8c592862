//! Draws the README's gallery, a small picture for each notebook, from the outputs saved in them:
//!
//! ```sh
//! cargo run --example gallery
//! ```
//!
//! The picture is that of the cell tagged `thumbnail`, its middle at 4 to 3; it is written to
//! `data/readme`, named by the notebook's number.

use base64::{Engine, prelude::BASE64_STANDARD};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use serde_json::Value;
use std::path::Path;

const SIZE: [u32; 2] = [320, 240];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for entry in std::fs::read_dir(root.join("notebooks"))? {
        let path = entry?.path();
        if path.extension().is_none_or(|e| e != "ipynb") {
            continue;
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let notebook: Value = serde_json::from_slice(&std::fs::read(&path)?)?;
        let base64 = thumbnail(&notebook)
            .ok_or(format!("{name}: no picture in a cell tagged `thumbnail`"))?;
        let picture = image::load_from_memory(&BASE64_STANDARD.decode(base64)?)?;
        let small = picture.resize_to_fill(SIZE[0], SIZE[1], FilterType::CatmullRom).to_rgb8();
        let number = name.split('_').next().unwrap_or_default();
        let file = root.join("data/readme").join(format!("{number}.jpg"));
        small
            .write_with_encoder(JpegEncoder::new_with_quality(std::fs::File::create(file)?, 88))?;
    }
    Ok(())
}

/// The tagged cell's picture, in base64.
fn thumbnail(notebook: &Value) -> Option<String> {
    let tagged = |cell: &&Value| {
        let tags = cell["metadata"]["tags"].as_array();
        tags.is_some_and(|tags| tags.iter().any(|tag| tag == "thumbnail"))
    };
    let cell = notebook["cells"].as_array()?.iter().find(tagged)?;
    let kinds = ["image/png", "image/jpeg"];
    let picture = |output: &Value| kinds.iter().find_map(|kind| whole(&output["data"][kind]));
    cell["outputs"].as_array()?.iter().rev().find_map(picture)
}

/// A notebook keeps a text whole or in lines.
fn whole(data: &Value) -> Option<String> {
    let lines = data.as_array().map(Vec::as_slice).unwrap_or(std::slice::from_ref(data));
    let text: Option<String> = lines.iter().map(Value::as_str).collect();
    text.map(|text| text.split_whitespace().collect())
}
