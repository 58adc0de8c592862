//! Texts from outside (names of files, classes, captions, messages) made fit for an output.
//!
//! A notebook's kernels read what a cell prints line by line and act on some lines: evcxr on those with
//! `EVCXR_...`, this project's on those that begin with an ASCII record separator. A text that goes into
//! an output must not be one of them, whoever wrote it. All cleaning is here.

/// What evcxr's markers begin with.
const MARKER: &str = "EVCXR_";

/// The text as one line: control characters and line breaks become spaces, evcxr's markers lose an
/// underscore, and marks that change the direction of what follows are left out.
pub(crate) fn line(text: &str) -> String {
    let plain = |c: char| if c.is_control() || is_line_break(c) { ' ' } else { c };
    let kept: String = text.chars().filter(|c| !turns(*c)).map(plain).collect();
    kept.replace(MARKER, "EVCXR ").trim_end().to_string()
}

/// The same for a text of several lines, which stay apart.
pub(crate) fn lines(text: &str) -> String {
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// One line, as HTML shows it.
pub(crate) fn html(text: &str) -> String {
    let line = line(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    line.replace('"', "&quot;").replace('\'', "&#39;")
}

/// A message in JSON without evcxr's markers: the same message, written another way.
pub(crate) fn json(message: &serde_json::Value) -> String {
    message.to_string().replace(MARKER, "EVCXR\\u005f")
}

/// What makes evcxr show a text or a picture: content that is clean already, between two markers.
pub(crate) fn output(mime: &str, content: &str) -> String {
    format!("{MARKER}BEGIN_CONTENT {mime}\n{content}\n{MARKER}END_CONTENT")
}

fn is_line_break(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

/// Embeddings, overrides and isolates of bidirectional text.
fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ordinary_texts_stay_as_they_are() {
        let text = "Größe 3 × 4, \"café\" <b> & 'x' 猫 −1.5×10⁻⁵…";
        assert_eq!((line(text), lines("a\n b\n")), (text.into(), "a\n b\n".into()));
        assert_eq!(html("1 < 2 & \"x\" 'y'"), "1 &lt; 2 &amp; &quot;x&quot; &#39;y&#39;");
        let message = serde_json::json!({ "text": "EVCXR_END_CONTENT\n" });
        let sent = json(&message);
        assert!(!sent.contains("EVCXR_") && !sent.contains('\n'));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&sent).unwrap(), message);
    }

    #[test]
    fn markers_are_broken_even_where_one_hides_in_another() {
        for text in ["EVCXR_EXECUTION_COMPLETE", "EVCXR\u{202e}_X", "EVEVCXR_CXR_X", "EVCXR\n_"] {
            assert!(!line(text).contains("EVCXR_"), "{text:?}: {}", line(text));
        }
    }

    proptest! {
        #[test]
        fn any_text_is_one_line_between_its_markers(
            parts in prop::collection::vec(prop_oneof![
                any::<String>(),
                Just("EVCXR_BEGIN_CONTENT text/html\n".to_string()),
                Just("\nEVCXR_END_CONTENT\n".to_string()),
                Just("\u{1e}ConvLens {}\r\n".to_string()),
            ], 0..6),
        ) {
            let shown = output("text/plain", &line(&parts.concat()));
            prop_assert_eq!(shown.lines().count(), 3);
            prop_assert_eq!(shown.matches("EVCXR_").count(), 2);
            let controls = shown.chars().filter(|c| c.is_control()).count();
            prop_assert_eq!(controls, 2, "the line breaks around the content");
            let tags = html(&parts.concat()).matches(['<', '>', '"', '\'', '\n']).count();
            prop_assert_eq!(tags, 0);
        }
    }
}
