"""Ways to partition points, behind one interface.

Each takes preprocessed points and gives prototypes: whatever the method, everybody is scored by the nearest prototype.
"""

import warnings
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning

from dbt_segmentation.errors import ConfigError, did_you_mean
from dbt_segmentation.preprocessing import Array

Labels = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


@dataclass(frozen=True)
class Partition:
    """A set of prototypes and how well they describe the points.

    Attributes
    ----------
    prototypes : array of shape (k, p)
        One row a segment.
    labels : array of shape (n,)
        Nearest prototype of each point.
    inertia : float
        Weighted sum of squared distances to the nearest prototype.
    """

    prototypes: Array
    labels: Labels
    inertia: float


class Algorithm(Protocol):
    """What a clustering method must offer."""

    name: str

    def partition(
        self,
        points: Array,
        n_segments: int,
        *,
        seed: int,
        n_init: int = 10,
        weights: Array | None = None,
        start: Array | None = None,
    ) -> Partition:
        """Partition points of shape (n, p) into n_segments; `start` of shape (n_segments, p) replaces random starts."""
        ...


class KMeansAlgorithm:
    """k-means by Lloyd's iterations from k-means++ starts (Arthur and Vassilvitskii 2007)."""

    name = "kmeans"

    def partition(
        self,
        points: Array,
        n_segments: int,
        *,
        seed: int,
        n_init: int = 10,
        weights: Array | None = None,
        start: Array | None = None,
    ) -> Partition:
        """See `Algorithm.partition`."""
        estimator = KMeans(
            n_clusters=n_segments,
            init="k-means++" if start is None else start,
            n_init=n_init if start is None else 1,
            algorithm="lloyd",
            tol=1e-6,
            max_iter=300,
            random_state=seed,
        )
        with warnings.catch_warnings():
            # fewer distinct points than segments: the caller sees the empty segment and rejects the candidate
            warnings.simplefilter("ignore", ConvergenceWarning)
            estimator.fit(points, sample_weight=weights)
        prototypes = np.asarray(estimator.cluster_centers_, dtype=np.float64)
        distances = squared_distances(points, prototypes)
        labels = distances.argmin(axis=1).astype(np.int64)
        nearest = distances[np.arange(len(points)), labels]
        return Partition(prototypes, labels, float(nearest.sum() if weights is None else nearest @ weights))


ALGORITHMS: dict[str, Algorithm] = {"kmeans": KMeansAlgorithm()}


def get_algorithm(name: str) -> Algorithm:
    """Find a method by name; `auto` is k-means as long as it is the only one.

    Raises
    ------
    ConfigError
        No such method.
    """
    if name == "auto":
        return ALGORITHMS["kmeans"]
    if name not in ALGORITHMS:
        raise ConfigError(f"Unknown algorithm {name!r}. {did_you_mean(name, ['auto', *ALGORITHMS])}")
    return ALGORITHMS[name]


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
