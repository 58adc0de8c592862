//! What codes of CIFAR-10's test pictures are worth: `cargo bench --bench cifar10 [size ...]`.
//!
//! For each code the accuracy of a leave-one-out vote of 10 neighbours over all 10,000 pictures and
//! the silhouette of the ten categories; with sizes, EfficientNet-Lite0's `pool` of 1000 pictures
//! enlarged to each, and what it costs. Name a Python that has scikit-learn in
//! `CONVLENS_PEER_PYTHON`, and it counts the same on the same arrays.

mod peer;

use convlens::embedding::silhouette;
use convlens::neighbours::{
    Bank, Metric, Positions, feature_banks, feature_banks_cached, leave_one_out,
};
use convlens::net::{Net, Precision};
use convlens::pixels::Photos;
use convlens::{Result, zoo};
use peer::Peer;
use std::time::Instant;

type Any = std::result::Result<(), Box<dyn std::error::Error>>;

const K: usize = 10;

/// A network's layer as a code: its name, the layer, what of it, and the size of the pictures.
type Code = (&'static str, fn() -> Result<Net>, &'static str, Positions, i64);

const CODES: [Code; 3] = [
    ("pixels", zoo::efficientnet_lite0, "input", Positions::All, 32),
    ("pixels, mean colour", zoo::efficientnet_lite0, "input", Positions::Mean, 32),
    ("EfficientNet-Lite0", zoo::efficientnet_lite0, "pool", Positions::All, 96),
];

fn main() -> Any {
    let sizes: Vec<i64> = std::env::args().skip(1).filter_map(|a| a.parse().ok()).collect();
    println!("{} threads", tch::get_num_threads());
    if !sizes.is_empty() {
        return Ok(sizes.into_iter().try_for_each(cost)?);
    }
    let mut peer = Peer::start("cifar10_peer.py")?;
    println!("code                  layer     values  first s  again s  L2     cosine silhouette");
    CODES.iter().try_for_each(|code| worth(code, peer.as_mut()))
}

fn worth((name, net, layer, positions, size): &Code, peer: Option<&mut Peer>) -> Any {
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
    let apart = silhouette(&bank.features, &bank.categories)?;
    let values = bank.features.size()[1];
    println!(
        "{name:<20}  {layer:<8} {values:>7} {first:>8.2} {again:>8.2}  {l2:.4} {cosine:.4} {apart:>8.4}"
    );
    match peer {
        Some(peer) => beside(&bank, peer),
        None => Ok(()),
    }
}

fn beside(bank: &Bank, peer: &mut Peer) -> Any {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("features.npy");
    bank.features.write_npy(&file)?;
    std::fs::write(file.with_extension("txt"), bank.categories.join("\n"))?;
    let mut ask = |what: &str| peer.ask(&format!("{what} {}", file.display()));
    let [l2, cosine, apart] = [ask("euclidean")?, ask("cosine")?, ask("silhouette")?];
    println!("  scikit-learn {:>46} {l2:.4} {cosine:.4} {apart:>8.4}", "");
    Ok(())
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
