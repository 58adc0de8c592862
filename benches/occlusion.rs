//! Occlusion beside captum, pair by pair: `cargo bench --bench occlusion`.
//!
//! Three ways to the same map: ours, our own whole passes in batches, and captum's `Occlusion` with
//! the fastest of several batch sizes, found beforehand. Same weights, image, positions, torch
//! release and threads. Name a Python that has torch 2.13.0, torchvision, captum 0.9 and
//! efficientnet_lite_pytorch 0.1.0 in `CONVLENS_PEER_PYTHON`. Names after `--` choose networks.

mod peer;

use convlens::net::Net;
use convlens::occlusion::Occlusion;
use convlens::zoo::Model;
use convlens::{Objective, Result};
use peer::{Peer, median, speed_up};
use std::path::Path;
use std::time::Instant;
use tch::{Device, Kind, Tensor};

const PAIRS: usize = 3;
const CLASS: i64 = 281;
const NETWORKS: [(&str, Model); 3] =
    [("vgg16", Model::Vgg16), ("resnet18", Model::ResNet18), ("lite0", Model::EfficientNetLite0)];

type Outcome<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let Some(mut peer) = Peer::start("occlusion_peer.py")? else {
        println!("name a Python with torch, torchvision, captum, ... in CONVLENS_PEER_PYTHON");
        return Ok(());
    };
    let threads = tch::get_num_threads();
    println!("{threads} threads, one image of 224 x 224, median of {PAIRS} runs of each, in turn");
    let titles = ["ours", "whole", "captum", "whole/ours", "captum/ours", "difference"];
    println!("{:<32}{}", "sweep", titles.map(|title| format!(" {title:>11}")).concat());
    let folder = tempfile::tempdir()?;
    image().write_npy(folder.path().join("image.npy"))?;
    let chosen: Vec<String> = std::env::args().filter(|a| !a.starts_with('-')).skip(1).collect();
    for (name, model) in NETWORKS {
        if chosen.is_empty() || chosen.iter().any(|c| c == name) {
            peer.ask(&format!("load {name} {}", folder.path().display()))?;
            let net = model.load_from(folder.path().join("weights.pth"))?;
            let batch = fastest_batch(&mut peer, folder.path())?;
            for sweep in [[32, 16], [16, 8]] {
                compare(&net, name, sweep, batch, &mut peer, folder.path())?;
            }
        }
    }
    Ok(())
}

/// How many pictures captum should pass at once.
fn fastest_batch(peer: &mut Peer, folder: &Path) -> Outcome<i64> {
    let mut best = (f64::INFINITY, 0);
    for batch in [1, 4, 16, 64] {
        let seconds = peer.ask(&format!("occlude {batch} 32 16 {}", folder.display()))?;
        best = if seconds < best.0 { (seconds, batch) } else { best };
    }
    Ok(best.1)
}

/// One row: a patch and its stride.
fn compare(
    net: &Net,
    name: &str,
    [patch, stride]: [i64; 2],
    batch: i64,
    peer: &mut Peer,
    folder: &Path,
) -> Outcome<()> {
    let (mut ours, mut whole, mut theirs, mut difference) = (vec![], vec![], vec![], 0f64);
    for _ in 0..PAIRS {
        let (seconds, map) = occlude(net, patch, stride, true)?;
        ours.push(seconds);
        let (seconds, same) = occlude(net, patch, stride, false)?;
        whole.push(seconds);
        let request = format!("occlude {batch} {patch} {stride} {}", folder.display());
        theirs.push(peer.ask(&request)?);
        let expected = Tensor::read_npy(folder.join("map.npy"))?;
        let range = (expected.max() - expected.min()).double_value(&[]);
        for map in [map, same] {
            difference = difference.max((map - &expected).abs().max().double_value(&[]) / range);
        }
    }
    println!(
        "{:<32} {:>10.2}s {:>10.2}s {:>10.2}s {:>11.2} {:>11.2} {difference:>11.0e} (captum: {batch} at once)",
        format!("{name}, patch {patch} stride {stride}"),
        median(ours.clone()),
        median(whole.clone()),
        median(theirs.clone()),
        speed_up(&ours, &whole),
        speed_up(&ours, &theirs),
    );
    Ok(())
}

/// The seconds of one sweep, and its map.
fn occlude(net: &Net, patch: i64, stride: i64, incremental: bool) -> Result<(f64, Tensor)> {
    let sweep =
        Occlusion { patch: [patch; 2], stride: [stride; 2], incremental, ..Occlusion::default() };
    let start = Instant::now();
    let mut found = sweep.run(net, &image(), &[Objective::class(CLASS)])?;
    Ok((start.elapsed().as_secs_f64(), found.maps.remove(0)))
}

fn image() -> Tensor {
    let i = Tensor::arange(3 * 224 * 224, (Kind::Double, Device::Cpu));
    ((i.sin() * 1e4).frac() * 0.5 + 0.5).to_kind(Kind::Float).view([1, 3, 224, 224])
}
