"""Prototypes for segments of any shape: what a method of density or linkage found, as nearest prototypes."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from sklearn.cluster import KMeans

from dbt_segmentation.algorithms.assignment import Assignment
from dbt_segmentation.algorithms.base import LEAST_ROWS, Merge, Partition, effective_rows, moved, weighted_rows
from dbt_segmentation.arrays import Array, Labels

# near enough that another prototype is not worth its price in SQL
_ENOUGH = 0.99
_MOST_PARTS = 8


def cover_sample(
    points: Array, weights: Array | None, label: Callable[[Array], Labels], seed: int, noise: str
) -> Partition:
    """Label points by a method that knows no weights, and describe the labels by prototypes: see `cover`.

    With weights the method sees rows as often as their weights say, and every point goes to its prototype afterwards.
    """
    if weights is None:
        return cover(points, label(points), seed, noise)
    drawn = weighted_rows(weights, seed)
    rows = points[drawn]
    found = cover(rows, label(rows), seed, noise, drawn)
    return replace(found, labels=found.assignment.assign(points))


def cover(points: Array, fitted: Labels, seed: int, noise: str, people: Labels | None = None) -> Partition:
    """Describe fitted labels by prototypes: one a segment, more where that misplaces too many.

    Parameters
    ----------
    points : array of shape (n, p)
        Points.
    fitted : array of shape (n,)
        Labels of the method: 0 to k - 1, and -1 for noise.
    noise : {"segment", "nearest"}
        Noise is a segment of its own, from a distance that agrees best with the labels, or goes to the nearest one.
    people : array of shape (n,), optional
        Who each point is, where somebody is there several times: a cluster of fewer than ten people joins the nearest,
        and no prototype is the mean of fewer.
    """
    people = np.arange(len(points)) if people is None else people
    fitted, merges = _without_thin(points, fitted, people)
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
        own = labels == worst
        split = _split(inside[own], people[keep][own], len(parts[worst]) + 1, seed)
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
        return Partition(best, assigned, float((assigned == expected).mean()), merges=merges)
    assigned = best.assign(points)
    return Partition(best, assigned, float((assigned[keep] == labels).mean()), merges=merges)


def _without_thin(points: Array, fitted: Labels, people: Labels) -> tuple[Labels, tuple[Merge, ...]]:
    """Let clusters of too few people join the nearest; noise where there is no other."""
    merges: tuple[Merge, ...] = ()
    while (k := int(fitted.max()) + 1) > 0:
        worth = np.array([_worth(people[fitted == cluster]) for cluster in range(k)])
        gone = int(worth.argmin())
        if worth[gone] >= LEAST_ROWS:
            break
        if k == 1:
            return np.full_like(fitted, -1), ()
        centers = np.stack([points[fitted == cluster].mean(axis=0) for cluster in range(k)])
        distances = ((centers - centers[gone]) ** 2).sum(axis=1)
        distances[gone] = np.inf
        into = int(distances.argmin())
        sizes = [float((fitted == cluster).sum()) for cluster in (gone, into)]
        merge = Merge(sizes[0], sizes[1], into, f"under {LEAST_ROWS} rows there is no prototype")
        fitted = np.where(fitted == gone, into, fitted)
        fitted = fitted - (fitted > gone)
        merges = moved((*merges, merge), gone, into)
    return fitted, merges


def _worth(people: Labels) -> float:
    """Tell how many people copies of them are worth: see `effective_rows`."""
    return float(effective_rows(np.unique(people, return_counts=True)[1].astype(np.float64)))


def _assignment(parts: list[Array]) -> Assignment:
    owners = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    return Assignment(np.vstack(parts), owners, len(parts))


def _split(members: Array, people: Labels, count: int, seed: int) -> Array | None:
    """Means of so many parts of a segment, or None where a part would be too small."""
    if len(members) < LEAST_ROWS * count or len(np.unique(members, axis=0)) < count:
        return None
    estimator = KMeans(count, n_init=2, random_state=seed).fit(members)
    # of its own labels: scikit-learn's centres may be a step behind them
    parts = [estimator.labels_ == part for part in range(count)]
    if min(_worth(people[own]) for own in parts) < LEAST_ROWS:
        return None
    return np.stack([members[own].mean(axis=0) for own in parts])


def _with_noise(assignment: Assignment, points: Array, fitted: Labels) -> Assignment:
    """Add the segment of noise at the distance at which labels agree most."""
    nearest = np.sqrt(np.maximum(-2.0 * assignment.affinities(points).max(axis=1), 0.0))
    limits = np.unique(np.quantile(nearest, np.linspace(0.02, 1.0, 99)))
    right = assignment.assign(points) == fitted
    hits = [int((right & (nearest <= limit)).sum() + ((fitted < 0) & (nearest > limit)).sum()) for limit in limits]
    position = assignment.n_segments
    return replace(assignment, n_segments=position + 1, noise=(position, float(limits[int(np.argmax(hits))])))
