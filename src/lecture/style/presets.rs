//! Other people's weights, each with what it is a weight of.

use super::{Colour, Measure, Start, Style};
use crate::{Climb, Method};

/// The lecture's layers: one from each block.
const LAYERS: [&str; 5] = ["relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1"];

impl Default for Style {
    /// Ours, for VGG-16: the layers of Gatys et al., each distance relative to its target's size; each style
    /// layer weighs twice as much as content; from the photo, 100 steps of L-BFGS.
    fn default() -> Self {
        Style {
            content: vec![("relu4_2".into(), 1.0)],
            style: even(LAYERS, 2.0),
            total_variation: 1.0,
            measure: Measure::Relative,
            style_scale: 1.0,
            start: Start::Content,
            colour: Colour::Painting,
            coarse: vec![],
            memory: 4_000_000_000,
            climb: climb(100),
        }
    }
}

impl Style {
    /// Gatys' own PyTorch code (2017) for VGG scaled to a mean activation of 1: content relu4_2 at weight
    /// 1, style at 1000 over the square of each layer's channels; 500 steps of L-BFGS from the photo.
    pub fn gatys() -> Self {
        let channels = [64, 128, 256, 512, 512];
        let weight = |(layer, c): (&str, i64)| (layer.to_string(), 1e3 / (c * c) as f64);
        Style {
            style: LAYERS.into_iter().zip(channels).map(weight).collect(),
            total_variation: 0.0,
            measure: Measure::Gatys,
            climb: climb(500),
            ..Style::default()
        }
    }

    /// CS231n's assignment 3 (2017 to 2020) for SqueezeNet 1.1, with its weights for The Starry Night:
    /// content `features.3`, style `features.1`, `.4`, `.6`, `.7`; Adam, 200 steps, from the photo.
    ///
    /// Its steps are 3 of a pixel's standard deviations until step 180, then 0.1 of them: 0.68 and 0.023
    /// of a pixel's range. It clamps to about -0.1..1.1 until step 190, we to 0..1. The photo and the
    /// painting have their shorter side at 192.
    pub fn cs231n() -> Self {
        let style = [(1, 3e5), (4, 1e3), (6, 15.0), (7, 3.0)];
        let style = style.map(|(layer, weight)| (format!("features.{layer}"), weight));
        Style {
            content: vec![("features.3".into(), 6e-2)],
            style: style.into(),
            total_variation: 2e-2,
            measure: Measure::Cs231n,
            climb: Climb {
                method: Method::Adam { rate: 3.0 * Measure::DEVIATION },
                schedule: vec![(180, 0.1 / 3.0)],
                ..climb(200)
            },
            ..Style::default()
        }
    }

    /// Johnson's neural-style (2015) for VGG-19 on 0..255: content relu4_2 at weight 5, style at 100 for
    /// each layer, roughness at 1e-3; 1000 steps of L-BFGS from noise.
    pub fn johnson() -> Self {
        Style {
            content: vec![("relu4_2".into(), 5.0)],
            style: even(LAYERS, 100.0),
            total_variation: 1e-3,
            measure: Measure::Johnson,
            start: Start::Noise(0.1),
            climb: climb(1000),
            ..Style::default()
        }
    }
}

fn even(layers: [&str; 5], weight: f64) -> Vec<(String, f64)> {
    layers.map(|layer| (layer.to_string(), weight)).into()
}

fn climb(steps: usize) -> Climb {
    Climb { steps, method: Method::Lbfgs { rate: 1.0, history: 20 }, ..Climb::default() }
}
