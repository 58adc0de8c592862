//! Filters, photos, bars and combinations.

use super::{cell, map, picture};
use convlens::pixels;
use convlens::show::{self, Figure, HeatMap, Scale};
use tch::{Device, Kind, Tensor};

#[test]
fn filters_by_themselves_run_from_black_to_full() {
    // Two grey filters of 1x3: 60 / 3 = 20 pixels a weight, 2 pixels of frame.
    let weights = map(&[-1.0, 0.0, 1.0, 10.0, 14.0, 12.0], [6, 1]).reshape([2, 1, 1, 3]);
    let figure = show::filter_grid(&weights, Scale::PerFilter).unwrap();
    let all = picture(&figure);
    let grey = |tile: u32, weight: u32| all.get_pixel(2 + tile * 62 + weight * 20 + 10, 12).0[0];
    assert_eq!([grey(0, 0), grey(0, 1), grey(0, 2)], [0, 128, 255]);
    assert_eq!([grey(1, 0), grey(1, 1), grey(1, 2)], [0, 255, 128]);
    assert!(
        figure.alt.ends_with(
            "2 filters of 1x3 (height x width), 1 channel; \
                                  each filter scaled by itself; weights −1 to 14"
        ),
        "{figure}"
    );
}

#[test]
fn filters_on_a_shared_scale_keep_zero_grey() {
    // One colour filter of 1x1 with channels 2, 0 and −1: full, half and a quarter.
    let weights = map(&[2.0, 0.0, -1.0], [1, 3]).reshape([1, 3, 1, 1]);
    let figure = show::filter_grid(&weights, Scale::Shared).unwrap();
    assert_eq!(picture(&figure).get_pixel(30, 30).0, [255, 128, 64]);
    assert!(figure.alt.ends_with("one scale for all: −2 dark, 0 grey, 2 bright"));
    let constant = show::filter_grid(&weights.ones_like(), Scale::PerFilter).unwrap();
    assert!(constant.alt.ends_with("; 1 constant (grey)"));
    assert_eq!(picture(&constant).get_pixel(30, 30).0, [128, 128, 128]);
}

#[test]
fn filters_of_networks_stand_side_by_side() {
    // Four grey filters of 1x3 a network: 20 pixels a weight, two tiles of 62 a row and 2 of frame.
    let filters = |values: [f32; 3]| map(&values.repeat(4), [4, 3]).reshape([4, 1, 1, 3]);
    let rising = ("rising".to_string(), filters([-1.0, 0.0, 1.0]));
    let peaked = ("peaked".to_string(), filters([10.0, 14.0, 12.0]));
    let networks = [(rising.0.clone(), rising.1.copy()), peaked, rising];
    let figure = show::filter_grids(&networks, 2).unwrap();
    let (all, [height, width]) = (picture(&figure), figure.size());
    assert_eq!(width, 2 * 126 + 14);
    let frame = |y: &u32| all.get_pixel(0, *y).0 == [176, 196, 222];
    let top = (0..).find(frame).unwrap();
    let below = (top + 46..height as u32).find(frame).unwrap();
    let greys = |left: u32, top: u32| {
        [0, 1, 2].map(|weight| all.get_pixel(left + 2 + weight * 20 + 10, top + 2 + 10).0[0])
    };
    assert_eq!([greys(0, top), greys(62, top + 22)], [[0, 128, 255]; 2]);
    assert_eq!([greys(140, top), greys(202, top + 22)], [[0, 255, 128]; 2]);
    assert_eq!([greys(0, below), greys(140, below)], [[0, 128, 255], [255; 3]], "nothing after it");
    let ink = |y: u32| (0..width as u32).any(|x| all.get_pixel(x, y).0[0] < 100);
    let texts = [0..top, top + 46..below, below + 46..height as u32];
    assert!(texts.map(|mut rows| rows.any(ink)) == [true; 3], "names, shapes, the scale");
    let alt = "rising: filters, weights −1 to 1; 4 × 1 × 1 × 3; \
               peaked: filters, weights 10 to 14; 4 × 1 × 1 × 3; \
               rising: filters, weights −1 to 1; 4 × 1 × 1 × 3; each filter scaled by itself";
    assert_eq!(figure.alt, alt);
}

#[test]
fn filters_of_many_networks_still_fit() {
    // As wide as a notebook: four of at most 214 pixels and 14 between; 7 pixels of a filter take 3 each.
    let weights = Tensor::rand([64, 3, 7, 7], (Kind::Float, Device::Cpu));
    let networks: Vec<_> = (0..25).map(|i| (format!("network {i}"), weights.copy())).collect();
    let size = show::filter_grids(&networks, 4).unwrap().size();
    assert_eq!(size[1], 4 * (8 * (7 * 3 + 2) + 2) + 3 * 14);
    assert_eq!(size[1], show::filter_grids(&networks[..4], 4).unwrap().size()[1]);
    assert!(show::filter_grids(&networks[..2], 4).unwrap().size()[1] > 800, "two are large");
}

#[test]
fn photos_are_enlarged_in_whole_pixels_and_reduced_when_wide() {
    let small = map(&[0.0, 1.0, 0.5, 0.25, 2.0, 0.0], [2, 3]).reshape([1, 1, 2, 3]);
    let figure = show::image(&small).unwrap();
    assert_eq!(figure.size(), [212, 318]);
    assert_eq!(cell(&figure, [0, 1], 106), [255; 3]);
    assert_eq!(cell(&figure, [1, 0], 106), [64; 3]);
    let expected = "image, 2x3 (height x width), values 0 to 2, clamped to 0..1";
    assert_eq!(figure.alt, expected);
    let wide = Tensor::rand([1, 3, 450, 1800], (Kind::Float, Device::Cpu));
    assert_eq!(show::image(&wide).unwrap().size(), [225, 900]);
}

#[test]
fn batches_fill_rows_first() {
    // Five pictures of 20x10 (height x width), the i-th of brightness i / 5: 8 times as large.
    let grey = Tensor::arange(5, (Kind::Float, Device::Cpu)) / 5.0;
    let batch = grey.reshape([5, 1, 1, 1]).expand([5, 1, 20, 10], false);
    let figure = show::images(&batch, 3).unwrap();
    assert_eq!(figure.size(), [2 * 160 + 6, 3 * 80 + 12]);
    let all = picture(&figure);
    assert_eq!(all.get_pixel(86 + 40, 166 + 80).0, [204; 3], "the fifth is second in its row");
    assert_eq!(all.get_pixel(172 + 40, 166 + 80).0, [255; 3], "nothing after it");
    let names: Vec<String> = ["a", "b", "c", "d", "e"].map(String::from).to_vec();
    let named = show::captioned(&batch, &names, 3).unwrap();
    assert!(named.alt.ends_with(": a, b, c, d, e") && named.size()[0] > figure.size()[0]);
}

#[test]
fn rows_grids_and_titles_add_up() {
    let figure = |h, w| show::image(&Tensor::zeros([1, 1, h, w], (Kind::Float, Device::Cpu)));
    let (tall, wide) = (figure(300, 170).unwrap(), figure(170, 310).unwrap());
    let row = show::row(&[tall.clone(), wide.clone()]).unwrap();
    assert_eq!(row.size(), [300, 170 + 14 + 310]);
    let columns = [169, 170, 183, 184].map(|x| picture(&row).get_pixel(x, 9).0[0]);
    assert_eq!(columns, [0, 255, 255, 0], "black, 14 pixels of white, black");
    assert_eq!(row.alt, format!("{}; {}", tall.alt, wide.alt));
    let grid = show::grid(&[tall.clone(), wide.clone(), wide.clone()], 2).unwrap();
    assert_eq!(grid.size(), [300 + 14 + 170, 310 + 14 + 310]);
    let titled = tall.titled("night").unwrap();
    assert!(titled.size()[0] > 315 && titled.alt == format!("night: {}", tall.alt));
    assert_eq!(picture(&titled).get_pixel(80, titled.size()[0] as u32 - 1).0, [0; 3]);
    assert!(
        tall.titled("a title that is a good deal wider than the figure").unwrap().size()[1] > 300
    );
}

#[test]
fn bars_are_as_long_as_their_values() {
    let bars = |values: &[(&str, f64)]| {
        let owned: Vec<_> = values.iter().map(|(n, v)| (n.to_string(), *v)).collect();
        show::bars(&owned, "probability")
    };
    let figure = bars(&[("espresso", 0.75), ("cup", 0.25), ("tea", 0.0001)]).unwrap();
    let expected = "bar chart of probability: espresso 0.750, cup 0.250, tea <0.001";
    assert_eq!(figure.alt, expected);
    let all = picture(&figure);
    let blue = |row: u32, x: u32| usize::from(all.get_pixel(x, row).0 == [49, 104, 142]);
    let length = |row: u32| (0..all.width()).map(|x| blue(row, x)).sum::<usize>();
    assert_eq!(length(6), 240, "three quarters of 320 pixels");
    assert_eq!(length(32), 80);
    assert!(bars(&[]).is_err());
    assert!(bars(&[("a", f64::NAN)]).unwrap_err().to_string().contains("NaN for a"));
}

#[test]
fn figures_save_whole_and_only_as_pictures() {
    let dir = tempfile::tempdir().unwrap();
    let figure = show::heat_map(&map(&[1.0, 2.0], [1, 2])).unwrap();
    let path = dir.path().join("map.png");
    figure.save(&path).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), figure.bytes);
    assert!(figure.save(dir.path().join("map.svg")).is_err());
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    assert_eq!(figure.to_string(), figure.alt);
}

#[test]
fn what_cannot_be_drawn_is_named() {
    let zeros = |size: &[i64]| Tensor::zeros(size, (Kind::Float, Device::Cpu));
    let error = |r: convlens::Result<Figure>| r.unwrap_err().to_string();
    assert!(error(show::heat_map(&zeros(&[3, 4, 5]))).contains("got [3, 4, 5]"));
    assert!(error(show::heat_map(&zeros(&[0, 5]))).contains("at least one value"));
    assert!(error(show::image(&zeros(&[2, 3, 4, 5]))).contains("2 images"));
    assert!(error(show::image(&(zeros(&[1, 3, 4, 5]) / 0.0))).contains("NaN"));
    assert!(error(show::images(&zeros(&[2, 3, 4, 5]), 0)).contains("columns"));
    let one = ["a".to_string()];
    assert!(error(show::captioned(&zeros(&[2, 3, 4, 5]), &one, 2)).contains("expected 2, got 1"));
    assert!(error(show::filter_grid(&zeros(&[8, 64, 3, 3]), Scale::Shared)).contains("reshape"));
    let many = zeros(&[200_000, 1, 3, 3]);
    assert!(error(show::filter_grid(&many, Scale::Shared)).contains("narrow"));
    assert!(error(show::row::<Figure>(&[])).contains("0 figures"));
    assert!(error(show::filter_grids(&[], 4)).contains("0 figures"));
    let deep = [("conv1_2".to_string(), zeros(&[8, 64, 3, 3]))];
    assert!(error(show::filter_grids(&deep, 4)).contains("reshape"));
    let backwards = HeatMap { range: Some([1.0, 0.0]), ..HeatMap::default() };
    assert!(error(backwards.draw(&zeros(&[2, 2]))).contains("lower value first"));
    let percent = HeatMap { clip_percentile: 0.0, ..HeatMap::default() };
    assert!(error(percent.draw(&zeros(&[2, 2]))).contains("clip_percentile"));
    assert!(
        show::overlay(&pixels::to_grey(&zeros(&[1, 3, 2, 2])).unwrap(), &zeros(&[2, 2])).is_err()
    );
}
