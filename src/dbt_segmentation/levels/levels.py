"""Levels of a fitted model: who belongs to which sub-segment and micro-segment."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from dbt_segmentation.algorithms.base import LEAST_ROWS, weighted_rows
from dbt_segmentation.arrays import Array, Labels, squared_distances, subsample
from dbt_segmentation.levels.cutting import MOST_ROWS, Cut, CutPolicy, cut_group

LEVELS = ("segment", "sub_segment", "micro_segment")


@dataclass(frozen=True)
class Levels:
    """Two levels under the segments.

    A customer belongs to the nearest micro-segment of its segment, and with it to a sub-segment. So levels are nested
    whatever gives the segment: a mixture, hysteresis, or a person.

    Attributes
    ----------
    centers : array of shape (m, p)
        Mean of each micro-segment in preprocessed space.
    sub_of_micro : array of shape (m,)
        Position of the sub-segment of each micro-segment.
    segment_of_sub : array of shape (s,)
        Position of the segment of each sub-segment.
    micro_sizes : array of shape (m,)
        Rows of the sample.
    segment_cuts, sub_cuts : tuple of Cut
        What was decided about each segment and sub-segment.
    """

    centers: Array
    sub_of_micro: Labels
    segment_of_sub: Labels
    micro_sizes: Labels
    segment_cuts: tuple[Cut, ...]
    sub_cuts: tuple[Cut, ...]

    @classmethod
    def uncut(cls, centers: Array, sizes: Labels, reason: str) -> "Levels":
        """Each segment has one part of each level."""
        one, cuts = np.arange(len(centers)), (Cut(1, reason),) * len(centers)
        return cls(centers, one, one, sizes, cuts, cuts)

    @property
    def segment_of_micro(self) -> Labels:
        """Position of the segment of each micro-segment, shape (m,)."""
        return self.segment_of_sub[self.sub_of_micro]

    @property
    def sub_sizes(self) -> Labels:
        """Rows of the sample in each sub-segment, shape (s,)."""
        return np.bincount(self.sub_of_micro, self.micro_sizes, minlength=len(self.segment_of_sub)).astype(np.int64)

    def assign(self, points: Array, segments: Labels) -> Labels:
        """Micro-segment of points of shape (n, p) that belong to given segments; the lowest position on a tie."""
        found = np.zeros(len(points), dtype=np.int64)
        for segment in np.unique(segments):
            rows, parts = np.flatnonzero(segments == segment), np.flatnonzero(self.segment_of_micro == segment)
            found[rows] = parts[squared_distances(points[rows], self.centers[parts]).argmin(axis=1)]
        return found


def level_keys(
    levels: Levels,
    keys: tuple[Sequence[str], Sequence[str], Sequence[str]],
    segments: Labels,
    micro: Labels,
    index: pd.Index,
) -> pd.DataFrame:
    """Keys of rows in given segments and micro-segments: columns segment_key, sub_segment_key, micro_segment_key."""
    positions = (segments, levels.sub_of_micro[micro], micro)
    named = zip(LEVELS, keys, positions, strict=True)
    return pd.DataFrame({f"{level}_key": np.array(own)[rows] for level, own, rows in named}, index=index)


def cut_levels(
    points: Array,
    segments: Labels,
    centers: Array,
    *,
    weights: Array | None = None,
    least: tuple[int, int] = (50, 50),
    n_levels: int = 3,
    policy: CutPolicy | None = None,
    current: Labels | None = None,
) -> Levels:
    """Cut segments into sub-segments and these into micro-segments.

    Each segment, whatever method gave it, is cut along the Ward tree of its own members, and each part along the tree
    of its own: see `cut_group`. `segment_tree` joins them above, so that all levels hang in one tree. Only where a
    segment happens to be a branch of everybody's Ward tree are the cuts inside it cuts of that tree too.

    Parameters
    ----------
    points : array of shape (n, p)
        Preprocessed sample.
    segments : array of shape (n,)
        Position of the segment of each row.
    centers : array of shape (k, p)
        Prototypes of the segments, for those that are not cut.
    weights : array of shape (n,), optional
        What each row stands for.
    least : (int, int)
        Rows of the smallest sub-segment and micro-segment. No part is the mean of fewer than ten.
    n_levels : int
        1: segments only; 2: sub-segments too.
    policy : CutPolicy, optional
        What a cut must have; the default if None.
    current : array of shape (n, 3), optional
        Segment, sub-segment and micro-segment of each row by the current model; see `cut_group`.
    """
    k = len(centers)
    if n_levels == 1 or points.shape[1] == 0:
        reason = "levels are off" if n_levels == 1 else "nothing to cut by"
        return Levels.uncut(centers, np.bincount(segments, minlength=k), reason)
    branches = [
        _branch(
            points[segments == segment],
            None if weights is None else weights[segments == segment],
            centers[segment],
            least,
            n_levels,
            policy or CutPolicy(),
            None if current is None else current[segments == segment],
        )
        for segment in range(k)
    ]
    subs = np.cumsum([0, *(branch.n_subs for branch in branches)])
    return Levels(
        np.vstack([branch.centers for branch in branches]),
        np.concatenate([branch.owners + subs[segment] for segment, branch in enumerate(branches)]),
        np.repeat(np.arange(k), [branch.n_subs for branch in branches]),
        np.concatenate([branch.sizes for branch in branches]),
        tuple(branch.cut for branch in branches),
        tuple(cut for branch in branches for cut in branch.sub_cuts),
    )


@dataclass(frozen=True)
class _Branch:
    """What one segment was cut into: micro-segments in order of their sub-segments, which own them."""

    centers: Array
    owners: Labels
    sizes: Labels
    cut: Cut
    sub_cuts: tuple[Cut, ...]

    @property
    def n_subs(self) -> int:
        return len(self.sub_cuts)


def _branch(
    points: Array,
    weights: Array | None,
    center: Array,
    least: tuple[int, int],
    n_levels: int,
    policy: CutPolicy,
    current: Labels | None,
) -> _Branch:
    if len(points) == 0:
        none = (Cut(1, "nobody is in it"),)
        return _Branch(center[None], np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64), none[0], none)
    rows = np.arange(len(points)) if weights is None else weighted_rows(weights, policy.seed)
    rows = rows[subsample(len(rows), MOST_ROWS, np.random.default_rng([policy.seed, 37]))]
    drawn, before = points[rows], None if current is None else current[rows]
    # sizes are those of the sample: as large a share of the rows drawn
    scale = len(drawn) / len(points)
    floor = (max(least[0] * scale, LEAST_ROWS), max(least[1] * scale, LEAST_ROWS))
    cut, sub_means = cut_group(drawn, floor[0], policy, _current_parts(before, 0), rows)
    own = squared_distances(drawn, sub_means).argmin(axis=1)
    sub_cuts, parts = [], []
    for sub in range(len(sub_means)):
        if n_levels == 2:
            inner, means = Cut(1, "levels are off"), sub_means[[sub]]
        elif cut.n_parts == 1 and least[0] == least[1]:
            # of what is the whole segment, the same question has the same answer
            inner, means = cut, sub_means
        else:
            members, told = own == sub, None if before is None else before[own == sub]
            inner, means = cut_group(drawn[members], floor[1], policy, _current_parts(told, 1), rows[members])
        sub_cuts.append(inner)
        parts.append(means)
    owners = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    return _without_small(points, np.vstack(parts), owners, least, cut, sub_cuts)


def _current_parts(current: Labels | None, level: int) -> int | None:
    """Into how many parts the current model cuts the group that most of these rows belong to."""
    if current is None or len(current) == 0:
        return None
    wholes = current[:, level]
    return len(np.unique(current[wholes == np.bincount(wholes).argmax(), level + 1]))


def _without_small(
    points: Array, centers: Array, owners: Labels, least: tuple[int, int], cut: Cut, sub_cuts: Sequence[Cut]
) -> _Branch:
    """Drop parts that turn out too small when everybody of the segment goes to the nearest."""
    while True:
        nearest = squared_distances(points, centers).argmin(axis=1)
        sizes = np.bincount(nearest, minlength=len(centers))
        subs = np.unique(owners)
        sub_sizes = np.array([sizes[owners == sub].sum() for sub in subs])
        if len(subs) > 1 and sub_sizes.min() < least[0]:
            keep = owners != subs[int(sub_sizes.argmin())]
        else:
            brothers = np.array([int((owners == owner).sum()) for owner in owners])
            small = np.flatnonzero((sizes < least[1]) & (brothers > 1))
            if len(small) == 0:
                break
            keep = np.arange(len(centers)) != small[int(sizes[small].argmin())]
        centers, owners = centers[keep], owners[keep]
    names, position = np.unique(owners, return_inverse=True)
    kept = tuple(_recounted(sub_cuts[int(sub)], int((owners == sub).sum())) for sub in names)
    return _Branch(centers, position.astype(np.int64), sizes.astype(np.int64), _recounted(cut, len(names)), kept)


def _recounted(cut: Cut, n_parts: int) -> Cut:
    """Say so where fewer parts are left than the tree was cut into."""
    if cut.n_parts == n_parts:
        return cut
    return replace(cut, n_parts=n_parts, reason=f"{cut.reason}; {cut.n_parts - n_parts} too small")
