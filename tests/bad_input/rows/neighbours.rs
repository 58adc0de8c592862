//! Nearest neighbours in feature space.

use crate::table::Table;
use crate::world::World;
use convlens::neighbours::Bank;
use convlens::prelude::*;

const FEW: &str = "k: expected";

fn copy(bank: &Bank) -> Bank {
    Bank {
        layer: bank.layer.clone(),
        files: bank.files.clone(),
        categories: bank.categories.clone(),
        features: bank.features.copy(),
        skipped: vec![],
    }
}

pub fn rows(t: &mut Table) {
    searches(t);
    banks(t);
    files(t);
}

fn searches(t: &mut Table) {
    t.matrices("nearest", |w, x| nearest(x, &w.matrix, 1, Metric::L2));
    t.matrices("nearest", |w, x| nearest(&w.matrix, x, 1, Metric::Cosine));
    t.matrices("nearest_others", |_, x| nearest_others(x, 1, Metric::L2));
    t.setting("nearest", "k", FEW, &[0, 9, usize::MAX], |w, k| {
        nearest(&w.matrix, &w.matrix, k, Metric::L2)
    });
    t.setting("nearest_others", "k", FEW, &[0, 8, usize::MAX], |w, k| {
        nearest_others(&w.matrix, k, Metric::L2)
    });
    t.refuses("nearest", "other columns", "queries: expected", |w| {
        nearest(&w.matrix, &w.matrix.narrow(1, 0, 2), 1, Metric::L2)
    });
    for metric in [Metric::L2, Metric::Cosine] {
        t.refuses("nearest", format!("rows times 1e30 by {metric:?}"), "largest value", move |w| {
            let far = &w.matrix * 1e30;
            nearest(&far, &far, 2, metric)
        });
        t.answers("nearest", format!("rows of zeros by {metric:?}"), move |w| {
            let none = &w.matrix * 0.0;
            Ok(nearest(&none, &none, 2, metric)?.distance.concat())
        });
    }
    t.setting("leave_one_out", "k", FEW, &[0, 4, usize::MAX], |w, k| {
        leave_one_out(&w.bank, k, Metric::L2)
    });
    t.refuses("leave_one_out", "too few categories", "categories: expected", |w| {
        leave_one_out(&Bank { categories: vec!["a".into()], ..copy(&w.bank) }, 1, Metric::L2)
    });
    t.setting("neighbour_rows", "query", "queries: expected", &[4, usize::MAX], |w, v| {
        neighbour_rows(&w.bank, &[v], 1, Metric::L2)
    });
    t.setting("neighbour_rows", "k", FEW, &[0, 4, usize::MAX], |w, k| {
        neighbour_rows(&w.bank, &[0], k, Metric::L2)
    });
    t.refuses("neighbour_rows", "no queries", "queries: expected", |w| {
        neighbour_rows(&w.bank, &[], 1, Metric::L2)
    });
    t.refuses("neighbour_rows", "too few categories", "categories: expected", |w| {
        neighbour_rows(&Bank { categories: vec![], ..copy(&w.bank) }, &[0], 1, Metric::L2)
    });
    t.refuses("neighbour_rows", "too few rows", "files: expected", |w| {
        neighbour_rows(
            &Bank { features: w.bank.features.narrow(0, 0, 3), ..copy(&w.bank) },
            &[0],
            1,
            Metric::L2,
        )
    });
}

fn banks(t: &mut Table) {
    let none = || Photos::default();
    t.refuses("feature_bank", "no photos", "at least one file", move |w| {
        feature_bank(&w.net, "relu1", &none())
    });
    t.refuses("feature_bank", "an unknown layer", "it has: input", |w| {
        feature_bank(&w.net, "x", &w.photos)
    });
    t.refuses("feature_banks", "no layers", "layers: expected", |w| {
        feature_banks(&w.net, &[], Positions::All, &w.photos)
    });
    t.refuses("feature_banks", "an unknown layer", "it has: input", |w| {
        feature_banks(&w.net, &["relu1", "x"], Positions::Mean, &w.photos)
    });
    t.refuses("feature_banks_cached", "no layers", "layers: expected", |w| {
        feature_banks_cached(&w.net, &[], Positions::All, &w.photos)
    });
    t.refuses("feature_banks_cached", "an unknown layer", "it has: input", |w| {
        feature_banks_cached(&w.net, &["x"], Positions::Mean, &w.photos)
    });
    t.refuses("feature_bank", "unreadable photos", "no such file", |w| {
        feature_bank(&w.net, "relu1", &Photos { files: vec![w.path("x.png")], ..w.photos.clone() })
    });
}

fn saved(w: &World, bank: Bank) -> convlens::Result<Bank> {
    let path = w.path("bank.safetensors");
    bank.save(&path)?;
    Bank::load(path)
}

fn files(t: &mut Table) {
    let bad: [(&str, &[u8]); 3] = [
        ("empty.safetensors", b""),
        ("text.safetensors", b"not a bank of features at all"),
        ("huge.safetensors", b"\xff\xff\xff\xff\xff\xff\xff\x7f{}"),
    ];
    for (name, bytes) in bad {
        t.refuses("Bank::load", name, "is no bank of features", move |w| {
            Bank::load(w.file(name, bytes))
        });
    }
    t.refuses("Bank::load", "missing", "missing", |w| Bank::load(w.path("missing")));
    t.refuses("Bank::load", "a folder", "not a file", |w| Bank::load(w.path("photos")));
    t.refuses("Bank::load", "NaN", "NaN or infinite", |w| {
        let features = &w.bank.features * f64::NAN;
        saved(w, Bank { features, ..copy(&w.bank) })
    });
    t.refuses("Bank::save", "too few names", "names", |w| {
        saved(w, Bank { files: vec![], categories: vec![], ..copy(&w.bank) })
    });
    t.refuses("Bank::save", "no folder", "folder", |w| {
        copy(&w.bank).save(w.path("no/folder/bank"))
    });
    t.refuses("Bank::save", "features of rank 3", "expected", |w| {
        let features = w.bank.features.unsqueeze(0);
        saved(w, Bank { features, ..copy(&w.bank) })
    });
}
