"""The peer of passes.rs: eager PyTorch, captum for guided backprop. Answers requests on stdin."""

import sys
import time
import warnings

import torch
import torchvision
from captum.attr import GuidedBackprop
from efficientnet_lite_pytorch import EfficientNet

warnings.filterwarnings("ignore")
torch.set_num_threads(int(sys.argv[1]))


class Mean(torch.nn.Module):
    """One number per image, as the objective of the bench: a class, or the mean of a channel."""

    def __init__(self, net, read):
        super().__init__()
        self.net, self.read = net, read

    def forward(self, x):
        return self.read(self.net(x))


def distinct_relus(module):
    """captum needs every ReLU to be a module of its own that keeps its input."""
    for name, child in module.named_children():
        if isinstance(child, torch.nn.ReLU6):
            setattr(module, name, torch.nn.ReLU6())
        elif isinstance(child, torch.nn.ReLU):
            setattr(module, name, torch.nn.ReLU())
        distinct_relus(child)


NETS = {
    "lite0": (EfficientNet.from_name("efficientnet-lite0").eval(), lambda y: y[:, 281]),
    "vgg16": (torchvision.models.vgg16().features.eval(), lambda y: y[:, 7].mean((1, 2))),
}
for net, _ in NETS.values():
    net.requires_grad_(False)


def run(net, read, work, x):
    if work == "forward":
        with torch.no_grad():
            net(x)
    elif work == "saliency":
        x.requires_grad_()
        torch.autograd.grad(read(net(x)).sum(), x)
    else:
        GuidedBackprop(Mean(net, read)).attribute(x)


for line in sys.stdin:
    name, work, batch = line.split()
    net, read = NETS[name]
    if work == "guided" and name == "vgg16":
        distinct_relus(net)
    x = torch.rand(int(batch), 3, 224, 224)
    start = time.perf_counter()
    run(net, read, work, x)
    print(time.perf_counter() - start, flush=True)
