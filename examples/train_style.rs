//! Trains the network of the lecture's section on fast style transfer:
//!
//! ```sh
//! cargo run --release --example train_style -- styles.safetensors 600 1 3 3e-3
//! ```
//!
//! Arguments: the file to write, the number of steps, the weights of content and style, the rate at the
//! beginning. If the file is there, the training goes on from it. A GPU is used where there is one. Every
//! 50 steps the losses are printed and the file is written, so it may be stopped at any time.
//! `data/photos/china.jpg` and `chelsea.jpg` are left out, to be painted afterwards.

use convlens::fast_style::StyleTraining;
use convlens::pixels::{Rect, crop};
use convlens::prelude::*;

/// What a style is: its name, its picture, the part of it and the shorter side it is shown at.
const STYLES: [(&str, &str, [i64; 4], i64); 3] = [
    ("butterfly", "photos/butterfly.jpg", [80, 30, 200, 440], 200),
    ("dahlia", "photos/flower.jpg", [75, 180, 260, 260], 224),
    ("starry_night", "paintings/starry_night.jpg", [25, 25, 550, 702], 224),
];
const PHOTOS: [&str; 8] =
    ["astronaut", "butterfly", "coffee", "flower", "fruits", "home", "rocket", "squirrel"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, steps, content, style, rate] = &arguments[..] else {
        return Err("name the file, the steps, the weights of content and style, the rate".into());
    };
    let data = |path: &str| load(format!("{}/data/{path}", env!("CARGO_MANIFEST_DIR")));
    let device = Device::cuda_if_available();
    let photos = PHOTOS.map(|name| {
        Ok::<_, Error>(resize_short(&data(&format!("photos/{name}.jpg"))?, 256)?.to_device(device))
    });
    let photos = photos.into_iter().collect::<Result<Vec<_>, Error>>()?;
    let styles = STYLES.map(|(name, path, [top, left, height, width], short)| {
        let part = crop(&data(path)?, Rect { top, left, height, width })?;
        Ok((name, resize_short(&part, short)?.to_device(device)))
    });
    let styles = styles.into_iter().collect::<Result<Vec<_>, Error>>()?;
    let net = zoo::vgg16_features()?.to_device(device)?;
    let steps = steps.parse()?;
    let training = StyleTraining {
        steps,
        content_weight: content.parse()?,
        style_weight: style.parse()?,
        rate: rate.parse()?,
        ..StyleTraining::default()
    };
    let mut trainer = match FastStyle::load(file) {
        Ok(network) => training.resume(&net, &photos, &styles, network.to_device(device)?)?,
        Err(_) => training.start(&net, &photos, &styles)?,
    };
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
