//! safetensors whose header lies.

use crate::craft::*;

/// A file with this header and `count` bytes of numbers.
fn file(header: &str, count: usize) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &vec![0; count]].concat()
}

fn one(dtype: &str, shape: &str, end: usize) -> String {
    format!(r#"{{"w":{{"dtype":"{dtype}","shape":{shape},"data_offsets":[0,{end}]}}}}"#)
}

#[test]
fn booleans_are_0_and_1_and_other_kinds_are_refused_by_name() {
    let mut bytes = file(&one("BOOL", "[2]", 2), 2);
    *bytes.last_mut().unwrap() = 1;
    let mut weights = read_bytes(&bytes).unwrap();
    assert_eq!(floats(&weights.take("w", &[2]).unwrap()), [0.0, 1.0]);
    let why = complaint(&file(&one("F8_E4M3", "[2]", 2), 2));
    assert!(why.starts_with("`w` has numbers of kind F8_E4M3, which is not supported;"), "{why}");
}

#[test]
fn shapes_and_offsets_must_fit_the_file() {
    let huge = "[4294967296,4294967296,4294967296]";
    for (shape, end, count) in [("[2]", 8, 7), ("[2]", 8, 9), ("[3]", 8, 8), (huge, 8, 8)] {
        let why = complaint(&file(&one("F32", shape, end), count));
        assert!(why.ends_with("the file is damaged: get it again"), "{why}");
    }
    let flat = format!("[{}1]", "1,".repeat(16));
    let why = complaint(&file(&one("F32", &flat, 4), 4));
    assert!(why.starts_with("`w`: a tensor has 17 dimensions and 17 strides;"), "{why}");
}

#[test]
fn what_a_file_puts_into_a_message_stays_on_one_short_line() {
    let name = "a\\n".repeat(1000);
    let header = one("F32", "[1]", 4).replace("w", &name).replace("[0,4]", "[4,8]");
    let why = complaint(&file(&header, 8));
    assert!(why.ends_with("the file is damaged: get it again"), "{why}");
}
