"""Rewrites the VGG-16 trunk of an HDF5 file as safetensors: `convert_vgg.py IN.h5 OUT.safetensors`.

Keras keeps kernels as height, width, in, out; here they become out, in, height, width. The input
channels stay in the order the network was trained with (blue, green, red).
"""

import json
import struct
import sys

import h5py
import numpy as np

CONVOLUTIONS = [2, 2, 3, 3, 3]  # in each of the five blocks


def layers():
    """Lecture name and HDF5 group of each convolution."""
    for block, count in enumerate(CONVOLUTIONS, 1):
        for i in range(count):
            group = "conv2d" if i == 0 else f"conv2d_{i}"
            yield f"conv{block}_{i + 1}", f"block{block}/layers/{group}/vars"


def tensors(path):
    """Name and f32 array, in lecture order."""
    with h5py.File(path) as file:
        for name, group in layers():
            kernel, bias = file[f"{group}/0"][()], file[f"{group}/1"][()]
            yield f"{name}.weight", np.ascontiguousarray(kernel.transpose(3, 2, 0, 1), "<f4")
            yield f"{name}.bias", np.ascontiguousarray(bias, "<f4")


def write(arrays, path):
    """The safetensors format: length of the header, header, numbers."""
    header, offset = {}, 0
    for name, array in arrays:
        end = offset + array.nbytes
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for _, array in arrays:
            file.write(array.tobytes())


if __name__ == "__main__":
    write(list(tensors(sys.argv[1])), sys.argv[2])
