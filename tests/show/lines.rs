//! Charts of lines.

use super::picture;
use convlens::show::{Figure, Lines, lines};
use image::RgbImage;

const NAN: f64 = f64::NAN;

fn chart(range: [f64; 2]) -> Lines {
    let (x_label, y_label) = ("step".to_string(), "loss".to_string());
    Lines { x_label, y_label, range: Some(range), ..Lines::default() }
}

fn named(values: &[&[f64]]) -> Vec<(String, Vec<f64>)> {
    values.iter().zip(["a", "b"]).map(|(v, name)| (name.to_string(), v.to_vec())).collect()
}

/// The column of the upright axis: dark over the whole field.
fn left(all: &RgbImage) -> u32 {
    (0..all.width()).find(|&x| (20..60).all(|y| all.get_pixel(x, y).0 == [96; 3])).unwrap()
}

/// Whether a pixel of the field is blue: the first series' colour and no ink.
fn blue(all: &RgbImage, [row, column]: [u32; 2]) -> bool {
    let [r, _, b] = all.get_pixel(left(all) + column, row).0;
    b > 150 && r < 90
}

#[test]
fn a_line_passes_where_its_values_lie() {
    // The field is 280 x 440 pixels, 7 of room around it: 0 at row 287, 1 at row 7.
    let draw = |values: &[f64]| {
        let chart = Lines { marks: Some(false), ..chart([0.0, 1.0]) };
        picture(&chart.draw(&[0.0, 1.0, 3.0], &named(&[values])).unwrap())
    };
    let all = draw(&[0.25, 0.75, 0.75]);
    let rows = |all: &RgbImage, column: u32| -> Vec<u32> {
        (0..294).filter(|&row| blue(all, [row, 7 + column])).collect()
    };
    // A third of the way across is x = 1; a sixth lies half way up between the values.
    assert_eq!(rows(&all, 300), [77]);
    let middle = rows(&all, 73);
    assert!(middle.contains(&147) && middle.len() <= 6, "{middle:?}");
    let gap = draw(&[0.25, NAN, 0.75]);
    assert!(rows(&gap, 73).is_empty() && rows(&gap, 300).is_empty());
    let marks = |row: u32, column: u32| blue(&gap, [row, 7 + column]);
    assert!(marks(217, 0) && marks(77, 440), "lone values have marks");
}

#[test]
fn marks_come_with_few_positions_and_names_under_them() {
    let width_at = |n: usize, marks| {
        let x: Vec<f64> = (0..n).map(|i| i as f64).collect();
        let chart = Lines { marks, ..chart([0.0, 1.0]) };
        let all = picture(&chart.draw(&x, &named(&[&vec![0.5; n]])).unwrap());
        (0..294).filter(|&row| blue(&all, [row, 7])).count()
    };
    let both = [width_at(25, None), width_at(26, None)];
    assert!(both[0] >= 7 && both[1] <= 3, "{both:?}");
    assert_eq!(both, [width_at(2, Some(true)), width_at(25, Some(false))]);
    let size = |names: &[&str]| {
        let x_names = names.iter().map(|n| n.to_string()).collect();
        let chart = Lines { x_names, ..chart([0.0, 1.0]) };
        chart.draw(&[0.0, 1.0], &named(&[&[0.0, 1.0]])).unwrap().size()
    };
    assert_eq!(size(&["stem", "head"]), size(&[]));
    let long = "a name that is wider than its half of the axis";
    assert!(size(&["stem", long])[0] > size(&[])[0] + 200, "it stands upright");
}

#[test]
fn what_leaves_the_axis_is_cut_off_and_said() {
    let values: [&[f64]; 2] = [&[0.5, 2.0, -1.0], &[0.5, NAN, 0.25]];
    let figure = chart([0.0, 1.0]).draw(&[0.0, 5.0, 10.0], &named(&values)).unwrap();
    let all = picture(&figure);
    let beside = |column: u32| (0..294).any(|row| blue(&all, [row, column]));
    assert!(beside(60) && !beside(150), "above the field from a third of the first half on");
    assert_eq!(
        figure.alt,
        "lines of loss over step 0 to 10: a from 0.5 to −1, b from 0.5 to 0.25; \
         values −1 to 2, beyond the axis"
    );
    let plain = lines(&[0.0, 5.0, 10.0], &named(&values), ["step", "loss"]).unwrap();
    assert!(plain.alt.ends_with("values −1 to 2"));
    let one = lines(&[3.0], &named(&[&[0.5], &[NAN]]), ["step", "loss"]).unwrap();
    assert!(one.alt.contains("step 3 to 3: a from 0.5 to 0.5, b without values"), "{one}");
    let long = vec![("a name that is far longer than the room beside it ".repeat(3), vec![1.0])];
    picture(&lines(&[3.0], &long, ["step", "loss"]).unwrap());
}

#[test]
fn what_cannot_be_drawn_is_named() {
    let error = |r: convlens::Result<Figure>| r.unwrap_err().to_string();
    let draw = |x: &[f64], values: &[f64]| error(lines(x, &named(&[values]), ["step", "loss"]));
    assert!(draw(&[], &[]).starts_with("x: expected finite positions, at least one"));
    assert!(draw(&[NAN], &[1.0]).contains("finite positions"));
    assert!(draw(&[0.0, 1.0], &[1.0]).contains("expected 2 values, got 1 for a"));
    assert!(draw(&[0.0], &[f64::INFINITY]).contains("got an infinity in a; put NaN in its place"));
    assert!(draw(&[0.0, 1.0], &[NAN, NAN]).contains("got only NaN"));
    assert!(error(lines(&[0.0], &[], ["", ""])).contains("expected 1..=10 of them, got 0"));
    let many = vec![("a".to_string(), vec![1.0]); 11];
    assert!(error(lines(&[0.0], &many, ["", ""])).contains("got 11"));
    let names = Lines { x_names: vec!["a".into()], ..Lines::default() };
    let pair = named(&[&[0.0, 1.0]]);
    assert!(error(names.draw(&[0.0, 1.0], &pair)).contains("x_names: expected 2, got 1"));
    for range in [[1.0, 1.0], [2.0, 1.0], [NAN, 1.0]] {
        assert!(error(chart(range).draw(&[0.0, 1.0], &pair)).contains("lower value first"));
    }
}
