//! From map to mask: by hand and by identities.

use convlens::pixels::Scenes;
use convlens::segment::*;
use tch::{Device, Kind, Tensor};

fn mask(rows: &[&str]) -> Tensor {
    let values: Vec<f32> = rows.concat().chars().map(|c| f32::from(u8::from(c == '#'))).collect();
    let [h, w] = [rows.len(), rows[0].len()].map(|side| side as i64);
    Tensor::from_slice(&values).view([1, 1, h, w])
}

/// Two plain halves, 2 x 4.
fn halves() -> Tensor {
    let left = Tensor::from_slice(&[1f32, 1.0, 0.0, 0.0]).repeat([2, 1]);
    Tensor::stack(&[&left * 0.6, &left * 0.2, 1.0 - left], 0).unsqueeze(0)
}

/// A small scene and a vague map of it.
fn scene(index: usize) -> (Tensor, Tensor, Tensor) {
    let data = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let scenes = Scenes { size: [48, 70], ..Scenes::bundled(data).unwrap() };
    let scene = scenes.scene(index).unwrap();
    let noise = scenes.scene(index + 1).unwrap().image.mean_dim([1i64].as_slice(), true, None);
    let map = convlens::pixels::blur(&scene.mask, 6.0).unwrap() + noise * 0.2;
    (scene.image, map, scene.mask)
}

#[test]
fn the_cost_of_two_plain_halves_by_hand() {
    let map = Tensor::from_slice(&[3f32, 2.0, 1.0, 0.0]).repeat([2, 1]).view([1, 1, 2, 4]);
    let settings = GrabCut { foreground: 0.6, background: 0.4, ..GrabCut::default() };
    let found = settings.run(&halves(), &map).unwrap();
    assert_eq!(found.mask, mask(&["##..", "##.."]));
    // One colour on each side: only the variance of rounding, 3 times ln of it, and 3 for rounding.
    let rounding = 1.0 / (12.0 * 255f64.powi(2));
    let pixels = 8.0 * 0.5 * (3.0 * rounding.ln() + 3.0);
    // 16 pairs of which 4 differ, so beta times their square is 2: two links aside, two aslant.
    let outline = (2.0 * 50.0 + 2.0 * 50.0 / 2f64.sqrt()) * (-2f64).exp();
    assert!((found.energies[0] - pixels - outline).abs() < 1e-3, "{:?}", found.energies);
    assert_eq!((found.energies.len(), found.settled), (2, true));
}

#[test]
fn seeds_are_the_ends_of_the_map() {
    let map = Tensor::arange(20, (Kind::Float, Device::Cpu)).view([1, 1, 4, 5]);
    let photo = map.expand([1, 3, 4, 5], false) / 20.0;
    let found = GrabCut { rounds: 1, ..GrabCut::default() }.run(&photo, &map).unwrap();
    // The quantiles are 18.05 and 5.7.
    let seeds = Vec::<f32>::try_from(found.seeds.flatten(0, -1)).unwrap();
    assert_eq!(seeds, [[0.0f32; 6].as_slice(), &[0.5; 13], &[1.0]].concat());
    // Where most values are equal, they are background, and what is above is the thing.
    let flat = (&map - 18.0).relu();
    let found = GrabCut { rounds: 1, ..GrabCut::default() }.run(&photo, &flat).unwrap();
    let seeds = Vec::<f32>::try_from(found.seeds.flatten(0, -1)).unwrap();
    assert_eq!(seeds, [[0.0f32; 19].as_slice(), &[1.0]].concat());
}

#[test]
fn costs_never_rise() {
    for (index, hold_seeds) in [(2, false), (6, true), (30, false), (38, true), (44, false)] {
        let (photo, map, truth) = scene(index);
        let found = GrabCut { hold_seeds, ..GrabCut::default() }.run(&photo, &map).unwrap();
        let energies = &found.energies;
        let falls = energies.windows(2).all(|two| two[1] <= two[0] + 1e-9 * two[0].abs());
        assert!(falls && energies.len() > 1, "{index}: {energies:?}");
        if index == 6 {
            let agree = iou(&found.mask, &truth).unwrap();
            assert!(agree > 0.7, "a tiger on gravel: {agree}");
        }
    }
}

#[test]
fn held_seeds_stay_and_the_same_seed_gives_the_same_bits() {
    let (photo, map, _) = scene(6);
    let held = GrabCut { hold_seeds: true, largest: false, ..GrabCut::default() };
    let found = held.run(&photo, &map).unwrap();
    let sure = found.seeds.ne(0.5);
    assert!(found.mask.masked_select(&sure).equal(&found.seeds.masked_select(&sure)));
    let again = held.run(&photo, &map).unwrap();
    assert!(found.mask.equal(&again.mask) && found.energies == again.energies);
    // Without an outline each pixel takes the side that suits it, in one round.
    let free = GrabCut { gamma: 0.0, rounds: 1, ..GrabCut::default() };
    let scaled = free.run(&photo, &(&map * 100.0 - 7.0)).unwrap();
    assert!(free.run(&photo, &map).unwrap().mask.equal(&scaled.mask), "only the order counts");
}

#[test]
fn an_empty_mask_says_so() {
    // One pixel of twelve, hardly another colour: its outline costs more than it gains.
    let photo = Tensor::full([1, 3, 3, 4], 0.5, (Kind::Float, Device::Cpu));
    let map = mask(&["....", ".#..", "...."]);
    let found = GrabCut::default().run(&photo, &map).unwrap();
    assert_eq!(found.mask, mask(&["....", "....", "...."]));
    let figure = found.figure(&photo).unwrap();
    assert!(figure.alt.starts_with("nothing: any outline would cost more"), "{}", figure.alt);
}

#[test]
fn masks_by_hand() {
    let parts = mask(&["##...", "..#..", "....#", "#...#"]);
    assert_eq!(largest_part(&parts).unwrap(), mask(&["##...", "..#..", ".....", "....."]));
    assert_eq!(largest_part(&mask(&["..", ".."])).unwrap(), mask(&["..", ".."]));
    let map = Tensor::from_slice(&[1f32, 3.0, 3.0, 0.0, 3.0, 2.0]).view([1, 1, 2, 3]);
    assert_eq!(strongest(&map, 1.0 / 3.0).unwrap(), mask(&[".##", "..."]));
    assert_eq!(strongest(&map, 0.0).unwrap(), mask(&["...", "..."]));
    let dot = mask(&["......", "......", "......", "...#.."]);
    let photo = Tensor::full([1, 3, 4, 6], 0.25, (Kind::Float, Device::Cpu));
    let lined = outlined(&photo, &dot).unwrap();
    // Two pixels around it, cut off at the lower edge: 3 x 5 but for itself.
    assert_eq!(lined.select(1, 0).eq(1.0).sum(Kind::Int64).int64_value(&[]), 14);
    assert_eq!(lined.double_value(&[0, 0, 3, 3]), 0.25);
    let cut = cut_out(&photo, &dot).unwrap();
    assert_eq!(cut.eq(0.25).sum(Kind::Int64).int64_value(&[]), 3);
    assert_eq!(cut.max().double_value(&[]), 1.0);
}

#[test]
fn wrong_inputs_are_named() {
    let map = Tensor::from_slice(&[3f32, 2.0, 1.0, 0.0]).repeat([2, 1]).view([1, 1, 2, 4]);
    let good = GrabCut::default();
    let run = |settings: &GrabCut, photo: &Tensor, map: &Tensor| {
        settings.run(photo, map).unwrap_err().to_string()
    };
    let with = |settings: GrabCut| run(&settings, &halves(), &map);
    let two = Tensor::cat(&[halves(), halves()], 0);
    let cases = [
        (with(GrabCut { foreground: 0.2, ..good.clone() }), "expected quantiles in 0..1, the back"),
        (with(GrabCut { foreground: f64::NAN, ..good.clone() }), "background and foreground"),
        (with(GrabCut { foreground: 1.0, ..good.clone() }), "background and foreground"),
        (with(GrabCut { gamma: -1.0, ..good.clone() }), "gamma: expected 0 to 1000000000, got -1"),
        (with(GrabCut { components: 0, ..good.clone() }), "components: expected 1 to 1000, got 0"),
        (with(GrabCut { rounds: 0, ..good.clone() }), "rounds: expected 1 to 10000, got 0"),
        (run(&good, &two, &map), "photo: expected one, [1, 3, h, w], got 2 photos"),
        (run(&good, &halves(), &map.narrow(3, 0, 3)), "map: expected [1, 1, 2, 4], got"),
        (run(&good, &halves(), &halves()), "map: expected one map, [1, 1, h, w], got [1, 3, 2, 4]"),
        (run(&good, &halves(), &map.zeros_like()), "map: expected one that differs from pixel to"),
        (run(&good, &halves(), &(&map / map.zeros_like())), "map: expected"),
        (run(&good, &(halves() * f64::NAN), &map), "photo: expected"),
        (iou(&map, &map.narrow(2, 0, 1)).unwrap_err().to_string(), "mask: expected [1, 1, 1, 4]"),
        (iou(&map.zeros_like(), &map.zeros_like()).unwrap_err().to_string(), "masks: expected"),
        (strongest(&map, 1.5).unwrap_err().to_string(), "share: expected a part of the picture"),
        (cut_out(&halves(), &map.narrow(2, 0, 1)).unwrap_err().to_string(), "mask: expected [1,"),
        (largest_part(&two).unwrap_err().to_string(), "mask: expected one, [1, 1, h, w]"),
    ];
    for (got, expected) in cases {
        assert!(got.contains(expected), "{got}");
    }
}
