//! What `fuzz/` looks at: the lines that texts become on their way to a notebook.

use super::{Figure, relay};
use image::RgbImage;
use serde_json::json;

/// What evcxr reads for a figure with this alt text, still and moving, and for a value.
pub fn outputs(text: &str) -> Vec<String> {
    let still = Figure {
        bytes: vec![1, 2, 3],
        mime: "image/png",
        alt: text.into(),
        picture: RgbImage::new(1, 1),
    };
    let moving = Figure { mime: "image/gif", ..still.clone() };
    vec![still.mime_bundle(), moving.mime_bundle(), super::shown::outputs(text)]
}

/// What this project's kernel reads for a message with this text.
pub fn message(text: &str) -> String {
    relay::lines(&json!({ "type": "stderr", "text": text }))
}
