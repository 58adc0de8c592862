"""Expected values for embedding.rs, from scikit-learn 1.9.1 with scipy and torch 2.13.0 (all
from PyPI): python make_embedding.py

The data come from the formula that the tests compute too; four groups, each moved its own way."""

import json
import pathlib

import numpy as np
from formula import formula
from scipy.optimize import brentq
from scipy.special import rel_entr
from scipy.stats import entropy
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness
from sklearn.metrics import silhouette_score
from sklearn.neighbors import NearestNeighbors


def grouped(n, d):
    x = formula([n, d], 1).double().numpy()
    moves = formula([4, d], 2).double().numpy()
    return x + 2 * moves[np.arange(n) % 4]


def principal(n, d, k):
    x = grouped(n, d)
    p = PCA(k, svd_solver="full").fit(x)
    return {
        "size": [n, d, k],
        "components": p.components_.tolist(),
        "variance": p.explained_variance_.tolist(),
        "ratio": p.explained_variance_ratio_.tolist(),
        "projected": p.transform(x[:3]).tolist(),
    }


def near(x, queries, metric):
    found = NearestNeighbors(n_neighbors=6, metric=metric, algorithm="brute").fit(x)
    distance, index = found.kneighbors(queries)
    return {"index": index.tolist(), "distance": distance.tolist()}


def kept(x, y, k):
    of = [NearestNeighbors(n_neighbors=k).fit(z).kneighbors(return_distance=False) for z in (x, y)]
    return float(np.mean([len(set(a) & set(b)) / k for a, b in zip(*of)]))


def similarities(squares, perplexity):
    """One row of conditional p: the bandwidth whose entropy is the logarithm of the perplexity."""

    def p(log_beta):
        e = np.exp(-np.exp(log_beta) * (squares - squares.min()))
        return e / e.sum()

    return p(brentq(lambda b: entropy(p(b)) - np.log(perplexity), -20, 20, xtol=1e-12))


def divergence(x, y, perplexity):
    """KL(P || Q), P over 3 * perplexity neighbours, Q over all pairs."""
    search = NearestNeighbors(n_neighbors=3 * perplexity).fit(x)
    distance, index = search.kneighbors()
    p = np.zeros((len(x), len(x)))
    for row, (d, near) in enumerate(zip(distance, index)):
        p[row, near] = similarities(d**2, perplexity)
    p = (p + p.T) / p.sum() / 2
    q = 1 / (1 + ((y[:, None] - y[None]) ** 2).sum(2))
    return float(rel_entr(p, q / (q.sum() - len(y))).sum())


x, y = grouped(40, 6), 3 * formula([40, 2], 3).double().numpy()
queries = formula([3, 6], 4).double().numpy()
groups = [str(i % 4) for i in range(40)]
made = {
    "pca": [principal(40, 6, 4), principal(5, 9, 4)],
    "l2": near(x, queries, "euclidean"),
    "cosine": near(x, queries, "cosine"),
    "trustworthiness": trustworthiness(x, y, n_neighbors=5),
    "kept": kept(x, y, 5),
    "silhouette": [silhouette_score(x, groups), silhouette_score(y, groups)],
    "divergence": divergence(x, y, 5),
}
path = pathlib.Path(__file__).with_name("embedding.json")
path.write_text(json.dumps(made, separators=(",", ":")) + "\n")
