//! A finished picture that a notebook cell can show.

use super::place::{Place, place};
use super::relay;
use crate::clean;
use crate::pixels::{write_file, write_jpeg, write_png};
use crate::{Error, Result};
use base64::{Engine, engine::general_purpose::STANDARD};
use image::RgbImage;
use serde_json::{Value, json};
use std::fmt;
use std::path::Path;

/// A PNG is kept up to this size; a larger one becomes a JPEG, so that notebooks stay small.
const MOST_PNG_BYTES: usize = 60_000;

/// A picture with a text that says what is on it.
///
/// As the last expression of a cell it shows itself; [`Figure::show`] shows one before the end,
/// [`crate::show::row`] and [`crate::show::grid`] put several side by side.
#[derive(Clone)]
pub struct Figure {
    /// The picture as a file.
    pub bytes: Vec<u8>,
    /// The kind of file: `image/png`, or `image/jpeg` for large photos; `image/gif` moves.
    pub mime: &'static str,
    /// What is shown, and the range of its values; outputs take it as one line without control
    /// characters.
    pub alt: String,
    pub(super) picture: RgbImage,
}

impl Figure {
    pub(super) fn new(picture: RgbImage, alt: String) -> Result<Self> {
        let failed = |e: image::ImageError| Error::Draw(e.to_string());
        let (mut bytes, mut mime) = (Vec::new(), "image/png");
        write_png(&picture, &mut bytes).map_err(failed)?;
        if bytes.len() > MOST_PNG_BYTES {
            (bytes, mime) = (Vec::new(), "image/jpeg");
            write_jpeg(&picture, 88, &mut bytes).map_err(failed)?;
        }
        Ok(Self { bytes, mime, alt, picture })
    }

    /// The size in pixels, `[height, width]`.
    pub fn size(&self) -> [i64; 2] {
        [i64::from(self.picture.height()), i64::from(self.picture.width())]
    }

    /// What evcxr calls to show a cell's last expression.
    pub fn evcxr_display(&self) {
        println!("{}", self.mime_bundle());
    }

    pub(super) fn mime_bundle(&self) -> String {
        let (mime, content) = self.content();
        let (picture, text) = (clean::output(mime, &content), self.text());
        format!("{picture}\n{}", clean::output("text/plain", &text))
    }

    /// The alt text on one line: what every output takes.
    fn text(&self) -> String {
        clean::line(&self.alt)
    }

    /// The picture as text. No notebook converter knows GIFs, but all know HTML.
    fn content(&self) -> (&'static str, String) {
        let base64 = STANDARD.encode(&self.bytes);
        if self.mime != "image/gif" {
            return (self.mime, base64);
        }
        let alt = clean::html(&self.alt);
        ("text/html", format!("<img src=\"data:image/gif;base64,{base64}\" alt=\"{alt}\">"))
    }

    /// Shows the figure now; outside a notebook, prints its alt text.
    ///
    /// This project's kernel shows every figure of a cell; a stock kernel keeps one, the last: join
    /// several with [`crate::show::row`].
    pub fn show(&self) {
        self.show_as(None);
    }

    /// With an id, in the place of the cell's last figure of that id, where the kernel can do that.
    pub(super) fn show_as(&self, id: Option<&str>) {
        match place() {
            Place::Relay { .. } => {
                let _ = relay::send(&self.message(id)); // fails when the kernel is gone
            }
            Place::Evcxr => self.evcxr_display(),
            Place::Terminal | Place::Plain => println!("{}", self.text()),
        }
    }

    fn message(&self, id: Option<&str>) -> Value {
        let [height, width] = self.size();
        let (mime, content) = self.content();
        let mut message = json!({
            "type": "display",
            "data": { (mime): content, "text/plain": self.text() },
            "metadata": { (mime): { "width": width, "height": height } },
        });
        if let Some(id) = id {
            message["id"] = id.into();
        }
        message
    }

    /// Writes the picture to a file that ends in .png or .jpg, or an animation to one that ends in .gif;
    /// it appears whole or not at all.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        let mut bytes = Vec::new();
        let written = match extension.as_str() {
            "png" => write_png(&self.picture, &mut bytes),
            "jpg" | "jpeg" => write_jpeg(&self.picture, 95, &mut bytes),
            "gif" if self.mime == "image/gif" => return write_file(path, &self.bytes),
            _ => {
                let why = format!("\".{extension}\" is not a format for this figure");
                return Err(Error::file(
                    path,
                    why,
                    "end the name in .png or .jpg, or .gif if it moves",
                ));
            }
        };
        written.map_err(|e| Error::file(path, e, "choose PNG"))?;
        write_file(path, &bytes)
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl fmt::Debug for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [height, width] = self.size();
        write!(f, "Figure {height}x{width}, {}: {}", self.mime, self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundle_is_what_evcxr_reads() {
        let figure = Figure::new(RgbImage::new(2, 1), "two black pixels".into()).unwrap();
        let bundle = figure.mime_bundle();
        let lines: Vec<&str> = bundle.lines().collect();
        assert_eq!(lines[0], "EVCXR_BEGIN_CONTENT image/png");
        assert_eq!(STANDARD.decode(lines[1]).unwrap(), figure.bytes);
        assert_eq!(lines[2], "EVCXR_END_CONTENT");
        assert_eq!(lines[3..], ["EVCXR_BEGIN_CONTENT text/plain", "two black pixels", lines[2]]);
    }

    #[test]
    fn what_moves_goes_as_html() {
        let still = Figure::new(RgbImage::new(2, 1), "1 < \"2\"".into()).unwrap();
        let moving = Figure { mime: "image/gif", bytes: vec![1, 2, 3], ..still };
        let html = "<img src=\"data:image/gif;base64,AQID\" alt=\"1 &lt; &quot;2&quot;\">";
        assert_eq!(moving.content(), ("text/html", html.to_string()));
        assert_eq!(moving.message(None)["data"]["text/html"], html);
    }

    #[test]
    fn large_photos_become_jpeg() {
        let noise = |x: u32, y: u32| image::Rgb([(x * y) as u8, (x * x) as u8, (y * 77) as u8]);
        let figure = Figure::new(RgbImage::from_fn(800, 600, noise), String::new()).unwrap();
        assert_eq!(figure.mime, "image/jpeg");
        assert!(figure.bytes.starts_with(&[0xFF, 0xD8]));
    }
}
