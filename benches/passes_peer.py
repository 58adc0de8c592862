"""The peer of passes.rs: eager PyTorch, captum for guided backprop.

A request is `network work batch file`: the work is done, its result or the weights go to the file, the
answer is the seconds of one pass, of as many as make 16 images.
"""

import sys
import time
import warnings

import torch
import torchvision
from captum.attr import GuidedBackprop
from efficientnet_lite_pytorch import EfficientNet

warnings.filterwarnings("ignore")
torch.set_num_threads(int(sys.argv[1]))
nets = {}


def network(name):
    """The named network, RGB in 0..1, its random weights always the same; only one is kept."""
    if name not in nets:
        nets.clear()
        torch.manual_seed(0)
        lite = name == "efficientnet_lite0"
        net = EfficientNet.from_name("efficientnet-lite0") if lite else getattr(torchvision.models, name)()
        mean, std = ([127 / 255] * 3, [128 / 255] * 3) if lite else ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
        for weight in filter(lambda p: p.dim() == 4, net.parameters()):
            torch.nn.init.kaiming_normal_(weight)  # in all of them alike, so that no signal dies out
        normalize = torchvision.transforms.Normalize(mean, std)
        nets[name] = torch.nn.Sequential(normalize, net).eval().requires_grad_(False)
    return nets[name]


def distinct_relus(module):
    """captum needs every ReLU to be a module of its own that keeps its input."""
    for name, child in module.named_children():
        if isinstance(child, torch.nn.ReLU):
            setattr(module, name, torch.nn.ReLU())
        distinct_relus(child)


def image(batch):
    i = torch.arange(batch * 3 * 224 * 224, dtype=torch.float64)
    return (i * 0.6180339887498949).frac().float().view(batch, 3, 224, 224)


def run(net, work, x):
    if work == "forward":
        with torch.no_grad():
            return net(x)
    if work == "gradient":
        x = x.detach().requires_grad_()
        return torch.autograd.grad(net(x)[:, 281].sum(), x)[0]
    return GuidedBackprop(net).attribute(x, target=281)


def answer(name, work, batch, path):
    """Do the work, write its result, return its seconds."""
    net = network(name)
    if work == "save":
        torch.save(net[1].state_dict(), path)
        return 0.0
    if work == "guided":
        distinct_relus(net)
    x, passes = image(int(batch)), 16 // int(batch)
    start = time.perf_counter()
    for _ in range(passes):
        y = run(net, work, x)
    seconds = (time.perf_counter() - start) / passes
    torch.save({"y": y.detach()}, path)
    return seconds


for line in sys.stdin:
    print(answer(*line.rstrip("\n").split(" ", 3)), flush=True)
