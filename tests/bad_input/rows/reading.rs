//! Filters, activations, maximally activating patches.

use crate::table::{Table, numbers};
use convlens::prelude::*;

pub fn rows(t: &mut Table) {
    filters_rows(t);
    activation_rows(t);
    patch_rows(t);
}

fn filters_rows(t: &mut Table) {
    t.refuses("first_layer_filters", "no convolution", "a convolution", |_| {
        first_layer_filters(&Net::new("n"))
    });
    t.answers("convolutions", "none", |_| Ok(vec![convolutions(&Net::new("n")).len() as f64]));
    t.refuses("weights", "a ReLU", "a convolution", |w| weights(&w.net, "relu1"));
    t.refuses("weights", "an unknown layer", "it has: input", |w| weights(&w.net, "x"));
    t.setting("slices", "filters", "filters: expected", &[0, -1, 5, i64::MAX], |w, v| {
        slices(&w.net, "conv1", v)
    });
}

fn activation_rows(t: &mut Table) {
    t.images("activations", |w, x| activations(&w.net, x, "relu1"));
    t.refuses("activations", "a vector", "maps, [n, channels, h, w]", |w| {
        activations(&w.net, &w.image, "fc")
    });
    t.refuses("activations", "an unknown layer", "it has: input", |w| {
        activations(&w.net, &w.image, "x")
    });
    let far = [-1, 4, i64::MAX, i64::MIN];
    t.setting("Activations::channel", "channel", "channel: expected", &far, |w, v| {
        activations(&w.net, &w.image, "relu1")?.channel(v)
    });
    t.setting("Activations::grid", "channel", "channel: expected", &far, |w, v| {
        activations(&w.net, &w.image, "relu1")?.grid(&[v], Scale::PerFilter)
    });
    t.refuses("Activations::grid", "no channels", "1 or more channels", |w| {
        activations(&w.net, &w.image, "relu1")?.grid(&[], Scale::PerFilter)
    });
    t.setting("Activations::on_photo", "channel", "channel: expected", &far, |w, v| {
        activations(&w.net, &w.image, "relu1")?.on_photo(v)
    });
    t.refuses("Activations::on_photo", "units without a place", "places of their own", |w| {
        activations(&w.net, &w.image, "mean")?.on_photo(0)
    });
    t.images("Activations::over", |w, x| activations(&w.net, &w.image, "relu1")?.over(x, 0));
    t.refuses("Activations::over", "another photo", "photos: expected", |w| {
        activations(&w.net, &w.image, "relu1")?.over(&w.image.narrow(2, 0, 8), 0)
    });
    t.refuses("Activations::strengths", "maps of no photos", "no size of 0", |w| {
        let all = activations(&w.net, &w.image, "relu1")?;
        Activations { maps: all.maps.narrow(0, 0, 0), ..all }.strengths()
    });
    t.refuses("Strengths::and", "another layer", "strengths: expected", |w| {
        let of = |layer| activations(&w.net, &w.image, layer)?.strengths();
        of("relu1")?.and(&of("relu2")?)
    });
    t.refuses("Strengths::and", "photos 0 and 0", "photos", |_| {
        let none = || Strengths { mean: vec![0.0], largest: vec![0.0], photos: 0 };
        none().and(&none())
    });
    t.answers("random_channel", "no channels", |w| {
        let all = activations(&w.net, &w.image, "relu1")?;
        let none = Activations { maps: all.maps.narrow(1, 0, 0), ..all };
        Ok(vec![convlens::patches::random_channel(&none, 7) as f64])
    });
}

fn patch_rows(t: &mut Table) {
    t.setting("Patches::run", "top", "patches: expected", &[0, usize::MAX], |w, top| {
        Patches { top, ..Patches::default() }.run(&w.net, "relu2", &[0], &w.photos)
    });
    t.setting(
        "Patches::run",
        "per_image",
        "patches: expected",
        &[0, usize::MAX],
        |w, per_image| {
            Patches { per_image, ..Patches::default() }.run(&w.net, "relu2", &[0], &w.photos)
        },
    );
    t.setting("Patches::run", "channel", "channel: expected", &[-1, 5, i64::MAX], |w, v| {
        Patches::default().run(&w.net, "relu2", &[v], &w.photos)
    });
    t.setting("Patches::run", "neuron", "expected", &[[-1, 0], [0, 99]], |w, v| {
        Patches { neuron: Some(v), ..Patches::default() }.run(&w.net, "relu2", &[0], &w.photos)
    });
    t.refuses("Patches::run", "no photos", "at least one file", |w| {
        Patches::default().run(&w.net, "relu2", &[0], &Photos::default())
    });
    t.refuses("Patches::start", "no channels", "patches: expected", |w| {
        Patches::default().start(&w.net, "relu2", &[])
    });
    t.refuses("Patches::start", "an unknown layer", "it has: input", |w| {
        Patches::default().start(&w.net, "x", &[0])
    });
    t.images("Found::look", |w, x| {
        Patches::default().start(&w.net, "relu2", &[0])?.look(&w.net, x, &["a.png".into()])
    });
    t.refuses("Found::look", "no file names", "files: expected", |w| {
        Patches::default().start(&w.net, "relu2", &[0])?.look(&w.net, &w.image, &[])
    });
    t.refuses("Found::figure", "nothing found", "expected", |w| {
        Patches::default().start(&w.net, "relu2", &[])?.figure()
    });
    t.refuses("Found::signals", "other photos", "photos: expected", |w| {
        let found = Patches::default().run(&w.net, "relu2", &[0], &w.photos)?;
        let others = Photos { files: vec![w.path("x.png")], ..w.photos.clone() };
        found.signals(&w.net, &others, ReluRule::Guided)
    });
    t.images("Patch::in_photo", |w, x| {
        let found = Patches::default().run(&w.net, "relu2", &[0], &w.photos)?;
        found.rows[0].patches[0].in_photo(x)
    });
    t.answers("Patch::seen", "a patch at the edge", |w| {
        let found = Patches::default().run(&w.net, "relu2", &[0, 1, 2], &w.photos)?;
        let seen = found.rows.iter().flat_map(|row| &row.patches).map(|patch| patch.seen());
        Ok(seen.collect::<convlens::Result<Vec<_>>>()?.iter().flat_map(numbers).collect())
    });
}
