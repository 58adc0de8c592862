//! Style transfer beside PyTorch's tutorial, pair by pair: `cargo bench --bench style`.
//!
//! The tutorial's losses and weights on the same five convolutions of the VGG trunk, scaled to the range
//! of torchvision's; photo and painting of 128 x 128 as there on a CPU; same torch release and threads.
//! First one step of L-BFGS each, then the time to the loss that the tutorial's 300 steps reach: ours
//! begins at half the size. Name a Python that has torch 2.13.0 in `CONVLENS_PEER_PYTHON`.

mod peer;

use convlens::net::{Conv2d, Net, Op, Pool};
use convlens::pixels::{load, resize};
use convlens::style::{Measure, Style};
use convlens::{Climb, Method, zoo};
use peer::{Peer, median, speed_up};
use std::path::Path;
use std::time::Instant;
use tch::Tensor;

const PAIRS: usize = 3;
const CONVS: [&str; 5] = ["conv1_1", "conv1_2", "conv2_1", "conv2_2", "conv3_1"];
/// Caffe's pixels over torchvision's: 255 times the standard deviation of colours.
const SCALE: f64 = 255.0 * 0.225;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let Some(mut peer) = Peer::start("style_peer.py")? else {
        println!("name a Python with torch in CONVLENS_PEER_PYTHON");
        return Ok(());
    };
    let folder = tempfile::tempdir()?;
    let at = |file: &str| resize(&load(file)?, [128, 128]);
    let (photo, painting) = (at("data/photos/china.jpg")?, at("data/paintings/starry_night.jpg")?);
    photo.write_npy(folder.path().join("content.npy"))?;
    painting.write_npy(folder.path().join("style.npy"))?;
    let net = network(folder.path())?;
    println!(
        "{} threads, 128 x 128, median of {PAIRS} runs of each, in turn",
        tch::get_num_threads()
    );
    let mut ask = |steps: usize| peer.ask(&format!("{} {steps}", folder.path().display()));
    one_step(&net, &photo, &painting, &mut ask)?;
    let target = |steps| -> Outcome<f64> {
        let losses = Vec::<f32>::try_from(Tensor::read_npy(folder.path().join("losses.npy"))?)?;
        Ok(f64::from(losses[..steps].iter().copied().fold(f32::INFINITY, f32::min)))
    };
    let (mut ours, mut theirs, mut steps) = (vec![], vec![], 0);
    for _ in 0..PAIRS {
        theirs.push(ask(300)?);
        let goal = target(300)?;
        if steps == 0 {
            steps = steps_to(&net, &photo, &painting, goal)?;
            println!(
                "the tutorial's best loss of 300 steps, {goal:.4}: {COARSE} small steps and {steps}"
            );
        }
        let started = Instant::now();
        run(&net, &photo, &painting, steps, COARSE)?;
        ours.push(started.elapsed().as_secs_f64());
    }
    report("to that loss", &ours, &theirs);
    Ok(())
}

/// Steps at half the size before those at full size.
const COARSE: usize = 60;

fn one_step(
    net: &Net,
    photo: &Tensor,
    painting: &Tensor,
    ask: &mut dyn FnMut(usize) -> std::io::Result<f64>,
) -> Outcome<()> {
    let (mut ours, mut theirs) = (vec![], vec![]);
    for _ in 0..PAIRS {
        let started = Instant::now();
        run(net, photo, painting, 20, 0)?;
        // The last image is scored once more.
        ours.push(started.elapsed().as_secs_f64() / 20.0);
        theirs.push(ask(20)? / 20.0);
    }
    report("one step", &ours, &theirs);
    Ok(())
}

fn report(what: &str, ours: &[f64], theirs: &[f64]) {
    let (a, b) = (median(ours.to_vec()), median(theirs.to_vec()));
    println!(
        "{what}: ours {a:.3} s, tutorial {b:.3} s, {:.2} times as fast",
        speed_up(ours, theirs)
    );
}

/// How many steps at full size it takes to come to a loss.
fn steps_to(net: &Net, photo: &Tensor, painting: &Tensor, goal: f64) -> Outcome<usize> {
    let losses = run(net, photo, painting, 150, COARSE)?;
    let full = &losses[COARSE + 1..];
    let reached = full.iter().position(|loss| *loss <= goal);
    reached.ok_or_else(|| format!("150 steps end at {:.4}, not {goal:.4}", full[150]).into())
}

fn run(
    net: &Net,
    photo: &Tensor,
    painting: &Tensor,
    steps: usize,
    coarse: usize,
) -> Outcome<Vec<f64>> {
    let method = Method::Lbfgs { rate: 1.0, history: 100 };
    let style = Style {
        content: vec![("conv2_2".into(), 1.0)],
        style: CONVS.map(|layer| (layer.to_string(), 1e6)).into(),
        total_variation: 0.0,
        measure: Measure::Johnson,
        coarse: if coarse == 0 { vec![] } else { vec![(0.5, coarse)] },
        climb: Climb { steps, method, ..Climb::default() },
        ..Style::default()
    };
    Ok(style.run(net, photo, painting)?.losses)
}

/// The five convolutions, which are also written to `folder` for the peer.
fn network(folder: &Path) -> Outcome<Net> {
    let trunk = zoo::vgg16_features()?;
    let Op::Normalize { mean, std, bgr } = trunk.layer("normalize")?.op else {
        return Err("the trunk begins with its normalisation".into());
    };
    let std = std.map(|s| s * SCALE);
    let mut net = Net::new("tutorial").then("normalize", Op::Normalize { mean, std, bgr })?;
    for (at, name) in CONVS.iter().enumerate() {
        if at > 0 {
            net = net.then(&format!("relu{at}"), Op::Relu)?;
        }
        if at == 2 || at == 4 {
            net = net.then(&format!("pool{at}"), Op::MaxPool2d(Pool::square(2)))?;
        }
        let Op::Conv2d(conv) = &trunk.layer(name)?.op else { return Err("no convolution".into()) };
        let bias = conv.bias.as_ref().ok_or("no bias")? / SCALE;
        conv.weight.contiguous().write_npy(folder.join(format!("{name}.weight.npy")))?;
        bias.write_npy(folder.join(format!("{name}.bias.npy")))?;
        let conv = Conv2d::new(conv.weight.shallow_clone(), Some(bias)).padding(1);
        net = net.then(name, Op::Conv2d(conv))?;
    }
    Ok(net)
}
