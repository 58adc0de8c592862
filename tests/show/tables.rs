//! Tables: shades, sizes and what is refused.

use super::picture;
use convlens::show::{Entry, Figure, Table, table};

fn rows(values: &[&[f64]]) -> Vec<(String, Vec<f64>)> {
    (0..).zip(values).map(|(i, row): (i32, _)| (format!("row {i}"), row.to_vec())).collect()
}

/// The colour near the upper left corner of a cell, where no text stands.
fn corner(figure: &Figure, row: u32, from_right: u32) -> [u8; 3] {
    let picture = picture(figure);
    picture.get_pixel(picture.width() - from_right, row * 26 + 3).0
}

#[test]
fn cells_are_shaded_from_white_to_blue() {
    let figure = table(&rows(&[&[0.0, 0.5], &[1.0, f64::NAN]]), &["a", "b"], "share").unwrap();
    // Columns are 64 wide at least; the second one ends at the right edge, as the note is shorter.
    assert_eq!(corner(&figure, 1, 64 + 60), [255, 255, 255]);
    assert_eq!(corner(&figure, 2, 64 + 60), [107, 174, 214]);
    // Half way: 255 - 148 / 2, 255 - 81 / 2, 255 - 41 / 2.
    assert_eq!(corner(&figure, 1, 60), [181, 215, 235]);
    assert_eq!(corner(&figure, 2, 60), [255, 255, 255], "NaN was not measured");
    assert!(figure.alt.ends_with("row 0: a 0.000, b 0.500; row 1: a 1.000, b –"), "{figure}");
}

#[test]
fn scales_hold_every_value() {
    let alt = |values: &[&[f64]]| table(&rows(values), &["a"], "score").unwrap().alt;
    assert!(
        alt(&[&[-2.0], &[6.0]]).starts_with("table of score, shaded from −2 to 6; row 0: a −2")
    );
    assert!(alt(&[&[7.0], &[7.0]]).starts_with("table of score, shaded from 0 to 7;"));
    assert!(alt(&[&[f64::NAN]]).starts_with("table of score, shaded from 0 to 1;"));
    let spread = table(&rows(&[&[6.0; 4], &[-2.0; 4]]), &["a", "b", "c", "d"], "score").unwrap();
    assert_eq!([corner(&spread, 1, 60), corner(&spread, 2, 60)], [[107, 174, 214], [255; 3]]);
}

#[test]
fn texts_stay_white_and_long_names_fit() {
    let row = |entry| ("a rather long name of a row ".repeat(4), vec![entry]);
    let entries = [Entry::Text("fails".into()), Entry::Number(1.0)];
    let base = Table { label: "share".into(), columns: vec!["result".into()], ..Table::default() };
    let figure = Table { rows: entries.map(row).to_vec(), ..base }.draw().unwrap();
    let width = figure.size()[1];
    assert!((300..450).contains(&width), "{width}");
    assert_eq!([corner(&figure, 1, 60), corner(&figure, 2, 60)], [[255; 3], [107, 174, 214]]);
}

#[test]
fn unsound_tables_are_one_sentence() {
    let says = |result: convlens::Result<Figure>, words: &str| {
        let error = result.unwrap_err().to_string();
        assert!(error.contains(words) && !error.contains('\n'), "{error}");
    };
    says(table(&[], &["a"], ""), "at least one of each, got 0 rows, 1 columns");
    says(table(&rows(&[&[1.0]]), &["a", "b"], ""), "row `row 0`: expected 2 entries, got 1");
    says(table(&rows(&[&[f64::INFINITY]]), &["a"], ""), "finite values, a rising range");
    let columns = ["a wide column of numbers"; 9];
    says(table(&rows(&[&[0.0; 9]]), &columns, ""), "at most 900 pixels wide");
    let base = Table { columns: vec!["a".into()], range: Some([1.0, 1.0]), ..Table::default() };
    let rows = vec![("row".to_string(), vec![Entry::Number(1.0)])];
    says(Table { rows, ..base }.draw(), "a rising range, got [1.0, 1.0]");
}
