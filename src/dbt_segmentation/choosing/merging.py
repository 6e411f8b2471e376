"""Segments too small to be told, or too like their neighbour to be worth telling, join another."""

from dataclasses import replace

import numpy as np
from scipy.spatial.distance import cdist

from dbt_segmentation.algorithms import Partition
from dbt_segmentation.arrays import Array, Labels
from dbt_segmentation.choosing.indices import dunn, simplified_silhouette

WAYS = ("none", "silhouette", "dunn")

_DUNN_ROWS = 1_500


def segment_sizes(labels: Labels, count: int, weights: Array | None) -> Array:
    """Rows of each segment, or what they stand for if that is less: neither may stand in for people."""
    rows = np.bincount(labels, minlength=count).astype(np.float64)
    return rows if weights is None else np.minimum(rows, np.bincount(labels, weights, minlength=count))


def merge_small(partition: Partition, points: Array, weights: Array | None, min_size: float) -> Partition:
    """Merge every segment under the minimum into the one with the nearest mean, the smallest first."""
    while partition.n_segments > 1:
        sizes = segment_sizes(partition.labels, partition.n_segments, weights)
        gone = int(sizes.argmin())
        if sizes[gone] >= min_size:
            break
        centers = partition.assignment.segment_centers(points, partition.labels, weights)
        # an empty segment has no mean: its prototype stands for it
        for segment in np.flatnonzero(np.isnan(centers).any(axis=1)):
            own = partition.assignment.owners == segment
            centers[segment] = partition.assignment.centers[own].mean(axis=0) if own.any() else points.mean(axis=0)
        distances = ((centers - centers[gone]) ** 2).sum(axis=1)
        distances[gone] = np.inf
        text = f"{sizes[gone]:.0f} of at least {min_size:.0f} rows merged into the nearest segment"
        partition = _merge(partition, points, gone, int(distances.argmin()), text)
    return partition


def merge_similar(partition: Partition, points: Array, way: str) -> Partition:
    """Merge segments where the index gets better by it.

    Pairs are merged down to two segments, each time the one that is best for the index; the number of merges at which
    the index is best, none included, counts.

    Parameters
    ----------
    way : {"none", "silhouette", "dunn"}
        The index.
    """
    if way == "none":
        return partition
    sample = points[:: max(1, len(points) // _DUNN_ROWS)]
    distances = cdist(sample, sample) if way == "dunn" else np.empty((0, 0))

    def index(tried: Partition) -> float:
        labels = tried.assignment.assign(sample)
        names, own = np.unique(labels, return_inverse=True)
        if way == "dunn":
            return dunn(distances, own)
        centers = np.stack([sample[own == j].mean(axis=0) for j in range(len(names))])
        return simplified_silhouette(sample, centers, own) if len(names) > 1 else 0.0

    path = [(index(partition), partition)]
    while path[-1][1].n_segments > 2:
        last = path[-1][1]
        tried = [
            _merge(last, points, gone, into, f"merged, which improves {way}")
            for into in range(last.n_segments)
            for gone in range(into + 1, last.n_segments)
        ]
        path.append(max(((index(candidate), candidate) for candidate in tried), key=lambda pair: pair[0]))
    return max(path, key=lambda pair: pair[0])[1]


def _merge(partition: Partition, points: Array, gone: int, into: int, text: str) -> Partition:
    assignment = partition.assignment.merged(gone, into)
    merges = (*partition.merges, text)
    return replace(partition, assignment=assignment, labels=assignment.assign(points), merges=merges)
