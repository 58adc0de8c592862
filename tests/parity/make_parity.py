"""Expected values for tests/parity, from torch 2.13.0, torchvision 0.28.0, captum 0.9.0 and
efficientnet_lite_pytorch 0.1.0 (all from PyPI): python make_parity.py

Weights and images come from a formula that the tests compute too, so only results are stored: for each
layer its shape, its sum, its largest absolute value and SAMPLES of its values, evenly spaced.
"""

import json
import pathlib

import torch
import torchvision
from captum.attr import Deconvolution, GuidedBackprop, Saliency
from efficientnet_lite_pytorch import EfficientNet

SAMPLES = 8
HERE = pathlib.Path(__file__).parent


def formula(shape, seed):
    """Numbers in -1..1 by integer arithmetic alone: the same everywhere, to the last bit."""
    i = torch.arange(torch.Size(shape).numel(), dtype=torch.int64)
    mixed = (40503 * i * i + 2654435761 * i + 1013904223 * seed) % 2**32
    return (mixed.double() / 2**31 - 1).float().reshape(shape)


def weights(shapes):
    """One tensor for each name: kernels scaled for their fan-in, variances and scales near 1."""
    made = {}
    for seed, (name, shape) in enumerate(sorted(shapes.items())):
        value = formula(shape, seed)
        if len(shape) > 1:
            value = value * (6 / torch.Size(shape[1:]).numel()) ** 0.5
        elif name.endswith("running_var") or (name.endswith("weight") and len(shape) == 1):
            value = 1 + value / 2
        else:
            value = value / 10
        made[name] = value
    return made


def image(n, h, w):
    return formula([n, 3, h, w], 1000) / 2 + 0.5


def summary(x):
    flat = x.detach().flatten().double()
    step = max(1, flat.numel() // SAMPLES)
    return {
        "shape": list(x.shape),
        "sum": flat.sum().item(),
        "max": flat.abs().max().item(),
        "samples": [float(f"{v:.8g}") for v in flat[::step][:SAMPLES].tolist()],
    }


def shapes_of(model):
    state = model.state_dict()
    return {k: list(v.shape) for k, v in state.items() if not k.endswith("num_batches_tracked")}


def outputs(model, x):
    """The output of every module, by its name."""
    seen = {}
    handles = [
        m.register_forward_hook(lambda m, i, o, name=name: seen.__setitem__(name, o.detach().clone()))
        for name, m in model.named_modules()
        if name
    ]
    with torch.no_grad():
        model(x)
    for handle in handles:
        handle.remove()
    return seen


def efficientnet_lite0():
    model = EfficientNet.from_name("efficientnet-lite0").eval()
    shapes = shapes_of(model)
    model.load_state_dict(weights(shapes), strict=False)
    x = image(2, 64, 96)
    seen = outputs(model, (x - 127 / 255) / (128 / 255))
    layers = {}

    def unit(ours, conv, norm, relu=True):
        layers[f"{ours}.conv"], layers[f"{ours}.bn"] = seen[conv], seen[norm]
        if relu:
            layers[f"{ours}.relu"] = seen[norm].clamp(0, 6)

    unit("stem", "_conv_stem", "_bn0")
    for i, block in enumerate(model._blocks):
        at = f"_blocks.{i}"
        if f"{at}._expand_conv" in seen:
            unit(f"block{i}.expand", f"{at}._expand_conv", f"{at}._bn0")
        unit(f"block{i}.depthwise", f"{at}._depthwise_conv", f"{at}._bn1")
        unit(f"block{i}.project", f"{at}._project_conv", f"{at}._bn2", relu=False)
        if not torch.equal(seen[at], seen[f"{at}._bn2"]):
            layers[f"block{i}.add"] = seen[at]
    unit("head", "_conv_head", "_bn1")
    layers["pool"], layers["fc"] = seen["_avg_pooling"], seen["_fc"]
    return {"weights": shapes, "image": [2, 64, 96], "layers": {k: summary(v) for k, v in layers.items()}}


class Caffe(torch.nn.Module):
    """RGB in 0..1 to BGR in 0..255 minus the mean, then the trunk."""

    def __init__(self, trunk):
        super().__init__()
        self.trunk = trunk

    def forward(self, x):
        mean = torch.tensor([103.939, 116.779, 123.68], dtype=x.dtype).view(1, 3, 1, 1)
        return self.trunk(x.flip(1) * 255 - mean)


def vgg16_trunk():
    trunk = torchvision.models.vgg16().features.eval()
    names, block, conv = [], 1, 1
    for module in trunk:
        if isinstance(module, torch.nn.Conv2d):
            names.append(f"conv{block}_{conv}")
        elif isinstance(module, torch.nn.ReLU):
            module.inplace = False
            names.append(f"relu{block}_{conv}")
            conv += 1
        else:
            names.append(f"pool{block}")
            block, conv = block + 1, 1
    shapes = {}
    for name, module in zip(names, trunk):
        for kind, value in module.named_parameters():
            shapes[f"{name}.{kind}"] = list(value.shape)
    for key, value in weights(shapes).items():
        name, kind = key.rsplit(".", 1)
        getattr(trunk[names.index(name)], kind).data = value
    model, x = Caffe(trunk), image(1, 64, 96)
    seen = outputs(model, x)
    layers = {name: summary(seen[f"trunk.{i}"]) for i, name in enumerate(names)}
    # Double precision: in single, rounding lights one ReLU at its kink and moves the gradient by 3 %.
    model, target = model.double(), (7, 1, 2)
    peers = {"Gradient": Saliency, "Guided": GuidedBackprop, "Deconvnet": Deconvolution}
    attributions = {}
    for rule, peer in peers.items():
        options = {"abs": False} if peer is Saliency else {}
        given = x.double().requires_grad_()
        attributions[rule] = summary(peer(model).attribute(given, target=target, **options))
    return {
        "weights": shapes,
        "image": [1, 64, 96],
        "layers": layers,
        "neuron": {"layer": "pool5", "channel": 7, "at": [1, 2], "gradients": attributions},
    }


if __name__ == "__main__":
    torch.manual_seed(0)
    for make in (efficientnet_lite0, vgg16_trunk):
        text = json.dumps(make(), separators=(",", ":"))
        (HERE / f"{make.__name__}.json").write_text(text.replace('},"', '},\n"') + "\n")
