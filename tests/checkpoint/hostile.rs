//! Pickles that want to run something, or to be too much.

use crate::craft::*;
use convlens::zoo::Weights;

const ADVICE: &str = "only weights are read: in Python, `torch.save(model.state_dict(), path)`";

#[test]
fn a_pickle_that_runs_a_command_is_refused_by_name() {
    let wish = "this file wants to run `os.system`; it is refused";
    let object = [&b"cos\nsystem\n"[..], &text("echo harm"), b"\x85R"].concat();
    assert_eq!(complaint(&zipped(&object, &[])), format!("{wish}; {ADVICE}"));
    assert_eq!(complaint(&legacy(&object, 0, &[])), format!("{wish}; {ADVICE}"));
    assert_eq!(complaint(&[b"\x80\x02", &object[..], b"."].concat()), format!("{wish}; {ADVICE}"));
    let newer = [text("builtins"), text("eval"), b"\x93".to_vec()].concat();
    assert!(complaint(&zipped(&newer, &[])).contains("wants to run `builtins.eval`"));
}

#[test]
fn a_pickled_model_is_refused_by_its_class() {
    let error = Weights::read(fixture("whole_model.pth")).unwrap_err().to_string();
    assert!(error.contains("wants to run `torch.nn.modules.linear.Linear`; it is"), "{error}");
}

#[test]
fn opcodes_that_no_weights_need_are_refused_by_number() {
    for opcode in [b'i', b'o', b'P', 0x82, 0x83, 0x84, 0x92, 0x97, 0xff] {
        let why = complaint(&zipped(&[b'(', opcode, 0, 0, 0, 0], &[]));
        let refusal = format!("opcode 0x{opcode:02x}, which no saved weights need; it is refused");
        assert!(why.contains(&refusal), "{why}");
    }
}

#[test]
fn only_whitelisted_names_can_be_called() {
    let called = |object: &[u8]| complaint(&zipped(object, &[]));
    assert!(called(b"}(tR").starts_with("it calls a dict;"));
    assert!(called(b"ctorch\nFloatStorage\n)R").contains("with 0 arguments;"));
    assert!(called(b"K\x01}b").starts_with("it gives a number a state;"));
    assert!(called(b"}(K\x01u").starts_with("its pickle fills a dict;"));
    assert!(called(b"}K\x01Q").starts_with("it has a number for a tuple;"));
}

#[test]
fn deep_and_shared_values_cost_no_more_than_their_opcodes() {
    let deep = [vec![b']'; 300_000], vec![b'a'; 299_999]].concat();
    assert!(complaint(&zipped(&deep, &[])).starts_with("expected a dict of tensors, the file has"));
    let marks = vec![b'('; 300_000];
    assert!(complaint(&zipped(&marks, &[])).starts_with("its pickle takes more than it put down"));
    let doubling = [&b")q\x00"[..], &b"h\x00h\x00\x86q\x00".repeat(64)].concat();
    let why = complaint(&zipped(&doubling, &[]));
    assert!(why.starts_with("expected a dict of tensors, the file has a tuple"), "{why}");
    let itself = b"}q\x00X\x01\x00\x00\x00ah\x00s";
    let why = complaint(&zipped(itself, &[]));
    assert!(why.starts_with("expected a tensor as `a`, the file has a dict"), "{why}");
}

#[test]
fn a_mark_is_a_floor() {
    for below in [&b"NN(\x86t"[..], b"}(s", b"K\x01(\x85", b"(tt", b"h\x00", b"q\x00"] {
        let why = complaint(&zipped(below, &[]));
        assert!(why.starts_with("its pickle "), "{why}");
    }
}

#[test]
fn work_is_limited() {
    let why = complaint(&zipped(&vec![b'N'; 1 << 20], &[]));
    assert!(why.starts_with("its pickle takes more than 1048576 steps"), "{why}");
    let pairs = [&b"]("[..], &b"K\x01K\x02\x86".repeat(2000), b"eq\x00"].concat();
    let calls = b"ccollections\nOrderedDict\nh\x00\x85R".repeat(2000);
    let why = complaint(&zipped(&[pairs, calls].concat(), &[]));
    assert!(why.starts_with("its pickle takes more than 1048576 steps"), "{why}");
}

#[test]
fn lengths_of_texts_and_integers_are_not_believed() {
    let why = complaint(&zipped(b"X\xff\xff\xff\xff", &[]));
    assert!(why.starts_with("it has a text of 4294967295 bytes"), "{why}");
    let why = complaint(&zipped(b"X\x00\xff\x00\x00ab", &[]));
    assert!(why.starts_with("the file ends too early"), "{why}");
    let why = complaint(&zipped(&[&b"\x8a\xff"[..], &[1; 255]].concat(), &[]));
    assert!(why.starts_with("it has an integer of 255 bytes"), "{why}");
    let why = complaint(&zipped(&[b'c'; 2000], &[]));
    assert!(why.starts_with("it has a name too long"), "{why}");
}

/// A tensor without numbers may claim any other size, and sums of such sizes overflow.
#[test]
fn empty_tensors_of_absurd_sizes_are_refused() {
    let far = 1 << 62;
    let object = dict(&[("bias", tensor(storage(3), (0, &[far, 0], &[1, 1])))]);
    for file in [zipped(&object, &f32s(&[0.0; 3])), legacy(&object, 3, &f32s(&[0.0; 3]))] {
        let why = complaint(&file);
        assert!(why.contains("a tensor of shape [4611686018427387904, 0]"), "{why}");
    }
    let empty = dict(&[("bias", tensor(storage(3), (0, &[7, 0], &[1, 1])))]);
    assert!(read_bytes(&zipped(&empty, &f32s(&[0.0; 3]))).is_ok());
}
