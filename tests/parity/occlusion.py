"""Expected maps for occlusion.rs, from captum 0.9.0's Occlusion on the formula's ResNet-18:
python occlusion.py writes occlusion.json, a length and a projection for each sweep and score."""

import json
import pathlib

import torch
import torchvision.models as tv
from captum.attr import Occlusion
from formula import image, summary, weights
from make_parity import shapes_of

MEAN, STD = torch.tensor([[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]], dtype=torch.double).view(2, 3, 1, 1)
SWEEPS = {"overhang": ([20, 17], [13, 9]), "fits": ([24, 28], [11, 14])}

resnet = tv.resnet18().eval()
resnet.load_state_dict(weights(shapes_of(resnet), 0.6), strict=False)
resnet.double()
seen = {}
resnet.layer2[0].conv1.register_forward_hook(lambda m, i, o: seen.update(conv=o))


def scores(x):
    """A class, its probability, a neuron and a channel's mean, for each image."""
    logits = resnet((x - MEAN) / STD)
    neuron, channel = seen["conv"][:, 7, 3, 5], seen["conv"][:, 11].mean((1, 2))
    return torch.stack([logits[:, 281], logits.softmax(1)[:, 281], neuron, channel], 1)


size = [2, 68, 98]
found = {}
for name, (patch, stride) in SWEEPS.items():
    maps = []
    for k in range(4):
        with torch.no_grad():
            attribution = Occlusion(scores).attribute(
                image(*size).double(),
                target=k,
                baselines=0.5,
                sliding_window_shapes=(3, *patch),
                strides=(3, *stride),
                perturbations_per_eval=8,
            )
        maps.append(summary(attribution[:, :1]))
    found[name] = {"patch": patch, "stride": stride, "maps": maps}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps({"image": size, "sweeps": found}, separators=(",", ":")) + "\n")
