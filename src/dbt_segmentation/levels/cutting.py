"""Whether a group of customers falls into parts, and into how many: height jumps of its tree, stability, and chance."""

from dataclasses import dataclass

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

from dbt_segmentation.algorithms.base import LEAST_ROWS, effective_rows
from dbt_segmentation.arrays import Array, Labels, squared_distances
from dbt_segmentation.choosing.indices import simplified_silhouette
from dbt_segmentation.choosing.null_models import OneGroup
from dbt_segmentation.choosing.stability import jaccard_matrix

MOST_PARTS = 6
# the tree of a larger group is built on so many of its rows: memory and time grow with their square
MOST_ROWS = 800
RULES = ("stable", "distinct")


@dataclass(frozen=True)
class Cut:
    """Into how many parts a group was cut, and why.

    Attributes
    ----------
    n_parts : int
        1 where it was not cut.
    reason : str
        Why, in words.
    jump : float or None
        Height at which the parts join over the height of the last merge within them.
    stability : float or None
        Of the least stable part: mean Jaccard similarity with what other samples give (Hennig 2007).
    silhouette, by_chance : float or None
        Simplified silhouette of the parts, and the largest one among samples of one group cut in the same way.
    """

    n_parts: int
    reason: str
    jump: float | None = None
    stability: float | None = None
    silhouette: float | None = None
    by_chance: float | None = None


@dataclass(frozen=True)
class CutPolicy:
    """What a cut must have.

    Attributes
    ----------
    rule : {"stable", "distinct"}
        Whether stable parts are enough, be they slices of one group, or whether they must be clearer than by chance.
    stability_min : float
        Of each part.
    n_bootstraps, n_references : int
        Samples to judge stability by, and samples without parts to compare with: of r of these chance passes one in
        r + 1 times.
    seed : int
        For all samples.
    """

    rule: str = "stable"
    stability_min: float = 0.6
    n_bootstraps: int = 20
    n_references: int = 20
    seed: int = 0


def cut_group(
    points: Array,
    least: float,
    policy: CutPolicy,
    current_parts: int | None = None,
    people: Labels | None = None,
) -> tuple[Cut, Array]:
    """Cut one group where its Ward tree (Ward 1963) jumps most.

    A tree has a height for every cut, of noise too, and its highest jump is nearly always the topmost. So each jump is
    measured against the mean jump at the same place in samples of one group with the same margins and correlations
    (`OneGroup`), and among the cuts with stable parts that are large enough the one that exceeds it most is taken.
    That a cut is stable does not make its parts groups of their own; whether their silhouette is larger than in every
    one of these samples is told, and asked for by the rule `distinct`.

    Parameters
    ----------
    points : array of shape (n, p)
        Members of the group.
    least : float
        A part has at least so many members.
    policy : CutPolicy
        What a cut must have.
    current_parts : int, optional
        Number of parts that the current model tells here: kept as long as these are stable and large enough, since two
        cuts are often nearly as good, and nobody wants to rename parts for that.
    people : array of shape (n,), optional
        Who each member is, where weights made copies of some: then a part must be worth ten people too
        (`effective_rows`), so that no mean is nearly one of them.

    Returns
    -------
    Cut, array of shape (n_parts, p)
        What was decided, and the means of the parts, the largest first.
    """
    whole = points.mean(axis=0, keepdims=True)
    if len(points) < 2 * least:
        return Cut(1, "too few for two parts"), whole
    varied = points[:, points.std(axis=0) > 0]
    if varied.shape[1] == 0:
        return Cut(1, "all alike"), whole
    found = _cuts(varied)
    # where heights tie the tree has fewer parts than asked for
    sizes = [np.bincount(labels, minlength=place + 2) for place, labels in enumerate(found.labels)]
    allowed = [
        place
        for place, counts in enumerate(sizes)
        if counts.min() >= least and (people is None or _worth(people, found.labels[place]) >= LEAST_ROWS)
    ]
    if not allowed:
        return Cut(1, "a part would be too small"), whole
    stability = _stability(varied, found, policy)
    expected, silhouettes = _by_chance(varied, policy)
    stable = [place for place in allowed if stability[place] >= policy.stability_min]
    kept = [place for place in stable if place + 2 == current_parts]
    place = max(kept or stable or allowed, key=lambda j: (found.jumps[j] / expected[j], -j))
    measured = (found.jumps[place], stability[place], found.silhouettes[place], silhouettes[place])
    distinct = found.silhouettes[place] > silhouettes[place]
    figures = tuple(float(figure) for figure in measured)
    if not stable:
        return Cut(1, "parts would not be stable", *figures), whole
    if policy.rule == "distinct" and not distinct:
        return Cut(1, "no clearer than by chance", *figures), whole
    labels, counts = found.labels[place], sizes[place]
    means = np.stack([points[labels == part].mean(axis=0) for part in range(len(counts))])
    order = sorted(range(len(means)), key=lambda part: (-int(counts[part]), *means[part].tolist()))
    reason = "stable parts, clearer than by chance" if distinct else "stable slices of one group"
    return Cut(len(means), reason, *figures), means[order]


def _worth(people: Labels, labels: Labels) -> float:
    """Tell how many people the smallest part is worth."""
    parts = (np.unique(people[labels == part], return_counts=True)[1] for part in np.unique(labels))
    return min(float(effective_rows(copies.astype(np.float64))) for copies in parts)


@dataclass(frozen=True)
class _Cuts:
    """Cuts of one tree into 2 and more parts: means, labels by the nearest of these, height jumps, silhouettes."""

    centers: list[Array]
    labels: list[Labels]
    jumps: Array
    silhouettes: Array


def _cuts(points: Array) -> _Cuts:
    """Cut at every place; labels are as scoring will tell them, by the nearest mean and not by the tree."""
    merges = linkage(points, "ward")
    heights = merges[::-1, 2]
    centers, labels, jumps, silhouettes = [], [], [], []
    for n_parts in range(2, MOST_PARTS + 1):
        _, own = np.unique(fcluster(merges, n_parts, "maxclust"), return_inverse=True)
        means = np.stack([points[own == part].mean(axis=0) for part in range(int(own.max()) + 1)])
        nearest: Labels = squared_distances(points, means).argmin(axis=1).astype(np.int64)
        inner = heights[n_parts - 1] if n_parts - 1 < len(heights) else 0.0
        centers.append(means)
        labels.append(nearest)
        jumps.append(heights[n_parts - 2] / inner if inner > 0 else 1.0)
        silhouettes.append(simplified_silhouette(points, means, nearest))
    return _Cuts(centers, labels, np.array(jumps), np.array(silhouettes))


def _stability(points: Array, found: _Cuts, policy: CutPolicy) -> Array:
    """Of the least stable part of each cut: mean overlap with the most similar part by a bootstrap sample's cut."""
    generator = np.random.default_rng([policy.seed, 41])
    similarity = [np.zeros(len(centers)) for centers in found.centers]
    for _ in range(policy.n_bootstraps):
        again = _cuts(points[generator.integers(len(points), size=len(points))])
        for place, (labels, centers) in enumerate(zip(found.labels, again.centers, strict=True)):
            told = squared_distances(points, centers).argmin(axis=1)
            overlap = jaccard_matrix(labels, told, len(similarity[place]), len(centers))
            similarity[place] += overlap.max(axis=1) / policy.n_bootstraps
    return np.array([parts.min() for parts in similarity])


def _by_chance(points: Array, policy: CutPolicy) -> tuple[Array, Array]:
    """Mean jump and largest silhouette of each cut in samples of one group."""
    null = OneGroup(points, policy.seed)
    draws = [null.draw(np.random.default_rng([policy.seed, 31, draw])) for draw in range(policy.n_references)]
    references = [_cuts(draw) for draw in draws]
    jumps = np.array([reference.jumps for reference in references])
    return jumps.mean(axis=0), np.array([reference.silhouettes for reference in references]).max(axis=0)
