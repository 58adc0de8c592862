//! The course's first page: the lecture as a table, one row for each notebook.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::home::Home;
use crate::summary::{introduction, thumbnail};

const STYLE: &str = include_str!("index.css");

/// `07_saliency` of `notebooks/07_saliency.ipynb`.
pub fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Writes `index.html` beside the executed notebooks.
pub fn write(home: &Home, out: &Path) -> Result<PathBuf> {
    let table = read_json(&home.clone.join("notebooks/course.json"))?;
    let mut rows = String::new();
    let mut section = "";
    for row in table.as_array().context("notebooks/course.json is not a list")? {
        if text(row, "section") != section {
            section = text(row, "section");
            rows += &format!("<h2>{}</h2>\n", escape(section));
        }
        rows += &entry(row, executed(out, text(row, "notebook"))?);
    }
    let path = out.join("index.html");
    fs::write(&path, page(&rows))?;
    Ok(path)
}

fn page(rows: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>ConvLens</title>\n\
         <style>\n{STYLE}</style>\n<main>\n<h1>ConvLens</h1>\n\
         <p>Visualizing and understanding convolutional networks, step by step in Rust.</p>\n\
         {rows}</main>\n</html>\n"
    )
}

/// The executed notebook whose name starts with `number`, if it is there.
fn executed(out: &Path, number: &str) -> Result<Option<(String, Value)>> {
    for entry in fs::read_dir(out)? {
        let path = entry?.path();
        let name = stem(&path);
        let complete = path.with_extension("html").is_file();
        let wanted = name.split('_').next() == Some(number);
        if wanted && complete && path.extension().is_some_and(|e| e == "ipynb") {
            return Ok(Some((name, read_json(&path)?)));
        }
    }
    Ok(None)
}

fn entry(row: &Value, executed: Option<(String, Value)>) -> String {
    let (number, title) = (escape(text(row, "notebook")), escape(text(row, "title")));
    let module = escape(text(row, "module"));
    let Some((name, notebook)) = executed else {
        return format!(
            "<div class=\"row later\"><div class=\"picture\"></div><div>\
             <h3>{number} {title}</h3><p>To come. Module <code>{module}</code></p></div></div>\n"
        );
    };
    let picture = thumbnail(&notebook)
        .map_or(String::new(), |source| format!("<img alt=\"\" src=\"{source}\">"));
    let seconds = &notebook["metadata"]["convlens"]["seconds"];
    format!(
        "<a class=\"row\" href=\"{name}.html\"><div class=\"picture\">{picture}</div><div>\
         <h3>{number} {title}</h3><p>{}</p>\
         <p class=\"facts\">Module <code>{module}</code>, runs in {seconds} s</p></div></a>\n",
        escape(&introduction(&notebook))
    )
}

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().unwrap_or_default()
}

fn read_json(path: &Path) -> Result<Value> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_slice(&bytes).with_context(|| format!("{} is not JSON", path.display()))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_notebook_not_yet_written_is_grey() {
        let row = json!({"notebook": "18", "title": "A < B", "module": "trust"});
        let html = entry(&row, None);
        assert!(html.contains("row later") && html.contains("A &lt; B"), "{html}");
    }
}
