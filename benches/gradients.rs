//! Gradients beside captum, lucent and foolbox, pair by pair: `cargo bench --bench gradients`.
//!
//! ResNet-18 with the peer's weights: integrated gradients and SmoothGrad of one image of 224x224, each
//! of captum's in its fastest batch; a class visualised at 128x128 as in lucent; PGD on 16 images of
//! 224x224 as in foolbox. Same start, torch release and threads. Ours have their defaults. Name a
//! Python that has torch 2.13.0, torchvision, captum 0.9, torch-lucent 0.1.8 and foolbox 3.3.4 in
//! `CONVLENS_PEER_PYTHON`. Words after `--` choose rows; `quick` takes a fifth of the steps.

mod peer;

use convlens::adversarial::{Goal, Pgd, predicted};
use convlens::ascent::Ascent;
use convlens::net::{Net, ReluRule};
use convlens::saliency::{IntegratedGradients, SmoothGrad};
use convlens::zoo::Model;
use convlens::{Objective, Result, Warp};
use peer::{Peer, median, speed_up};
use std::path::Path;
use std::time::Instant;
use tch::{Device, Kind, Tensor};

const PAIRS: usize = 5;
const CLASS: i64 = 281;
const ROWS: [(&str, usize, &[i64]); 4] = [
    ("integrate", 50, &[1, 5, 10, 25, 50]),
    ("smooth", 25, &[1, 5, 25]),
    ("ascend", 64, &[1]),
    ("attack", 40, &[16]),
];

type Outcome<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let Some(mut peer) = Peer::start("gradients_peer.py")? else {
        println!("name a Python with torch, captum, lucent and foolbox in CONVLENS_PEER_PYTHON");
        return Ok(());
    };
    let folder = tempfile::tempdir()?;
    let bench = Bench::new(&mut peer, folder.path())?;
    let threads = tch::get_num_threads();
    println!("ResNet-18, {threads} threads, median of {PAIRS} runs of each, in turn");
    let titles = ["ours", "peer", "peer/ours", "difference"];
    println!("{:<24}{}", "what", titles.map(|title| format!(" {title:>11}")).concat());
    let words: Vec<String> = std::env::args().filter(|a| !a.starts_with('-')).skip(1).collect();
    let quick = words.iter().any(|word| word == "quick");
    for (name, steps, batches) in ROWS {
        let named = |word: &String| word == name;
        if words.iter().all(|word| word == "quick") || words.iter().any(named) {
            bench.row(&mut peer, name, if quick { steps / 5 } else { steps }, batches)?;
        }
    }
    Ok(())
}

/// The network, its inputs, and the folder it shares with the peer.
struct Bench<'a> {
    net: Net,
    folder: &'a Path,
    image: Tensor,
    images: Tensor,
    labels: Vec<i64>,
}

impl<'a> Bench<'a> {
    fn new(peer: &mut Peer, folder: &'a Path) -> Outcome<Self> {
        peer.ask(&format!("load {}", folder.display()))?;
        let net = Model::ResNet18.load_from(folder.join("weights.pth"))?;
        let images = pictures(16);
        let labels = predicted(&net, &images)?;
        let image = images.narrow(0, 0, 1);
        image.write_npy(folder.join("image.npy"))?;
        images.write_npy(folder.join("images.npy"))?;
        Tensor::from_slice(&labels).write_npy(folder.join("labels.npy"))?;
        Tensor::zeros([1, 3, 128, 65, 2], (Kind::Float, Device::Cpu))
            .write_npy(folder.join("waves.npy"))?;
        Ok(Bench { net, folder, image, images, labels })
    }

    /// One row: the peer in its fastest batch beside ours, and how far the same work is apart.
    fn row(&self, peer: &mut Peer, name: &str, steps: usize, batches: &[i64]) -> Outcome<()> {
        let mut best = (f64::INFINITY, 0);
        for &batch in batches.iter().filter(|_| batches.len() > 1) {
            let seconds = peer.ask(&self.request(name, steps, batch, true))?;
            best = if seconds < best.0 { (seconds, batch) } else { best };
        }
        let (mut ours, mut theirs) = (vec![], vec![]);
        for _ in 0..PAIRS {
            let start = Instant::now();
            let _ = std::hint::black_box(self.ours(name, steps, true)?);
            ours.push(start.elapsed().as_secs_f64());
            theirs.push(peer.ask(&self.request(name, steps, best.1, true))?);
        }
        println!(
            "{:<24} {:>10.2}s {:>10.2}s {:>11.2} {:>11.0e} (peer: {} at once)",
            format!("{name}, {steps} steps"),
            median(ours.clone()),
            median(theirs.clone()),
            speed_up(&ours, &theirs),
            self.apart(peer, name, steps, best.1)?,
            best.1.max(1),
        );
        Ok(())
    }

    /// How far the results are apart as a share of their length, both without chance.
    fn apart(&self, peer: &mut Peer, name: &str, steps: usize, batch: i64) -> Outcome<f64> {
        let ours = self.ours(name, steps, false)?;
        peer.ask(&self.request(name, steps, batch, false))?;
        let theirs = Tensor::read_npy(self.folder.join("found.npy"))?;
        Ok((ours - &theirs).norm().double_value(&[]) / theirs.norm().double_value(&[]))
    }

    fn request(&self, name: &str, steps: usize, batch: i64, chance: bool) -> String {
        let folder = self.folder.display();
        match name {
            "integrate" => format!("integrate {folder} {batch} {steps}"),
            "smooth" => format!("smooth {folder} {batch} {steps} {:?}", noise(chance)),
            "ascend" => format!("ascend {folder} {steps} {}", i64::from(chance)),
            _ => format!("attack {folder} {steps}"),
        }
    }

    fn ours(&self, name: &str, steps: usize, chance: bool) -> Result<Tensor> {
        let class = Objective::class(CLASS);
        match name {
            "integrate" => {
                let way = IntegratedGradients { steps, ..IntegratedGradients::default() };
                Ok(way.run(&self.net, &self.image, &class)?.map)
            }
            "smooth" if chance => {
                let smooth = SmoothGrad { samples: steps, ..SmoothGrad::default() };
                Ok(smooth.run(&self.net, &self.image, &class)?.gradient)
            }
            "smooth" => self.net.gradient(&self.image, &class, ReluRule::Gradient),
            "ascend" => self.ascend(steps, chance),
            _ => {
                let pgd = Pgd { steps, random_start: false, ..Pgd::default() };
                Ok(pgd.run(&self.net, &self.images, &Goal::away(&self.labels))?.images)
            }
        }
    }

    fn ascend(&self, steps: usize, chance: bool) -> Result<Tensor> {
        let mut ascent = Ascent::fourier();
        ascent.climb.steps = steps;
        if !chance {
            (ascent.noise, ascent.climb.warp) = (0.0, Warp::default());
        }
        Ok(ascent.run(&self.net, &Objective::class(CLASS))?.image)
    }
}

/// The noise of the timed runs, or none.
fn noise(chance: bool) -> f64 {
    if chance { 0.15 } else { 0.0 }
}

fn pictures(n: i64) -> Tensor {
    let i = Tensor::arange(n * 3 * 224 * 224, (Kind::Double, Device::Cpu));
    ((i.sin() * 1e4).frac() * 0.5 + 0.5).to_kind(Kind::Float).view([n, 3, 224, 224])
}
