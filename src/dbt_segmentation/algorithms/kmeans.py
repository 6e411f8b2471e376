"""k-means, all rows at once or in batches."""

import warnings

import numpy as np
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.exceptions import ConvergenceWarning

from dbt_segmentation.algorithms.assignment import Assignment
from dbt_segmentation.algorithms.base import Partition, Spec
from dbt_segmentation.arrays import Array, squared_distances


class KMeansAlgorithm:
    """k-means by Lloyd's iterations from k-means++ starts (Arthur and Vassilvitskii 2007)."""

    name = "kmeans"
    max_rows = 10_000_000

    def specs(self, counts: list[int], n_rows: int, n_features: int, min_size: int) -> list[Spec]:
        """See `Algorithm.specs`."""
        return [Spec(self.name, count) for count in counts]

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
        estimator = self._estimator(spec, seed, n_init, start)
        with warnings.catch_warnings():
            # fewer distinct points than segments: the caller sees the empty segment and rejects the candidate
            warnings.simplefilter("ignore", ConvergenceWarning)
            estimator.fit(points, sample_weight=weights)
        prototypes = self._prototypes(estimator, points, weights)
        distances = squared_distances(points, prototypes)
        labels = distances.argmin(axis=1).astype(np.int64)
        nearest = distances[np.arange(len(points)), labels]
        inertia = float(nearest.sum() if weights is None else nearest @ weights)
        return Partition(Assignment.of_prototypes(prototypes), labels, criterion=inertia)

    def _prototypes(self, estimator: KMeans | MiniBatchKMeans, points: Array, weights: Array | None) -> Array:
        return np.asarray(estimator.cluster_centers_, dtype=np.float64)

    def _estimator(self, spec: Spec, seed: int, n_init: int, start: Assignment | None) -> KMeans | MiniBatchKMeans:
        return KMeans(
            n_clusters=spec.n_segments,
            init="k-means++" if start is None else start.centers,
            n_init=n_init if start is None else 1,
            algorithm="lloyd",
            tol=1e-6,
            max_iter=300,
            random_state=seed,
        )


class MiniBatchAlgorithm(KMeansAlgorithm):
    """k-means on batches of 4,096 rows (Sculley 2010): for samples that take k-means minutes."""

    name = "minibatch"

    def _prototypes(self, estimator: KMeans | MiniBatchKMeans, points: Array, weights: Array | None) -> Array:
        """Means of the rows that are nearest: what batches leave may be a row at which a segment was started anew."""
        left = Assignment.of_prototypes(super()._prototypes(estimator, points, weights))
        means = left.segment_centers(points, left.assign(points), weights)
        return np.where(np.isnan(means), left.centers, means)

    def _estimator(self, spec: Spec, seed: int, n_init: int, start: Assignment | None) -> KMeans | MiniBatchKMeans:
        return MiniBatchKMeans(
            n_clusters=spec.n_segments,
            init="k-means++" if start is None else start.centers,
            n_init=min(n_init, 3) if start is None else 1,
            batch_size=4096,
            max_iter=50,
            random_state=seed,
        )
