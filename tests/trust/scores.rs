//! Insertion, deletion and pointing.

use super::common::{EXACT, apart, double, wide};
use super::{net, noise, numbers, picture, scene};
use convlens::Objective;
use convlens::attribution::Attribution;
use convlens::net::Net;
use convlens::occlusion::Baseline;
use convlens::trust::{InsertionDeletion, Trial, points_at, recognised};
use tch::{Device, Kind, Tensor};

#[test]
fn curves_are_those_of_one_step_at_a_time() {
    let x = wide(&Tensor::cat(&[picture(), noise(&[1, 3, 13, 17], 50.0)], 0));
    let net = double(&net());
    let (score, map) = (Objective::probability(2), noise(&[2, 1, 13, 17], 70.0));
    let settings = |batch| InsertionDeletion {
        steps: 4,
        deletion: Baseline::Zero,
        insertion: Baseline::Mean,
        batch,
    };
    let found = settings(3).run(&net, &x, &score, &map).unwrap();
    assert_eq!(found.shares, [0.0, 0.25, 0.5, 0.75, 1.0]);
    for i in 0..2 {
        let [one, order] = [&x, &map].map(|x| x.narrow(0, i, 1));
        let mean = one.mean_dim([2i64, 3].as_slice(), true, Kind::Double).expand_as(&one);
        let sorted = order.flatten(0, -1).sort(0, true).0;
        for step in 0..=4i64 {
            // A quarter of 221 pixels: 55.25, 110.5, 165.75, rounded (halves to even).
            let count = [0, 55, 110, 166, 221][step as usize];
            let gone = match count {
                0 => order.gt(2.0),
                _ => order.ge(sorted.double_value(&[count - 1])),
            };
            let wanted = [one.zeros_like().where_self(&gone, &one), one.where_self(&gone, &mean)]
                .map(|x| score.score(&net, &x).unwrap().double_value(&[0]));
            let got = [&found.deleted, &found.inserted].map(|c| c.double_value(&[i, step]));
            assert!((0..2).all(|k| (got[k] - wanted[k]).abs() < EXACT), "{i}, {step}: {got:?}");
        }
    }
    let whole = settings(64).run(&net, &x, &score, &map).unwrap();
    assert!(apart(&whole.deleted, &found.deleted) < EXACT, "the batch");
    let curve = numbers(&found.inserted.get(1));
    let area = (curve[0] / 2.0 + curve[1] + curve[2] + curve[3] + curve[4] / 2.0) / 4.0;
    assert!((found.insertion().unwrap()[1] - area).abs() < 1e-9);
}

#[test]
fn equal_values_go_in_reading_order() {
    let x = Tensor::from_slice(&[1f32, 2.0, 4.0, 8.0]).view([1, 1, 2, 2]).repeat([1, 3, 1, 1]);
    let score = Objective::channel("input", 0);
    let gone = InsertionDeletion { steps: 4, deletion: Baseline::Zero, ..Default::default() };
    let map = Tensor::from_slice(&[0f32, 0.0, 1.0, 0.0]).view([1, 1, 2, 2]);
    let found = gone.run(&Net::new("pixels"), &x, &score, &map).unwrap();
    assert_eq!(numbers(&found.deleted), [15.0, 11.0, 10.0, 8.0, 0.0].map(|v| v / 4.0));
}

#[test]
fn pointing_counts_rows_and_columns_of_each_image() {
    // The largest values: row 1, column 5 of the first image; row 0, column 0 of the second.
    let map = Tensor::zeros([2, 1, 4, 7], (Kind::Float, Device::Cpu));
    let _ = map.get(0).get(0).get(1).get(5).fill_(3.0);
    let _ = map.get(1).get(0).get(0).get(0).fill_(3.0);
    let mask = map.zeros_like();
    let _ = mask.get(0).get(0).get(3).get(6).fill_(1.0); // 2 rows and 1 column away
    let _ = mask.get(1).get(0).get(0).get(3).fill_(0.5); // 3 columns away
    assert_eq!(points_at(&map, &mask, 2.2).unwrap(), [false, false]);
    assert_eq!(points_at(&map, &mask, 2.3).unwrap(), [true, false]);
    assert_eq!(points_at(&map, &mask, 3.1).unwrap(), [true, true]);
    let flat = map.zeros_like();
    assert_eq!(points_at(&flat, &mask, 3.1).unwrap(), [false, true], "the first of equals");
}

#[test]
fn a_trial_has_the_means_of_its_scenes() {
    let net = net();
    let known = recognised(&net, vec![scene(0.9), scene(0.2)]).unwrap();
    assert!(!known.is_empty());
    for k in &known {
        let shares = net.logits(&k.scene.image).unwrap().softmax(1, Kind::Float);
        assert!((k.probability - shares.double_value(&[0, k.class])).abs() < 1e-6);
        assert!((k.probability - shares.max().double_value(&[])).abs() < 1e-6);
    }
    let quick = InsertionDeletion { steps: 3, ..InsertionDeletion::default() };
    let trial = Trial { insertion_deletion: quick.clone(), tolerance: 1.0 };
    let methods = [Attribution::Centre, Attribution::Gradient];
    let found = trial.run(&net, &known, &methods).unwrap();
    assert_eq!((found.scenes, found.rows.len()), (known.len(), 2));
    let mut sums = [0.0; 2];
    for known in &known {
        let image = &known.scene.image;
        let map = Attribution::Gradient.map(&net, image, &Objective::class(known.class)).unwrap();
        let wish = Objective::probability(known.class);
        let curves = quick.run(&net, image, &wish, &map).unwrap();
        sums[0] += curves.deletion().unwrap()[0];
        sums[1] += curves.insertion().unwrap()[0];
    }
    let row = &found.rows[1];
    let n = known.len() as f64;
    assert!(
        (row.deletion - sums[0] / n).abs() < 1e-9 && (row.insertion - sums[1] / n).abs() < 1e-9
    );
    assert_eq!(found.rows[0].pointing, 1.0, "the middle lies on the thing");
    let table = found.to_string();
    let rows: Vec<&str> = table.lines().collect();
    assert!(rows[0].contains("deletion ↓  insertion ↑  pointing ↑") && rows.len() == 3, "{table}");
    assert!(rows[1].starts_with("centre") && rows[1].ends_with("1.00"), "{table}");
}
