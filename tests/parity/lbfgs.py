"""Expected climbs for lbfgs.rs, from torch.optim.LBFGS (torch 2.13.0): python lbfgs.py writes
lbfgs.json, for each image a length and a projection after 20 steps and the losses before each.
Double precision; the same objective of one convolution, sharp enough that every step depends on the
whole history."""

import json
import pathlib

import torch
from formula import formula, image, summary

SIZE, STEPS, HISTORY = [2, 9, 12], 20, 5
kernel = formula([4, 3, 3, 3], 7).double()


def features(x):
    return torch.nn.functional.conv2d(x, kernel)


def gram(x):
    rows = features(x).flatten(2)
    return rows @ rows.mT / rows[0].numel()


def loss(x, goal):
    rough = sum(x.diff(dim=dim).square().sum() for dim in (2, 3))
    apart = (features(x) - features(goal)).square().sum()
    return apart + 300 * (gram(x) - gram(goal)).square().sum() + 0.5 * rough


def climbed(x, goal):
    x = x.clone().requires_grad_()
    options = {"max_iter": 1, "history_size": HISTORY, "tolerance_grad": 0, "tolerance_change": 0}
    lbfgs, losses = torch.optim.LBFGS([x], lr=0.8, **options), []

    def closure():
        lbfgs.zero_grad()
        now = loss(x, goal)
        now.backward()
        return now

    losses = [float(f"{lbfgs.step(closure).item():.6g}") for _ in range(STEPS)]
    return {"image": summary(x), "losses": losses}


start = image(*SIZE).double()
goal = start.flip(0, 3)
found = [climbed(start[i : i + 1], goal[i : i + 1]) for i in range(SIZE[0])]
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps({"size": SIZE, "climbs": found}, separators=(",", ":")) + "\n")
