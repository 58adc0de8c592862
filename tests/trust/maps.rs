//! All methods as values.

use super::{net, picture};
use convlens::Objective;
use convlens::attribution::Attribution;
use convlens::saliency::SmoothGrad;
use tch::Tensor;

#[test]
fn maps_of_baselines_are_what_they_say() {
    let (net, x) = (net(), Tensor::cat(&[picture(), picture()], 0));
    let map = |method: Attribution| method.map(&net, &x, &Objective::class(0)).unwrap();
    let centre = map(Attribution::Centre);
    assert_eq!(
        (centre.size(), centre.argmax(None, false).int64_value(&[])),
        (vec![2, 1, 13, 17], 6 * 17 + 8)
    );
    // Half of the way to an edge is one deviation: the middle of the first and the second quarter.
    let column = centre.double_value(&[0, 0, 6, 0]);
    let far = 2.0 - 2.0 / 17.0;
    assert!((column - f64::exp(-0.5 * far * far)).abs() < 1e-6);
    let chance = map(Attribution::Chance { seed: 3 });
    assert!(!chance.get(0).equal(&chance.get(1)), "each image has its own");
    assert!(chance.equal(&map(Attribution::Chance { seed: 3 })));
    assert!(!chance.equal(&map(Attribution::Chance { seed: 4 })));
    let flat = Attribution::Edges.map(&net, &(x.ones_like() * 0.3), &Objective::class(0)).unwrap();
    assert!(flat.abs().max().double_value(&[]) < 1e-6);
}

#[test]
fn all_methods_have_names_and_maps_of_one_size() {
    let mut all = Attribution::all("high.relu");
    all.extend(Attribution::baselines());
    let names: Vec<String> = all.iter().map(|m| m.to_string()).collect();
    assert_eq!(names[..2], ["gradient", "gradient × input"]);
    assert_eq!(names[6..9], ["Grad-CAM", "guided Grad-CAM", "edges"]);
    for method in &mut all {
        if let Attribution::SmoothGrad(settings) = method {
            *settings = SmoothGrad { samples: 2, ..SmoothGrad::default() };
        }
        let x = Tensor::cat(&[picture(), picture() * 0.5], 0);
        let map = method.map(&net(), &x, &Objective::class(1)).unwrap();
        assert_eq!(map.size(), [2, 1, 13, 17], "{method}");
        let signal = method.signal(&net(), &x, &Objective::class(1)).unwrap();
        let largest = signal.abs().amax([1i64].as_slice(), true);
        assert!(largest.equal(&map.abs()), "{method}");
    }
}
