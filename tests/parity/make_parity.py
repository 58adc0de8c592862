"""Expected values for tests/parity, from torch 2.13.0, torchvision 0.28.0, captum 0.9.0 and
efficientnet_lite_pytorch 0.1.0 and safetensors 0.8.0 (all from PyPI): python make_parity.py [family ...]

Weights and images come from a formula that the tests compute too (formula.py), so only results are
stored, from double precision: for each layer its length (the root of the sum of squares) and its projection
on a direction of the formula's. Names are nested at their dots to save space; a module of four equal vectors is a BatchNorm.
"""

import json
import os
import pathlib
import sys

import torch
import torchvision.models as tv
from captum.attr import Deconvolution, GuidedBackprop, Saliency
from efficientnet_lite_pytorch import EfficientNet
from formula import image, nested, short, summary, weights
from layers import calls, layers, lecture_names
from safetensors.torch import load_file

HERE = pathlib.Path(__file__).parent
MEAN, STD = torch.tensor([[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]], dtype=torch.double).view(2, 1, 3, 1, 1)


def shapes_of(model):
    state = model.state_dict()
    return {k: list(v.shape) for k, v in state.items() if not k.endswith("num_batches_tracked")}


def torchvision(model, gain=1.0, n=1):
    model, size = model.eval().double(), [n, 68, 98]
    shapes = shapes_of(model)
    model.load_state_dict(weights(shapes, gain), strict=False)
    names = lecture_names(model) if isinstance(model, (tv.AlexNet, tv.VGG)) else {}
    return expected(shapes, size, gain, layers(model, (image(*size).double() - MEAN) / STD, names))


def expected(shapes, size, gain, made):
    for name, output in made.items():
        largest = output.abs().max().item()
        assert 1e-3 < largest < 1e3, (name, largest)
    print(f"{len(made)} layers", end="; ", flush=True)
    results = nested({name: summary(output) for name, output in made.items()})
    return {"weights": short(nested(shapes)), "image": size, "gain": gain, "layers": results}


def efficientnet_lite(version):
    model = EfficientNet.from_name(f"efficientnet-lite{version}").eval().double()
    shapes, size, gain = shapes_of(model), [2, 64, 96], 0.8
    model.load_state_dict(weights(shapes, gain), strict=False)
    x = (image(*size).double() - 127 / 255) / (128 / 255)
    seen = {name: output for name, _, _, output in calls(model, x)}
    made = {"normalize": x}

    def unit(ours, conv, norm, relu=True):
        made[f"{ours}.conv"], made[f"{ours}.bn"] = seen[conv], seen[norm]
        if relu:
            made[f"{ours}.relu"] = seen[norm].clamp(0, 6)

    unit("stem", "_conv_stem", "_bn0")
    for i, block in enumerate(model._blocks):
        at = f"_blocks.{i}"
        if f"{at}._expand_conv" in seen:
            unit(f"block{i}.expand", f"{at}._expand_conv", f"{at}._bn0")
        unit(f"block{i}.depthwise", f"{at}._depthwise_conv", f"{at}._bn1")
        unit(f"block{i}.project", f"{at}._project_conv", f"{at}._bn2", relu=False)
        if not torch.equal(seen[at], seen[f"{at}._bn2"]):
            made[f"block{i}.add"] = seen[at]
    unit("head", "_conv_head", "_bn1")
    made["pool"], made["fc"] = seen["_avg_pooling"], seen["_fc"]
    made["flatten"] = made["pool"].flatten(1)
    return expected(shapes, size, gain, made)


class Normalised(torch.nn.Module):
    """RGB in 0..1 to torchvision's colours, then the network."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x):
        return self.net((x - MEAN) / STD)


def features(whole, weights_of):
    """A network without its classifier: module, weights and our names for its layers."""
    names = {key.removeprefix("features."): ours for key, ours in lecture_names(whole).items()}
    net = torch.nn.Module()
    net.features = whole.features
    shapes = shapes_of(net)
    net.load_state_dict(weights_of(shapes))
    return Normalised(whole.features.eval()), shapes, {f"net.{i}": name for i, name in names.items()}


def vgg16_features():
    """The layers, and what the three backward rules send to the pixels."""
    size, gain = [1, 64, 96], 0.8
    model, shapes, names = features(tv.vgg16(), lambda shapes: weights(shapes, gain))
    model, x = model.double(), image(*size).double()
    result = expected(shapes, size, gain, layers(model, x, names))
    # In single precision rounding lights one ReLU at its kink and moves the gradient by 3 %.
    target = (495, 1, 2)
    peers = {"Gradient": Saliency, "Guided": GuidedBackprop, "Deconvnet": Deconvolution}
    result["neuron"] = {}
    for rule, peer in peers.items():
        options = {"abs": False} if peer is Saliency else {}
        given = x.clone().requires_grad_()
        result["neuron"][rule] = summary(peer(model).attribute(given, target=target, **options))
    return result


def alexnet_features():
    size, gain = [2, 68, 98], 1.0
    model, shapes, names = features(tv.alexnet(), lambda shapes: weights(shapes, gain))
    return expected(shapes, size, gain, layers(model.double(), image(*size).double(), names))


def set_up(file, build):
    """Every layer of a network with the weights that set-up puts into the cache, in double precision."""
    home = pathlib.Path(os.environ.get("CONVLENS_HOME", pathlib.Path.home() / ".cache/convlens"))
    size = [1, 99, 134]
    model, _, names = build(load_file(home / "weights" / file))
    made = layers(model.double(), image(*size).double(), names)
    return {"image": size, "layers": nested({name: summary(x) for name, x in made.items()})}


def squeezenet1_1(tensors):
    """torchvision's layers with the authors' weights as Caffe would use them: colours by its own mean."""
    net = tv.squeezenet1_1().eval()
    net.load_state_dict(tensors)
    return Normalised(net), None, {f"net.{name}": name for name, _ in net.named_modules() if name}


def of_set_up():
    trunk = lambda whole: lambda tensors: features(whole, lambda _: tensors)
    return {
        "Vgg16Features": set_up("vgg16-features.safetensors", trunk(tv.vgg16())),
        "AlexNetFeatures": set_up("alexnet-features.safetensors", trunk(tv.alexnet())),
        "SqueezeNet1_1": set_up("squeezenet1_1-caffe.safetensors", squeezenet1_1),
    }


def family(prefix, ours, variants, **options):
    return {f"{ours}{v}".replace("_bn", "Bn"): torchvision(getattr(tv, f"{prefix}{v}")(), **options) for v in variants}


def published(name):
    """What torchvision says of the weights it publishes."""
    weights = tv.get_model_weights(name).IMAGENET1K_V1
    test = weights.transforms()
    return {
        "file": weights.url.split("/")[-1],
        "parameters": weights.meta["num_params"],
        "megabytes": weights.meta["_file_size"],
        "input": [*test.crop_size, *test.resize_size],
    }


PUBLISHED = """alexnet vgg11 vgg11_bn vgg13 vgg13_bn vgg16 vgg16_bn vgg19 vgg19_bn squeezenet1_0 squeezenet1_1 resnet18
resnet34 resnet50 resnet101 resnet152 densenet121 densenet161 densenet169 densenet201 googlenet""".split()

FAMILIES = {
    "published": lambda: {name: published(name) for name in PUBLISHED},
    "resnet": lambda: family("resnet", "ResNet", [18, 34, 50, 101, 152], gain=0.6),
    "vgg": lambda: family("vgg", "Vgg", [f"{d}{n}" for d in (11, 13, 16, 19) for n in ("", "_bn")]),
    "alexnet": lambda: {"AlexNet": torchvision(tv.alexnet(), n=2)},
    "squeezenet": lambda: family("squeezenet", "SqueezeNet", ["1_0", "1_1"], n=2),
    "densenet": lambda: family("densenet", "DenseNet", [121, 161, 169, 201]),
    "googlenet": lambda: {"GoogLeNet": torchvision(tv.googlenet(transform_input=True, init_weights=False))},
    "efficientnet_lite": lambda: {f"EfficientNetLite{v}": efficientnet_lite(v) for v in range(3)},
    "features": lambda: {"Vgg16Features": vgg16_features(), "AlexNetFeatures": alexnet_features()},
    "set_up": of_set_up,
}

if __name__ == "__main__":
    for name in sys.argv[1:] or FAMILIES:
        print(name, end=": ", flush=True)
        made = {network: json.dumps(parts, separators=(",", ":")) for network, parts in FAMILIES[name]().items()}
        rows = [f'"{network}":{text}' for network, text in made.items()]
        (HERE / f"{name}.json").write_text("{" + ",\n".join(rows) + "}\n")
        print(", ".join(f"{network} {len(text) // 1024} KB" for network, text in made.items()))
