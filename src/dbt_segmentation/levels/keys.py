"""Keys of sub-segments and micro-segments that outlive a refit, like those of segments."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dbt_segmentation.arrays import Labels
from dbt_segmentation.matching import Fate, Matching, match_segments


@dataclass(frozen=True)
class Parts:
    """The parts that a model tells at one level.

    Attributes
    ----------
    keys : sequence of str
        Keys of the parts; of new ones whatever they are called so far.
    parents : sequence of str
        Key of the whole that each part belongs to.
    labels : array of shape (n,)
        Part of each customer.
    """

    keys: Sequence[str]
    parents: Sequence[str]
    labels: Labels


def match_parts(old: Parts | None, new: Parts, retired_keys: Sequence[str] = ()) -> Matching:
    """Hand on the keys of parts, within each whole that has kept its key.

    A key is that of the whole and a number, `seg_001.02`. Parts of a whole are matched by the customers that both
    models give to it: those who moved to another whole say nothing of its parts. See `match_segments` for the rest.
    """
    keys, fates = [""] * len(new.keys), [Fate("born")] * len(new.keys)
    gone: dict[str, Fate] = {}
    shared = []
    for whole in dict.fromkeys(new.parents):
        ours = [part for part, parent in enumerate(new.parents) if parent == whole]
        theirs = [] if old is None else [part for part, parent in enumerate(old.parents) if parent == whole]
        stayed = np.zeros(len(new.labels), dtype=np.bool_)
        before: Labels = np.zeros(0, dtype=np.int64)
        if old is not None and theirs:
            stayed = np.isin(old.labels, theirs) & np.isin(new.labels, ours)
            before = np.searchsorted(theirs, old.labels[stayed])
        found = match_segments(
            before,
            [old.keys[part] for part in theirs] if old is not None else [],
            np.searchsorted(ours, new.labels[stayed]),
            len(ours),
            [key for key in retired_keys if key.rpartition(".")[0] == whole],
            series=(f"{whole}.", 2),
        )
        for part, key, fate in zip(ours, found.keys, found.fates, strict=True):
            keys[part], fates[part] = key, fate
        gone |= found.gone
        shared += found.shared
    if old is not None:
        # a whole that ended takes its parts along
        ended = [key for key, parent in zip(old.keys, old.parents, strict=True) if parent not in set(new.parents)]
        gone |= {key: Fate("died") for key in ended}
    return Matching(keys, fates, gone, shared)
