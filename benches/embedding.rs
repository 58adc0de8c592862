//! Neighbours and t-SNE beside scikit-learn and openTSNE: `cargo bench --bench embedding [n ...]`.
//!
//! The peers run on the same data and threads. Name a Python that has scikit-learn 1.9.1 and openTSNE
//! 1.0.4 in `CONVLENS_PEER_PYTHON`; without it only our own figures are printed. Divergence and
//! trustworthiness of the peers' maps are measured here, as ours are. Numbers of rows for t-SNE may
//! be named; 5000 and 20000 if not.

use convlens::embedding::{Engine, Tsne, divergence, pca, trustworthiness};
use convlens::neighbours::{Metric, nearest};
use convlens::{Result, pixels};
use std::path::Path;
use std::process::Command;
use std::time::Instant;
use tch::{Device, Kind, Tensor};

type Any = std::result::Result<(), Box<dyn std::error::Error>>;

fn main() -> Any {
    let sizes: Vec<i64> = std::env::args().skip(1).filter_map(|a| a.parse().ok()).collect();
    println!("{} threads", tch::get_num_threads());
    if sizes.is_empty() {
        neighbours()?;
    }
    for n in if sizes.is_empty() { vec![5000, 20_000] } else { sizes } {
        maps(n)?;
    }
    Ok(())
}

/// 10 neighbours of 100 queries among 100,000 rows of 1280 values.
fn neighbours() -> Any {
    tch::manual_seed(1);
    let bank = Tensor::randn([100_000, 1280], (Kind::Float, Device::Cpu));
    let queries = Tensor::randn([100, 1280], (Kind::Float, Device::Cpu));
    for (metric, name) in [(Metric::L2, "euclidean"), (Metric::Cosine, "cosine")] {
        for _ in 0..3 {
            let start = Instant::now();
            nearest(&bank, &queries, 10, metric)?;
            let ours = start.elapsed().as_secs_f64();
            println!(
                "100 of 100000 x 1280, {name}: {ours:.2} s{}",
                beside(peer(&["knn", name])?, ours)
            );
        }
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

fn maps(n: i64) -> Any {
    let x = digits(n)?;
    let folder = std::env::temp_dir().join(format!("convlens-embedding-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let (data, map) = (folder.join("x.npy"), folder.join("y.npy"));
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
        let paths = [&data, &map].map(|p| p.display().to_string());
        if let Some(seconds) = peer(&[name, &paths[0], &paths[1]])? {
            report(n, name, seconds, &x, &Tensor::read_npy(&map)?)?;
            let ratios: Vec<String> = ours.iter().map(|o| format!("{:.1}", seconds / o)).collect();
            println!("    takes {} times as long as ours, in that order", ratios.join(", "));
        }
    }
    std::fs::remove_dir_all(folder)?;
    Ok(())
}

fn report(n: i64, name: &str, seconds: f64, x: &Tensor, points: &Tensor) -> Any {
    let (kl, trust) = (divergence(x, points, 30.0)?, trustworthiness(x, points, 12)?);
    println!("{n} rows, {name}: {seconds:.1} s, divergence {kl:.4}, trustworthiness {trust:.4}");
    Ok(())
}

fn beside(theirs: Option<f64>, ours: f64) -> String {
    let text = |theirs: f64| format!(", scikit-learn {theirs:.2} s, ratio {:.1}", theirs / ours);
    theirs.map_or(String::new(), text)
}

/// The seconds that the peer took.
fn peer(arguments: &[&str]) -> std::io::Result<Option<f64>> {
    let Some(python) = std::env::var_os("CONVLENS_PEER_PYTHON") else { return Ok(None) };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/embedding_peer.py");
    let threads = tch::get_num_threads().to_string();
    let output = Command::new(python).arg(script).arg(threads).args(arguments).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let failed = || std::io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned());
    text.trim().parse().map(Some).map_err(|_| failed())
}
