//! Banks of features: a category for each row, each on one line.
#![no_main]

use convlens::neighbours::Bank;
use convlens::prelude::Tensor;
use convlens_fuzz::{read, seeds, written};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: seeds(banks), |data: &[u8]| {
    if let Some(bank) = read(data, |path| Bank::load(path)) {
        let rows = bank.files.len();
        assert!(bank.categories.len() == rows && bank.features.size()[0] == rows as i64);
        let texts = bank.categories.iter().chain(&bank.skipped).chain([&bank.layer]);
        for text in texts {
            assert!(!text.contains("EVCXR_") && !text.chars().any(char::is_control), "{text:?}");
        }
    }
});

fn banks() -> Vec<Vec<u8>> {
    let bank = |rows: usize, skipped: &[&str]| Bank {
        layer: "relu5".into(),
        files: (0..rows).map(|i| format!("data/cat/{i}.png")).collect(),
        categories: vec!["cat".into(); rows],
        features: Tensor::from_slice(&vec![0.5f32; rows * 3]).view([rows as i64, 3]),
        skipped: skipped.iter().map(|text| text.to_string()).collect(),
    };
    let saved = |bank: Bank| written("bank", |path| bank.save(path).expect("a bank can be saved"));
    vec![saved(bank(1, &[])), saved(bank(4, &["x.png: the file is empty; copy it again"]))]
}
