//! Passes through the networks beside PyTorch, pair by pair: `cargo bench --bench passes`.
//!
//! The peer is the ordinary eager network in Python, on the same torch release and threads. Name a
//! Python that has torch 2.13.0, torchvision and efficientnet_lite_pytorch 0.1.0 in
//! `CONVLENS_PEER_PYTHON`; without it only our own times are printed.

use convlens::net::{Net, ReluRule};
use convlens::{Objective, Result, zoo};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;
use tch::{Device, Kind, Tensor};

const PAIRS: usize = 5;

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let threads = tch::get_num_threads();
    println!("{threads} threads, images of 224 x 224, median of {PAIRS} pairs after a warm-up");
    println!("{:<44} {:>9} {:>9} {:>7}", "pass", "ours", "PyTorch", "ratio");
    let mut peer = Peer::start()?;
    let (lite, vgg) = (zoo::efficientnet_lite0()?, zoo::vgg16_trunk()?);
    for (name, net) in [("lite0", &lite), ("vgg16", &vgg)] {
        for batch in [1, 8] {
            for work in ["forward", "saliency", "guided"] {
                let mut ours = vec![];
                let mut theirs = vec![];
                for _ in 0..=PAIRS {
                    ours.push(time(net, work, batch)?);
                    theirs.extend(peer.as_mut().map(|p| p.time(name, work, batch)).transpose()?);
                }
                report(&format!("{} {work}, batch {batch}", net.name()), &ours[1..], &theirs);
            }
        }
    }
    Ok(())
}

/// One pass, in seconds.
fn time(net: &Net, work: &str, batch: i64) -> Result<f64> {
    let x = Tensor::rand([batch, 3, 224, 224], (Kind::Float, Device::Cpu));
    let last = net.names().pop().unwrap_or_default();
    let wish = Objective::channel("pool5", 7);
    let wish = if net.classes().is_empty() { wish } else { Objective::class(281) };
    let start = Instant::now();
    let _activation = match work {
        "forward" => net.tap(&x, &last)?,
        "saliency" => net.gradient(&x, &wish, ReluRule::Gradient)?,
        _ => net.gradient(&x, &wish, ReluRule::Guided)?,
    };
    Ok(start.elapsed().as_secs_f64())
}

fn report(what: &str, ours: &[f64], theirs: &[f64]) {
    let mine = median(ours.to_vec());
    if theirs.is_empty() {
        return println!("{what:<44} {mine:>8.3}s");
    }
    let theirs = &theirs[1..];
    let ratio = median(ours.iter().zip(theirs).map(|(a, b)| a / b).collect());
    println!("{what:<44} {mine:>8.3}s {:>8.3}s {ratio:>7.2}", median(theirs.to_vec()));
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A Python process that answers `network work batch` with the seconds it took.
struct Peer {
    process: Child,
    ask: ChildStdin,
    answer: BufReader<ChildStdout>,
}

impl Peer {
    fn start() -> std::io::Result<Option<Peer>> {
        let Some(python) = std::env::var_os("CONVLENS_PEER_PYTHON") else { return Ok(None) };
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/passes_peer.py");
        let mut command = Command::new(python);
        command.arg(script).arg(tch::get_num_threads().to_string());
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (ask, answer) = (process.stdin.take(), process.stdout.take());
        let pipes = ask.zip(answer).ok_or_else(|| std::io::Error::other("no pipes"))?;
        Ok(Some(Peer { process, ask: pipes.0, answer: BufReader::new(pipes.1) }))
    }

    fn time(&mut self, net: &str, work: &str, batch: i64) -> std::io::Result<f64> {
        writeln!(self.ask, "{net} {work} {batch}")?;
        let mut line = String::new();
        self.answer.read_line(&mut line)?;
        line.trim().parse().map_err(|_| std::io::Error::other(format!("the peer said {line:?}")))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.process.kill();
    }
}
