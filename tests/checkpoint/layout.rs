//! Storages, tensors and archives whose numbers do not add up.

use crate::craft::*;
use zip::CompressionMethod::{Deflated, Stored};

/// One tensor `w` on a storage that claims `len` numbers.
fn one(len: i64, place: (i64, &[i64], &[i64])) -> Vec<u8> {
    dict(&[("w", tensor(storage(len), place))])
}

#[test]
fn storages_must_be_as_long_as_they_claim() {
    let object = one(4, (0, &[4], &[1]));
    let why = complaint(&zipped(&object, &[0; 8]));
    assert!(why.starts_with("`archive/data/0` has 8 bytes, not 16;"), "{why}");
    let why = complaint(&zipped(&object, &[0; 32]));
    assert!(why.starts_with("`archive/data/0` has 32 bytes, not 16;"), "{why}");
    for count in [2, 5, u64::MAX] {
        let why = complaint(&legacy(&object, count, &[0; 16]));
        assert!(why.starts_with(&format!("storage `0` has {count} numbers, not 4;")), "{why}");
    }
    let why = complaint(&legacy(&object, 4, &[0; 13]));
    assert!(why.starts_with("the file ends 3 bytes too early;"), "{why}");
}

#[test]
fn claims_beyond_the_file_are_refused_before_memory_is_taken() {
    let why = complaint(&zipped(&one(1 << 40, (0, &[1 << 40], &[1])), &[]));
    assert!(why.starts_with("it claims 4398046511104 bytes of numbers, the file has"), "{why}");
    let why = complaint(&zipped(&one(i64::MAX, (0, &[1], &[1])), &[]));
    assert!(why.starts_with("a storage of 9223372036854775807 numbers;"), "{why}");
    let many: Vec<_> = (0..100).map(|i| format!("w{i}")).collect();
    let view = tensor(storage(100_000), (0, &[100_000], &[1]));
    let entries: Vec<_> = many.iter().map(|name| (name.as_str(), view.clone())).collect();
    let why = complaint(&zipped(&dict(&entries), &[0; 400_000]));
    assert!(why.ends_with("bytes in all; the file is damaged: get it again"), "{why}");
}

#[test]
fn tensors_must_lie_inside_their_storage() {
    let wrong: [(i64, &[i64], &[i64]); 8] = [
        (1, &[4], &[1]),
        (0, &[2, 3], &[3, 1]),
        (0, &[5], &[0]),
        (i64::MAX, &[1], &[1]),
        (3, &[2], &[i64::MAX]),
        (0, &[4], &[6_148_914_691_236_517_206]), // three times this is 2 modulo 2^64
        (0, &[1 << 40, 1 << 40], &[0, 0]),
        (0, &[2, i64::MAX], &[1, i64::MAX]),
    ];
    for place in wrong {
        for file in [zipped(&one(4, place), &[0; 16]), legacy(&one(4, place), 4, &[0; 16])] {
            assert!(complaint(&file).starts_with("a tensor of shape ["), "{place:?}");
        }
    }
    let why = complaint(&zipped(&one(4, (-1, &[1], &[1])), &[0; 16]));
    assert!(why.starts_with("it has -1 for a length or an offset;"), "{why}");
    let why = complaint(&zipped(&one(4, (0, &[1; 17], &[1; 17])), &[0; 16]));
    assert!(why.starts_with("a tensor has 17 dimensions and 17 strides;"), "{why}");
    let why = complaint(&zipped(&one(4, (0, &[2, 2], &[1])), &[0; 16]));
    assert!(why.starts_with("a tensor has 2 dimensions and 1 strides;"), "{why}");
}

#[test]
fn a_legacy_file_lists_each_storage_once_and_all_of_them() {
    let file = legacy(&one(1, (0, &[1], &[1])), 1, &[0; 4]);
    let keys = [&b"]"[..], &text("0"), b"a."].concat();
    let listing = |keys: &[Vec<u8>]| [b"](".to_vec(), keys.concat(), b"e.".to_vec()].concat();
    let why = complaint(&replaced(&file, &keys, &listing(&[text("0"), text("0")])));
    assert!(why.starts_with("it lists a storage twice;"), "{why}");
    let why = complaint(&replaced(&file, &keys, &listing(&[text("1")])));
    assert!(why.starts_with("nothing uses its storage `1`;"), "{why}");
    let why = complaint(&replaced(&file, &keys, &listing(&[])));
    assert!(why.starts_with("the numbers of `w` are not in the file;"), "{why}");
}

/// 65 537 = 0x10001 needs all four bytes of BININT.
#[test]
fn integers_of_every_width_are_read() {
    for (opcode, len) in
        [(&b"K\xff"[..], 255), (b"M\xff\xff", 65_535), (b"J\x01\x00\x01\x00", 65_537)]
    {
        let object = replaced(&one(7, (0, &[1], &[1])), &int(7), opcode);
        let why = complaint(&zipped(&object, &[]));
        assert!(why.starts_with(&format!("it claims {} bytes of numbers", 4 * len)), "{why}");
    }
    let object = replaced(&one(7, (5, &[1], &[1])), &int(5), b"J\xff\xff\xff\xff");
    let why = complaint(&zipped(&object, &[]));
    assert!(why.starts_with("it has -1 for a length or an offset;"), "{why}");
}

/// `bytes` with `new` in the place of `old`.
fn replaced(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let at = bytes.windows(old.len()).position(|window| window == old).unwrap();
    [&bytes[..at], new, &bytes[at + old.len()..]].concat()
}

#[test]
fn one_storage_has_one_length_and_every_name_one_tensor() {
    let (short, long) = (storage(2), storage(4));
    let [a, b] = [short, long].map(|storage| tensor(storage, (0, &[2], &[1])));
    let why = complaint(&zipped(&dict(&[("a", a.clone()), ("b", b)]), &[0; 16]));
    assert!(why.starts_with("it gives one storage two lengths or kinds;"), "{why}");
    let why = complaint(&zipped(&dict(&[("a", a.clone()), ("a", a)]), &[0; 8]));
    assert!(why.starts_with("`a` is there twice;"), "{why}");
    let why = complaint(&zipped(&dict(&[("lr", b"K\x01".to_vec())]), &[]));
    assert!(why.starts_with("expected a tensor as `lr`, the file has a number;"), "{why}");
}

#[test]
fn archives_that_torch_did_not_write_are_refused() {
    let pickle = [one(1, (0, &[1], &[1])), b".".to_vec()].concat();
    let entries: [(&str, &[u8]); 3] =
        [("data.pkl", &pickle), ("byteorder", b"little"), ("data/0", &[0; 4])];
    assert!(read_bytes(&archive(&entries, Stored)).is_ok());
    let why = complaint(&archive(&entries, Deflated));
    assert!(why.contains("is compressed; torch compresses nothing;"), "{why}");
    let why = complaint(&archive(&[entries[0], ("byteorder", b"big"), entries[2]], Stored));
    assert!(why.starts_with("its numbers are not little-endian;"), "{why}");
    let why = complaint(&archive(&entries[..2], Stored));
    assert!(why.starts_with("its archive lacks `archive/data/0`;"), "{why}");
    let why = complaint(&archive(&[entries[0], ("more/data.pkl", &pickle)], Stored));
    assert!(why.contains("with 2 entries `data.pkl` instead of one;"), "{why}");
    let why = complaint(&archive(&[("readme.txt", b"hello")], Stored));
    assert!(why.contains("with 0 entries `data.pkl` instead of one;"), "{why}");
}

#[test]
fn files_of_another_sort_are_named_by_how_they_begin() {
    let why = complaint(b"<!DOCTYPE html>\n<html>");
    assert!(why.contains("safetensors, the file begins `<!DOCTYPE html>\\n`;"), "{why}");
    assert!(complaint(b"").starts_with("the file is empty;"));
    let missing = convlens::zoo::Weights::read("no/such.pth").unwrap_err().to_string();
    assert_eq!(missing, "no/such.pth: there is no such file; check the path");
    assert!(convlens::zoo::Weights::read(env!("CARGO_MANIFEST_DIR")).is_err());
}
