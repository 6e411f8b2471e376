"""How good a partition is: validity indices, their values on data without segments, and stability."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.spatial.distance import cdist
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score

from dbt_segmentation.algorithms import Algorithm, Labels
from dbt_segmentation.null_models import NullModel
from dbt_segmentation.preprocessing import Array


@dataclass(frozen=True)
class Indices:
    """Validity of one partition; each higher is better.

    Attributes
    ----------
    compactness : float
        Minus the logarithm of the inertia.
    silhouette : float
        Rousseeuw (1987).
    calinski_harabasz : float
        Logarithm of the index of Calinski and Harabasz (1974), so that differences are ratios.
    davies_bouldin : float
        Minus the index of Davies and Bouldin (1979).
    """

    compactness: float
    silhouette: float
    calinski_harabasz: float
    davies_bouldin: float

    @classmethod
    def measure(cls, points: Array, labels: Labels, inertia: float, distances: Array) -> "Indices":
        """Measure a partition of points of shape (n, p), given their distances of shape (n, n)."""
        tiny = float(np.finfo(np.float64).tiny)
        compactness = -float(np.log(max(inertia, tiny)))
        if not 1 < len(np.unique(labels)) < len(labels):
            return cls(compactness, 0.0, 0.0, 0.0)
        return cls(
            compactness=compactness,
            silhouette=silhouette(distances, labels),
            calinski_harabasz=float(np.log(max(calinski_harabasz_score(points, labels), tiny))),
            davies_bouldin=-float(davies_bouldin_score(points, labels)),
        )

    def as_array(self) -> Array:
        """In the order of the attributes, shape (4,)."""
        return np.array([self.compactness, self.silhouette, self.calinski_harabasz, self.davies_bouldin])


def silhouette(distances: Array, labels: Labels) -> float:
    """Mean silhouette from a distance matrix of shape (n, n), which one sample shares among all its partitions.

    Same value as scikit-learn's silhouette_score: a point alone in its segment counts 0.
    """
    names, own = np.unique(labels, return_inverse=True)
    sizes = np.bincount(own)
    if len(names) < 2:
        return 0.0
    sums = distances @ np.eye(len(names))[own]
    rows = np.arange(len(labels))
    within = sums[rows, own] / np.maximum(sizes[own] - 1, 1)
    means = sums / sizes
    means[rows, own] = np.inf
    nearest = means.min(axis=1)
    larger = np.maximum(within, nearest)
    width = np.where((sizes[own] > 1) & (larger > 0), (nearest - within) / np.where(larger > 0, larger, 1.0), 0.0)
    return float(width.mean())


@dataclass(frozen=True)
class Comparison:
    """Indices of one number of segments on a sample, next to those on data without segments.

    Attributes
    ----------
    excess : Indices
        Value on the sample minus its mean over the null samples.
    structure : float
        Excess compactness in standard deviations of the null samples: how much tighter than one group cut in pieces.
    """

    excess: Indices
    structure: float


def compare_with_null(
    points: Array,
    labels: Mapping[int, Labels],
    algorithm: Algorithm,
    null: NullModel,
    n_references: int,
    seed: int,
    n_init: int = 3,
) -> dict[int, Comparison]:
    """Compare partitions of a sample with partitions of data without segments, by number of segments.

    For compactness the sample is partitioned anew, with the same number of starts as the references: a more careful
    search on one side would look like structure. The other indices, which no search optimises, are those of the
    labels given.

    Parameters
    ----------
    points : array of shape (n, p)
        The sample.
    labels : mapping of int to array of shape (n,)
        Labels of each candidate on the sample, by number of segments.
    """
    generator = np.random.default_rng([seed, 11])
    distances = cdist(points, points)
    observed = np.stack(
        [
            Indices.measure(
                points,
                labels[count],
                algorithm.partition(points, count, seed=seed, n_init=n_init).inertia,
                distances,
            ).as_array()
            for count in labels
        ]
    )
    drawn = np.stack(
        [_measure_all(null.draw(generator), algorithm, list(labels), seed + b, n_init) for b in range(n_references)]
    )
    excess = observed - drawn.mean(axis=0)
    # a few draws can't tell a deviation of zero from a small one: never less than a thousandth of log inertia
    structure = excess[:, 0] / np.maximum(drawn.std(axis=0, ddof=1)[:, 0], 1e-3)
    return {
        count: Comparison(Indices(*(float(value) for value in excess[i])), float(structure[i]))
        for i, count in enumerate(labels)
    }


def _measure_all(points: Array, algorithm: Algorithm, counts: Sequence[int], seed: int, n_init: int) -> Array:
    """Partition and measure for every count; shape (number of counts, 4)."""
    distances = cdist(points, points)
    found = [algorithm.partition(points, count, seed=seed, n_init=n_init) for count in counts]
    return np.stack([Indices.measure(points, part.labels, part.inertia, distances).as_array() for part in found])


def gap_statistic(
    points: Array, algorithm: Algorithm, counts: Sequence[int], null: NullModel, n_references: int, seed: int
) -> dict[int, float]:
    """Gap of Tibshirani, Walther and Hastie (2001), by number of segments."""
    generator = np.random.default_rng([seed, 13])
    drawn = [null.draw(generator) for _ in range(n_references)]

    def log_inertia(sample: Array, count: int, start_seed: int) -> float:
        inertia = algorithm.partition(sample, count, seed=start_seed, n_init=2).inertia
        return float(np.log(max(inertia, np.finfo(np.float64).tiny)))

    return {
        count: float(np.mean([log_inertia(sample, count, seed + b) for b, sample in enumerate(drawn)]))
        - log_inertia(points, count, seed)
        for count in counts
    }


def bootstrap_jaccard(
    points: Array,
    partition_labels: Labels,
    n_segments: int,
    algorithm: Algorithm,
    n_bootstraps: int,
    seed: int,
    weights: Array | None = None,
    n_init: int = 10,
) -> Array:
    """Mean Jaccard similarity of each segment with its most similar segment in bootstrap samples, shape (n_segments,).

    Under 0.6 a segment is unstable, from 0.75 valid, from 0.85 highly stable. A segment without a row in the sample
    counts 0.

    Source: Hennig (2007), Cluster-wise assessment of cluster stability, section 2.
    """
    generator = np.random.default_rng([seed, 17])
    similarity = np.zeros(n_segments)
    for b in range(n_bootstraps):
        rows = generator.integers(len(points), size=len(points))
        again = algorithm.partition(
            points[rows], n_segments, seed=seed + b, n_init=n_init, weights=None if weights is None else weights[rows]
        )
        drawn, first = np.unique(rows, return_index=True)
        similarity += jaccard_matrix(partition_labels[drawn], again.labels[first], n_segments, n_segments).max(axis=1)
    return similarity / n_bootstraps


def jaccard_matrix(left: Labels, right: Labels, n_left: int, n_right: int) -> Array:
    """Overlap of two labellings of the same rows: |A and B| / |A or B|, shape (n_left, n_right), 0 for empty pairs."""
    both = np.bincount(left * n_right + right, minlength=n_left * n_right).reshape(n_left, n_right).astype(np.float64)
    either = both.sum(axis=1, keepdims=True) + both.sum(axis=0, keepdims=True) - both
    overlap: Array = both / np.maximum(either, 1.0)
    return overlap
