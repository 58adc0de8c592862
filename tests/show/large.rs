//! Figures that are too large are refused before they are drawn; what is merely large is quick.

use convlens::Result;
use convlens::show::{self, Cells, Entry, Figure, Frame, HeatMap, Table};
use std::time::{Duration, Instant};
use tch::{Device, Kind, Tensor};

fn zeros(size: &[i64]) -> Tensor {
    Tensor::zeros(size, (Kind::Float, Device::Cpu))
}

/// A generous limit: these took minutes, or did not end.
fn soon<T>(work: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let made = work();
    assert!(started.elapsed() < Duration::from_secs(15), "took {:?}", started.elapsed());
    made
}

#[track_caller]
fn says(made: Result<Figure>) -> String {
    let said = made.expect_err("must be refused").to_string();
    assert!(said.contains("; ") && !said.starts_with("drawing") && said.len() < 400, "{said}");
    said
}

#[test]
fn sheets_higher_than_a_picture_may_be() {
    let names = |n: usize| vec![String::from("x"); n];
    let photos = zeros(&[1000, 3, 8, 8]);
    for said in [
        says(show::images(&photos, 1)),
        says(show::captioned(&photos, &names(1000), 2)),
        says(show::framed(&photos, &[Frame::None; 1000], &[], 1)),
        says(show::bars(&vec![("x".to_string(), 0.5); 4000], "p")),
        says(show::table(&vec![("x".to_string(), vec![0.5]); 4000], &["y"], "p")),
        says(show::image(&photos.narrow(0, 0, 1)).unwrap().titled(&"word ".repeat(4000))),
        says(HeatMap { label: "word ".repeat(9000), ..HeatMap::default() }.draw(&zeros(&[2, 3]))),
        says(show::grid(&vec![show::image(&zeros(&[1, 1, 2, 3])).unwrap(); 400], 1)),
        says(show::row(&vec![show::image(&zeros(&[1, 1, 2, 3])).unwrap(); 400])),
        says(show::mosaic(&photos, &Cells { size: [2000, 1], photo: vec![None; 2000] }, &[])),
    ] {
        assert!(said.contains("at most 32000 pixels high and wide"), "{said}");
    }
    assert!(show::images(&photos, 30).is_ok());
}

#[test]
fn counts_no_figure_can_show() {
    let many = Tensor::zeros([1], (Kind::Float, Device::Cpu)).expand([1 << 40, 3, 1, 1], false);
    soon(|| says(show::images(&many, 4)));
    let frames: Vec<Tensor> = (0..1001).map(|_| zeros(&[1, 3, 2, 2])).collect();
    soon(|| says(show::animation(&frames)));
    let sheet = show::image(&zeros(&[1, 3, 900, 900])).unwrap();
    let said = soon(|| says(show::Animation::default().of(&vec![sheet; 317])));
    assert!(said.contains("pixels of all frames: expected 1 to 256000000"), "{said}");
    let ramp: Vec<f64> = (0..20_001).map(f64::from).collect();
    let said = says(show::lines(&ramp, &[("x".into(), ramp.clone())], ["x", "y"]));
    assert!(said.contains("20000 positions"), "{said}");
    let groups = vec![String::from("x"); 100_001];
    says(show::scatter(&zeros(&[100_001, 2]), &groups));
    let cells = Cells { size: [usize::MAX, 2], photo: vec![] };
    says(show::mosaic(&zeros(&[1, 3, 2, 2]), &cells, &[]));
    let wide = Table {
        columns: vec!["x".into()],
        rows: vec![("y".into(), vec![Entry::Number(f64::MAX)])],
        ..Table::default()
    };
    let _ = wide.draw();
    says(show::bars(&[("x".into(), f64::MAX), ("y".into(), f64::MIN)], "p"));
    says(show::lines(&[0.0, 1.0], &[("x".into(), vec![f64::MAX, f64::MIN])], ["x", "y"]));
    says(show::lines(&[f64::MIN, f64::MAX], &[("x".into(), vec![0.0, 1.0])], ["x", "y"]));
    says(show::heat_map(&Tensor::from_slice(&[f64::MAX, f64::MIN]).view([1, 2])));
}

#[test]
fn a_large_map_is_quick_and_says_what_it_holds() {
    let ramp = Tensor::arange(16_000_000, (Kind::Double, Device::Cpu)).view([4000, 4000]);
    let figure = soon(|| show::heat_map(&ramp).unwrap());
    assert!(figure.alt.contains("4000x4000 map (height x width), values 0 to 1.6×10⁷"), "{figure}");
    let Ok(picture) = image::load_from_memory(&figure.bytes) else { panic!("no picture") };
    // Dark on top, bright below: inferno's ends.
    let [top, bottom] = [5, 634].map(|y| picture.to_rgb8().get_pixel(300, y).0);
    assert!(top[0] < 30 && bottom[0] > 230, "{top:?} {bottom:?}");
    let photo = zeros(&[1, 3, 4000, 4000]);
    soon(|| show::overlay(&photo, &ramp).unwrap());
    soon(|| HeatMap { clip_percentile: 99.0, ..HeatMap::default() }.draw(&ramp).unwrap());
}

#[test]
fn one_value_that_is_none_still_shows_in_a_large_map() {
    let map = zeros(&[3000, 3000]);
    let _ = map.get(1500).narrow(0, 1500, 1).fill_(f64::NAN);
    let figure = show::heat_map(&map).unwrap();
    assert!(figure.alt.contains("1 of 9000000 values are NaN"), "{figure}");
}

#[test]
fn long_captions_are_cut_in_one_go() {
    let caption = vec!["word ".repeat(40_000)];
    let figure = soon(|| show::captioned(&zeros(&[1, 3, 8, 8]), &caption, 1).unwrap());
    assert_eq!(figure.size()[1], 160);
}
