//! Neighbours and t-SNE beside scikit-learn and openTSNE: `cargo bench --bench embedding [n ...]`.
//!
//! The peers run on the same data and threads. Name a Python that has scikit-learn 1.9.1 and openTSNE
//! 1.0.4 in `CONVLENS_PEER_PYTHON`; without it only our own figures are printed. Divergence and
//! trustworthiness of the peers' maps are measured here, as ours are. Numbers of rows for t-SNE may
//! be named; 5000 and 20000 if not.

mod peer;

use convlens::embedding::{Engine, Tsne, divergence, pca, trustworthiness};
use convlens::neighbours::{Metric, nearest};
use convlens::{Result, pixels};
use peer::{Peer, median, speed_up};
use std::path::Path;
use std::time::Instant;
use tch::{Device, Kind, Tensor};

type Any = std::result::Result<(), Box<dyn std::error::Error>>;

fn main() -> Any {
    let sizes: Vec<i64> = std::env::args().skip(1).filter_map(|a| a.parse().ok()).collect();
    println!("{} threads", tch::get_num_threads());
    let mut peer = Peer::start("embedding_peer.py")?;
    if sizes.is_empty() {
        neighbours(peer.as_mut())?;
    }
    for n in if sizes.is_empty() { vec![5000, 20_000] } else { sizes } {
        maps(n, peer.as_mut())?;
    }
    Ok(())
}

/// 10 neighbours of 100 queries among 100,000 rows of 1280 values.
fn neighbours(mut peer: Option<&mut Peer>) -> Any {
    tch::manual_seed(1);
    let bank = Tensor::randn([100_000, 1280], (Kind::Float, Device::Cpu));
    let queries = Tensor::randn([100, 1280], (Kind::Float, Device::Cpu));
    for (metric, name) in [(Metric::L2, "euclidean"), (Metric::Cosine, "cosine")] {
        let (mut ours, mut theirs) = (vec![], vec![]);
        for _ in 0..3 {
            let start = Instant::now();
            nearest(&bank, &queries, 10, metric)?;
            ours.push(start.elapsed().as_secs_f64());
            if let Some(peer) = peer.as_mut() {
                theirs.push(peer.ask(&format!("knn {name}"))?);
            }
        }
        print!("100 of 100000 x 1280, {name}, median of 3: {:.2} s", median(ours.clone()));
        if !theirs.is_empty() {
            let ratio = speed_up(&ours, &theirs);
            print!(", scikit-learn {:.2} s, ratio {ratio:.1}", median(theirs));
        }
        println!();
    }
    Ok(())
}

/// Digits as 50 principal components; beyond 5000 of them copies with noise.
fn digits(n: i64) -> Result<Tensor> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/digits/digits.png");
    let sheet = pixels::to_grey(&pixels::load(file)?)?;
    let all = sheet.view([50, 20, 100, 20]).permute([0, 2, 1, 3]).reshape([5000, 400]);
    let all = pca(&all, 50)?.project(&all)?;
    tch::manual_seed(2);
    let copies = all.repeat([(n + 4999) / 5000, 1]);
    let noisy = &copies + copies.randn_like() * 0.3;
    Ok(Tensor::cat(&[all, noisy.narrow(0, 0, (n - 5000).max(0))], 0).narrow(0, 0, n))
}

fn maps(n: i64, mut peer: Option<&mut Peer>) -> Any {
    let x = digits(n)?;
    let folder = tempfile::tempdir()?;
    let [data, map] = ["x.npy", "y.npy"].map(|name| folder.path().join(name));
    x.write_npy(&data)?;
    let every = if n > 5000 { 500 } else { 50 };
    let engines =
        if n > 5000 { vec![Engine::FitSne] } else { vec![Engine::BarnesHut, Engine::FitSne] };
    let mut ours = vec![];
    for engine in engines {
        for threads in [1, tch::get_num_threads() as usize] {
            let start = Instant::now();
            let found = Tsne { engine, threads, every, ..Tsne::default() }.run(&x)?;
            let seconds = start.elapsed().as_secs_f64();
            ours.push(seconds);
            let name = format!("ours, {engine:?}, {threads} threads");
            report(n, &name, seconds, &x, &found.points)?;
        }
    }
    for name in ["openTSNE", "scikit-learn"] {
        if let Some(peer) = peer.as_mut() {
            let seconds = peer.ask(&format!("{name} {} {}", data.display(), map.display()))?;
            report(n, name, seconds, &x, &Tensor::read_npy(&map)?)?;
            let ratios: Vec<String> = ours.iter().map(|o| format!("{:.1}", seconds / o)).collect();
            println!("    takes {} times as long as ours, in that order", ratios.join(", "));
        }
    }
    Ok(())
}

fn report(n: i64, name: &str, seconds: f64, x: &Tensor, points: &Tensor) -> Any {
    let (kl, trust) = (divergence(x, points, 30.0)?, trustworthiness(x, points, 12)?);
    println!("{n} rows, {name}: {seconds:.1} s, divergence {kl:.4}, trustworthiness {trust:.4}");
    Ok(())
}
