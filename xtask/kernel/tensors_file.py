"""Writes named arrays as a safetensors file."""

import json
import struct


def write(arrays, path, metadata=None):
    """The safetensors format: length of the header, header, numbers; `arrays` are names and f32 arrays."""
    header, offset = {"__metadata__": metadata} if metadata else {}, 0
    for name, array in arrays:
        end = offset + array.nbytes
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for _, array in arrays:
            file.write(array.astype("<f4").tobytes())
