"""The over-merge guard: groups that are too large, or contradict themselves, are held back for review."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dbt_segmentation.identity.closure import Integers, connected_groups
from dbt_segmentation.identity.comparison import EXACT, NAMED, WEAK, comparison_sql
from dbt_segmentation.identity.workspace import Workspace

TOO_LARGE = "group_too_large"


@dataclass(frozen=True)
class Verdict:
    """What the guard says.

    Attributes
    ----------
    parts : array of int, shape (nodes,)
        Final group of each node; nodes of a group that is held back are alone.
    reasons : array of object, shape (links,)
        Why a link is held back; None where it is accepted.
    """

    parts: Integers
    reasons: NDArray[np.object_]


def guard(
    work: Workspace, n: int, links: dict[str, NDArray[np.generic]], copies: Integers, max_group_size: int
) -> Verdict:
    """Judge links.

    A link between two records that contradict each other is held back by itself. A group of the other links that is too
    large, or holds a contradiction, is tried again without the links that lean on a missing or partial first name, and
    then with exact links only; what is then fine is kept, and the rest is held back.

    Parameters
    ----------
    work : Workspace
        Holds `people`.
    n : int
        Number of nodes.
    links : dict
        Arrays a, b (nodes), strength, contradiction (text or None).
    copies : array of int, shape (n,)
        Records that each node stands for; 0 for numbers that are no node.
    max_group_size : int
        Records a group may have.

    Returns
    -------
    Verdict
        Groups and reasons.
    """
    a, b, strength = links["a"].astype(np.int64), links["b"].astype(np.int64), links["strength"].astype(np.int64)
    reasons = np.array([f"contradiction:{field}" if field else None for field in links["contradiction"]], dtype=object)
    open_links = np.flatnonzero(_is_null(reasons))
    parts = np.arange(n, dtype=np.int64)
    for least in (WEAK, NAMED, EXACT):
        tried = open_links[strength[open_links] >= least]
        if not tried.size:
            continue
        labels = connected_groups(n, a[tried], b[tried])
        bad = _bad_groups(work, labels, np.unique(np.concatenate([a[tried], b[tried]])), copies, max_group_size)
        label_reasons = np.full(labels.max() + 1, None, dtype=object)
        for label, reason in bad.items():
            label_reasons[label] = reason
        is_fine = _is_null(label_reasons[labels[a[tried]]])
        fine, held = tried[is_fine], tried[~is_fine]
        first_told = held[_is_null(reasons[held])]
        reasons[first_told] = label_reasons[labels[a[first_told]]]
        # the numbers of nodes serve as numbers of groups
        smallest = np.full(labels.max() + 1, n, dtype=np.int64)
        members = np.unique(np.concatenate([a[fine], b[fine]])) if fine.size else np.zeros(0, dtype=np.int64)
        np.minimum.at(smallest, labels[members], members)
        parts[members] = smallest[labels[members]]
        # only what hangs on a bad group goes into the next round
        open_links = open_links[~_is_null(label_reasons)[labels[a[open_links]]]]
    inside = parts[a] == parts[b]
    reasons[inside] = None
    return Verdict(parts, reasons)


def _is_null(values: NDArray[np.object_]) -> NDArray[np.bool_]:
    return np.array([value is None for value in values.tolist()], dtype=bool)


def _bad_groups(
    work: Workspace, labels: Integers, nodes: Integers, copies: Integers, max_group_size: int
) -> dict[int, str]:
    """Give the reasons by group."""
    sizes = np.bincount(labels[nodes], weights=copies[nodes], minlength=labels.max() + 1)
    counts = np.bincount(labels[nodes], minlength=labels.max() + 1)
    bad = {int(label): TOO_LARGE for label in np.flatnonzero(sizes > max_group_size)}
    # the two of a pair were compared when they were linked
    checked = nodes[(counts[labels[nodes]] > 2) & (sizes[labels[nodes]] <= max_group_size)]
    if checked.size:
        members = pa.table({"idx": pa.array(checked, pa.int32()), "label": pa.array(labels[checked], pa.int64())})
        work.load("members", members)
        work.create(
            "member_pairs",
            f"select x.idx as a, y.idx as b from {work.name('members')} as x"
            f" inner join {work.name('members')} as y on x.label = y.label and x.idx < y.idx",
        )
        found = work.connection.execute(
            f"""
            select members.label, min(compared.contradiction) as field
            from ({comparison_sql(work, work.name("member_pairs"))}) as compared
            inner join {work.name("members")} as members on compared.a = members.idx
            where compared.contradiction is not null
            group by members.label
            """
        ).fetchall()
        bad.update({int(label): f"contradiction:{field}" for label, field in found})
        work.drop("members", "member_pairs")
    return bad
