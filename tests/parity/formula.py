"""Weights, images and results that need no storing: formula.rs computes the same."""

import math

import torch

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


def image(n, h, w):
    return formula([n, 3, h, w], 1000) / 2 + 0.5


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
