//! Attributions against captum, on a residual network with ReLUs and on one with ReLU6.

use crate::common::{ROUNDING, double, wide};
use crate::formula::{assert_same, image};
use crate::networks::{build, networks};
use convlens::cam::grad_cam;
use convlens::guided::{deconvnet, guided_backprop};
use convlens::net::Net;
use convlens::occlusion::Baseline;
use convlens::saliency::{IntegratedGradients, Quadrature, SmoothGrad, gradient_x_input};
use convlens::{Objective, zoo::Model};
use serde_json::Value;
use tch::{Kind, Tensor};

/// The network, its images, the score and what captum says; all in double precision, since rounding lights a
/// few ReLUs and moves whole parts of a gradient with them.
fn given(family: &str, model: Model) -> (Net, Tensor, Objective, Value) {
    let expected: Value = serde_json::from_str(include_str!("attribution.json")).unwrap();
    let expected = expected[format!("{model:?}")].clone();
    let (model, shapes) = networks(family).into_iter().find(|(m, _)| *m == model).unwrap();
    (double(&build(model, &shapes)), wide(&image(&expected)), Objective::class(281), expected)
}

fn resnet() -> (Net, Tensor, Objective, Value) {
    given("resnet", Model::ResNet18)
}

fn lite() -> (Net, Tensor, Objective, Value) {
    given("efficientnet_lite", Model::EfficientNetLite0)
}

#[test]
fn gradient_times_input() {
    for (net, x, wish, expected) in [resnet(), lite()] {
        let map = gradient_x_input(&net, &x, &wish).unwrap();
        assert_same(&map, &expected["InputXGradient"], net.name());
    }
}

#[test]
fn integrated_gradients_and_their_gaps() {
    for (net, x, wish, expected) in [resnet(), lite()] {
        for rule in [Quadrature::GaussLegendre, Quadrature::Midpoint, Quadrature::Right] {
            let wanted = &expected["IntegratedGradients"][format!("{rule:?}")];
            let what = format!("{}, {rule:?}", net.name());
            let baseline = Baseline::Grey;
            let way = IntegratedGradients { steps: 6, rule, baseline, batch: 5 };
            let found = way.run(&net, &x, &wish).unwrap();
            assert_same(&found.map, &wanted["map"], &what);
            // captum keeps the weights of the points in single precision: one rounding of all they weigh.
            let scale = found.map.abs().sum(Kind::Double).double_value(&[]);
            for (i, gap) in Vec::<f64>::try_from(found.gap().unwrap()).unwrap().iter().enumerate() {
                let apart = (gap - wanted["gap"][i].as_f64().unwrap()).abs();
                assert!(apart <= ROUNDING * scale, "{what}, image {i}: {apart} of {scale}");
            }
        }
    }
}

#[test]
fn smooth_gradients_of_the_same_noise() {
    for (net, x, wish, expected) in [resnet(), lite()] {
        let smooth = SmoothGrad { samples: 4, noise: 0.15, batch: 3, seed: 5 };
        let found = smooth.run(&net, &x.narrow(0, 0, 1), &wish).unwrap();
        let variance = found.variance().unwrap();
        let kinds = [("grad", &found.gradient), ("grad_sq", &found.squared)];
        for (kind, map) in kinds {
            assert_same(map, &expected["NoiseTunnel"][format!("smooth{kind}")], net.name());
        }
        assert_same(&variance, &expected["NoiseTunnel"]["vargrad"], net.name());
    }
}

#[test]
fn guided_backprop_and_deconvnet() {
    for (net, x, wish, expected) in [resnet(), lite()] {
        let guided = guided_backprop(&net, &x, &wish).unwrap();
        assert_same(&guided, &expected["Guided"], net.name());
        let sent = deconvnet(&net, &x, &wish).unwrap();
        assert_same(&sent, &expected["Deconvnet"], net.name());
    }
}

#[test]
fn grad_cams() {
    for (net, x, wish, expected) in [resnet(), lite()] {
        for (layer, wanted) in expected["LayerGradCam"].as_object().unwrap() {
            let found = grad_cam(&net, &x, &wish, layer).unwrap();
            assert_same(&found.coarse, wanted, &format!("{}, {layer}", net.name()));
        }
    }
}
