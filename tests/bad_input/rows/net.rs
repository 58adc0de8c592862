//! Building networks, passes, gradients, receptive fields.

use crate::table::{Table, numbers};
use crate::world::scattered;
use convlens::prelude::*;

const WEIGHT: &str = "weight: expected";

fn conv(change: impl Fn(Conv2d) -> Conv2d) -> convlens::Result<Net> {
    Net::new("n")
        .then("conv1", Op::Conv2d(change(Conv2d::new(scattered(&[4, 3, 3, 3], 1.0), None))))
}

pub fn rows(t: &mut Table) {
    operations(t);
    building(t);
    passes(t);
    fields(t);
}

fn operations(t: &mut Table) {
    for shape in [vec![], vec![4], vec![4, 3, 3], vec![0, 3, 3, 3], vec![4, 3, 0, 3]] {
        t.refuses("Conv2d::new", format!("a weight {shape:?}"), WEIGHT, move |_| {
            let weight = Tensor::zeros(&shape, (Kind::Float, Device::Cpu));
            Net::new("n").then("conv1", Op::Conv2d(Conv2d::new(weight, None)))
        });
    }
    t.refuses("Conv2d::new", "integers", WEIGHT, |_| {
        let weight = Tensor::ones([4, 3, 3, 3], (Kind::Int64, Device::Cpu));
        Net::new("n").then("conv1", Op::Conv2d(Conv2d::new(weight, None)))
    });
    t.refuses("Conv2d::new", "NaN", "NaN or infinite", |_| {
        let weight = Tensor::full([4, 3, 3, 3], f64::NAN, (Kind::Float, Device::Cpu));
        Net::new("n").then("conv1", Op::Conv2d(Conv2d::new(weight, None)))
    });
    t.refuses("Conv2d::new", "a bias of 3", "bias: expected", |_| {
        let bias = Some(scattered(&[3], 1.0));
        Net::new("n").then("conv1", Op::Conv2d(Conv2d::new(scattered(&[4, 3, 3, 3], 1.0), bias)))
    });
    let bad = [0, -1, i64::MIN, i64::MAX, 1 << 40];
    t.setting("Conv2d::stride", "stride", "stride: expected", &bad, |_, v| conv(|c| c.stride(v)));
    t.setting("Conv2d::dilation", "dilation", "dilation: expected", &bad, |_, v| {
        conv(|c| c.dilation(v))
    });
    t.setting("Conv2d::groups", "groups", "groups: expected", &[0, -1, 3, i64::MAX], |_, v| {
        conv(|c| c.groups(v))
    });
    t.setting(
        "Conv2d::padding",
        "padding",
        "conv1\'s border: expected 0 to 4096",
        &[-1, i64::MIN, i64::MAX],
        |_, v| conv(|c| c.padding(v)),
    );
    t.setting(
        "Conv2d::borders",
        "borders",
        "conv1\'s border: expected 0 to 4096",
        &[-1, i64::MAX],
        |_, v| conv(|c| c.borders([v, 0], [0, v])),
    );
    t.setting("Pool::square", "size", "pool1\'s window: expected 1 to 4096", &bad, |_, v| {
        Net::new("n").then("pool1", Op::MaxPool2d(Pool::square(v)))
    });
    t.setting("Pool::stride", "stride", "pool1\'s stride: expected 1 to 4096", &bad, |_, v| {
        Net::new("n").then("pool1", Op::AvgPool2d(Pool::square(2).stride(v)))
    });
    t.setting(
        "Pool::padding",
        "padding",
        "pool1\'s border: expected 0 to 1",
        &[-1, 2, i64::MAX],
        |_, v| Net::new("n").then("pool1", Op::MaxPool2d(Pool::square(2).padding(v))),
    );
    t.refuses("Pool::ceil", "size 0", "pool1\'s window: expected", |_| {
        Net::new("n").then("pool1", Op::MaxPool2d(Pool::square(0).ceil()))
    });
}

fn building(t: &mut Table) {
    let mean = [0.5; 3];
    t.setting(
        "Net::then",
        "standard deviation",
        "normalise\'s deviation: expected",
        &[0.0, -1.0, f64::NAN, f64::INFINITY],
        |_, v| {
            Net::new("n")
                .then("normalise", Op::Normalize { mean: [0.5; 3], std: [0.2, v, 0.2], bgr: false })
        },
    );
    t.refuses("Net::then", "mean NaN", "normalise\'s mean: expected", move |_| {
        let mean = [f64::NAN, mean[1], mean[2]];
        Net::new("n").then("normalise", Op::Normalize { mean, std: [0.2; 3], bgr: false })
    });
    t.setting(
        "Net::then",
        "adaptive pool",
        "expected",
        &[[0, 1], [1, -1], [i64::MAX, 1]],
        |_, out| Net::new("n").then("mean", Op::AdaptiveAvgPool2d { out }),
    );
    t.setting(
        "Net::then",
        "response norm size",
        "norm\'s channels: expected 1 to 4096",
        &[0, -1, i64::MAX],
        |_, size| {
            Net::new("n")
                .then("norm", Op::LocalResponseNorm { size, alpha: 1e-4, beta: 0.75, k: 2.0 })
        },
    );
    t.setting(
        "Net::then",
        "response norm beta",
        "expected",
        &[f64::NAN, f64::INFINITY],
        |_, beta| {
            Net::new("n").then("norm", Op::LocalResponseNorm { size: 5, alpha: 1e-4, beta, k: 2.0 })
        },
    );
    t.refuses("Net::then", "a name twice", "expected", |_| {
        Net::new("n").then("relu1", Op::Relu)?.then("relu1", Op::Relu)
    });
    t.refuses("Net::then", "a linear weight of rank 3", WEIGHT, |_| {
        let op = Op::Linear { weight: scattered(&[2, 2, 2], 1.0), bias: scattered(&[2], 1.0) };
        Net::new("n").then("fc", op)
    });
    t.refuses("Net::join", "an unknown layer", "expected", |w| {
        w.net.upto("relu1")?.join("sum", Op::Add, &["relu1", "relu7"])
    });
    t.refuses("Net::join", "nothing", "expected", |w| {
        w.net.upto("relu1")?.join("sum", Op::Add, &[])
    });
    t.answers("Net::new", "a name of nothing", |_| Ok(vec![Net::new("").names().len() as f64]));
    t.answers("Net::with_classes", "more names than classes", |w| {
        let names = vec!["thing".to_string(); 9];
        Ok(numbers(&w.net.upto("fc")?.with_classes(names).logits(&w.image)?))
    });
    t.refuses("Net::upto", "an unknown layer", "it has: input, conv1", |w| w.net.upto("conv9"));
    t.refuses("Net::layer", "an unknown layer", "it has: input, conv1", |w| {
        w.net.layer("").map(|_| ())
    });
}

fn passes(t: &mut Table) {
    t.images("Net::logits", |w, x| w.net.logits(x));
    t.images("Net::tap", |w, x| w.net.tap(x, "conv1"));
    t.images("Net::taps", |w, x| w.net.taps(x, &["relu1", "fc"]));
    t.images("Net::top", |w, x| w.net.top(x, 1));
    t.images("Net::gradient", |w, x| w.net.gradient(x, &w.class(), ReluRule::Guided));
    t.images("Net::gradient", |w, x| w.net.gradient(x, &w.class(), ReluRule::Gradient));
    t.images("Net::score_and_gradient", |w, x| w.net.score_and_gradient(x, &w.class()));
    t.images("Net::reinitialised", |w, x| w.net.reinitialised(&["fc"], x, 0));
    t.refuses("Net::reinitialised", "a layer without weights", "one with weights", |w| {
        w.net.reinitialised(&["relu1"], &w.image, 0)
    });
    t.refuses("Net::tap", "an unknown layer", "it has: input, conv1", |w| {
        w.net.tap(&w.image, "conv3_1")
    });
    t.refuses("Net::tap", "too small an image", "larger image", |w| {
        w.net.tap(&w.image.narrow(2, 0, 2), "conv1")
    });
    t.refuses("Taps::at", "a layer nobody asked for", "tap: expected", |w| {
        w.net.taps(&w.image, &["relu1"])?.at("relu2")
    });
    t.refuses("Net::logits", "no classes", "a classifier", |w| {
        w.net.upto("relu2")?.logits(&w.image)
    });
    t.refuses("Net::top", "two images", "one image", |w| {
        w.net.top(&Tensor::cat(&[&w.image, &w.image], 0), 1)
    });
    t.refuses("Top::best", "no classes", "at least one class", |_| zoo::Top(vec![]).best());
    t.refuses("Net::top", "no classes asked for", "k: expected 1 or more", |w| {
        w.net.top(&w.image, 0)
    });
    t.answers("Net::top", "more classes than there are", |w| {
        Ok(w.net.top(&w.image, usize::MAX)?.0.iter().map(|p| p.probability).collect())
    });
    t.refuses("Net::precision", "an image of the old kind", "Double of shape", |w| {
        w.net.precision(Precision::Double)?.logits(&w.image)
    });
    t.refuses("Net::to_device", "a graphics card that is not there", "device: expected", |w| {
        w.net.to_device(Device::Cuda(77))
    });
}

fn fields(t: &mut Table) {
    t.refuses("Net::receptive_field", "an unknown layer", "it has: input", |w| {
        w.net.receptive_field("x")
    });
    t.refuses("Net::receptive_field", "strides beyond any number", "expected", |_| {
        let huge = Op::MaxPool2d(Pool::square(1 << 20));
        let mut net = Net::new("n");
        for layer in ["a", "b", "c", "d", "e"] {
            net = net.then(
                layer,
                match &huge {
                    Op::MaxPool2d(p) => Op::MaxPool2d(*p),
                    _ => Op::Relu,
                },
            )?;
        }
        net.receptive_field("e")
    });
    for unit in [[-1, 0], [i64::MAX, 0], [i64::MIN, 7]] {
        t.answers("Field::crop", format!("unit {unit:?}"), move |w| {
            let crop = w.net.receptive_field("relu2")?.crop(unit, [20, 24]);
            Ok([crop.top, crop.left, crop.bottom, crop.right].map(|v| v as f64).to_vec())
        });
    }
}
