//! The rule that wakes dark layers, by hand.

use super::*;

#[test]
fn redirected_is_the_gradient_unless_all_of_an_image_is_dark() {
    let rule = |op: &Op, x: &[f32], g: &[f32]| {
        let [x, g] = [x, g].map(|v| Tensor::from_slice(v).view([2, 3]));
        let sent = ReluRule::Redirected.backward(op, &x, &g).unwrap();
        Vec::<f32>::try_from(sent.flatten(0, -1)).unwrap()
    };
    // The first image has a lit unit; the second has none, and only its last would be lit by more.
    let x = [1., -1., -1., -1., -1., -1.];
    assert_eq!(rule(&Op::Relu, &x, &[2., 3., 4., -5., 0., 6.]), [2., 0., 0., 0., 0., 6.]);
    // A lit unit that gets no signal does not help: the others are woken.
    assert_eq!(rule(&Op::Relu, &x, &[0., 3., -4., 5., 6., -7.]), [0., 3., 0., 5., 6., 0.]);
    // Above 6 the light is below.
    let x = [7., 7., -1., 7., 3., -1.];
    assert_eq!(rule(&Op::Relu6, &x, &[2., -3., 4., 5., 6., 7.]), [0., -3., 4., 0., 6., 0.]);
}
