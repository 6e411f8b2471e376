"""Whether other customers of the same kind would have given the same segments."""

from collections.abc import Callable

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import adjusted_rand_score

from dbt_segmentation.algorithms import Partition
from dbt_segmentation.arrays import Array, Labels

# partitions rows of the sample with a seed, as the candidate itself was made
Repeat = Callable[[Labels, int], Partition]


def bootstrap_jaccard(
    points: Array,
    labels: Labels,
    n_segments: int,
    repeat: Repeat,
    n_bootstraps: int,
    seed: int,
    weights: Array | None = None,
) -> Array:
    """Mean Jaccard similarity of each segment with its most similar segment in bootstrap samples, shape (n_segments,).

    Under 0.6 a segment is unstable, from 0.75 valid, from 0.85 highly stable. A segment without a row in the sample
    counts 0.

    Source: Hennig (2007), Cluster-wise assessment of cluster stability, section 2.

    Parameters
    ----------
    points : array of shape (n, p)
        The sample.
    labels : array of shape (n,)
        The candidate's labels.
    repeat : callable
        Partitions the rows it is given, with a seed.
    weights : array of shape (n,), optional
        Rows are drawn with these chances; of those that were drawn, each counts once in the overlap.
    """
    generator = np.random.default_rng([seed, 17])
    chances = None if weights is None else weights / weights.sum()
    similarity = np.zeros(n_segments)
    for b in range(n_bootstraps):
        if chances is None:
            rows = np.sort(generator.integers(len(points), size=len(points)))
        else:
            rows = np.sort(generator.choice(len(points), size=len(points), p=chances))
        again = repeat(rows, seed + b)
        drawn, first = np.unique(rows, return_index=True)
        similarity += jaccard_matrix(labels[drawn], again.labels[first], n_segments, again.n_segments).max(axis=1)
    return similarity / n_bootstraps


def jaccard_matrix(left: Labels, right: Labels, n_left: int, n_right: int) -> Array:
    """Overlap of two labellings of the same rows: |A and B| / |A or B|, shape (n_left, n_right), 0 for empty pairs."""
    both = np.bincount(left * n_right + right, minlength=n_left * n_right).reshape(n_left, n_right).astype(np.float64)
    either = both.sum(axis=1, keepdims=True) + both.sum(axis=0, keepdims=True) - both
    overlap: Array = both / np.maximum(either, 1.0)
    return overlap


def across_folds(points: Array, repeat: Repeat, seed: int, n_repeats: int = 3) -> tuple[float, float]:
    """Prediction strength and adjusted Rand index between two halves, means over random halves.

    Each half is partitioned. The one half's segments are then told by the model of the other: prediction strength is
    the share of pairs that stay together, in the segment where it is smallest (Tibshirani and Walther 2005: from 0.8 on
    a number of segments is well supported); the adjusted Rand index (Hubert and Arabie 1985) compares all pairs.
    """
    generator = np.random.default_rng([seed, 19])
    strengths, rands = [], []
    for b in range(n_repeats):
        order = generator.permutation(len(points))
        halves = np.sort(order[: len(order) // 2]), np.sort(order[len(order) // 2 :])
        first, second = (repeat(half, seed + b) for half in halves)
        for half, own, other in ((halves[0], first, second), (halves[1], second, first)):
            told = other.assignment.assign(points[half])
            strengths.append(_prediction_strength(own.labels, told))
            rands.append(float(adjusted_rand_score(own.labels, told)))
    return float(np.mean(strengths)), float(np.mean(rands))


def _prediction_strength(own: Labels, told: Labels) -> float:
    weakest = 1.0
    for segment in np.unique(own):
        counts = np.bincount(told[own == segment]).astype(np.float64)
        size = counts.sum()
        if size > 1:
            weakest = min(weakest, float((counts * (counts - 1)).sum() / (size * (size - 1))))
    return weakest


def change(labels: Labels, current: Labels, weights: Array | None = None) -> float:
    """(Weighted) share of the customers whose segment changes, once segments are paired as well as they can be."""
    table = np.zeros((int(labels.max()) + 1, int(current.max()) + 1))
    np.add.at(table, (labels, current), 1.0 if weights is None else weights)
    rows, columns = linear_sum_assignment(table, maximize=True)
    return 1.0 - float(table[rows, columns].sum() / table.sum())
