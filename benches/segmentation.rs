//! Which map is the best start for GrabCut? All bundled scenes, as a table: `cargo bench --bench segmentation`.
//!
//! Not a timing: the mean intersection over union with the true masks, for each method's map as it is and blurred by
//! 4 pixels, and for the blurred map above a threshold that covers as much as the true mask.

use convlens::attribution::Attribution;
use convlens::pixels::{Scene, Scenes, blur};
use convlens::saliency::{IntegratedGradients, SmoothGrad};
use convlens::segment::{GrabCut, iou, strongest};
use convlens::{Objective, Result, zoo};
use tch::{Kind, Tensor};

const BLUR: f64 = 4.0;

fn main() -> Result<()> {
    let net = zoo::efficientnet_lite0()?;
    let scenes = Scenes::bundled(concat!(env!("CARGO_MANIFEST_DIR"), "/data"))?.all()?;
    println!("{} scenes, scored as the network's own first answer", scenes.len());
    println!("{:<24}{:>10}{:>10}{:>11}", "map", "GrabCut", "blurred", "threshold");
    for method in methods() {
        let mut sums = [0.0; 3];
        for scene in &scenes {
            let class = Objective::class(net.top(&scene.image, 1)?.best()?.class);
            let map = method.map(&net, &scene.image, &class)?.abs();
            for (sum, overlap) in sums.iter_mut().zip(overlaps(scene, &map)) {
                *sum += overlap;
            }
        }
        let [raw, soft, plain] = sums.map(|sum| sum / scenes.len() as f64);
        println!("{:<24}{raw:>10.3}{soft:>10.3}{plain:>11.3}", method.to_string());
    }
    Ok(())
}

fn methods() -> Vec<Attribution> {
    let smooth = SmoothGrad { samples: 8, ..SmoothGrad::default() };
    let way = IntegratedGradients { steps: 8, ..IntegratedGradients::default() };
    vec![
        Attribution::Gradient,
        Attribution::GradientXInput,
        Attribution::SmoothGrad(smooth),
        Attribution::IntegratedGradients(way),
        Attribution::Guided,
        Attribution::GradCam { layer: "head.relu".into() },
        Attribution::Edges,
        Attribution::Centre,
    ]
}

/// By GrabCut, by GrabCut from the blurred map, by a threshold of it; a map that no seeds come from counts 0.
fn overlaps(scene: &Scene, map: &Tensor) -> [f64; 3] {
    let cut = |map: &Tensor| iou(&GrabCut::default().run(&scene.image, map)?.mask, &scene.mask);
    let share = scene.mask.mean(Kind::Double).double_value(&[]);
    let soft = blur(map, BLUR);
    [
        cut(map),
        soft.as_ref().map_or(Ok(0.0), &cut),
        soft.as_ref().map_or(Ok(0.0), |soft| iou(&strongest(soft, share)?, &scene.mask)),
    ]
    .map(|overlap: Result<f64>| overlap.unwrap_or(0.0))
}
