"""The peer of occlusion.rs: captum's Occlusion. Answers requests on stdin with a number of seconds."""

import sys
import time
import warnings

import numpy
import torch
import torchvision
from captum.attr import Occlusion
from efficientnet_lite_pytorch import EfficientNet

warnings.filterwarnings("ignore")
torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(0)
CLASS = 281
IMAGENET = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
LITE = [127 / 255] * 3, [128 / 255] * 3


class Normalised(torch.nn.Module):
    """A network that eats pixels in 0..1."""

    def __init__(self, net, mean, std):
        super().__init__()
        self.net = net.eval().requires_grad_(False)
        self.mean, self.std = torch.tensor(mean).view(3, 1, 1), torch.tensor(std).view(3, 1, 1)

    def forward(self, x):
        return self.net((x - self.mean) / self.std)


NETS = {
    "vgg16": lambda: Normalised(torchvision.models.vgg16(), *IMAGENET),
    "resnet18": lambda: Normalised(torchvision.models.resnet18(), *IMAGENET),
    "lite0": lambda: Normalised(EfficientNet.from_name("efficientnet-lite0"), *LITE),
}


def occlude(net, batch, patch, stride, folder):
    x = torch.from_numpy(numpy.load(f"{folder}/image.npy"))
    start = time.perf_counter()
    with torch.no_grad():
        found = Occlusion(net).attribute(
            x,
            target=CLASS,
            baselines=0.5,
            sliding_window_shapes=(3, patch, patch),
            strides=(3, stride, stride),
            perturbations_per_eval=batch,
        )
    seconds = time.perf_counter() - start
    numpy.save(f"{folder}/map.npy", found[0, 0].float().numpy())
    return seconds


net = None
for line in sys.stdin:
    request, *words, folder = line.split()
    if request == "load":
        net = NETS[words[0]]()
        for weight in filter(lambda p: p.dim() == 4, net.parameters()):
            torch.nn.init.kaiming_normal_(weight)  # in all of them alike, so that no signal dies out
        torch.save(net.net.state_dict(), f"{folder}/weights.pth")
        print(0, flush=True)
    else:
        print(occlude(net, *map(int, words), folder), flush=True)
