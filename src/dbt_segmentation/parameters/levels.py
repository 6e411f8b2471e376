"""Levels as rows: stages sub_segment, micro_segment, micro_prototype and tree."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from dbt_segmentation.arrays import Array, Labels
from dbt_segmentation.levels import LEVELS, Cut, Levels, segment_tree
from dbt_segmentation.parameters.rows import ParameterRows
from dbt_segmentation.parameters.stored import StoredLevels, Traits, part_keys

_CUT = ("jump", "stability", "silhouette", "by_chance")


def add_levels(rows: ParameterRows, keys: Sequence[str], names: Sequence[str], stored: StoredLevels) -> None:
    """Write levels under segments with these keys, in coordinates with these names."""
    levels = stored.levels
    for key, cut in zip(keys, levels.segment_cuts, strict=True):
        _add_cut(rows, LEVELS[0], key, cut)
    for level, own, parents, owners, sizes in (
        (LEVELS[1], stored.sub_keys, keys, levels.segment_of_sub, levels.sub_sizes),
        (LEVELS[2], stored.micro_keys, stored.sub_keys, levels.sub_of_micro, levels.micro_sizes),
    ):
        for position, key in enumerate(own):
            rows.add(level, key, "position", position)
            rows.add(level, key, "parent", parents[int(owners[position])])
            rows.add(level, key, "size", int(sizes[position]))
            rows.add(level, key, "share", float(sizes[position]) / max(int(sizes.sum()), 1))
    for key, cut in zip(stored.sub_keys, levels.sub_cuts, strict=True):
        _add_cut(rows, LEVELS[1], key, cut)
    for key, center in zip(stored.micro_keys, levels.centers, strict=True):
        for name, coordinate in zip(names, center, strict=True):
            rows.add("micro_prototype", name, key, coordinate)
    _add_tree(rows, keys, stored)


def _add_cut(rows: ParameterRows, level: str, key: str, cut: Cut) -> None:
    rows.add(level, key, "cut_parts", cut.n_parts)
    rows.add(level, key, "cut_reason", cut.reason)
    for figure in _CUT:
        rows.add(level, key, f"cut_{figure}", getattr(cut, figure))


def _add_tree(rows: ParameterRows, keys: Sequence[str], stored: StoredLevels) -> None:
    named = dict(zip(LEVELS, (keys, stored.sub_keys, stored.micro_keys), strict=True))
    nodes = segment_tree(stored.levels)
    parents = {part: number for number, node in enumerate(nodes) for part in node.parts}
    for number, node in enumerate(nodes):
        label = f"{number:04d}"
        rows.add("tree", label, "parent", f"{parents[number]:04d}" if number in parents else None)
        rows.add("tree", label, "height", node.height)
        rows.add("tree", label, "size", node.size)
        rows.add("tree", label, "level", node.level)
        rows.add("tree", label, "key", named[node.level][node.position] if node.level else None)


def read_levels(
    wide: dict[str, pd.DataFrame],
    prototypes: dict[tuple[str, str], float],
    names: Sequence[str],
    keys: list[str],
    whole: tuple[Array, Labels],
) -> StoredLevels:
    """Read levels from the wide form of their stages; a model of an earlier version has none: one part a segment.

    `whole` is the mean and the size of each segment.
    """
    if LEVELS[1] not in wide:
        levels = Levels.uncut(*whole, "fitted before there were levels")
        sub_keys = part_keys(keys, levels.segment_of_sub)
        return StoredLevels(levels, sub_keys, part_keys(sub_keys, levels.sub_of_micro))
    subs, micros = (_living(wide[level]) for level in LEVELS[1:])
    sub_keys, micro_keys = [str(key) for key in subs.index], [str(key) for key in micros.index]
    centers = np.array([[prototypes[name, key] for name in names] for key in micro_keys])
    levels = Levels(
        centers.reshape(len(micro_keys), len(names)),
        np.array([sub_keys.index(parent) for parent in micros["parent"]], dtype=np.int64),
        np.array([keys.index(parent) for parent in subs["parent"]], dtype=np.int64),
        micros["size"].to_numpy(dtype=np.float64).astype(np.int64),
        tuple(_cut(row) for row in wide[LEVELS[0]].loc[keys].to_dict("records")),
        tuple(_cut(row) for row in subs.to_dict("records")),
    )
    known = {*wide[LEVELS[1]].index, *wide[LEVELS[2]].index}
    traits = {**_read_traits(subs), **_read_traits(micros)}
    return StoredLevels(levels, sub_keys, micro_keys, tuple(sorted(known - {*sub_keys, *micro_keys})), traits)


def _read_traits(living: pd.DataFrame) -> dict[str, Traits]:
    """Traits of the parts that have siblings, and of those that had some when they got them."""
    parents = list(living["parent"])
    found = {}
    for key, row in living.iterrows():
        names = [name for name in ("trait_1", "trait_2") if row.get(name) is not None]
        if names or parents.count(row["parent"]) > 1:
            found[str(key)] = tuple((str(row[name]), float(row[f"{name}_difference"])) for name in names)
    return found


def _living(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["position"].notna()].sort_values("position", key=lambda column: column.astype(float))


def _cut(row: dict[Any, Any]) -> Cut:
    figures = (row.get(f"cut_{figure}") for figure in _CUT)
    return Cut(int(row["cut_parts"]), str(row["cut_reason"]), *(None if x is None else float(x) for x in figures))
