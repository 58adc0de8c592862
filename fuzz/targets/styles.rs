//! Networks that paint in a style: what loads can paint.
#![no_main]

use convlens::fast_style::FastStyle;
use convlens::prelude::{Device, Kind, Tensor};
use convlens_fuzz::{read, seeds, written};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: seeds(styles), |data: &[u8]| {
    if let Some(fast) = read(data, |path| FastStyle::load(path)) {
        let photo = Tensor::full([1, 3, 20, 24], 0.5, (Kind::Float, Device::Cpu));
        for style in fast.styles() {
            if let Ok(painted) = fast.run(&photo, style) {
                assert_eq!(painted.size()[..2], [1, 3]);
            }
        }
    }
});

/// Two channels, one block, one style.
fn styles() -> Vec<Vec<u8>> {
    let convolutions: [(&str, [i64; 4]); 6] = [
        ("down1", [2, 3, 3, 3]),
        ("down2", [2, 2, 3, 3]),
        ("block1a", [2, 2, 3, 3]),
        ("block1b", [2, 2, 3, 3]),
        ("up1", [2, 2, 3, 3]),
        ("out", [3, 2, 3, 3]),
    ];
    let options = (Kind::Half, Device::Cpu);
    let mut tensors: Vec<(String, Tensor)> = convolutions
        .iter()
        .map(|(name, size)| (format!("{name}.weight"), Tensor::full(size, 0.125, options)))
        .collect();
    for part in ["scale", "shift"] {
        tensors.push((format!("waves.{part}"), Tensor::full([10i64], 1.0, options)));
    }
    let write = |path: &std::path::Path| Tensor::write_safetensors(&tensors, path);
    vec![written("style", |path| write(path).expect("a style can be saved"))]
}
