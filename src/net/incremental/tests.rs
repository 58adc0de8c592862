//! Incremental passes are ordinary passes, on every operation.

use super::super::tests::{assert_close, batch_norm, double, every_op, image, wave, wide};
use super::super::{Conv2d, Net, Op, Pool};
use super::*;
use proptest::prelude::*;

/// One of every operation that keeps rows and columns, on 4 channels.
fn operation(kind: u8, size: i64, stride: i64, border: [i64; 4]) -> Vec<Op> {
    let weight = |groups: i64| wave(&[4, 4 / groups, size, size + 1], kind.into());
    let pool = Pool {
        size: [size + 1, size + 2],
        stride: [stride, stride + 1],
        padding: [border[0].min((size + 1) / 2), border[1].min(1)],
        ceil: border[2] > 0,
    };
    let [top, left, bottom, right] = border;
    let conv = |groups| {
        let conv = Conv2d::new(weight(groups), Some(wave(&[4], 5))).groups(groups).stride(stride);
        Op::Conv2d(conv.borders([top, left], [bottom, right]))
    };
    match kind {
        0 => vec![conv(1)],
        1 => vec![conv(4), Op::Relu6],
        2 => vec![conv(2), batch_norm(4, 3), Op::Relu],
        3 => vec![Op::Conv2d(Conv2d::new(weight(1), None).padding(2).dilation(2))],
        4 => vec![Op::MaxPool2d(pool)],
        5 => vec![Op::AvgPool2d(pool)],
        6 => vec![batch_norm(4, 9), Op::Relu],
        _ => vec![Op::LocalResponseNorm { size: 3, alpha: 0.5, beta: 0.75, k: 1.0 }],
    }
}

/// Two branches of different reach, added or concatenated.
fn branches(net: Net, add: bool) -> Net {
    let (n, from) = (net.layers.len(), net.last().to_string());
    let [left, right, both] = ["left", "right", "both"].map(|name| format!("{name}{n}"));
    let same = |size| Op::Conv2d(Conv2d::new(wave(&[4, 4, size, size], 7), None).padding(size / 2));
    let join = if add { Op::Add } else { Op::Concat };
    let net = net.then(&left, same(5)).unwrap().join(&right, same(1), &[&from]).unwrap();
    let from: &[&str] = if add { &[&left, &right, &from] } else { &[&left, &right] };
    let net = net.join(&both, join, from).unwrap();
    if add {
        return net;
    }
    net.then(&format!("mix{n}"), Op::Conv2d(Conv2d::new(wave(&[4, 8, 1, 1], 8), None))).unwrap()
}

/// A chain of operations, those left out for which the map has no room.
fn chain(kinds: &[(u8, i64, i64, [i64; 4])], input: &[i64]) -> Net {
    let first = Op::Conv2d(Conv2d::new(wave(&[4, 3, 1, 1], 1), None));
    let mut net = Net::new("chain").then("first", first).unwrap();
    for &(kind, size, stride, border) in kinds {
        let last = net.last().to_string();
        let kept = net.upto(&last).unwrap();
        let grown = match kind {
            8 | 9 => branches(net, kind == 8),
            _ => operation(kind, size, stride, border).into_iter().fold(net, |net, op| {
                let name = format!("layer{}", net.layers.len());
                net.then(&name, op).unwrap()
            }),
        };
        let room = grown.shapes(input, grown.layers.len() - 1).is_ok();
        net = if room { grown } else { kept };
    }
    net
}

/// Patches of noise on an image, and the patched images themselves.
fn patched(x: &Tensor, at: Vec<[i64; 2]>, size: [i64; 2]) -> (Patched, Tensor) {
    let count = at.len() as i64;
    let values = wave(&[count, 3, size[0], size[1]], 21).to_kind(x.kind());
    let whole = x.repeat([count, 1, 1, 1]);
    for (i, &[top, left]) in (0..).zip(&at) {
        let part = whole.get(i).narrow(1, top, size[0]).narrow(2, left, size[1]);
        part.shallow_clone().copy_(&values.get(i));
    }
    (Patched { windows: Windows { at, size }, values }, whole)
}

fn assert_as_ordinary(net: &Net, names: &[&str], x: &Tensor, at: &[[i64; 2]], most: f64) {
    let (net, x) = (&double(net), &wide(x));
    let (patches, whole) = patched(x, at.to_vec(), [3, 2]);
    let owned: Vec<String> = names.iter().map(|name| name.to_string()).collect();
    let passes = net.incremental(x, &owned, most).unwrap();
    let (read, clean) = (passes.read(patches).unwrap(), passes.clean().unwrap());
    for name in names {
        let context = format!("{name} with {at:?} and {most} in\n{net}");
        assert_close(&read.at(name).unwrap(), &net.tap(&whole, name).unwrap(), &context);
        assert_close(&clean.at(name).unwrap(), &net.tap(x, name).unwrap(), &context);
    }
}

#[test]
fn every_operation_of_one_network() {
    let (net, x) = (every_op().unwrap(), image(1, 23, 30));
    let names = net.names();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for most in [0.0, 0.3, NEARLY_ALL, 2.0] {
        for at in [[0, 0], [20, 28], [9, 13]] {
            assert_as_ordinary(&net, &names, &x, &[at, [4, 28], [7, 7]], most);
            names.iter().for_each(|name| assert_as_ordinary(&net, &[name], &x, &[at], most));
        }
    }
}

#[test]
fn a_window_is_as_small_as_it_can_be() {
    // One changed pixel under a 3 x 3 window with padding 1 changes 3 x 3 outputs, 2 x 2 in a corner;
    // at stride 2, outputs 2 and 3 read input 5, and only output 2 reads input 4.
    let slide = |stride| windows::Slide { extent: [3; 2], stride: [stride; 2], before: [1; 2] };
    let pixel = |at| Windows { at: vec![at], size: [1; 2] };
    let through = |at, stride| pixel(at).through(&slide(stride), [9, 12]);
    assert_eq!(through([4, 5], 1), Windows { at: vec![[3, 4]], size: [3, 3] });
    assert_eq!(through([0, 11], 1), Windows { at: vec![[0, 10]], size: [2, 2] });
    assert_eq!(through([4, 5], 2), Windows { at: vec![[2, 2]], size: [1, 2] });
    let read = through([4, 5], 2).read_by(&slide(2));
    assert_eq!(read, Windows { at: vec![[3, 3]], size: [3, 5] });
}

#[test]
fn only_what_changed_is_computed() {
    let (net, x) = (every_op().unwrap(), image(1, 40, 60));
    let passes = net.incremental(&x, &["mix".into()], NEARLY_ALL).unwrap();
    let mut made: Vec<Option<Made>> = net.layers.iter().map(|_| None).collect();
    made[0] = Some(Made::Part(patched(&x, vec![[16, 20], [24, 28]], [3, 2]).0));
    for step in &passes.steps {
        made[step.layer] = Some(passes.next(step, &made, 2).unwrap());
    }
    let size = |name: &str| match &made[net.id(name).unwrap()] {
        Some(Made::Part(part)) => part.windows.size,
        _ => [0; 2],
    };
    let sizes = ["bn1", "pool1", "left_relu", "right", "cat", "mix"].map(size);
    assert_eq!(sizes, [[3, 2], [2, 2], [4, 4], [2, 2], [4, 4], [6, 6]]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_operation_of_any_shape(
        kinds in prop::collection::vec((0u8..10, 1i64..4, 1i64..4, [0i64..3, 0i64..3, 0i64..3, 0i64..3]), 1..7),
        (h, w) in (9i64..40, 9i64..40),
        places in prop::collection::vec((0f64..1.0, 0f64..1.0), 1..4),
        most in prop::sample::select(vec![0.4, NEARLY_ALL, 2.0]),
    ) {
        let net = chain(&kinds, &[1, 3, h, w]);
        let place = |&(y, x): &(f64, f64)| {
            [(y * (h - 2) as f64) as i64, (x * (w - 1) as f64) as i64]
        };
        let at: Vec<_> = places.iter().map(place).collect();
        assert_as_ordinary(&net, &[net.last()], &image(1, h, w), &at, most);
    }
}
