//! Trains the network of the lecture's section on fast style transfer for one painting:
//!
//! ```sh
//! cargo run --release --example train_style -- data/paintings/starry_night.jpg starry_night.safetensors 6000
//! ```
//!
//! Arguments: the painting (a twentieth is cut off each side: frames), the file to write and the number of
//! steps; then, if you like, the weights of content, style and smoothness (1, 3 and 10) and the rate at the
//! beginning (3e-3). It learns from the photos in `data/photographs`. If the file is there, the training
//! goes on from it. A GPU is used where there is one. Every 50 steps the losses are printed and the file is
//! written, so it may be stopped at any time.

use convlens::fast_style::StyleTraining;
use convlens::pixels::{Rect, crop};
use convlens::prelude::*;
use std::path::Path;

type Anything = Box<dyn std::error::Error>;

fn main() -> Result<(), Anything> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [painting, file, steps, weights @ ..] = &arguments[..] else {
        return Err("name the painting, the file to write and the steps".into());
    };
    let number = |i: usize, default| weights.get(i).map_or(Ok(default), |text| text.parse());
    let training = StyleTraining {
        steps: steps.parse()?,
        content_weight: number(0, 1.0)?,
        style_weight: number(1, 3.0)?,
        total_variation: number(2, 10.0)?,
        rate: number(3, 3e-3)?,
        ..StyleTraining::default()
    };
    let device = Device::cuda_if_available();
    let net = zoo::vgg16_features()?.to_device(device)?;
    let (photos, style) = (photos(device)?, style(painting)?.to_device(device));
    let name = Path::new(painting).file_stem().unwrap_or_default().to_string_lossy();
    let styles = [(&*name, style)];
    let trainer = match Path::new(file).exists() {
        true => {
            let network = FastStyle::load(file)?.to_device(device)?;
            training.resume(&net, &photos, &styles, network)?
        }
        false => training.start(&net, &photos, &styles)?,
    };
    train(trainer, training.steps, file)
}

fn photos(device: Device) -> Result<Vec<Tensor>, Anything> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data/photographs");
    let read = |file| Ok(resize_short(&load(file)?, 256)?.to_device(device));
    Photos::in_folder(folder)?.files.iter().map(read).collect()
}

fn style(painting: &str) -> Result<Tensor, Anything> {
    let whole = load(painting)?;
    let [height, width] = [whole.size()[2], whole.size()[3]];
    let [top, left] = [height / 20, width / 20];
    let inside = Rect { top, left, height: height - 2 * top, width: width - 2 * left };
    Ok(resize_short(&crop(&whole, inside)?, 256)?)
}

fn train(
    mut trainer: convlens::fast_style::Trainer,
    steps: usize,
    file: &str,
) -> Result<(), Anything> {
    let started = std::time::Instant::now();
    let mut sums = [0.0; 3];
    for step in 1..=steps {
        let losses = trainer.step()?;
        (0..3).for_each(|i| sums[i] += losses[i]);
        if step.is_multiple_of(50) {
            let [content, style, rough] = sums.map(|sum| sum / 50.0);
            let seconds = started.elapsed().as_secs();
            println!(
                "{step}: content {content:.4}, style {style:.4}, rough {rough:.5}, {seconds} s"
            );
            trainer.network.save(file)?;
            sums = [0.0; 3];
        }
    }
    Ok(trainer.network.save(file)?)
}
