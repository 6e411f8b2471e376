"""Segments too small to be told, or too like their neighbour to be worth telling, join another."""

from dataclasses import replace

import numpy as np
from scipy.spatial.distance import cdist

from dbt_segmentation.algorithms import Merge, Partition
from dbt_segmentation.algorithms.base import effective_rows, moved
from dbt_segmentation.arrays import Array, Labels
from dbt_segmentation.choosing.indices import dunn, simplified_silhouette

WAYS = ("none", "silhouette", "dunn")

_DUNN_ROWS = 1_500


def segment_sizes(labels: Labels, count: int, weights: Array | None) -> Array:
    """Rows of each segment, or what they stand for if that is less: neither may stand in for people."""
    rows = np.bincount(labels, minlength=count).astype(np.float64)
    return rows if weights is None else np.minimum(rows, np.bincount(labels, weights, minlength=count))


def merge_small(
    partition: Partition, points: Array, weights: Array | None, min_size: float, scale: float = 1.0
) -> Partition:
    """Merge every segment under the minimum into the one with the nearest mean, the smallest first.

    `scale` is how many rows of the whole table a row stands for: merges are told in these.
    """
    while partition.n_segments > 1:
        sizes = segment_sizes(partition.labels, partition.n_segments, weights)
        gone = int(sizes.argmin())
        if sizes[gone] >= min_size:
            break
        why = f"at least {min_size * scale:.0f} are asked for, and its mean is the nearest"
        partition = _merge(partition, points, gone, _nearest(partition, points, weights, gone), why, scale)
    return partition


def fuse_thin_parts(
    partition: Partition, points: Array, weights: Array | None, least: float, scale: float = 1.0
) -> Partition:
    """Let every part that is the mean of too few rows go up in the nearest part of its segment.

    So that no prototype and no mean of a mixture is a person's row, or nearly one. A segment that has no other part
    joins the nearest segment first. Rows are counted as `effective_rows`: of a weighted mean, and of a mean by
    posteriors, it is what the rows are worth that counts.

    Parameters
    ----------
    points : array of shape (n, p)
        The rows that the parts are means of.
    least : float
        Rows that a part must be worth.
    scale : float
        See `merge_small`.
    """
    assignment = partition.assignment
    counted = assignment.part_shares(points)
    if weights is not None:
        counted = counted * weights[:, None]
    while len(counted.T) > 0:
        worth = effective_rows(counted)
        thin = int(worth.argmin())
        if worth[thin] >= least - 1e-9:
            break
        siblings = np.flatnonzero(assignment.owners == assignment.owners[thin])
        siblings = siblings[siblings != thin]
        if len(siblings) == 0 and assignment.n_segments == 1:
            break
        if len(siblings) == 0:
            gone = int(assignment.owners[thin])
            partition = replace(partition, assignment=assignment, labels=assignment.assign(points))
            why = f"the mean of fewer than {least * scale:.0f} rows is too near a person"
            partition = _merge(partition, points, gone, _nearest(partition, points, weights, gone), why, scale)
            return fuse_thin_parts(partition, points, weights, least, scale)
        distances = ((assignment.centers[siblings] - assignment.centers[thin]) ** 2).sum(axis=1)
        into = int(siblings[int(distances.argmin())])
        assignment = assignment.fused(thin, into, points, counted)
        counted[:, into] += counted[:, thin]
        counted = np.delete(counted, thin, axis=1)
    if assignment is partition.assignment:
        return partition
    return replace(partition, assignment=assignment, labels=assignment.assign(points))


def _nearest(partition: Partition, points: Array, weights: Array | None, gone: int) -> int:
    """Position of the segment whose mean is nearest."""
    centers = partition.assignment.segment_centers(points, partition.labels, weights)
    # an empty segment has no mean: its prototype stands for it
    for segment in np.flatnonzero(np.isnan(centers).any(axis=1)):
        own = partition.assignment.owners == segment
        centers[segment] = partition.assignment.centers[own].mean(axis=0) if own.any() else points.mean(axis=0)
    distances = ((centers - centers[gone]) ** 2).sum(axis=1)
    distances[gone] = np.inf
    return int(distances.argmin())


def merge_similar(partition: Partition, points: Array, way: str, scale: float = 1.0) -> Partition:
    """Merge segments where the index gets better by it.

    Pairs are merged down to two segments, each time the one that is best for the index; the number of merges at which
    the index is best, none included, counts.

    Parameters
    ----------
    way : {"none", "silhouette", "dunn"}
        The index.
    scale : float
        See `merge_small`.
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
            _merge(last, points, gone, into, f"that improves {way}", scale)
            for into in range(last.n_segments)
            for gone in range(into + 1, last.n_segments)
        ]
        path.append(max(((index(candidate), candidate) for candidate in tried), key=lambda pair: pair[0]))
    return max(path, key=lambda pair: pair[0])[1]


def _merge(partition: Partition, points: Array, gone: int, into: int, why: str, scale: float) -> Partition:
    assignment = partition.assignment.merged(gone, into)
    rows = np.bincount(partition.labels, minlength=partition.n_segments) * scale
    merge = Merge(float(rows[gone]), float(rows[into]), into, why)
    merges = moved((*partition.merges, merge), gone, into)
    return replace(partition, assignment=assignment, labels=assignment.assign(points), merges=merges)
