//! What only old torch wrote, as torch's own reader still understands it.

use crate::craft::*;

/// f32 0, 1, 2, 3 as storage `0`.
fn only(object: &[u8]) -> Vec<f32> {
    let numbers = f32s(&[0.0, 1.0, 2.0, 3.0]);
    let mut weights = read_bytes(&legacy(object, 4, &numbers)).unwrap();
    floats(&weights.take("w", &[2]).unwrap())
}

#[test]
fn rebuild_tensor_of_four_arguments() {
    let arguments = tuple(&[storage(4), int(1), ints(&[2]), ints(&[2])]);
    let tensor = [&b"ctorch._utils\n_rebuild_tensor\n"[..], &arguments, b"R"].concat();
    assert_eq!(only(&dict(&[("w", tensor)])), [1.0, 3.0]);
}

#[test]
fn a_parameter_called_and_a_parameter_with_a_state() {
    let tensor = tensor(storage(4), (2, &[2], &[1]));
    let class = b"ctorch.nn.parameter\nParameter\n".to_vec();
    let called = [class.clone(), tuple(&[tensor.clone(), b"\x88".to_vec()]), b"R".to_vec()];
    assert_eq!(only(&dict(&[("w", called.concat())])), [2.0, 3.0]);
    let state = tuple(&[tensor, b"N}\x88\x89".to_vec()]);
    let memoized = [class, b")\x81q\x00".to_vec(), state, b"b".to_vec()].concat();
    let again = dict(&[("first", memoized), ("w", b"h\x00".to_vec())]);
    assert_eq!(only(&again), [2.0, 3.0]);
}

#[test]
fn an_ordered_dict_of_pairs_as_python_2_has_it() {
    let pair = [&b"]("[..], b"U\x01w", &tensor(storage(4), (0, &[2], &[3])), b"e"].concat();
    let call = [&b"ccollections\nOrderedDict\n]"[..], &pair, b"a\x85R"].concat();
    assert_eq!(only(&call), [0.0, 3.0]);
}

#[test]
fn a_part_of_a_storage() {
    let part = |start, len| tuple(&[text("7"), int(start), int(len)]);
    let head = [text("storage"), b"ctorch\nFloatStorage\n".to_vec(), text("0"), text("cpu")];
    let named = |part| [tuple(&[head.concat(), int(4), part]), b"Q".to_vec()].concat();
    let storage = named(part(2, 2));
    let view = tensor(storage.clone(), (0, &[2], &[1]));
    assert_eq!(only(&dict(&[("w", view)])), [2.0, 3.0]);
    let beyond = dict(&[("w", tensor(storage, (1, &[2], &[1])))]);
    let why = complaint(&legacy(&beyond, 4, &[0; 16]));
    assert!(why.starts_with("a tensor of shape [2], strides [1], offset 3 does not fit"), "{why}");
    let outside = dict(&[("w", tensor(named(part(2, 3)), (0, &[1], &[1])))]);
    let why = complaint(&legacy(&outside, 4, &[0; 16]));
    assert!(why.starts_with("it names a part outside of a storage;"), "{why}");
}
