"""Methods that look for crowds and leave the rest as noise: DBSCAN and HDBSCAN."""

import numpy as np
from sklearn.cluster import DBSCAN, HDBSCAN
from sklearn.neighbors import NearestNeighbors

from dbt_segmentation.algorithms.assignment import Assignment
from dbt_segmentation.algorithms.base import Partition, Spec
from dbt_segmentation.algorithms.cover import cover_sample
from dbt_segmentation.algorithms.elbow import kneedle
from dbt_segmentation.arrays import Array, Labels

NOISE = ("nearest", "segment")


class _DensityAlgorithm:
    """What the two share: weights by resampling, noise, prototypes.

    Parameters
    ----------
    noise : {"nearest", "segment"}
        Whether noise goes to the nearest segment, or is one of its own.
    """

    name = ""
    max_rows = 1_500

    def __init__(self, noise: str = "nearest") -> None:
        self.noise = noise

    def specs(self, counts: list[int], n_rows: int, n_features: int, min_size: int) -> list[Spec]:
        """See `Algorithm.specs`."""
        raise NotImplementedError

    def _labels(self, points: Array, spec: Spec) -> Labels:
        raise NotImplementedError

    def partition(
        self,
        points: Array,
        spec: Spec,
        *,
        seed: int,
        n_init: int = 10,
        weights: Array | None = None,
        start: Assignment | None = None,
    ) -> Partition:
        """See `Algorithm.partition`."""
        return cover_sample(points, weights, lambda rows: self._labels(rows, spec), seed, self.noise)


class DbscanAlgorithm(_DensityAlgorithm):
    """DBSCAN (Ester et al. 1996); its radius is the elbow of the sorted distances to the k-th neighbour."""

    name = "dbscan"

    def specs(self, counts: list[int], n_rows: int, n_features: int, min_size: int) -> list[Spec]:
        """See `Algorithm.specs`."""
        # 2 * dimensions: Sander et al. (1998)
        sizes = sorted({5, 10, max(5, min(2 * n_features, 40))})
        return [Spec(self.name, None, (("min_samples", size),)) for size in sizes if size < n_rows]

    def _labels(self, points: Array, spec: Spec) -> Labels:
        size = int(spec.option("min_samples", 5))
        reach = NearestNeighbors(n_neighbors=size).fit(points).kneighbors(points)[0][:, -1]
        radius = max(float(np.sort(reach)[kneedle(np.sort(reach))]), 1e-9)
        labels: Labels = DBSCAN(eps=radius, min_samples=size).fit_predict(points).astype(np.int64)
        return labels


class HdbscanAlgorithm(_DensityAlgorithm):
    """HDBSCAN (Campello, Moulavi and Sander 2013)."""

    name = "hdbscan"

    def specs(self, counts: list[int], n_rows: int, n_features: int, min_size: int) -> list[Spec]:
        """See `Algorithm.specs`."""
        sizes = sorted({max(5, min_size), max(5, n_rows // 50), max(5, n_rows // 20)})
        return [
            Spec(self.name, None, (("min_cluster_size", size), ("min_samples", samples)))
            for size in sizes
            for samples in (5, 15)
            if size * 2 < n_rows and samples < n_rows
        ]

    def _labels(self, points: Array, spec: Spec) -> Labels:
        estimator = HDBSCAN(
            min_cluster_size=int(spec.option("min_cluster_size", 5)),
            min_samples=int(spec.option("min_samples", 5)),
            copy=True,
        )
        labels: Labels = estimator.fit_predict(points).astype(np.int64)
        return np.maximum(labels, -1)
