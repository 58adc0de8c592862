//! PCA, t-SNE, their quality, grids of photos.

use crate::table::{Table, numbers};
use convlens::prelude::*;
use convlens::show::Cells;

pub fn rows(t: &mut Table) {
    pca_rows(t);
    tsne(t);
    quality(t);
    grids(t);
}

fn pca_rows(t: &mut Table) {
    t.matrices("pca", |_, x| pca(x, 2));
    t.setting("pca", "k", "k: expected", &[0, 4, usize::MAX], |w, k| pca(&w.matrix, k));
    t.refuses("pca", "one row", "at least 2 rows", |w| pca(&w.matrix.narrow(0, 0, 1), 1));
    t.answers("pca", "equal rows", |w| Ok(pca(&(&w.matrix * 0.0 + 3.0), 2)?.ratio));
    t.refuses("pca", "rows times 1e150", "largest value", |w| {
        pca(&(w.matrix.to_kind(Kind::Double) * 1e150), 2)
    });
    t.matrices("Pca::project", |w, x| pca(&w.matrix, 2)?.project(x));
    t.refuses("Pca::project", "other columns", "x: expected", |w| {
        pca(&w.matrix, 2)?.project(&w.matrix.narrow(1, 0, 2))
    });
    t.matrices("Pca::restore", |w, x| pca(&w.matrix, 3)?.restore(x));
    t.refuses("Pca::restore", "other columns", "y: expected", |w| {
        pca(&w.matrix, 2)?.restore(&w.matrix)
    });
}

fn quick() -> Tsne {
    Tsne { perplexity: 2.0, exaggerated: 3, iterations: 3, ..Tsne::default() }
}

fn tsne(t: &mut Table) {
    t.matrices("Tsne::run", |_, x| quick().run(x));
    let bad = [0.0, -1.0, f64::NAN, f64::INFINITY];
    t.setting(
        "Tsne::run",
        "perplexity",
        "perplexity: expected",
        &[0.0, -1.0, 100.0, f64::NAN, f64::INFINITY],
        |w, v| Tsne { perplexity: v, ..quick() }.run(&w.matrix),
    );
    t.setting("Tsne::run", "exaggeration", "expected", &bad, |w, v| {
        Tsne { exaggeration: v, ..quick() }.run(&w.matrix)
    });
    t.setting("Tsne::run", "theta", "expected", &bad, |w, v| {
        Tsne { theta: v, ..quick() }.run(&w.matrix)
    });
    t.setting("Tsne::run", "learning_rate", "expected", &bad, |w, v| {
        Tsne { learning_rate: Some(v), ..quick() }.run(&w.matrix)
    });
    t.setting("Tsne::run", "learning_rate", "expected", &[1e38, 1e300], |w, v| {
        Tsne { learning_rate: Some(v), ..quick() }.run(&w.matrix)
    });
    t.setting("Tsne::run", "threads", "threads: expected", &[0, 1 << 33, usize::MAX], |w, v| {
        Tsne { threads: v, ..quick() }.run(&w.matrix)
    });
    t.setting("Tsne::run", "iterations", "iterations: expected", &[1 << 40, usize::MAX], |w, v| {
        Tsne { iterations: v, ..quick() }.run(&w.matrix)
    });
    t.setting(
        "Tsne::run",
        "exaggerated",
        "exaggerated: expected",
        &[1 << 40, usize::MAX],
        |w, v| Tsne { exaggerated: v, ..quick() }.run(&w.matrix),
    );
    t.refuses("Tsne::run", "every 0", "expected", |w| Tsne { every: 0, ..quick() }.run(&w.matrix));
    t.refuses("Tsne::run", "equal rows", "rows that differ", |w| quick().run(&(&w.matrix * 0.0)));
    t.refuses("Tsne::run", "linfa without its settings", "Init::Random", |w| {
        Tsne { engine: Engine::Linfa, ..quick() }.run(&w.matrix)
    });
    for engine in [Engine::BarnesHut, Engine::FitSne] {
        t.answers("Tsne::run", format!("rows times 1e-30 by {engine:?}"), move |w| {
            Ok(numbers(&Tsne { engine, ..quick() }.run(&(&w.matrix * 1e-30))?.points))
        });
        t.refuses(
            "Tsne::run",
            format!("rows times 1e30 by {engine:?}"),
            "largest value",
            move |w| Tsne { engine, ..quick() }.run(&(&w.matrix * 1e30)),
        );
    }
    t.matrices("divergence", |w, x| divergence(x, &w.matrix.narrow(1, 0, 2), 2.0));
    t.refuses("divergence", "three columns", "points: expected", |w| {
        divergence(&w.matrix, &w.matrix, 2.0)
    });
    t.setting("divergence", "perplexity", "perplexity: expected", &[0.0, 9.0, f64::NAN], |w, v| {
        divergence(&w.matrix, &w.matrix.narrow(1, 0, 2), v)
    });
    t.refuses("divergence", "points times 1e30", "largest value", |w| {
        divergence(&w.matrix, &(w.matrix.narrow(1, 0, 2) * 1e30), 2.0)
    });
}

fn quality(t: &mut Table) {
    let k = [0, 4, usize::MAX];
    t.matrices("trustworthiness", |w, x| trustworthiness(x, &w.matrix, 2));
    t.matrices("trustworthiness", |w, x| trustworthiness(&w.matrix, x, 2));
    t.setting("trustworthiness", "k", "k: expected", &k, |w, k| {
        trustworthiness(&w.matrix, &w.matrix, k)
    });
    t.matrices("neighbours_kept", |w, x| neighbours_kept(x, &w.matrix, 2));
    t.setting("neighbours_kept", "k", "k: expected", &[0, 8, usize::MAX], |w, k| {
        neighbours_kept(&w.matrix, &w.matrix, k)
    });
    t.refuses("neighbours_kept", "other rows", "y: expected", |w| {
        neighbours_kept(&w.matrix, &w.matrix.narrow(0, 0, 5), 2)
    });
    t.matrices("silhouette", |_, x| silhouette(x, &groups(2)));
    t.refuses("silhouette", "one group", "groups: expected", |w| silhouette(&w.matrix, &groups(1)));
    t.refuses("silhouette", "too few names", "groups: expected", |w| {
        silhouette(&w.matrix, &["a".into()])
    });
    t.answers("silhouette", "equal points", |w| {
        Ok(vec![silhouette(&(&w.matrix * 0.0), &groups(2))?])
    });
    t.refuses("silhouette", "points times 1e30", "largest value", |w| {
        silhouette(&(&w.matrix * 1e30), &groups(2))
    });
}

fn groups(count: usize) -> Vec<String> {
    (0..8).map(|i| format!("group {}", i % count)).collect()
}

fn grids(t: &mut Table) {
    t.matrices("arrange", |_, x| arrange(x, [2, 4], Form::Assigned));
    t.refuses("arrange", "three columns", "grid: expected", |w| {
        arrange(&w.matrix, [2, 4], Form::InPlace)
    });
    for form in [Form::InPlace, Form::Nearest, Form::Assigned] {
        for size in [[0, 4], [usize::MAX, 2], [1 << 20, 1 << 20]] {
            t.refuses("arrange", format!("{form:?} on {size:?}"), "expected", move |w| {
                arrange(&w.matrix.narrow(1, 0, 2), size, form)
            });
        }
    }
    t.refuses("arrange", "200 photos on 1000 x 1000 cells", "photos times cells", |w| {
        let points = w.matrix.narrow(1, 0, 2).repeat([25, 1]);
        arrange(&points, [1000, 1000], Form::Assigned)
    });
    t.refuses("arrange", "too few cells", "8 cells", |w| {
        arrange(&w.matrix.narrow(1, 0, 2), [2, 3], Form::Assigned)
    });
    t.refuses("arrange", "points times 1e300", "largest value", |w| {
        let far = w.matrix.narrow(1, 0, 2).to_kind(Kind::Double) * 1e300;
        arrange(&far, [2, 4], Form::Assigned)
    });
    t.matrices("seams", |_, x| seams(&Cells { size: [1, 2], photo: vec![Some(0), Some(1)] }, x));
    t.setting("seams", "photo", "features: expected", &[8, usize::MAX], |w, v| {
        seams(&Cells { size: [1, 1], photo: vec![Some(v)] }, &w.matrix)
    });
    t.setting("seams", "size", "expected", &[[0, 0], [3, 3], [usize::MAX, 2]], |w, size| {
        seams(&Cells { size, photo: vec![Some(0)] }, &w.matrix)
    });
}
