//! Draws the README's gallery, a small picture for each notebook, from the outputs saved in them:
//!
//! ```sh
//! cargo run --example gallery
//! ```
//!
//! The picture is that of the cell tagged `thumbnail`, its middle at 4 to 3; it is written to
//! `data/readme`, named by the notebook's number.

use base64::{Engine, prelude::BASE64_STANDARD};
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
        let png = thumbnail(&notebook).ok_or(format!("{name}: no cell tagged `thumbnail`"))?;
        let picture = image::load_from_memory(&BASE64_STANDARD.decode(png)?)?;
        let small = picture.resize_to_fill(SIZE[0], SIZE[1], FilterType::CatmullRom);
        let number = name.split('_').next().unwrap_or_default();
        small.to_rgb8().save(root.join("data/readme").join(format!("{number}.png")))?;
    }
    Ok(())
}

/// The PNG of the tagged cell, in base64.
fn thumbnail(notebook: &Value) -> Option<String> {
    let tagged = |cell: &&Value| {
        let tags = cell["metadata"]["tags"].as_array();
        tags.is_some_and(|tags| tags.iter().any(|tag| tag == "thumbnail"))
    };
    let cell = notebook["cells"].as_array()?.iter().find(tagged)?;
    cell["outputs"].as_array()?.iter().rev().find_map(|output| png(&output["data"]["image/png"]))
}

/// A notebook keeps a text whole or in lines.
fn png(data: &Value) -> Option<String> {
    let lines = data.as_array().map(Vec::as_slice).unwrap_or(std::slice::from_ref(data));
    let whole: Option<String> = lines.iter().map(Value::as_str).collect();
    whole.map(|text| text.split_whitespace().collect())
}
