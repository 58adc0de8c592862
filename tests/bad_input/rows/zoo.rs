//! Models, weights and checkpoint files.

use crate::table::Table;
use crate::world::scattered;
use convlens::prelude::*;
use convlens::zoo::Weights;

fn empty() -> Weights {
    Weights::from_tensors(vec![])
}

pub fn rows(t: &mut Table) {
    let bad: [(&str, &[u8]); 5] = [
        ("empty.pth", b""),
        ("text.pth", b"import torch"),
        ("cut.safetensors", b"\xff\xff\xff\xff\xff\xff\xff\x7f{}"),
        ("zip.pth", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
        ("pickle.pth", b"\x80\x02c__builtin__\neval\nq\0."),
    ];
    for (name, bytes) in bad {
        t.refuses("Weights::read", name, name, move |w| Weights::read(w.file(name, bytes)));
        t.refuses("Model::load_from", name, name, move |w| {
            Model::AlexNet.load_from(w.file(name, bytes))
        });
        t.refuses("Model::load_from", format!("{name} by name"), name, move |w| {
            zoo::alexnet_from(w.file(name, bytes))
        });
    }
    t.refuses("Weights::read", "missing", "missing", |w| Weights::read(w.path("missing.pth")));
    t.refuses("Weights::read", "a folder", "not a file", |w| Weights::read(w.path("photos")));
    t.answers("Weights::from_tensors", "none", |_| Ok(vec![empty().names().len() as f64]));
    t.answers("Weights::shape", "an unknown name", |_| {
        Ok(vec![f64::from(u8::from(empty().shape("x").is_some()))])
    });
    t.refuses("Weights::take", "an unknown name", "expected `x`", |_| empty().take("x", &[1]));
    t.refuses("Weights::take", "another shape", "expected `x` of shape", |_| {
        Weights::from_tensors(vec![("x".into(), scattered(&[2], 1.0))]).take("x", &[i64::MAX, 0])
    });
    t.refuses("Weights::finish", "a tensor left over", "expected no more tensors", |_| {
        Weights::from_tensors(vec![("x".into(), scattered(&[2], 1.0))]).finish()
    });
    t.refuses("Model::build", "no tensors", "got no tensors", |_| Model::Vgg16.build(empty()));
    t.refuses("Model::load_from", "NaN in a file", "NaN or infinite", |w| {
        let path = w.path("nan.safetensors");
        let nan = Tensor::full([64, 3, 11, 11], f64::NAN, (Kind::Float, Device::Cpu));
        let tensors = [("features.0.weight", nan), ("features.0.bias", scattered(&[64], 1.0))];
        Tensor::write_safetensors(&tensors, &path)?;
        Model::AlexNetFeatures.load_from(path)
    });
    t.refuses("vgg_trunk", "no tensors", "got no tensors", |_| zoo::vgg_trunk(empty()));
    t.refuses("Model::load", "no cache and no network", "nowhere", |_| Model::Vgg16.load());
    t.refuses("Weights::conv", "no tensors", "expected `a.weight`", |_| {
        empty().conv("a", [i64::MAX, 0, -1])
    });
    t.refuses("Weights::conv_with_bias", "no tensors", "expected `a.weight`", |_| {
        empty().conv_with_bias("a", [1, 2, 3])
    });
    t.refuses("Weights::batch_norm", "no tensors", "expected `a.weight`", |_| {
        empty().batch_norm("a", 4, 1e-5)
    });
    t.refuses("Weights::linear", "no tensors", "expected `a.weight`", |_| {
        empty().linear("a", [-1, 4])
    });
    t.refuses("Top::figure", "no classes", "bars: expected", |_| {
        convlens::zoo::Top(vec![]).figure()
    });
    t.refuses("Error::argument", "texts of nothing", "expected", |_| {
        Err::<(), _>(convlens::Error::argument("", "", "", ""))
    });
    t.refuses("Error::file", "a path of nothing", ";", |_| {
        Err::<(), _>(convlens::Error::file("", "", ""))
    });
    t.refuses("Model::first_at_hand", "no models", "models: expected", |_| {
        Model::first_at_hand(&[])
    });
    t.refuses("class_index", "nothing", "class name: expected", |_| class_index(""));
    t.refuses("class_index", "a word that is no class", "class name: expected", |_| {
        class_index("xyzzy\nfoo")
    });
    t.refuses("class_index", "a million letters", "class name: expected", |_| {
        class_index(&"x".repeat(1 << 20))
    });
    t.answers("digit_net", "the largest seed", |w| {
        Ok(crate::table::numbers(&zoo::digit_net(u64::MAX)?.logits(&w.image)?))
    });
}
