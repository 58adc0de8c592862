//! The check values of CS231n's assignment, for who has its photo and its network.

use super::cs231n;
use tch::Tensor;

/// CS231n's photo as its notebook shows it to the network, for who has it: `CONVLENS_TUBINGEN=tubingen.jpg`.
fn tubingen() -> Option<Tensor> {
    let Some(path) = std::env::var_os("CONVLENS_TUBINGEN") else {
        println!("skipped: name CS231n's tubingen.jpg in CONVLENS_TUBINGEN");
        return None;
    };
    let photo = crate::pixels::resize_short(&crate::pixels::load(path).unwrap(), 192).unwrap();
    Some((photo * 255.0).round() / 255.0) // PIL resizes 8-bit pictures
}

fn colours(v: [f32; 3]) -> Tensor {
    Tensor::from_slice(&v).view([1, 3, 1, 1])
}

/// The relative error of the assignment's checks.
fn rel_error(a: f64, b: f64) -> f64 {
    (a - b).abs() / (a.abs() + b.abs())
}

const MEAN: [f32; 3] = [0.485, 0.456, 0.406];

#[test]
fn tv_loss_of_the_assignment_s_photo() {
    let Some(photo) = tubingen() else { return };
    let seen = (photo - colours(MEAN)) / colours([0.229, 0.224, 0.225]);
    let got = cs231n::tv_loss(&seen, 2e-2).unwrap().double_value(&[]);
    println!("tv_loss {got}, CS231n 303.4700");
    assert!(rel_error(got, 303.47) < 1e-3, "{got}");
}

/// Needs torchvision's SqueezeNet 1.1 too: `CONVLENS_SQUEEZENET=squeezenet1_1-b8a52dc0.pth`.
#[test]
fn content_loss_of_the_assignment_s_photo() {
    let (Some(photo), Some(file)) = (tubingen(), std::env::var_os("CONVLENS_SQUEEZENET")) else {
        println!("skipped: name the photo and the weights");
        return;
    };
    let net = crate::zoo::squeezenet1_1_from(file).unwrap();
    let nothing = colours(MEAN).expand_as(&photo); // all 0 once normalised
    let [made, wanted] = [&nothing, &photo].map(|x| net.tap(x, "features.3").unwrap());
    let got = cs231n::content_loss(6e-2, &made, &wanted).unwrap().double_value(&[]);
    println!("content_loss {got}, CS231n 32436.986");
    assert!(rel_error(got, 32436.986) < 1e-3, "{got}");
}
