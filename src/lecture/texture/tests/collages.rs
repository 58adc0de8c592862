//! What a collage tells of itself.

use super::*;

fn collage() -> Collage {
    // 2x3: columns 4 5 9 of rows 1 1 1, below 4 5 6 of row 2 2 2: 9 is torn from 5 and from 6 below.
    let from = Tensor::from_slice(&[1i64, 1, 1, 2, 2, 2, 4, 5, 9, 4, 5, 6]).view([1, 2, 2, 3]);
    Collage { image: Tensor::full([1, 3, 2, 3], 0.5, (Kind::Float, Device::Cpu)), from }
}

#[test]
fn tears_by_hand() {
    // Four pairs side by side, one torn; three above each other, one torn.
    assert_eq!(collage().torn().unwrap(), 2.0 / 7.0);
    let red = collage().seams().unwrap().select(1, 0);
    assert_eq!(numbers(&red), [0.5, 0.5, 1.0, 0.5, 0.5, 1.0]);
    let one = Collage {
        image: collage().image.narrow(2, 0, 1).narrow(3, 0, 1),
        from: collage().from.narrow(2, 0, 1).narrow(3, 0, 1),
    };
    assert_eq!(one.torn().unwrap(), 0.0);
}

#[test]
fn origins_are_colours() {
    let colours = collage().origins().unwrap();
    assert_eq!(colours.size(), [1, 3, 2, 3]);
    assert_eq!(numbers(&colours.select(1, 0)), [0.5, 0.5, 0.5, 1.0, 1.0, 1.0]);
    assert!((colours.double_value(&[0, 1, 0, 1]) - 5.0 / 9.0).abs() < 1e-6);
}

#[test]
fn what_is_missing_is_grey() {
    let mut canvas = canvas::Canvas::empty([2, 2]);
    let source = canvas::Source::of(&colourful(2, 3), "source").unwrap();
    canvas.put(1, &source, 4);
    let made = canvas.collage([2, 2], 3).unwrap();
    let from = Vec::<i64>::try_from(made.from.view([-1])).unwrap();
    assert_eq!(from, [-1, 1, -1, -1, -1, 1, -1, -1]);
    assert_eq!(made.image.double_value(&[0, 2, 1, 1]), 0.5);
    assert_eq!(made.image.double_value(&[0, 2, 0, 1]), colourful(2, 3).double_value(&[0, 2, 1, 1]));
}
