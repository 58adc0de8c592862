//! Damage anywhere in a file is an error or other numbers, never a panic.

use crate::craft::*;
use proptest::prelude::*;

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(fixture(name)).unwrap()
}

#[test]
fn every_truncation_is_an_error() {
    for name in FIXTURES {
        let whole = bytes(name);
        assert!(read_bytes(&whole).is_ok());
        for length in 0..whole.len() {
            assert!(read_bytes(&whole[..length]).is_err(), "{name} cut to {length}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn changed_bytes_never_panic(
        file in prop::sample::select(FIXTURES.to_vec()),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut bytes = bytes(file);
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Ok(mut weights) = read_bytes(&bytes) {
            for name in weights.names() {
                let shape = weights.shape(&name).unwrap();
                prop_assert_eq!(weights.take(&name, &shape).unwrap().size(), shape);
            }
        }
    }

    #[test]
    fn any_pickle_never_panics(opcodes in prop::collection::vec(
        prop::sample::select(b"(tNKJX)]}aesuqhcQRb.\x80\x81\x85\x86\x87\x88\x8a\x93\x94\x00".to_vec()),
        0..60,
    )) {
        let _ = read_bytes(&zipped(&opcodes, &[0; 16]));
        let _ = read_bytes(&legacy(&opcodes, 4, &[0; 16]));
    }
}

/// A flipped bit in a number gives another number; only the archive's checksum tells.
#[test]
fn a_flipped_bit_in_an_archive_is_refused() {
    let numbers = f32s(&[0.19, -2.0, 3.5]);
    let object = dict(&[("bias", tensor(storage(3), (0, &[3], &[1])))]);
    let whole = zipped(&object, &numbers);
    assert!(read_bytes(&whole).is_ok());
    let at = whole.windows(12).position(|bytes| bytes == numbers).unwrap();
    for place in at..at + 12 {
        for bit in 0..8 {
            let mut flipped = whole.clone();
            flipped[place] ^= 1 << bit;
            let why = complaint(&flipped);
            assert!(why.contains("checksum") && why.contains("damaged"), "{why}");
        }
    }
}
