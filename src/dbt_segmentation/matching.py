"""Segment keys that outlive a refit, and what became of every segment."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from scipy.optimize import linear_sum_assignment

from dbt_segmentation.arrays import Array, Labels
from dbt_segmentation.choosing.stability import jaccard_matrix

# Two segments of equal size that share 46 % of their customers reach this. MONIC (Spiliopoulou et al. 2006) asks that
# the heir hold half of the old segment; half of both would be 0.33.
SURVIVAL_OVERLAP = 0.3
# MONIC's thresholds: a segment that has half of another one's customers holds it; one with a quarter is a part of it.
HELD, PART = 0.5, 0.25
# How much of the overlap the nearness of prototypes can outweigh: it decides between heirs that are as good.
_NEARNESS_WEIGHT = 0.1

# of keys of segments, and how many digits their numbers have at least
_SEGMENTS = ("seg_", 3)


@dataclass(frozen=True)
class Fate:
    """What became of a segment.

    Attributes
    ----------
    event : str
        Of a new segment: `survived` (it goes on), `merged` (it goes on and took in another one, or is made of several),
        `split` (it was a part of an old one), `born`. Of one that ends: `merged`, `split` or `died`; `gone` if it
        ended at an earlier refit.
    related : tuple of str
        The old segments that a new one comes from, or the new ones in which an old one went up.
    overlap : float
        Jaccard overlap with the one it shares most with; of a survivor with what it was. 0 without any.
    """

    event: str
    related: tuple[str, ...] = ()
    overlap: float = 0.0


@dataclass(frozen=True)
class Shared:
    """Customers of the sample that an old and a new segment have in common."""

    old_key: str
    new_key: str
    customers: int


@dataclass(frozen=True)
class Matching:
    """What became of the segments.

    Attributes
    ----------
    keys : list of str
        Key of each new segment, by position.
    fates : list of Fate
        Of the new segments, by position.
    gone : dict of str to Fate
        Of the champion's segments without an heir, and of those that ended earlier.
    shared : list of Shared
        Every pair that has customers in common.
    """

    keys: list[str]
    fates: list[Fate]
    gone: dict[str, Fate]
    shared: list[Shared]


def match_segments(
    old_labels: Labels,
    old_keys: Sequence[str],
    new_labels: Labels,
    n_segments: int,
    retired_keys: Sequence[str] = (),
    distances: Array | None = None,
    series: tuple[str, int] = _SEGMENTS,
) -> Matching:
    """Hand the keys of the champion to the segments of the challenger, and tell what became of each.

    Segments are paired so that the total overlap of their customers is largest (Kuhn 1955, the Hungarian method), and
    of equal overlaps those with the nearer prototypes. A pair that overlaps by at least `SURVIVAL_OVERLAP` keeps its
    key. The other events follow MONIC (Spiliopoulou, Ntoutsi, Theodoridis and Schult 2006), by `HELD` and `PART`.

    Parameters
    ----------
    old_labels, new_labels : array of shape (n,)
        Positions that champion and challenger give to the same customers.
    old_keys : sequence of str
        Keys of the champion's segments, by position.
    n_segments : int
        Number of new segments.
    retired_keys : sequence of str
        Keys of segments that ended earlier, never used again.
    distances : array of shape (len(old_keys), n_segments), optional
        Between the means of old and new segments, in units of the new model's coordinates.
    series : (str, int)
        What fresh keys start with, and the least number of digits that follow.

    Returns
    -------
    Matching
        Keys and events.
    """
    fresh = _fresh_keys([*old_keys, *retired_keys], *series)
    overlap = jaccard_matrix(old_labels, new_labels, len(old_keys), n_segments)
    both = np.bincount(old_labels * n_segments + new_labels, minlength=overlap.size).reshape(overlap.shape)
    of_old = both / np.maximum(both.sum(axis=1, keepdims=True), 1)
    of_new = both / np.maximum(both.sum(axis=0, keepdims=True), 1)
    nearness = np.zeros_like(overlap) if distances is None else np.exp(-distances)
    pairs = zip(*linear_sum_assignment(overlap + _NEARNESS_WEIGHT * nearness, maximize=True), strict=True)
    heirs = {int(new): int(old) for old, new in pairs if overlap[old, new] >= SURVIVAL_OVERLAP}
    keys = [old_keys[heirs[new]] if new in heirs else next(fresh) for new in range(n_segments)]
    ended = [old for old in range(len(old_keys)) if old not in heirs.values()]

    def fate_of_new(new: int) -> Fate:
        held = [old for old in ended if of_old[old, new] >= HELD]
        if new in heirs:
            origins = [heirs[new], *held]
            return _fate("merged" if held else "survived", origins, old_keys, float(overlap[heirs[new], new]))
        nearest = float(overlap[:, new].max(initial=0.0))
        if len(held) > 1:
            return _fate("merged", held, old_keys, nearest)
        parents = np.flatnonzero((of_new[:, new] >= HELD) & (of_old[:, new] >= PART))
        return _fate("split" if len(parents) else "born", parents[:1], old_keys, nearest)

    def fate_of_old(old: int) -> Fate:
        nearest = float(overlap[old].max(initial=0.0))
        holders, parts = (np.flatnonzero(of_old[old] >= share) for share in (HELD, PART))
        if len(parts) > 1 and of_old[old, parts].sum() >= HELD:
            return _fate("split", parts, keys, nearest)
        return _fate("merged" if len(holders) else "died", holders, keys, nearest)

    gone = {old_keys[old]: fate_of_old(old) for old in ended}
    return Matching(
        keys,
        [fate_of_new(new) for new in range(n_segments)],
        {**{key: Fate("gone") for key in sorted({*retired_keys} - {*old_keys})}, **gone},
        [Shared(old_keys[old], keys[new], int(both[old, new])) for old, new in np.argwhere(both)],
    )


def _fate(event: str, related: Sequence[int] | Labels, keys: Sequence[str], overlap: float) -> Fate:
    return Fate(event, tuple(keys[int(position)] for position in related), overlap)


def _fresh_keys(used: Sequence[str], start: str, digits: int) -> Iterator[str]:
    """Keys of a series after the highest ever used."""
    own = re.compile(re.escape(start) + r"(\d+)")
    numbers = [int(found[1]) for key in used if (found := own.fullmatch(key))]
    return (f"{start}{number:0{digits}d}" for number in count(max(numbers, default=0) + 1))
