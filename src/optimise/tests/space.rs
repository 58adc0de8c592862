use super::*;

#[test]
fn an_image_becomes_waves_and_comes_back() {
    for [h, w] in [[6, 9], [5, 8], [1, 4]] {
        let x = colourful(2, h, w);
        let waves = Space::Fourier.parameters(&x).unwrap();
        assert_eq!(waves.size(), [2, 3, h, w / 2 + 1, 2]);
        close(&Space::Fourier.image(&waves, [h, w]).unwrap(), &numbers(&x));
    }
    let black = Tensor::zeros([1, 3, 2, 3], (Kind::Float, Device::Cpu));
    let waves = Space::Fourier.parameters(&black).unwrap();
    close(&Space::Fourier.image(&waves, [2, 3]).unwrap(), &[0.001; 18]);
}

#[test]
fn one_wave_by_hand() {
    // Brightness, one wave across 2x4 pixels: wavelength 4, 2 / sqrt(8) from the transform, 1 / 4 from
    // lucid: 2 / sqrt(8) cos(pi x / 2), in the colours (0.26, 0.27, 0.27) / 0.46195.
    let waves = Tensor::zeros([1, 3, 2, 3, 2], (Kind::Float, Device::Cpu));
    let _ = waves.get(0).get(0).get(0).get(1).narrow(0, 0, 1).fill_(1.0);
    let sigmoid = |v: f32| 1.0 / (1.0 + (-v).exp());
    let row = |part: f32| {
        [1.0, 0.0, -1.0, 0.0].map(|cos| sigmoid(2.0 / 8f32.sqrt() * part / 0.46195 * cos))
    };
    let [red, green] = [row(0.26), row(0.27)];
    let by_hand = [red, red, green, green, green, green].concat();
    close(&Space::Fourier.image(&waves, [2, 4]).unwrap(), &by_hand);
}

#[test]
fn energy_is_the_same_in_waves() {
    // Parseval: undo sigmoid, colours, 1/f and 1/4, and count all waves but the first and the middle
    // column twice, since a real transform keeps only half of them.
    let x = colourful(1, 5, 8);
    let waves = Space::Fourier.parameters(&x).unwrap();
    let down = Tensor::fft_fftfreq(5, 1.0, (Kind::Float, Device::Cpu)).view([5, 1]);
    let across = Tensor::fft_rfftfreq(8, 1.0, (Kind::Float, Device::Cpu));
    let frequency = (down.square() + across.square()).sqrt().clamp_min(1.0 / 8.0);
    let power = (waves / frequency.unsqueeze(-1)).square().sum_dim_intlist(4, false, Kind::Double);
    let twice = Tensor::from_slice(&[1.0, 2.0, 2.0, 2.0, 1.0]);
    let by_waves = (power * twice).sum_dim_intlist([2i64, 3].as_slice(), false, Kind::Double);
    let root = [[0.26, 0.09, 0.02], [0.27, 0.00, -0.05], [0.27, -0.09, 0.03]];
    let root = Tensor::from_slice(root.as_flattened()).view([3, 3]) / 0.461_952;
    let logit = x.logit(None).view([3, -1]).to_kind(Kind::Double);
    let plain = root.inverse().matmul(&logit) * 4.0;
    let by_pixels = plain.square().sum_dim_intlist(1, false, Kind::Double);
    for channel in 0..3 {
        let [a, b] = [by_waves.double_value(&[0, channel]), by_pixels.double_value(&[channel])];
        assert!((a / b - 1.0).abs() < 1e-4, "channel {channel}: {a} in waves, {b} in pixels");
    }
}

#[test]
fn waves_need_three_colours() {
    let climb = Climb { space: Space::Fourier, ..Climb::default() };
    let x = image(&[0.5; 4], 1, 2);
    let error = climb.run(&Net::new("pixels"), &x, &Objective::l2()).unwrap_err().to_string();
    assert!(error.contains("3 colours for `Space::Fourier`, got 2"), "{error}");
}
