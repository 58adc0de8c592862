//! Occlusion beside captum, pair by pair: `cargo bench --bench occlusion`.
//!
//! Three ways to the same map: ours, our own whole passes in batches, and captum's `Occlusion` with
//! the fastest of several batch sizes, found beforehand. Same weights, image, positions, torch
//! release and threads. Name a Python that has torch 2.13.0, torchvision, captum 0.9 and
//! efficientnet_lite_pytorch 0.1.0 in `CONVLENS_PEER_PYTHON`. Names after `--` choose networks.

use convlens::net::Net;
use convlens::occlusion::Occlusion;
use convlens::zoo::Model;
use convlens::{Objective, Result};
use std::io::{BufRead, BufReader, Error, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;
use tch::{Device, Kind, Tensor};

const PAIRS: usize = 3;
const CLASS: i64 = 281;
const NETWORKS: [(&str, Model); 3] =
    [("vgg16", Model::Vgg16), ("resnet18", Model::ResNet18), ("lite0", Model::EfficientNetLite0)];

type Outcome<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let threads = tch::get_num_threads();
    println!("{threads} threads, one image of 224 x 224, median of {PAIRS} runs of each, in turn");
    let titles = ["ours", "whole", "captum", "whole/ours", "captum/ours", "difference"];
    print!("{:<32}", "sweep");
    titles.iter().for_each(|title| print!(" {title:>11}"));
    println!();
    let chosen: Vec<String> = std::env::args().filter(|a| !a.starts_with('-')).skip(1).collect();
    let mut peer = Peer::start()?;
    for (name, model) in NETWORKS {
        if chosen.is_empty() || chosen.iter().any(|c| c == name) {
            let file = peer.weights(name)?;
            let net = model.load_from(&file)?;
            std::fs::remove_file(file)?;
            let batch = peer.fastest_batch(name)?;
            compare(&net, name, [32, 16], batch, &mut peer)?;
            compare(&net, name, [16, 8], batch, &mut peer)?;
        }
    }
    Ok(())
}

/// One row: a patch and its stride.
fn compare(
    net: &Net,
    name: &str,
    [patch, stride]: [i64; 2],
    batch: i64,
    peer: &mut Peer,
) -> Outcome<()> {
    let (mut times, mut difference) = ([vec![], vec![], vec![]], 0f64);
    for _ in 0..PAIRS {
        let (ours, map) = occlude(net, patch, stride, true)?;
        let (whole, same) = occlude(net, patch, stride, false)?;
        let (theirs, expected) = peer.occlude(name, patch, stride, batch)?;
        for (times, time) in times.iter_mut().zip([ours, whole, theirs]) {
            times.push(time);
        }
        let range = (expected.max() - expected.min()).double_value(&[]);
        for map in [map, same] {
            let apart = (map.flatten(0, -1) - &expected).abs().max().double_value(&[]);
            difference = difference.max(apart / range);
        }
    }
    let ratio = |k: usize| median(times[k].iter().zip(&times[0]).map(|(a, b)| a / b).collect());
    let title = format!("{name}, patch {patch} stride {stride}");
    let [ours, whole, theirs] = [0, 1, 2].map(|k| median(times[k].clone()));
    println!(
        "{title:<32} {ours:>10.2}s {whole:>10.2}s {theirs:>10.2}s {:>11.2} {:>11.2} {difference:>11.0e} (captum: {batch} at once)",
        ratio(1),
        ratio(2)
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

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A Python process that answers each request with a line; tensors come and go as files.
struct Peer {
    process: Child,
    ask: ChildStdin,
    answer: BufReader<ChildStdout>,
    folder: tempfile::TempDir,
}

impl Peer {
    fn start() -> Outcome<Peer> {
        let unnamed = "name the peer's Python in CONVLENS_PEER_PYTHON";
        let python = std::env::var_os("CONVLENS_PEER_PYTHON").ok_or(unnamed)?;
        let folder = tempfile::tempdir()?;
        let values = Vec::<f32>::try_from(image().flatten(0, -1))?;
        let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        std::fs::write(folder.path().join("image"), bytes)?;
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/occlusion_peer.py");
        let mut command = Command::new(python);
        command.arg(script).arg(tch::get_num_threads().to_string()).arg(folder.path());
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let pipes = process.stdin.take().zip(process.stdout.take()).ok_or("no pipes")?;
        Ok(Peer { process, ask: pipes.0, answer: BufReader::new(pipes.1), folder })
    }

    fn request(&mut self, text: &str) -> std::io::Result<String> {
        writeln!(self.ask, "{text}")?;
        let mut line = String::new();
        self.answer.read_line(&mut line)?;
        Ok(line.trim().to_string())
    }

    fn number(&mut self, text: &str) -> std::io::Result<f64> {
        let line = self.request(text)?;
        line.parse().map_err(|_| Error::other(format!("the peer said {line:?}")))
    }

    /// The file with the weights of a network that the peer has made.
    fn weights(&mut self, name: &str) -> std::io::Result<PathBuf> {
        self.number(&format!("weights {name}"))?;
        Ok(self.folder.path().join("weights.pth"))
    }

    fn fastest_batch(&mut self, name: &str) -> std::io::Result<i64> {
        let mut times = vec![];
        for batch in [1, 4, 16, 64] {
            times.push((self.number(&format!("occlude {name} 32 32 {batch}"))?, batch));
        }
        times.sort_by(|a, b| a.0.total_cmp(&b.0));
        Ok(times[0].1)
    }

    fn occlude(
        &mut self,
        name: &str,
        patch: i64,
        stride: i64,
        batch: i64,
    ) -> Outcome<(f64, Tensor)> {
        let time = self.number(&format!("occlude {name} {patch} {stride} {batch}"))?;
        let bytes = std::fs::read(self.folder.path().join("map"))?;
        let values = bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]));
        Ok((time, Tensor::from_slice(&values.collect::<Vec<_>>())))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.process.kill();
    }
}
