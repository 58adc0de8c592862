"""Networks of source archives become safetensors, and nothing in an archive is run."""

import io
import json
import os
import pickle
import struct
import tarfile
import tempfile
import unittest

import numpy as np
from support import KERNEL  # noqa: F401  (it puts the scripts on the path)

import convert_weights


def archive(folder, name, content):
    path = os.path.join(folder, "package.tar.gz")
    with tarfile.open(path, "w:gz") as tar:
        entry = tarfile.TarInfo(f"package-1/{name}")
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content))
    return path


class Caller:
    def __reduce__(self):
        return os.mkdir, ("made by a pickle",)


class ConvertWeights(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def test_a_pickle_that_calls_something_is_refused(self):
        path = archive(self.folder, "weights/alexnet.ckpt", pickle.dumps({"kernel": Caller()}))
        with self.assertRaisesRegex(pickle.UnpicklingError, "refused posix.mkdir"):
            convert_weights.main("alexnet", path, os.path.join(self.folder, "out"))
        self.assertFalse(os.path.exists("made by a pickle"))
        self.assertFalse(os.path.exists(os.path.join(self.folder, "out")))

    def test_kernels_come_out_as_torchvision_keeps_them(self):
        layers = {}
        for i, (side, before, after) in enumerate([(11, 3, 4), (5, 4, 2), (3, 2, 2), (3, 2, 2), (3, 2, 2)]):
            kernel = np.arange(side * side * before * after, dtype="f4").reshape(side, side, before, after)
            layers[f"Conv_{i}"] = {"kernel": kernel, "bias": np.arange(after, dtype="f4")}
        path = archive(self.folder, "weights/alexnet.ckpt", pickle.dumps({"AlexNet_0": layers}))
        out = os.path.join(self.folder, "out")
        convert_weights.main("alexnet", path, out)
        with open(out, "rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            header = json.loads(file.read(length))
            values = np.frombuffer(file.read(), "<f4")
        self.assertEqual(header["features.0.weight"]["shape"], [4, 3, 11, 11])
        # Height 2, width 1, in 2, out 3 of [11, 11, 3, 4], and where it went.
        self.assertEqual(values[3 * 363 + 2 * 121 + 2 * 11 + 1], 2 * 132 + 1 * 12 + 2 * 4 + 3)
        self.assertEqual(header["features.10.bias"]["shape"], [2])

    def test_caffes_colours_and_torchvisions_give_the_same_sum(self):
        random = np.random.default_rng(4)
        kernel, bias = random.normal(size=(3, 3, 3, 5)).astype("f4"), random.normal(size=5).astype("f4")
        rgb = random.uniform(size=(3, 3, 3))  # one window: height, width, colour
        caffe = (255 * rgb)[:, :, ::-1] - [104, 117, 123]
        by_caffe = np.einsum("hwc,hwco->o", caffe, kernel) + bias
        moved, rest = convert_weights.with_torchvisions_colours(kernel, bias)
        colours = (rgb - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
        by_torchvision = np.einsum("hwc,hwco->o", colours, moved) + rest
        np.testing.assert_allclose(by_torchvision, by_caffe, rtol=1e-12)


if __name__ == "__main__":
    unittest.main()
