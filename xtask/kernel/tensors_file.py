"""Writes a safetensors file: the same arrays give the same bytes."""

import json
import struct

import numpy as np


def write(arrays, path, metadata=None):
    """`arrays`: (name, array) pairs, stored in their order as f32. `metadata`: text by name.

    The format: the length of the header, the header, the numbers.
    """
    arrays = [(name, np.ascontiguousarray(array, "<f4")) for name, array in arrays]
    header = {"__metadata__": metadata} if metadata else {}
    offset = 0
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
