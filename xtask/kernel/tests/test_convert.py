"""The converters of set-up: what is read from a file, and what is written, byte by byte."""

import struct
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

import numpy as np

KERNEL = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(KERNEL))
import convert_styles  # noqa: E402
import tensors_file  # noqa: E402


def field(number, content):
    """A protobuf field of bytes: its key, its length, itself."""
    return bytes([number << 3 | 2, len(content)]) + content


def onnx_tensor(name, numbers, kind=1):
    """TensorProto of shape [1, n]: dims 1, data_type 2, name 8, raw_data 9."""
    dims = field(1, bytes([1, len(numbers)]))
    raw = struct.pack(f"<{len(numbers)}f", *numbers)
    return dims + bytes([2 << 3, kind]) + field(8, name.encode()) + field(9, raw)


class Convert(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "file"

    def test_onnx_s_tensors_of_floats_are_read_and_all_else_is_skipped(self):
        node = field(1, field(3, b"a node"))
        tensors = [onnx_tensor("a", [0.5, -2.0]), onnx_tensor("whole", [3.0], kind=7)]
        graph = node + b"".join(field(5, tensor) for tensor in tensors)
        with zipfile.ZipFile(self.path, "w") as wheel:
            wheel.writestr(convert_styles.MODEL, bytes([1 << 3, 8]) + field(7, graph))
        read = convert_styles.initialisers(self.path)
        self.assertEqual(list(read), ["a"])
        self.assertEqual(read["a"].tolist(), [[0.5, -2.0]])

    def test_the_convolutions_are_eighteen(self):
        names = list(convert_styles.convolutions())
        self.assertEqual(len(names), 18)
        self.assertEqual(names[:4:3], [("down1", "contract.0"), ("block1a", "res.0.0")])
        self.assertEqual(names[-1], ("out", "expand.2"))

    def test_safetensors_byte_by_byte(self):
        arrays = [("b", np.array([[1, 2]], "f4").T), ("a", np.array([-0.5], "f4"))]
        tensors_file.write(arrays, self.path, metadata={"from": "this one test"})
        header = (
            b'{"__metadata__":{"from":"this one test"},'
            b'"b":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},'
            b'"a":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}'
        )
        header += b" " * (-len(header) % 8)
        numbers = struct.pack("<3f", 1, 2, -0.5)
        self.assertEqual(self.path.read_bytes(), struct.pack("<Q", len(header)) + header + numbers)


if __name__ == "__main__":
    unittest.main()
