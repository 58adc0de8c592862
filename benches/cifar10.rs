//! What codes of CIFAR-10's test pictures are worth: `cargo bench --bench cifar10 [size | code ...]`.
//!
//! For each code the accuracy of a leave-one-out vote of 10 neighbours over all 10,000 pictures, and
//! the silhouette of the first 200 pictures of each category; with sizes, EfficientNet-Lite0's `pool`
//! of 1000 pictures enlarged to each, and what it costs. Name a Python that has scikit-learn in
//! `CONVLENS_PEER_PYTHON`, and it counts the same on the same arrays.

use convlens::embedding::silhouette;
use convlens::neighbours::{
    Bank, Metric, Positions, feature_banks, feature_banks_cached, leave_one_out,
};
use convlens::net::{Net, Precision};
use convlens::pixels::Photos;
use convlens::{Result, zoo};
use std::collections::HashSet;
use std::error::Error;
use std::path::Path;
use std::process::Command;
use std::time::Instant;
use tch::Tensor;

type Any<T> = std::result::Result<T, Box<dyn Error>>;

const K: usize = 10;

/// A network's layer as a code: its name, the layer, what of it, and the size of the pictures.
type Code = (&'static str, fn() -> Result<Net>, &'static str, Positions, i64);

const CODES: [Code; 6] = [
    ("pixels", zoo::efficientnet_lite0, "input", Positions::All, 32),
    ("EfficientNet-Lite0", zoo::efficientnet_lite0, "pool", Positions::All, 128),
    ("SqueezeNet 1.1", zoo::squeezenet1_1, "features.12", Positions::Mean, 128),
    ("AlexNet", zoo::alexnet_features, "relu5", Positions::Mean, 128),
    ("AlexNet", zoo::alexnet_features, "pool5", Positions::Mean, 128),
    ("AlexNet", zoo::alexnet_features, "pool5", Positions::All, 128),
];

fn main() -> Any<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let sizes: Vec<i64> = arguments.iter().filter_map(|a| a.parse().ok()).collect();
    println!("{} threads", tch::get_num_threads());
    if !sizes.is_empty() {
        return Ok(sizes.into_iter().try_for_each(cost)?);
    }
    println!("code                layer        values  first s again s  L2     cosine silhouette");
    let named = |code: &&Code| {
        let mut names = arguments.iter().filter(|a| !a.starts_with("--")).peekable();
        names.peek().is_none() || names.any(|name| code.0.contains(name))
    };
    CODES.iter().filter(named).try_for_each(worth)
}

fn worth((name, net, layer, positions, size): &Code) -> Any<()> {
    let net = net()?;
    let photos = Photos { size: *size, ..Photos::cifar10()? };
    let get = || -> Result<(Bank, f64)> {
        let start = Instant::now();
        let mut banks = feature_banks_cached(&net, &[*layer], *positions, &photos)?;
        Ok((banks.remove(0), start.elapsed().as_secs_f64()))
    };
    let ((_, first), (bank, again)) = (get()?, get()?);
    let right = |metric| Ok::<f64, convlens::Error>(leave_one_out(&bank, K, metric)?.right);
    let (l2, cosine) = (right(Metric::L2)?, right(Metric::Cosine)?);
    let few = few(&bank, &photos);
    let apart = silhouette(&few.features, &few.categories)?;
    let values = bank.features.size()[1];
    println!(
        "{name:<19} {layer:<12} {values:>6} {first:>7.2} {again:>7.2}  {l2:.4} {cosine:.4} {apart:>7.4}"
    );
    if let Some(python) = std::env::var_os("CONVLENS_PEER_PYTHON") {
        let folder = tempfile::tempdir()?;
        for (name, bank) in [("all", &bank), ("few", &few)] {
            bank.features.write_npy(folder.path().join(format!("{name}.npy")))?;
            let categories = folder.path().join(format!("{name}.txt"));
            std::fs::write(categories, bank.categories.join("\n"))?;
        }
        println!("  scikit-learn {:>42} {}", "", peer(Command::new(python), folder.path())?);
    }
    Ok(())
}

/// The first 200 pictures of each category: a silhouette takes time with the square of their number.
fn few(bank: &Bank, photos: &Photos) -> Bank {
    let files = photos.take_per_category(200).files;
    let files: HashSet<String> = files.iter().map(|file| file.display().to_string()).collect();
    let taken = |&i: &usize| files.contains(&bank.files[i]);
    let rows: Vec<usize> = (0..bank.files.len()).filter(taken).collect();
    let index: Vec<i64> = rows.iter().map(|&i| i as i64).collect();
    Bank {
        layer: bank.layer.clone(),
        files: rows.iter().map(|&i| bank.files[i].clone()).collect(),
        categories: rows.iter().map(|&i| bank.categories[i].clone()).collect(),
        features: bank.features.index_select(0, &Tensor::from_slice(&index)),
        skipped: vec![],
    }
}

fn peer(mut python: Command, folder: &Path) -> Any<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/cifar10_peer.py");
    let said = python.arg(script).arg(folder).output()?;
    if !said.status.success() {
        return Err(String::from_utf8_lossy(&said.stderr).into());
    }
    Ok(String::from_utf8_lossy(&said.stdout).trim().to_string())
}

/// Lite0 on 100 pictures of each category at one size, in both precisions.
fn cost(size: i64) -> Result<()> {
    let photos = Photos { size, ..Photos::cifar10()?.take_per_category(100) };
    for precision in [Precision::Float, Precision::Bf16] {
        let net = zoo::efficientnet_lite0()?.precision(precision)?;
        let start = Instant::now();
        let bank = feature_banks(&net, &["pool"], Positions::All, &photos)?.remove(0);
        let seconds = start.elapsed().as_secs_f64();
        let right = leave_one_out(&bank, K, Metric::Cosine)?.right;
        println!("{size} pixels, {precision:?}: {seconds:.2} s for 1000, right {right:.3}");
    }
    Ok(())
}
