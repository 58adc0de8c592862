//! What holds for images of every size.

use super::*;
use crate::Objective;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn shapes_by_arithmetic_are_the_shapes(h in 9i64..40, w in 9i64..40) {
        let net = every_op().unwrap();
        let last = net.layers.len() - 1;
        let shapes = net.shapes(&[1, 3, h, w], last).unwrap();
        let made = net.run(&image(1, h, w), &(0..=last).collect::<Vec<_>>()).unwrap();
        for (shape, made) in shapes.iter().zip(&made) {
            prop_assert_eq!(shape, &made.size());
        }
    }

    #[test]
    fn images_of_a_batch_do_not_meet(h in 9i64..30, w in 9i64..30) {
        let net = double(&every_op().unwrap());
        let pair = wide(&wave(&[2, 3, h, w], 5));
        let together = net.logits(&pair).unwrap();
        let apart = [0, 1].map(|i| net.logits(&pair.narrow(0, i, 1)).unwrap());
        assert_close(&together, &Tensor::cat(&apart, 0), "batch");
    }

    /// With positive weights the gradient is lit exactly on the receptive field.
    #[test]
    fn a_unit_sees_its_receptive_field(h in 20i64..40, w in 20i64..40, at in 0i64..4) {
        let positive = |o, i, k| Conv2d::new(wave(&[o, i, k, k], 3).abs() + 0.1, None);
        let net = Net::new("positive")
            .then("conv1", Op::Conv2d(positive(2, 3, 5).stride(2).padding(2))).unwrap()
            .then("a", Op::Conv2d(positive(2, 2, 3).padding(1))).unwrap()
            .join("b", Op::Conv2d(positive(2, 2, 2).dilation(2).padding(1)), &["conv1"]).unwrap()
            .join("cat", Op::Concat, &["a", "b"]).unwrap()
            .then("pool", Op::AvgPool2d(Pool::square(2))).unwrap();
        let unit = [at, (at + 1) % 4];
        let g = net.gradient(&image(1, h, w), &(Objective::neuron("pool", 1, unit) + Objective::neuron("pool", 3, unit)), ReluRule::Gradient).unwrap();
        let seen = g.abs().sum_dim_intlist([0i64, 1].as_slice(), false, Kind::Float).gt(0.0);
        let crop = net.receptive_field("pool").unwrap().crop(unit, [h, w]);
        let expected = Tensor::zeros([h, w], (Kind::Bool, Device::Cpu));
        let _ = expected.narrow(0, crop.top, crop.bottom - crop.top)
            .narrow(1, crop.left, crop.right - crop.left).fill_(1);
        prop_assert!(seen.equal(&expected), "{:?}", crop);
    }
}
