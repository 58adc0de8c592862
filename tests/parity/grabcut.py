"""The expected mask for grabcut.rs, from opencv-python-headless 5.0.0.93 with numpy 2.4.6:
python grabcut.py writes grabcut.json, the mask's bits row by row as hexadecimal digits."""

import json
import pathlib

import cv2
import numpy as np
from formula import formula

H, W = 48, 72
cv2.setRNGSeed(0)
y, x = np.mgrid[:H, :W].astype(np.float32)
inside = ((y - 20) / 14) ** 2 + ((x - 40) / 22) ** 2 < 1
# The thing fades into the background from left to right.
fade = np.clip((x - 18) / 44, 0, 1)[..., None]
rest = np.float32([0.4, 0.5, 0.45])
thing = np.float32([0.75, 0.45, 0.2]) * (1 - fade) + rest * fade
colour = np.where(inside[..., None], thing, rest) + 0.02 * formula([3, H, W], 5).numpy().transpose(1, 2, 0)
picture = np.round(colour * 255).astype(np.uint8)
sure = -(((y - 23) / 14) ** 2) - ((x - 46) / 22) ** 2 + 0.3 * formula([H, W], 6).numpy()

mask = np.where(sure > np.quantile(sure, 0.7), cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
start = mask == cv2.GC_PR_FGD
cv2.grabCut(picture, mask, None, np.zeros((1, 65)), np.zeros((1, 65)), 5, cv2.GC_INIT_WITH_MASK)
mask = mask == cv2.GC_PR_FGD


def iou(a, b):
    return float((a & b).sum() / (a | b).sum())


found = {
    "size": [H, W],
    "mask": np.packbits(mask).tobytes().hex(),
    "start_iou": round(iou(start, inside), 4),
    "iou": round(iou(mask, inside), 4),
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(found, separators=(",", ":")) + "\n")
print(found["start_iou"], found["iou"])
