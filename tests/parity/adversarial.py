"""Expected perturbations for adversarial.rs, from foolbox 3.3.4: python adversarial.py writes
adversarial.json, a length and a projection of picture less image for each attack, and the labels.
Double precision, so that no sign hangs on rounding. Random starts are replaced by ours."""

import json
import math
import pathlib
from unittest import mock

import foolbox
import numpy
import torch
from chance import normal, uniform
from foolbox import attacks
from foolbox.attacks.gradient_descent_base import normalize_lp_norms
from foolbox.criteria import Misclassification, TargetedMisclassification
from formula import formula, image, summary
from torch.nn import AdaptiveAvgPool2d, Conv2d, Flatten, Linear, ReLU, Sequential

SIZE, EPSILON = [4, 18, 26], 0.02


def network():
    """Weights as adversarial.rs has them: the kernels' seeds are 11, 12, 13, their gain 1."""
    layers = [Conv2d(3, 8, 5, stride=2), Conv2d(8, 12, 3), Linear(72, 10)]
    for seed, layer in enumerate(layers, 11):
        weight = formula(list(layer.weight.shape), seed)
        layer.weight.data = weight * (6 / weight[0].numel()) ** 0.5
        layer.bias.data = formula([len(weight)], seed + 10) / 10
    first, second, last = layers
    net = Sequential(first, ReLU(), second, ReLU(), AdaptiveAvgPool2d((2, 3)), Flatten(), last)
    return net.eval().double()


class PaperMomentum(attacks.LinfMomentumIterativeFastGradientMethod):
    """foolbox adds up signs; Dong et al. (2018), algorithm 1, gradients of L1 norm 1."""

    def normalize(self, gradients, *, x, bounds):
        return normalize_lp_norms(gradients, p=1)


def start(attack):
    """Where our runs with seed 0 start, the same change for each image."""
    side, seeds = [3, *SIZE[1:]], [0, 0]
    change = 2 * uniform(seeds, side) - 1
    if isinstance(attack, attacks.L2PGD):
        way = normal(seeds, side)
        radius = uniform([*seeds, 1], [1]).item() ** (1 / math.prod(side))
        change = radius * way / numpy.linalg.norm(way)
    change = torch.from_numpy(change)
    return mock.patch.object(attack, "get_random_start", lambda x0, epsilon: x0 + type(x0)(epsilon * change))


def within():
    yield "FGSM", attacks.LinfFastGradientAttack(), EPSILON
    yield "FGSM, L2", attacks.L2FastGradientAttack(), 20 * EPSILON
    yield "BIM", attacks.LinfBasicIterativeAttack(), EPSILON
    yield "MI-FGSM", PaperMomentum(), EPSILON
    yield "PGD", attacks.LinfPGD(random_start=False), EPSILON
    yield "PGD, L2", attacks.L2PGD(random_start=False), 20 * EPSILON
    yield "PGD from a start", attacks.LinfPGD(steps=10), EPSILON
    yield "PGD, L2, from a start", attacks.L2PGD(steps=10), 20 * EPSILON


def nearest():
    yield "DeepFool", attacks.L2DeepFoolAttack()
    yield "DeepFool, short", attacks.L2DeepFoolAttack(steps=3, candidates=4, overshoot=-0.4)
    yield "DeepFool, Linf", attacks.LinfDeepFoolAttack()


def carlini_wagner():
    few = {"binary_search_steps": 4, "steps": 25, "stepsize": 0.02, "initial_const": 1}
    yield "C&W", attacks.L2CarliniWagnerAttack(**few, abort_early=False)
    yield "C&W, confident", attacks.L2CarliniWagnerAttack(**few, abort_early=False, confidence=0.05)
    few |= {"binary_search_steps": 10, "steps": 20}
    yield "C&W, abort", attacks.L2CarliniWagnerAttack(**few)


net, x = network(), image(*SIZE).double()
model = foolbox.PyTorchModel(net, bounds=(0, 1))
labels = net(x).argmax(1)
targets = net(x).argsort(1)[:, -3]
goals = {"away": Misclassification(labels), "towards": TargetedMisclassification(targets)}
found = {name: {} for name in goals}


def keep(goal, name, made):
    change = made - x
    found[goal][name] = {"change": summary(change), "fooled": goals[goal](made, net(made)).tolist()}


for goal, criterion in goals.items():
    for name, attack, epsilon in within():
        with start(attack):
            if name.startswith("FGSM") and goal == "towards":
                continue  # foolbox has no targeted FGSM
            keep(goal, name, attack.run(model, x, criterion, epsilon=epsilon))
    for name, attack in carlini_wagner():
        if name != "C&W, abort":
            keep(goal, name, attack.run(model, x, criterion))
            continue
        # foolbox stops a batch as one: image by image is what Rust does.
        rows = [type(criterion)(labels[i : i + 1] if goal == "away" else targets[i : i + 1]) for i in range(len(x))]
        keep(goal, name, torch.cat([attack.run(model, x[i : i + 1], row) for i, row in enumerate(rows)]))
for name, attack in nearest():
    keep("away", name, attack.run(model, x, goals["away"]))
made = {"image": SIZE, "labels": labels.tolist(), "targets": targets.tolist(), **found}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(made, separators=(",", ":")) + "\n")
