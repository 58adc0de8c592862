//! Torch checkpoints and safetensors: nothing in them is run, and their tensors are whole.
//!
//! The first byte tells a file as it is (0) from a pickle and a storage to be put into an archive.
#![no_main]

use convlens::zoo::Weights;
use convlens_fuzz::{archive, read, repository, seeds};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: seeds(fixtures), |data: &[u8]| {
    let file = match data.split_first() {
        Some((0, file)) => Some(file.to_vec()),
        Some((_, parts)) => archive::zipped(parts),
        None => None,
    };
    let weights = file.and_then(|file| read(&file, |path| Weights::read(path)));
    if let Some(mut weights) = weights {
        for name in weights.names() {
            let shape = weights.shape(&name).expect("a name has a shape");
            let tensor = weights.take(&name, &shape).expect("of this shape");
            assert!(tensor.is_contiguous() && tensor.size() == shape);
        }
    }
});

fn fixtures() -> Vec<Vec<u8>> {
    let folder = repository().join("tests/fixtures/checkpoint");
    let files = std::fs::read_dir(folder).expect("the fixtures are there");
    let mut seeds = vec![];
    for file in files {
        let bytes = std::fs::read(file.expect("a file").path()).expect("a fixture can be read");
        seeds.extend(archive::parts(&bytes).map(|parts| [&[1], &parts[..]].concat()));
        seeds.push([&[0], &bytes[..]].concat());
    }
    seeds
}
