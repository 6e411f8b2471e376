"""The tree of a model, from micro-segments up to everybody: what the dendrogram shows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dbt_segmentation.arrays import Array
from dbt_segmentation.levels.levels import LEVELS, Levels


@dataclass(frozen=True)
class Node:
    """A group of customers.

    Attributes
    ----------
    level : str or None
        Of `LEVELS`; None for a merge between two levels.
    position : int
        Of the group among those of its level; -1 for a merge.
    height : float
        Ward's distance at which the parts join, 0 for a micro-segment; never lower than that of a part.
    size : int
        Rows of the sample.
    parts : tuple of int
        Numbers of the nodes that it is made of.
    """

    level: str | None
    position: int
    height: float
    size: int
    parts: tuple[int, ...] = ()


@dataclass
class _Group:
    number: int
    center: Array
    size: float


def segment_tree(levels: Levels) -> list[Node]:
    """Join micro-segments to sub-segments, these to segments, and these to one root; the root is the last node.

    Within a level the pair joins next that adds least to the sum of squares (Ward 1963), at the height that SciPy's
    linkage would give: the square root of twice what it adds.
    """
    nodes: list[Node] = []
    groups: list[_Group] = []
    for micro, (center, size) in enumerate(zip(levels.centers, levels.micro_sizes, strict=True)):
        groups.append(_Group(len(nodes), center, float(size)))
        nodes.append(Node(LEVELS[2], micro, 0.0, int(size)))
    for level, owners in ((LEVELS[1], levels.sub_of_micro), (LEVELS[0], levels.segment_of_sub)):
        joined = []
        for position in range(int(owners.max()) + 1):
            one = _join([groups[part] for part in np.flatnonzero(owners == position)], nodes)
            top = nodes[one.number]
            if top.level is None:
                # the last merge is the group itself
                nodes[one.number] = Node(level, position, top.height, top.size, top.parts)
            else:
                nodes.append(Node(level, position, top.height, top.size, (one.number,)))
                one.number = len(nodes) - 1
            joined.append(one)
        groups = joined
    _join(groups, nodes)
    return nodes


def _join(groups: Sequence[_Group], nodes: list[Node]) -> _Group:
    """Merge groups to one, writing down every merge."""
    left = list(groups)
    while len(left) > 1:
        pairs = [(_ward(a, b), i, j) for i, a in enumerate(left) for j, b in enumerate(left) if i < j]
        height, i, j = min(pairs)
        first, second = left[i], left[j]
        size = first.size + second.size
        share = first.size / size if size else 0.5
        parts = (first.number, second.number)
        nodes.append(
            Node(None, -1, max(height, *(nodes[part].height for part in parts)), round(size), parts),
        )
        left[i] = _Group(len(nodes) - 1, share * first.center + (1 - share) * second.center, size)
        del left[j]
    return left[0]


def _ward(first: _Group, second: _Group) -> float:
    size = first.size + second.size
    grown = first.size * second.size / size * float(((first.center - second.center) ** 2).sum()) if size else 0.0
    return float(np.sqrt(2 * grown))
