//! Passes through the networks beside PyTorch, pair by pair: `cargo bench --bench passes`.
//!
//! The peer is the ordinary eager network in Python, on the same torch release, threads, weights and
//! images. Name a Python that has torch 2.13.0, torchvision, captum and efficientnet_lite_pytorch 0.1.0
//! in `CONVLENS_PEER_PYTHON`. A network's name as argument times that network only.

mod peer;

use convlens::net::{Net, Precision, ReluRule};
use convlens::zoo::{Model, Weights};
use convlens::{Error, Objective, Result};
use peer::{Peer, median, speed_up};
use std::path::Path;
use std::time::Instant;
use tch::{Device, Kind, Tensor};

const PAIRS: usize = 5;

const NETS: [(&str, Model); 5] = [
    ("resnet18", Model::ResNet18),
    ("resnet50", Model::ResNet50),
    ("vgg16", Model::Vgg16),
    ("densenet121", Model::DenseNet121),
    ("efficientnet_lite0", Model::EfficientNetLite0),
];

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let Some(mut peer) = Peer::start("passes_peer.py")? else {
        println!("name a Python with torch, torchvision, ... in CONVLENS_PEER_PYTHON");
        return Ok(());
    };
    let wanted: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let folder = tempfile::tempdir()?;
    let threads = tch::get_num_threads();
    println!(
        "{threads} threads, 224 x 224, medians of {PAIRS} pairs after a warm-up; x: PyTorch / ours"
    );
    for (name, model) in
        NETS.iter().filter(|n| wanted.is_empty() || wanted.iter().any(|w| w == n.0))
    {
        let file = folder.path().join("weights.pth");
        peer.ask(&format!("{name} save 0 {}", file.display()))?;
        let net = model.load_from(&file)?;
        let half = net.precision(Precision::Bf16)?;
        for request in works(name) {
            compare([&net, &half], &mut peer, &request, folder.path())?;
        }
    }
    Ok(())
}

/// Every pass on 1 and 16 images; captum's guided backprop only of a network it can treat as it is.
fn works(name: &str) -> Vec<String> {
    let works =
        ["forward", "gradient", "guided"].iter().filter(|w| name == "vgg16" || **w != "guided");
    works.flat_map(|work| [1, 16].map(|batch| format!("{name} {work} {batch}"))).collect()
}

/// One line: both times and the speed-up, in single precision and in bfloat16, and how far our results
/// are from the peer's.
fn compare(nets: [&Net; 2], peer: &mut Peer, request: &str, folder: &Path) -> Result<()> {
    let words: Vec<&str> = request.split(' ').collect();
    let batch = words[2].parse().map_err(|_| Error::Torch(format!("batch {}", words[2])))?;
    let x = image(batch);
    let file = folder.join("result.pth");
    let mut seconds = [vec![], vec![], vec![]];
    let mut results = vec![];
    for pair in 0..=PAIRS {
        let asked = peer.ask(&format!("{request} {}", file.display()));
        let theirs = asked.map_err(|e| Error::Torch(e.to_string()))?;
        let made = nets.map(|net| timed(net, words[1], &x));
        for (at, made) in made.into_iter().enumerate() {
            let (ours, y) = made?;
            results.extend((pair == PAIRS).then_some(y));
            seconds[at].extend((pair > 0).then_some(ours));
        }
        seconds[2].extend((pair > 0).then_some(theirs));
    }
    let expected = Weights::read(&file)?.take("y", &results[0].size())?;
    let [single, half, theirs] = seconds;
    let [error, error16] = [0, 1].map(|at| relative(&results[at], &expected));
    println!(
        "{request:<32} PyTorch {:>7.3} s  f32 {:>7.3} s x{:<5.2} (off by {error:.0e})  bf16 {:>7.3} s x{:<5.2} ({error16:.0e})",
        median(theirs.clone()),
        median(single.clone()),
        speed_up(&single, &theirs),
        median(half.clone()),
        speed_up(&half, &theirs),
    );
    Ok(())
}

/// The same numbers as the peer's.
fn image(batch: i64) -> Tensor {
    let i = Tensor::arange(batch * 3 * 224 * 224, (Kind::Double, Device::Cpu));
    (i * 0.618_033_988_749_894_9f64).frac().to_kind(Kind::Float).view([batch, 3, 224, 224])
}

/// The seconds of one pass, of as many as make 16 images, and its result.
fn timed(net: &Net, work: &str, x: &Tensor) -> Result<(f64, Tensor)> {
    let passes = 16 / x.size()[0];
    let start = Instant::now();
    for _ in 1..passes {
        let _result = pass(net, work, x)?;
    }
    let y = pass(net, work, x)?;
    Ok((start.elapsed().as_secs_f64() / passes as f64, y))
}

fn pass(net: &Net, work: &str, x: &Tensor) -> Result<Tensor> {
    let wish = Objective::class(281);
    match work {
        "forward" => net.logits(x),
        "gradient" => net.gradient(x, &wish, ReluRule::Gradient),
        _ => net.gradient(x, &wish, ReluRule::Guided),
    }
}

/// The length of the difference; a gradient may differ where a ReLU's input is within rounding of 0.
fn relative(x: &Tensor, expected: &Tensor) -> f64 {
    ((x - expected).norm() / expected.norm()).double_value(&[])
}
