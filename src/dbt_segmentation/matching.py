"""Segment keys that outlive a refit."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from scipy.optimize import linear_sum_assignment

from dbt_segmentation.arrays import Labels
from dbt_segmentation.choosing.stability import jaccard_matrix

# Two segments of equal size that share 46 % of their customers reach this. MONIC (Spiliopoulou et al. 2006) asks that
# the heir hold half of the old segment; half of both would be 0.33.
SURVIVAL_OVERLAP = 0.3

_KEY = re.compile(r"seg_(\d+)")


@dataclass(frozen=True)
class Matching:
    """What became of the segments.

    Attributes
    ----------
    keys : list of str
        Key of each new segment, by position.
    events : list of str
        `survived` or `born`, by position.
    overlaps : list of float
        Jaccard overlap with the old segment that it was paired with, or the nearest one; 0 without any.
    died : list of str
        Keys of the champion without an heir, those of earlier refits included.
    """

    keys: list[str]
    events: list[str]
    overlaps: list[float]
    died: list[str]


def match_segments(
    old_labels: Labels,
    old_keys: Sequence[str],
    new_labels: Labels,
    n_segments: int,
    retired_keys: Sequence[str] = (),
) -> Matching:
    """Hand the keys of the champion to the segments of the challenger.

    Segments are paired so that the total overlap is largest (Kuhn 1955, the Hungarian method); a pair that overlaps
    by at least `SURVIVAL_OVERLAP` keeps its key.

    Parameters
    ----------
    old_labels, new_labels : array of shape (n,)
        Positions that champion and challenger give to the same customers.
    old_keys : sequence of str
        Keys of the champion's segments, by position.
    n_segments : int
        Number of new segments.
    retired_keys : sequence of str
        Keys that died earlier, never used again.

    Returns
    -------
    Matching
        Keys, events and overlaps.
    """
    fresh = _fresh_keys([*old_keys, *retired_keys])
    overlap = (
        jaccard_matrix(old_labels, new_labels, len(old_keys), n_segments) if old_keys else np.zeros((0, n_segments))
    )
    heirs = {
        int(new): int(old)
        for old, new in zip(*linear_sum_assignment(overlap, maximize=True), strict=True)
        if overlap[old, new] >= SURVIVAL_OVERLAP
    }
    keys, events, overlaps = [], [], []
    for new in range(n_segments):
        survived = new in heirs
        keys.append(old_keys[heirs[new]] if survived else next(fresh))
        events.append("survived" if survived else "born")
        overlaps.append(float(overlap[heirs[new], new] if survived else overlap[:, new].max(initial=0.0)))
    died = sorted({*retired_keys, *old_keys} - set(keys))
    return Matching(keys, events, overlaps, died)


def _fresh_keys(used: Sequence[str]) -> Iterator[str]:
    """Keys after the highest ever used."""
    numbers = [int(found[1]) for key in used if (found := _KEY.fullmatch(key))]
    return (f"seg_{number:03d}" for number in count(max(numbers, default=0) + 1))
