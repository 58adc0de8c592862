"""The peer of style.rs: the loop of PyTorch's tutorial "Neural transfer using PyTorch".

Answers requests on stdin with a number of seconds. The losses, layers, weights and the optimiser are the
tutorial's (content conv_4, style conv_1 to conv_5, weights 1 and 1e6, L-BFGS at its defaults, pixels
clamped before each evaluation); the network is the VGG trunk of ours, cut after conv_5 as there, its
biases already scaled.
"""

import sys
import time

import numpy
import torch
import torch.nn.functional as F

torch.set_num_threads(int(sys.argv[1]))
SCALE = 255 * 0.225  # from the range of Caffe's pixels to torchvision's
CONVS = ["conv1_1", "conv1_2", "conv2_1", "conv2_2", "conv3_1"]


def gram(x):
    n, channels, height, width = x.size()
    rows = x.view(n * channels, height * width)
    return torch.mm(rows, rows.t()).div(n * channels * height * width)


class Layers(torch.nn.Module):
    """The five convolutions of the trunk, on RGB in 0..1."""

    def __init__(self, folder):
        super().__init__()
        self.mean = torch.tensor([123.68, 116.779, 103.939]).view(1, 3, 1, 1)
        read = lambda name: torch.from_numpy(numpy.load(f"{folder}/{name}.npy"))
        self.convs = [(read(f"{c}.weight"), read(f"{c}.bias")) for c in CONVS]

    def forward(self, x):
        y, seen = ((x * 255 - self.mean) / SCALE).flip(1), []
        for at, (weight, bias) in enumerate(self.convs):
            if at in (2, 4):
                y = F.max_pool2d(y, 2, 2)
            y = F.conv2d(y, weight, bias, padding=1)
            seen.append(y)
            y = F.relu(y)
        return seen


def transfer(folder, steps):
    """The tutorial's run; saves the loss of each evaluation and returns the seconds."""
    net = Layers(folder)
    read = lambda name: torch.from_numpy(numpy.load(f"{folder}/{name}.npy"))
    content, style = read("content"), read("style")
    with torch.no_grad():
        kept = net(content)[3]
        wanted = [gram(y) for y in net(style)]
    image = content.clone().requires_grad_(True)
    optimizer = torch.optim.LBFGS([image])
    losses = []

    def closure():
        with torch.no_grad():
            image.clamp_(0, 1)
        optimizer.zero_grad()
        seen = net(image)
        styles = sum(F.mse_loss(gram(y), a) for y, a in zip(seen, wanted))
        loss = 1e6 * styles + F.mse_loss(seen[3], kept)
        loss.backward()
        losses.append(loss.item())
        return loss

    start = time.perf_counter()
    while len(losses) < steps:
        optimizer.step(closure)
    seconds = time.perf_counter() - start
    numpy.save(f"{folder}/losses.npy", numpy.array(losses[:steps], dtype=numpy.float32))
    return seconds * steps / len(losses)


for line in sys.stdin:
    folder, steps = line.split()
    print(transfer(folder, int(steps)), flush=True)
