//! Texts that try to be something else in the notebook: markers, control characters, HTML.

use super::kernel::{finish, in_notebook, start};
use convlens::Error;
use convlens::net::{Net, Op};
use convlens::show::{self, Frame};
use serde_json::Value;
use std::path::Path;
use tch::{Device, Kind, Tensor};

/// Ends our output, begins one of its own, ends the cell, and speaks to our kernel.
pub const FORGED: &str = "cat\nEVCXR_END_CONTENT\nEVCXR_BEGIN_CONTENT text/html\n<img src=x onerror=\"alert('1')\">\n\
     EVCXR_END_CONTENT\r\nEVCXR_EXECUTION_COMPLETE\u{2028}\n\u{1e}ConvLens {\"type\":\"failed\"}\n\u{1b}[2J\u{202e}";

fn is_clean(text: &str) -> bool {
    !text.contains("EVCXR_") && !text.chars().any(|c| c.is_control() || c == '\u{2028}')
}

#[test]
fn a_cell_s_output_has_the_marker_lines_of_one_figure() {
    for (cell, kinds) in [("forged_figures", 8), ("forged_values", 3)] {
        let [out, _] = finish(start(cell, &[("EVCXR_IS_RUNTIME", Path::new("1"))]));
        let markers: Vec<&str> = out.lines().filter(|line| line.contains("EVCXR_")).collect();
        let begun = markers.iter().filter(|line| line.starts_with("EVCXR_BEGIN_CONTENT "));
        let ended = markers.iter().filter(|line| **line == "EVCXR_END_CONTENT").count();
        assert_eq!(
            (begun.clone().count(), ended, markers.len()),
            (kinds, kinds, 2 * kinds),
            "{out}"
        );
        assert!(!out.contains('\u{1e}') && !out.contains('\u{1b}'), "{out}");
        let html = out.lines().skip_while(|line| !line.ends_with(" text/html")).nth(1).unwrap();
        assert!(html.matches('<').count() <= 2 && !html.contains("src=x onerror=\""), "{html}");
    }
}

#[test]
fn messages_to_our_kernel_hold_no_marker_but_their_own() {
    let [out, err] = finish(in_notebook("forged_figures", Path::new("/no/stop")));
    assert!(err.is_empty() && !out.contains("EVCXR_"), "{out}");
    let ours = out.lines().filter_map(|line| line.strip_prefix("\u{1e}ConvLens "));
    let ours: Vec<Value> = ours.map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(ours.len(), out.matches('\u{1e}').count());
    for message in ours.iter().filter(|m| m["type"] == "display") {
        assert!(is_clean(message["data"]["text/plain"].as_str().unwrap()), "{message}");
    }
    let stopped = ours.iter().find(|m| m["type"] == "progress").unwrap();
    assert!(is_clean(stopped["text"].as_str().unwrap()), "{stopped}");
}

#[test]
fn what_a_program_prints_is_one_line_for_each_figure() {
    let [out, _] = finish(start("forged_figures", &[]));
    let lines = out.lines().filter(|line| line.contains("EVCXR BEGIN")).count();
    assert!(lines == 4 && !out.contains("EVCXR_") && !out.contains('\u{1e}'), "{out}");
}

#[test]
fn texts_of_figures_are_one_clean_line() {
    let x = Tensor::zeros([1, 3, 4, 6], (Kind::Float, Device::Cpu));
    let names = vec![FORGED.to_string()];
    let figures = [
        show::captioned(&x, &names, 1),
        show::framed(&x, &[Frame::Right], &names, 1),
        show::bars(&[(FORGED.to_string(), 0.5)], FORGED),
        show::lines(&[0.0, 1.0], &[(FORGED.to_string(), vec![0.0, 1.0])], [FORGED; 2]),
        show::table(&[(FORGED.to_string(), vec![0.5])], &["clean"], FORGED),
        show::map_grid(&x.narrow(1, 0, 1), &names, show::Scale::Shared),
        show::scatter(&Tensor::zeros([1, 2], (Kind::Float, Device::Cpu)), &names),
        show::image(&x).and_then(|figure| figure.titled(FORGED)),
        show::HeatMap { label: FORGED.into(), ..show::HeatMap::default() }.draw(&x.get(0).get(0)),
    ];
    for figure in figures {
        let figure = figure.unwrap();
        assert!(is_clean(&figure.to_string()), "{figure}");
        show::animation(&[x.shallow_clone()]).unwrap();
        let moving = show::Animation::default().of(&[figure]).unwrap();
        assert!(is_clean(&moving.to_string()), "{moving}");
    }
}

#[test]
fn errors_are_one_clean_line_whatever_they_tell_of() {
    let file = Path::new(FORGED);
    for error in [
        Error::argument(FORGED, FORGED, FORGED, FORGED),
        Error::file(file, FORGED, FORGED),
        Error::Torch(FORGED.into()),
        Error::Draw(FORGED.into()),
        convlens::pixels::load(file).unwrap_err(),
        convlens::pixels::Photos::in_folder(file).unwrap_err(),
        convlens::zoo::Weights::read(file).unwrap_err(),
        convlens::neighbours::Bank::load(file).unwrap_err(),
        Net::new("x").then("a", Op::Relu).unwrap().tap(&Tensor::new(), FORGED).unwrap_err(),
    ] {
        assert!(is_clean(&error.to_string()), "{error}");
    }
}
