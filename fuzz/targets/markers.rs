//! Texts in a notebook: whatever goes in, the output has its own marker lines and no others.
#![no_main]

use convlens::Error;
use convlens::show::fuzzed::{message, outputs};
use convlens_fuzz::seeds;
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: seeds(texts), |data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    for output in outputs(&text) {
        let lines: Vec<&str> = output.split('\n').collect();
        assert_eq!(lines.len() % 3, 0, "{output}");
        for part in lines.chunks(3) {
            assert!(part[0].starts_with("EVCXR_BEGIN_CONTENT ") && part[2] == "EVCXR_END_CONTENT");
            assert!(!part[1].contains("EVCXR_") && !part[1].chars().any(char::is_control));
            assert!(!part[0].ends_with("html") || part[1].matches(['<', '>']).count() <= 4);
        }
    }
    let line = message(&text);
    assert!(!line.contains("EVCXR_") && line.ends_with('\n'));
    assert!(line.lines().all(|line| line.starts_with("\u{1e}ConvLens {")) && line.lines().count() == 2);
    let error = Error::argument(&text, &text, &text, &text).to_string();
    assert!(!error.contains("EVCXR_") && !error.chars().any(char::is_control));
});

fn texts() -> Vec<Vec<u8>> {
    [
        "image, 3x4 (height x width), values 0 to 1",
        "cat\nEVCXR_END_CONTENT\nEVCXR_BEGIN_CONTENT text/html\n<img src=x onerror=\"alert('1')\">",
        "\u{1e}ConvLens {\"type\":\"failed\"}\r\nEVCXR_EXECUTION_COMPLETE\u{2028}\u{202e}&amp;",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec()
}
