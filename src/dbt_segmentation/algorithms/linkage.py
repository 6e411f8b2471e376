"""Agglomerative clustering: a tree for each linkage and distance, cut at each number of segments."""

from functools import lru_cache

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import pdist

from dbt_segmentation.algorithms.assignment import Assignment
from dbt_segmentation.algorithms.base import Partition, Spec
from dbt_segmentation.algorithms.cover import cover_sample
from dbt_segmentation.arrays import Array, Labels

METRICS = {"euclidean": {}, "manhattan": {}, "cosine": {}, "minkowski": {"p": 3.0}}
LINKAGES = ("ward", "complete", "average", "single")


class LinkageAlgorithm:
    """Hierarchical agglomerative clustering: ward with Euclidean distance; complete, average, single with any.

    Sources: Ward (1963); Lance and Williams (1967). Minkowski's exponent is 3.
    """

    name = "agglomerative"
    # distances of all pairs, for a dozen trees
    max_rows = 1_000

    def specs(self, counts: list[int], n_rows: int, n_features: int, min_size: int) -> list[Spec]:
        """See `Algorithm.specs`."""
        ways = [("ward", "euclidean"), *((way, metric) for way in LINKAGES[1:] for metric in METRICS)]
        return [
            Spec(self.name, count, (("linkage", way), ("metric", metric))) for way, metric in ways for count in counts
        ]

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
        way, metric = str(spec.option("linkage", "ward")), str(spec.option("metric", "euclidean"))

        def label(rows: Array) -> Labels:
            tree = _tree(rows.tobytes(), rows.shape, way, metric)
            fitted: Labels = fcluster(tree, spec.n_segments, criterion="maxclust").astype(np.int64) - 1
            return fitted

        return cover_sample(points, weights, label, seed, "nearest")


@lru_cache(maxsize=16)
def _tree(data: bytes, shape: tuple[int, int], way: str, metric: str) -> Array:
    """Grow the tree of one linkage: all numbers of segments are cuts of it."""
    points = np.frombuffer(data, dtype=np.float64).reshape(shape)
    if metric == "cosine":
        # a customer at the average of everything has no direction: a hair keeps it from dividing by zero
        length = np.sqrt((points**2).sum(axis=1, keepdims=True))
        points = np.where(length > 1e-12, points, 1e-6)
    name = "cityblock" if metric == "manhattan" else metric
    distances = np.maximum(pdist(points, name, **METRICS[metric]), 0.0)
    return np.asarray(linkage(distances, way), dtype=np.float64)
