"""Prototypes for segments of any shape: what a method of density or linkage found, as nearest prototypes."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from sklearn.cluster import KMeans

from dbt_segmentation.algorithms.assignment import Assignment
from dbt_segmentation.algorithms.base import Partition, weighted_rows
from dbt_segmentation.arrays import Array, Labels

# near enough that another prototype is not worth its price in SQL
_ENOUGH = 0.99
_MOST_PARTS = 8
# a prototype is the mean of many, never nearly a person's row
_LEAST_MEMBERS = 10


def cover_sample(
    points: Array, weights: Array | None, label: Callable[[Array], Labels], seed: int, noise: str
) -> Partition:
    """Label points by a method that knows no weights, and describe the labels by prototypes: see `cover`.

    With weights the method sees rows as often as their weights say, and every point goes to its prototype afterwards.
    """
    if weights is None:
        return cover(points, label(points), seed, noise)
    rows = points[weighted_rows(weights, seed)]
    found = cover(rows, label(rows), seed, noise)
    return Partition(found.assignment, found.assignment.assign(points), found.agreement)


def cover(points: Array, fitted: Labels, seed: int, noise: str) -> Partition:
    """Describe fitted labels by prototypes: one a segment, more where that misplaces too many.

    Parameters
    ----------
    points : array of shape (n, p)
        Points.
    fitted : array of shape (n,)
        Labels of the method: 0 to k - 1, and -1 for noise.
    noise : {"segment", "nearest"}
        Noise is a segment of its own, from a distance that agrees best with the labels, or goes to the nearest one.
    """
    keep = fitted >= 0
    k = int(fitted.max()) + 1
    if k == 0:
        middle = Assignment.of_prototypes(points.mean(axis=0, keepdims=True))
        return Partition(middle, np.zeros(len(points), dtype=np.int64), 0.0)
    inside, labels = points[keep], fitted[keep]
    parts = [inside[labels == segment].mean(axis=0, keepdims=True) for segment in range(k)]
    best = _assignment(parts)
    found = best.assign(inside)
    agreement = float((found == labels).mean())
    stuck: set[int] = set()
    while agreement < _ENOUGH:
        misplaced = found != labels
        wrong = np.bincount(labels[misplaced], minlength=k) + np.bincount(found[misplaced], minlength=k)
        room = [s for s in range(k) if s not in stuck and wrong[s] and len(parts[s]) < _MOST_PARTS]
        if not room:
            break
        worst = max(room, key=lambda segment: int(wrong[segment]))
        split = _split(inside[labels == worst], len(parts[worst]) + 1, seed)
        if split is None:
            stuck.add(worst)
            continue
        tried = _assignment([split if segment == worst else part for segment, part in enumerate(parts)])
        again = tried.assign(inside)
        if (again == labels).mean() <= agreement:
            stuck.add(worst)
            continue
        parts[worst], best, found = split, tried, again
        agreement = float((found == labels).mean())
    if noise == "segment" and not keep.all():
        best, expected = _with_noise(best, points, fitted), np.where(keep, fitted, k)
        assigned = best.assign(points)
        return Partition(best, assigned, float((assigned == expected).mean()))
    assigned = best.assign(points)
    return Partition(best, assigned, float((assigned[keep] == labels).mean()))


def _assignment(parts: list[Array]) -> Assignment:
    owners = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    return Assignment(np.vstack(parts), owners, len(parts))


def _split(members: Array, count: int, seed: int) -> Array | None:
    """Means of so many parts of a segment, or None where a part would be too small."""
    if len(members) < _LEAST_MEMBERS * count or len(np.unique(members, axis=0)) < count:
        return None
    estimator = KMeans(count, n_init=2, random_state=seed).fit(members)
    sizes = np.bincount(estimator.labels_, minlength=count)
    return None if sizes.min() < _LEAST_MEMBERS else np.asarray(estimator.cluster_centers_, dtype=np.float64)


def _with_noise(assignment: Assignment, points: Array, fitted: Labels) -> Assignment:
    """Add the segment of noise at the distance at which labels agree most."""
    nearest = np.sqrt(np.maximum(-2.0 * assignment.affinities(points).max(axis=1), 0.0))
    limits = np.unique(np.quantile(nearest, np.linspace(0.02, 1.0, 99)))
    right = assignment.assign(points) == fitted
    hits = [int((right & (nearest <= limit)).sum() + ((fitted < 0) & (nearest > limit)).sum()) for limit in limits]
    position = assignment.n_segments
    return replace(assignment, n_segments=position + 1, noise=(position, float(limits[int(np.argmax(hits))])))
