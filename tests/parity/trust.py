"""Expected numbers for trust.rs, from SciPy 1.17.1 and scikit-image 0.26.0: python trust.py writes
trust.json. The maps come from the formula; the third pair has many equal values."""

import json
import pathlib

import numpy
from formula import formula, image, summary
from scipy.ndimage import sobel
from scipy.stats import spearmanr
from skimage.metrics import structural_similarity
from torch import from_numpy

SIZE = [1, 1, 23, 31]
first = formula(SIZE, 31).double().numpy()
second = (first + 2 * formula(SIZE, 32).double().numpy()) / 3
pairs = {"itself": (first, first), "mixed": (first, second), "tied": tuple(numpy.round(3 * v) / 3 for v in (first, second))}


def alike(a, b):
    options = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False, "data_range": 1.0}
    unit = [v[0, 0] / 2 + 0.5 for v in (a, b)]
    return {
        "ranks": spearmanr(a.ravel(), b.ravel()).statistic,
        "structure": structural_similarity(*unit, **options),
    }


def drawn(signal):
    """VisualizeImageGrayscale of the saliency package, which Adebayo et al. draw their maps with."""
    sizes = numpy.abs(signal).sum(0)
    top, low = numpy.percentile(sizes, 99), sizes.min()
    return numpy.clip((sizes - low) / (top - low), 0, 1)


x = image(1, 23, 31).double().numpy()[0]
luma = numpy.tensordot([0.299, 0.587, 0.114], x, 1)
steepness = numpy.hypot(*(sobel(luma, axis, mode="nearest") for axis in (0, 1)))
made = {
    "alike": {name: alike(*pair) for name, pair in pairs.items()},
    "edges": summary(from_numpy(steepness[None, None])),
    "normalised": summary(from_numpy(drawn(x - 0.4)[None, None])),
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(made, separators=(",", ":")) + "\n")
