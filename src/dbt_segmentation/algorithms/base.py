"""What every clustering method offers, and what it gives."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from dbt_segmentation.algorithms.assignment import Assignment
from dbt_segmentation.arrays import Array, Labels

Option = str | int | float

# a prototype is the mean of so many people at least, never nearly a person's row
LEAST_ROWS = 10


@dataclass(frozen=True)
class Spec:
    """One candidate before it is fitted: a method, a number of segments if the method takes one, hyper-parameters."""

    algorithm: str
    n_segments: int | None = None
    options: tuple[tuple[str, Option], ...] = ()

    @property
    def name(self) -> str:
        """Name that sorts and reads well: kmeans_k03, mixture_k03_tied, hdbscan_15_5."""
        count = [] if self.n_segments is None else [f"k{self.n_segments:02d}"]
        return "_".join([self.algorithm, *count, *(str(value) for _, value in self.options)])

    def option(self, name: str, default: Option) -> Option:
        """Value of a hyper-parameter."""
        return dict(self.options).get(name, default)


@dataclass(frozen=True)
class Merge:
    """A segment that joined another.

    Attributes
    ----------
    rows, into_rows : float
        Rows that each had, in terms of the whole table.
    into : int
        Position, among the segments that are left, of the one that it joined.
    why : str
        The reason, in words.
    """

    rows: float
    into_rows: float
    into: int
    why: str

    def text(self, keys: Sequence[str]) -> str:
        """Tell it in words, by the keys of the segments that are left."""
        return f"{self.rows:.0f} rows joined {keys[self.into]} of {self.into_rows:.0f} rows: {self.why}"


@dataclass(frozen=True)
class Partition:
    """Points cut in segments.

    Attributes
    ----------
    assignment : Assignment
        How anybody gets a segment.
    labels : array of shape (n,)
        Position that the assignment gives to each point.
    agreement : float
        Share of the points to which the assignment gives the segment that the method itself gave; 1 by definition for
        k-means and mixtures.
    criterion : float
        What the method makes small or large: inertia, or the Bayesian information criterion of a mixture. NaN without.
    merges : tuple of Merge
        What was merged into what, in this order.
    """

    assignment: Assignment
    labels: Labels
    agreement: float = 1.0
    criterion: float = float("nan")
    merges: tuple[Merge, ...] = ()

    @property
    def n_segments(self) -> int:
        """Number of segments."""
        return self.assignment.n_segments


class Algorithm(Protocol):
    """A clustering method."""

    name: str
    # what the time or memory of the method allows
    max_rows: int

    def specs(self, counts: list[int], n_rows: int, n_features: int, min_size: int) -> list[Spec]:
        """Candidates worth a try on n_rows points of n_features coordinates."""
        ...

    def partition(
        self,
        points: Array,
        spec: Spec,
        *,
        seed: int,
        n_init: int = 10,
        weights: Array | None = None,
        start: Assignment | None = None,
    ) -> Partition:
        """Partition points of shape (n, p); `start` replaces random starts where the method has them."""
        ...


def canonical_order(partition: Partition, points: Array) -> Partition:
    """Sort segments by rows, largest first, ties by the coordinates of the mean, so that labels mean something."""
    k = partition.n_segments
    sizes = np.bincount(partition.labels, minlength=k)
    centers = np.nan_to_num(partition.assignment.segment_centers(points, partition.labels, None))
    order = sorted(range(k), key=lambda j: (-int(sizes[j]), *centers[j].tolist()))
    position = np.empty(k, dtype=np.int64)
    position[order] = np.arange(k)
    return replace(
        partition,
        assignment=partition.assignment.reordered(order),
        labels=position[partition.labels],
        merges=tuple(replace(merge, into=int(position[merge.into])) for merge in partition.merges),
    )


def moved(merges: tuple[Merge, ...], gone: int, into: int) -> tuple[Merge, ...]:
    """Tell merges by the positions that are left once the segment at `gone` has joined the one at `into`."""
    heirs = (into if merge.into == gone else merge.into for merge in merges)
    return tuple(replace(merge, into=heir - (heir > gone)) for merge, heir in zip(merges, heirs, strict=True))


def effective_rows(weights: Array) -> Array:
    """Rows that weights are worth, (sum w)^2 / sum w^2 for each column: Kish (1965), Survey Sampling.

    A mean in which one row has nearly all the weight is that row, however many others there are.
    """
    squares = (weights**2).sum(axis=0)
    worth: Array = np.where(squares > 0, weights.sum(axis=0) ** 2 / np.where(squares > 0, squares, 1.0), 0.0)
    return worth


def weighted_rows(weights: Array, seed: int) -> Labels:
    """Row numbers in which each row appears as often as its weight says, for methods that know no weights.

    Systematic resampling (Kitagawa 1996): a weight of 2.3 gives two copies or three.
    """
    steps = np.cumsum(weights / weights.sum() * len(weights))
    shift = np.random.default_rng([seed, 29]).random()
    return np.searchsorted(steps, np.arange(len(weights)) + shift, side="left").clip(0, len(weights) - 1)
