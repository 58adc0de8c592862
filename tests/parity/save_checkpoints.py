"""The peer of checkpoints.rs, which names a network on stdin: python save_checkpoints.py FOLDER

FOLDER gets the state dict of that network with random weights in both of torch's formats (`zip.pth`,
`legacy.pth`; for a DenseNet also `old.pth`, with the names of the published files), and in `expected.pth`
two images and their logits. The answer on stdout is the number of parameters.
"""

import pathlib
import re
import sys
import warnings

import torch
import torchvision.models as tv
from efficientnet_lite_pytorch import EfficientNet

SEED, HEIGHT, WIDTH = 20, 96, 128
MEAN, STD = torch.tensor([[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]]).view(2, 3, 1, 1)


def without_classifier(whole):
    net = torch.nn.Module()
    net.features, net.forward = whole.features, whole.features
    return net


def build(name):
    """A network, and how it takes images of RGB in 0..1."""
    if name.startswith("EfficientNetLite"):
        return EfficientNet.from_name(f"efficientnet-lite{name[-1]}"), lambda x: (x * 255 - 127) / 128
    if name.endswith("Features"):
        whole = tv.get_model(name.removesuffix("Features").lower())
        return without_classifier(whole), lambda x: (x - MEAN) / STD
    options = {"transform_input": True, "init_weights": False} if name == "GoogLeNet" else {}
    return tv.get_model(re.sub("bn$", "_bn", name.lower()), **options), lambda x: (x - MEAN) / STD


def images(n):
    coarse = torch.rand(n, 3, HEIGHT // 16, WIDTH // 16)
    return torch.nn.functional.interpolate(coarse, size=(HEIGHT, WIDTH), mode="bilinear")


def randomise(net, x):
    """Random weights and biases; a BatchNorm's mean and variance are those of `x`.

    In a block with a bottleneck the branch, which ends in `bn3` or `_bn2`, is small beside the skip: else
    rounding grows from block to block (in ResNet-152 torch's own f32 is then 3e-4 away from its f64).
    """
    for name, p in net.named_parameters():
        if p.dim() > 1:
            torch.nn.init.kaiming_normal_(p)
        elif name.endswith(("bn3.weight", "_bn2.weight")):
            torch.nn.init.uniform_(p, 0.1, 0.5)
        elif name.endswith("weight"):
            torch.nn.init.uniform_(p, 0.5, 3)  # so that some values, 2 %, are above the 6 of ReLU6
        else:
            torch.nn.init.normal_(p, std=0.1)
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = None  # of one batch, not mixed with 0 and 1
    net.train()(x)
    net.eval()


def save(folder, name):
    torch.manual_seed(SEED)
    net, prepare = build(name)
    randomise(net, prepare(images(4)))
    state, x = net.state_dict(), images(2)
    torch.save({"images": x, "logits": net(prepare(x))}, folder / "expected.pth")
    torch.save(state, folder / "zip.pth")
    torch.save(state, folder / "legacy.pth", _use_new_zipfile_serialization=False)
    if name.startswith("DenseNet"):
        older = lambda key: re.sub(r"(denselayer\d+\.(?:norm|conv))(\d)", r"\1.\2", key)
        torch.save({older(key): value for key, value in state.items()}, folder / "old.pth")
    return sum(p.numel() for key, p in net.named_parameters() if not key.startswith("aux"))


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    torch.set_grad_enabled(False)
    for line in sys.stdin:
        print(save(pathlib.Path(sys.argv[1]), line.strip()), flush=True)
