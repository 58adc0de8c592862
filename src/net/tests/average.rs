use super::*;

fn maxima(pool: Pool) -> Net {
    Net::new("pools").then("pool", Op::MaxPool2d(pool)).unwrap()
}

#[test]
fn means_by_hand() {
    // 3x5 of 0..15 in windows of 2 that may reach over the edge: partly fitting ones count what is there.
    let x = Tensor::arange(15, (Kind::Float, Device::Cpu)).view([1, 1, 3, 5]);
    let net = maxima(Pool::square(2).ceil());
    let means = net.with_average_pools().tap(&x, "pool").unwrap();
    let means = Vec::<f32>::try_from(means.flatten(0, -1)).unwrap();
    assert_eq!(means, [3.0, 5.0, 6.5, 10.5, 12.5, 14.0]);
    let maxima = Vec::<f32>::try_from(net.tap(&x, "pool").unwrap().flatten(0, -1)).unwrap();
    assert_eq!(maxima, [6.0, 8.0, 9.0, 11.0, 13.0, 14.0], "the network itself stays as it is");
}

#[test]
fn the_gradient_goes_to_the_whole_window() {
    let x = image(1, 2, 4);
    let net = maxima(Pool::square(2)).with_average_pools();
    let g = net.gradient(&x, &crate::Objective::neuron("pool", 1, [0, 1]), ReluRule::Gradient);
    let g = Vec::<f32>::try_from(g.unwrap().select(1, 1).flatten(0, -1)).unwrap();
    assert_eq!(g, [0.0, 0.0, 0.25, 0.25, 0.0, 0.0, 0.25, 0.25]);
}

#[test]
fn everything_else_is_shared() {
    let net = every_op().unwrap();
    let average = net.with_average_pools();
    assert_eq!((average.names(), average.classes()), (net.names(), net.classes()));
    assert_eq!(average.name(), "every op with average pools");
    for (old, new) in net.layers.iter().zip(&average.layers) {
        assert_eq!(Rc::ptr_eq(old, new), !matches!(old.op, Op::MaxPool2d(_)), "{}", old.name);
        assert_eq!((&old.name, &old.inputs), (&new.name, &new.inputs));
    }
    let Op::AvgPool2d(pool) = average.layer("pool1").unwrap().op else { panic!("a mean") };
    assert_eq!(pool, Pool::square(3).stride(2).ceil());
}
