"""The peer of embedding.rs: answers requests on stdin with a number of seconds."""

import os
import sys
import time

threads = sys.argv[1]
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = threads

import numpy as np  # noqa: E402


def search(metric):
    from sklearn.neighbors import NearestNeighbors

    random = np.random.default_rng(1)
    bank = random.standard_normal((100_000, 1280), dtype=np.float32)
    queries = random.standard_normal((100, 1280), dtype=np.float32)
    find = NearestNeighbors(n_neighbors=10, metric=metric, algorithm="brute", n_jobs=int(threads))
    find.fit(bank)
    return lambda: find.kneighbors(queries)


def openTSNE(data, points):
    from openTSNE import TSNE

    x, n = np.load(data), int(threads)
    TSNE(n_jobs=n, n_iter=1, early_exaggeration_iter=1).fit(x[:200])  # compiles its search
    return lambda: np.save(points, np.asarray(TSNE(n_jobs=n, random_state=1).fit(x), "f4"))


def scikit_learn(data, points):
    from sklearn.manifold import TSNE

    x = np.load(data)
    return lambda: np.save(points, TSNE(n_jobs=int(threads), random_state=1).fit_transform(x))


WORKS = {"knn": search, "openTSNE": openTSNE, "scikit-learn": scikit_learn}
for line in sys.stdin:
    work, *words = line.split()
    run = WORKS[work](*words)
    start = time.perf_counter()
    run()
    print(time.perf_counter() - start, flush=True)
