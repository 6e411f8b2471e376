"""Types of arrays that the whole library shares, and quantiles that know weights."""

import numpy as np

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Labels = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Mask = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


def weighted_quantile(values: Array, q: float, weights: Array | None = None) -> float:
    """Quantile of a sample; linear between order statistics, or of the weighted distribution given weights."""
    if weights is None:
        return float(np.quantile(values, q))
    return float(np.quantile(values, q, method="inverted_cdf", weights=weights))


def subsample(n_rows: int, limit: int, generator: np.random.Generator) -> Labels:
    """Sorted row numbers, all of them where they are few enough."""
    if n_rows <= limit:
        return np.arange(n_rows)
    return np.sort(generator.choice(n_rows, size=limit, replace=False))


def squared_distances(points: Array, prototypes: Array) -> Array:
    """Squared Euclidean distances, shape (n, k).

    Differences are squared one by one, which loses no digits. SQL uses the expansion into products, which is faster
    there; tests hold the two together.
    """
    distances = np.zeros((len(points), len(prototypes)))
    for j, prototype in enumerate(prototypes):
        for i, coordinate in enumerate(prototype):
            distances[:, j] += (points[:, i] - coordinate) ** 2
    return distances
