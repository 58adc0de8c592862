"""Expected maps for attribution.rs, from captum 0.9.0 on the formula's ResNet-18 and
EfficientNet-Lite0 (efficientnet_lite_pytorch 0.1.0): python attribution.py writes attribution.json, a
length and a projection for each map. Double precision, so that no ReLU is lit by rounding."""

import json
import pathlib
from unittest import mock

import numpy
import torch
import torchvision.models as tv
from captum.attr import (
    Deconvolution,
    GuidedBackprop,
    InputXGradient,
    IntegratedGradients,
    LayerGradCam,
    NoiseTunnel,
    Saliency,
)
from chance import normal
from efficientnet_lite_pytorch import EfficientNet
from formula import image, summary, weights
from make_parity import shapes_of
from torch.nn.functional import relu

CLASS, STEPS, SAMPLES, NOISE, SEED = 281, 6, 4, 0.15, 5
NAMES = {"GaussLegendre": "gausslegendre", "Midpoint": "riemann_middle", "Right": "riemann_right"}
LITE = torch.full((2, 3, 1, 1), 127 / 255), torch.full((2, 3, 1, 1), 128 / 255)


class Normalised(torch.nn.Module):
    """A network that eats pixels in 0..1."""

    def __init__(self, net, mean, std):
        super().__init__()
        self.net = net.eval().double()
        self.mean, self.std = torch.tensor([mean, std], dtype=torch.double).view(2, 3, 1, 1)

    def forward(self, x):
        return self.net((x - self.mean) / self.std)


class Block(torch.nn.Module):
    """A residual block of ResNet-18 with a module for each of its ReLUs, as captum needs."""

    def __init__(self, block):
        super().__init__()
        self.__dict__["block"] = block
        self.first = torch.nn.Sequential(block.conv1, block.bn1, torch.nn.ReLU(), block.conv2, block.bn2)
        self.side = block.downsample or torch.nn.Identity()
        self.last = torch.nn.ReLU()

    def forward(self, x):
        return self.last(self.first(x) + self.side(x))


class Relu6(torch.nn.ReLU):
    """captum replaces the gradient of a ReLU, but not of a ReLU6; this is both."""

    def forward(self, x):
        return x.clamp(0, 6)


def distinct(module):
    for name, child in module.named_children():
        if isinstance(child, torch.nn.ReLU6):
            setattr(module, name, Relu6())
        elif type(child).__name__ == "BasicBlock":
            setattr(module, name, Block(child))
        else:
            distinct(child)


def resnet():
    net = tv.resnet18()
    net.load_state_dict(weights(shapes_of(net), 0.6), strict=False)
    return Normalised(net, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])


def lite():
    net = EfficientNet.from_name("efficientnet-lite0")
    net.load_state_dict(weights(shapes_of(net), 0.8), strict=False)
    return Normalised(net, [127 / 255] * 3, [128 / 255] * 3)


def smoothed(net, x, kind):
    """captum's NoiseTunnel, its draws replaced by ours."""
    noise = torch.from_numpy(numpy.stack([normal([SEED, 0, i], x.shape[1:]) for i in range(SAMPLES)]))
    with mock.patch("torch.normal", lambda mean, deviation: mean + deviation * noise):
        deviation = NOISE * (x.max() - x.min()).item()
        options = {"nt_type": kind, "nt_samples": SAMPLES, "stdevs": deviation, "abs": False}
        return NoiseTunnel(Saliency(net)).attribute(x, target=CLASS, **options)


def integrated(net, x):
    found = {}
    for ours, theirs in NAMES.items():
        options = {"method": theirs, "n_steps": STEPS, "return_convergence_delta": True}
        made, delta = IntegratedGradients(net).attribute(x, 0.5 + 0 * x, target=CLASS, **options)
        found[ours] = {"map": summary(made.sum(1, keepdim=True)), "gap": [-d for d in delta.tolist()]}
    return found


def expected(net, size, layers):
    x = image(*size).double()
    cams = {name: LayerGradCam(net, layer).attribute(x, CLASS) for name, layer in layers(net.net).items()}
    found = {
        "image": size,
        "InputXGradient": summary(InputXGradient(net).attribute(x, CLASS).sum(1, keepdim=True)),
        "IntegratedGradients": integrated(net, x),
        "NoiseTunnel": {kind: summary(smoothed(net, x[:1], kind)) for kind in ("smoothgrad", "smoothgrad_sq", "vargrad")},
        "LayerGradCam": {name: summary(cam) for name, cam in cams.items()},
    }
    distinct(net)
    for rule, peer in {"Guided": GuidedBackprop, "Deconvnet": Deconvolution}.items():
        found[rule] = summary(peer(net).attribute(x, CLASS))
    return found


made = {
    "ResNet18": expected(resnet(), [2, 68, 98], lambda n: {"layer2.1.relu2": n.layer2, "layer4.1.relu2": n.layer4}),
    "EfficientNetLite0": expected(lite(), [2, 64, 96], lambda n: {"head.bn": n._bn1}),
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(made, separators=(",", ":")) + "\n")
