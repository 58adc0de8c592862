"""Expected values for tests/parity, from torch 2.13.0, torchvision 0.28.0, captum 0.9.0 and
efficientnet_lite_pytorch 0.1.0 (all from PyPI): python make_parity.py [family ...]

Weights and images come from a formula that the tests compute too, so only results are stored: for each
layer its length (the root of the sum of squares) and its projection on a direction of the formula's.
Names are nested at their dots to save space; a module of four equal vectors is a BatchNorm.
"""

import json
import math
import pathlib
import re
import sys

import torch
import torchvision.models as tv
from captum.attr import Deconvolution, GuidedBackprop, Saliency
from efficientnet_lite_pytorch import EfficientNet

HERE = pathlib.Path(__file__).parent
NORM = ("weight", "bias", "running_mean", "running_var")


def formula(shape, seed):
    """Numbers in -1..1 by integer arithmetic alone: the same everywhere, to the last bit."""
    count = math.prod(shape)
    i = torch.arange(min(count, 1_000_003), dtype=torch.int64)
    mixed = (40503 * i * i + 2654435761 * i + 1013904223 * seed) % 2**32
    some = (mixed.double() / 2**31 - 1).float()
    return some.repeat(-(-count // len(some)))[:count].reshape(shape)


def weights(shapes, gain):
    """One tensor for each name: kernels scaled for their fan-in, variances and scales near 1."""
    made = {}
    for seed, (name, shape) in enumerate(sorted(shapes.items())):
        value = formula(shape, seed)
        if len(shape) > 1:
            value = value * (gain * (6 / math.prod(shape[1:])) ** 0.5)
        elif name.endswith("running_var") or name.endswith("weight"):
            value = 1 + value / 2
        else:
            value = value / 10
        made[name] = value
    return made


def summary(x):
    """The length of x and its projection, axis by axis, on directions of unit mean square."""
    at = x.detach().double()
    for axis, side in reversed(list(enumerate(x.shape))):
        at = at @ (formula([side], 2000 + axis).double() * 3**0.5)
    return [float(f"{v:.6g}") for v in (x.detach().double().norm().item(), at.item())]


def nested(flat):
    """{"a.b": 1, "a": 2} as {"a": {"b": 1, "": 2}}."""
    tree = {}
    for name, value in flat.items():
        *path, last = name.split(".")
        at = tree
        for part in path:
            if not isinstance(at.setdefault(part, {}), dict):
                at[part] = {"": at[part]}
            at = at[part]
        if isinstance(at.get(last), dict):
            at[last][""] = value
        else:
            at[last] = value
    return tree


def short(tree):
    """BatchNorms by their number of channels alone."""
    if not isinstance(tree, dict):
        return tree
    return tree["weight"][0] if set(tree) == set(NORM) else {k: short(v) for k, v in tree.items()}


def shapes_of(model):
    state = model.state_dict()
    return {k: list(v.shape) for k, v in state.items() if not k.endswith("num_batches_tracked")}


def image(n, h, w):
    return formula([n, 3, h, w], 1000) / 2 + 0.5


def calls(model, x):
    """Every call of every module, in order: name, module, input, output."""
    seen = []
    for name, module in model.named_modules():
        if hasattr(module, "inplace"):
            module.inplace = False
        copy = lambda x: x.clone() if isinstance(x, torch.Tensor) else x  # some functions overwrite
        hook = lambda m, i, o, name=name: seen.append((name, m, copy(i[0]), copy(o)))
        module.register_forward_hook(hook)
    with torch.no_grad():
        model(x)
    return seen


def layers(model, x, names):
    """The output of every layer by our names: torchvision's unless `names` has another."""
    made, modules = {}, dict(model.named_modules())
    for name, module, given, output in calls(model, x):
        kind, parent = type(module).__name__, type(modules[name.rpartition(".")[0]]).__name__
        if kind == "Conv2d":
            made.setdefault("normalize", given)
        if kind == "Linear":
            made.setdefault("flatten", given)
        if kind in ("BasicBlock", "Bottleneck", "Dropout", "Sequential", "_DenseLayer", "_Transition"):
            continue
        if kind == "ReLU" and parent in ("BasicBlock", "Bottleneck"):
            made[name.replace("relu", "add")] = given  # the last call's input is the sum
            name += str(1 + sum(re.fullmatch(re.escape(name) + r"\d", n) is not None for n in made))
        if kind == "BasicConv2d":
            name += ".relu"
        if kind == "SqueezeNet":
            name = "flatten"
        if layer := re.fullmatch(r"(.*denselayer)(\d+)\.norm1", name):
            made[f"{layer[1]}{int(layer[2]) - 1}.cat"] = given
        if kind == "_DenseBlock":
            name += f".denselayer{len(module)}.cat"
        if name:
            made[names.get(name, name)] = output
    made = {name: output for name, output in made.items() if "denselayer0" not in name}
    if "features.norm5" in made:
        made["features.relu5"] = made["features.norm5"].relu()
        made["avgpool"] = made["flatten"][:, :, None, None]
    return made


def lecture_names(model):
    """Our names for what AlexNet and VGG call features.0, features.1, ..."""
    names, block, conv = {}, 1, 0
    alexnet = type(model).__name__ == "AlexNet"
    for i, module in enumerate(model.features):
        kind = {"Conv2d": "conv", "BatchNorm2d": "bn", "ReLU": "relu", "MaxPool2d": "pool"}[type(module).__name__]
        conv += kind == "conv"
        at = conv if alexnet else block if kind == "pool" else f"{block}_{conv}"
        names[f"features.{i}"] = f"{kind}{at}"
        if kind == "pool" and not alexnet:
            block, conv = block + 1, 0
    linear = [i for i, m in enumerate(model.classifier) if type(m).__name__ != "Dropout"]
    ours = ["fc6", "relu6", "fc7", "relu7", "fc8"]
    return names | {f"classifier.{i}": name for i, name in zip(linear, ours)}


def torchvision(model, gain=1.0, n=1):
    model, size = model.eval(), [n, 68, 98]
    shapes = shapes_of(model)
    model.load_state_dict(weights(shapes, gain), strict=False)
    mean, std = torch.tensor([[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]]).view(2, 3, 1, 1)
    names = lecture_names(model) if isinstance(model, (tv.AlexNet, tv.VGG)) else {}
    return expected(shapes, size, gain, layers(model, (image(*size) - mean) / std, names))


def expected(shapes, size, gain, made):
    for name, output in made.items():
        largest = output.abs().max().item()
        assert 1e-3 < largest < 1e3, (name, largest)
    print(f"{len(made)} layers", end="; ", flush=True)
    results = nested({name: summary(output) for name, output in made.items()})
    return {"weights": short(nested(shapes)), "image": size, "gain": gain, "layers": results}


def efficientnet_lite(version):
    model = EfficientNet.from_name(f"efficientnet-lite{version}").eval()
    shapes, size, gain = shapes_of(model), [2, 64, 96], 0.8
    model.load_state_dict(weights(shapes, gain), strict=False)
    x = (image(*size) - 127 / 255) / (128 / 255)
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


class Caffe(torch.nn.Module):
    """RGB in 0..1 to BGR in 0..255 minus the mean, then the trunk."""

    def __init__(self, trunk):
        super().__init__()
        self.trunk = trunk

    def forward(self, x):
        mean = torch.tensor([103.939, 116.779, 123.68], dtype=x.dtype).view(1, 3, 1, 1)
        return self.trunk(x.flip(1) * 255 - mean)


def vgg16_trunk():
    """The trunk in Caffe's colours, and what the three backward rules send to the pixels."""
    whole, size, gain = tv.vgg16(), [1, 64, 96], 0.8
    trunk, names = whole.features.eval(), lecture_names(whole)
    names = {key.removeprefix("features."): ours for key, ours in names.items()}
    rename = lambda key: f"{names[key.split('.')[0]]}.{key.split('.')[1]}"
    shapes = {rename(key): shape for key, shape in shapes_of(trunk).items()}
    made = weights(shapes, gain)
    trunk.load_state_dict({key: made[rename(key)] for key in trunk.state_dict()})
    model, x = Caffe(trunk), image(*size)
    ours = layers(model, x, {f"trunk.{i}": name for i, name in names.items()})
    result = expected(shapes, size, gain, {k: v for k, v in ours.items() if k != "trunk"})
    # Double precision: in single, rounding lights one ReLU at its kink and moves the gradient by 3 %.
    model, target = Caffe(trunk).double(), (7, 1, 2)
    peers = {"Gradient": Saliency, "Guided": GuidedBackprop, "Deconvnet": Deconvolution}
    result["neuron"] = {}
    for rule, peer in peers.items():
        options = {"abs": False} if peer is Saliency else {}
        given = x.double().requires_grad_()
        result["neuron"][rule] = summary(peer(model).attribute(given, target=target, **options))
    return {"Vgg16Trunk": result}


def family(prefix, ours, variants, **options):
    return {f"{ours}{v}".replace("_bn", "Bn"): torchvision(getattr(tv, f"{prefix}{v}")(), **options) for v in variants}


FAMILIES = {
    "resnet": lambda: family("resnet", "ResNet", [18, 34, 50, 101, 152], gain=0.6),
    "vgg": lambda: family("vgg", "Vgg", [f"{d}{n}" for d in (11, 13, 16, 19) for n in ("", "_bn")]),
    "alexnet": lambda: {"AlexNet": torchvision(tv.alexnet(), n=2)},
    "squeezenet": lambda: family("squeezenet", "SqueezeNet", ["1_0", "1_1"], n=2),
    "densenet": lambda: family("densenet", "DenseNet", [121, 161, 169, 201]),
    "googlenet": lambda: {"GoogLeNet": torchvision(tv.googlenet(transform_input=True, init_weights=False))},
    "efficientnet_lite": lambda: {f"EfficientNetLite{v}": efficientnet_lite(v) for v in range(3)},
    "vgg16_trunk": vgg16_trunk,
}

if __name__ == "__main__":
    for name in sys.argv[1:] or FAMILIES:
        print(name, end=": ", flush=True)
        made = {network: json.dumps(parts, separators=(",", ":")) for network, parts in FAMILIES[name]().items()}
        rows = [f'"{network}":{text}' for network, text in made.items()]
        (HERE / f"{name}.json").write_text("{" + ",\n".join(rows) + "}\n")
        print(", ".join(f"{network} {len(text) // 1024} KB" for network, text in made.items()))
