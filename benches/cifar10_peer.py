"""`cifar10_peer.py FOLDER`: what benches/cifar10.rs counts, by scikit-learn 1.9 in double precision.

Prints the accuracy of 10 neighbours (Euclidean, cosine) on FOLDER/all.npy and the silhouette of
FOLDER/few.npy; the categories lie in .txt files beside them. Neighbours and silhouette are
scikit-learn's; the vote is the one asked for: of equally many, the nearest.
"""

import sys
from collections import Counter
from pathlib import Path

import numpy as np
from sklearn.metrics import silhouette_score
from sklearn.neighbors import NearestNeighbors

K = 10


def load(folder, name):
    categories = (folder / f"{name}.txt").read_text().split("\n")
    return np.load(folder / f"{name}.npy").astype(np.float64), np.array(categories)


def vote(near):
    counts = Counter(near)
    most = max(counts.values())
    return next(name for name in near if counts[name] == most)


def accuracy(x, categories, metric):
    search = NearestNeighbors(n_neighbors=K, algorithm="brute", metric=metric).fit(x)
    near = search.kneighbors(return_distance=False)
    return np.mean([vote(list(categories[row])) == own for row, own in zip(near, categories)])


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    right = [accuracy(*load(folder, "all"), metric) for metric in ("euclidean", "cosine")]
    print(f"{right[0]:.4f} {right[1]:.4f} {silhouette_score(*load(folder, 'few')):7.4f}")
