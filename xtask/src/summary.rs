//! What the index shows of an executed notebook: its first paragraph and a picture.

use serde_json::Value;

/// The first paragraph under the notebook's title.
pub fn introduction(notebook: &Value) -> String {
    let markdown = cells(notebook).filter(|cell| cell["cell_type"] == "markdown");
    let text: Vec<String> = markdown.map(|cell| joined(&cell["source"])).collect();
    let text = text.join("\n\n");
    let paragraph = text.split("\n\n").map(str::trim).find(|p| {
        !p.is_empty() && p.starts_with(|c: char| c.is_alphanumeric() || "*_\"'`".contains(c))
    });
    paragraph.unwrap_or_default().replace(['*', '`'], "").replace('\n', " ")
}

/// The picture of the cell tagged `thumbnail`, else the largest one, as a data address.
pub fn thumbnail(notebook: &Value) -> Option<String> {
    let tagged = |cell: &&Value| {
        let tags = cell["metadata"]["tags"].as_array();
        tags.is_some_and(|tags| tags.iter().any(|tag| tag == "thumbnail"))
    };
    let chosen = cells(notebook).filter(tagged).flat_map(pictures).next_back();
    chosen.or_else(|| cells(notebook).flat_map(pictures).max_by_key(String::len))
}

fn pictures(cell: &Value) -> Vec<String> {
    let outputs = cell["outputs"].as_array().map(Vec::as_slice).unwrap_or_default();
    outputs.iter().filter_map(|output| picture(&output["data"])).collect()
}

fn picture(data: &Value) -> Option<String> {
    for mime in ["image/png", "image/jpeg"] {
        if !data[mime].is_null() {
            let base64: String = joined(&data[mime]).split_whitespace().collect();
            return Some(format!("data:{mime};base64,{base64}"));
        }
    }
    let html = joined(&data["text/html"]);
    let start = html.find("data:image/")?;
    let end = html[start..].find(['"', '\''])?;
    Some(html[start..start + end].to_owned())
}

fn cells(notebook: &Value) -> impl DoubleEndedIterator<Item = &Value> {
    notebook["cells"].as_array().map(Vec::as_slice).unwrap_or_default().iter()
}

/// A notebook keeps text as one string or as a list of lines.
fn joined(text: &Value) -> String {
    match text {
        Value::String(text) => text.clone(),
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn cell(tags: &[&str], png: &str) -> Value {
        json!({"cell_type": "code", "metadata": {"tags": tags}, "source": "",
               "outputs": [{"output_type": "display_data", "data": {"image/png": png}}]})
    }

    #[test]
    fn the_tagged_picture_wins_then_the_largest() {
        let plain = json!({"cells": [cell(&[], "aaaaaa"), cell(&[], "bb")]});
        assert_eq!(thumbnail(&plain).unwrap(), "data:image/png;base64,aaaaaa");
        let tagged = json!({"cells": [cell(&["thumbnail"], "c"), cell(&[], "aaaaaa")]});
        assert_eq!(thumbnail(&tagged).unwrap(), "data:image/png;base64,c");
        assert_eq!(thumbnail(&json!({"cells": []})), None);
    }

    #[test]
    fn the_introduction_is_the_first_plain_paragraph() {
        let source = ["# Saliency\n", "\n", "Which **pixels**\n", "matter?\n", "\n", "More."];
        let notebook = json!({"cells": [{"cell_type": "markdown", "source": source}]});
        assert_eq!(introduction(&notebook), "Which pixels matter?");
    }
}
