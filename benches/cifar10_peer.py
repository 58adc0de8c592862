"""Answers for benches/cifar10.rs: scikit-learn 1.9 on the arrays it is given, in double precision.

A line `euclidean FILE.npy`, `cosine FILE.npy` or `silhouette FILE.npy` is answered with one number;
FILE.txt holds the categories. The vote is ours (of equally many, the nearest), the neighbours are
scikit-learn's.
"""

import sys
from collections import Counter
from pathlib import Path

import numpy as np
from sklearn.metrics import silhouette_score
from sklearn.neighbors import NearestNeighbors

K = 10


def vote(near):
    counts = Counter(near)
    most = max(counts.values())
    return next(name for name in near if counts[name] == most)


def answer(what, file):
    x = np.load(file).astype(np.float64)
    names = np.array(Path(file).with_suffix(".txt").read_text().split("\n"))
    if what == "silhouette":
        return silhouette_score(x, names)
    search = NearestNeighbors(n_neighbors=K, algorithm="brute", metric=what).fit(x)
    near = search.kneighbors(return_distance=False)
    return np.mean([vote(list(names[row])) == own for row, own in zip(near, names)])


for line in sys.stdin:
    what, file = line.strip().split(" ", 1)
    print(answer(what, file), flush=True)
