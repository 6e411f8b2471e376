"""What every clustering method offers, and what it gives."""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from dbt_segmentation.algorithms.assignment import Assignment
from dbt_segmentation.arrays import Array, Labels

Option = str | int | float


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
    merges : tuple of str
        What was merged into what, in words.
    """

    assignment: Assignment
    labels: Labels
    agreement: float = 1.0
    criterion: float = float("nan")
    merges: tuple[str, ...] = ()

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
    return replace(partition, assignment=partition.assignment.reordered(order), labels=position[partition.labels])


def weighted_rows(weights: Array, seed: int) -> Labels:
    """Row numbers in which each row appears as often as its weight says, for methods that know no weights.

    Systematic resampling (Kitagawa 1996): a weight of 2.3 gives two copies or three.
    """
    steps = np.cumsum(weights / weights.sum() * len(weights))
    shift = np.random.default_rng([seed, 29]).random()
    return np.searchsorted(steps, np.arange(len(weights)) + shift, side="left").clip(0, len(weights) - 1)
