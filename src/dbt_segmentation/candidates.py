"""Candidates for a segmentation: one partition for each number of segments, measured from all sides."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.spatial.distance import cdist
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score

from dbt_segmentation.algorithms import Algorithm, Labels, Partition
from dbt_segmentation.indices import Comparison, bootstrap_jaccard, compare_with_null, gap_statistic, silhouette
from dbt_segmentation.null_models import OneGroup, UniformBox
from dbt_segmentation.preprocessing import Array

logger = logging.getLogger(__name__)

CANDIDATE_COLUMNS = (
    "candidate",
    "algorithm",
    "n_segments",
    "silhouette",
    "calinski_harabasz",
    "davies_bouldin",
    "inertia",
    "gap",
    "silhouette_excess",
    "gap_excess",
    "structure",
    "stability_min",
    "stability_mean",
    "smallest_segment",
    "score",
    "is_eligible",
    "is_winner",
    "reason",
    "n_used",
)


@dataclass(frozen=True)
class Effort:
    """How much work the costly parts may do.

    Attributes
    ----------
    search_rows : int
        Rows among which the best start is looked for; the best one is then refined on all rows.
    index_rows : int
        Rows for silhouette and bootstraps.
    reference_rows : int
        Rows of the comparison with data without segments.
    n_bootstraps, n_references : int
        Repetitions.
    """

    search_rows: int = 20_000
    index_rows: int = 5_000
    reference_rows: int = 1_500
    n_bootstraps: int = 20
    n_references: int = 20


@dataclass(frozen=True)
class Candidate:
    """One partition with everything the policy looks at; `jaccard` has one value a segment, in canonical order."""

    name: str
    algorithm: str
    partition: Partition
    silhouette: float
    calinski_harabasz: float
    davies_bouldin: float
    gap: float
    comparison: Comparison
    jaccard: Array
    smallest_segment: float
    n_used: int
    score: float = 0.0
    is_eligible: bool = False
    is_winner: bool = False
    reason: str = ""

    @property
    def n_segments(self) -> int:
        """Number of segments."""
        return len(self.partition.prototypes)

    def as_row(self) -> dict[str, object]:
        """Row of `SegmentModel.candidates_`."""
        return {
            "candidate": self.name,
            "algorithm": self.algorithm,
            "n_segments": self.n_segments,
            "silhouette": self.silhouette,
            "calinski_harabasz": self.calinski_harabasz,
            "davies_bouldin": self.davies_bouldin,
            "inertia": self.partition.inertia,
            "gap": self.gap,
            "silhouette_excess": self.comparison.excess.silhouette,
            "gap_excess": self.comparison.excess.compactness,
            "structure": self.comparison.structure,
            "stability_min": float(self.jaccard.min()),
            "stability_mean": float(self.jaccard.mean()),
            "smallest_segment": self.smallest_segment,
            "score": self.score,
            "is_eligible": self.is_eligible,
            "is_winner": self.is_winner,
            "reason": self.reason,
            "n_used": self.n_used,
        }


def canonical_order(partition: Partition) -> Partition:
    """Sort segments by rows, largest first, ties by the coordinates of the prototype, so that labels mean something."""
    k = len(partition.prototypes)
    sizes = np.bincount(partition.labels, minlength=k)
    order = sorted(range(k), key=lambda j: (-int(sizes[j]), *partition.prototypes[j].tolist()))
    position = np.empty(k, dtype=np.int64)
    position[order] = np.arange(k)
    return Partition(partition.prototypes[order], position[partition.labels], partition.inertia)


def evaluate_candidates(
    points: Array,
    counts: Sequence[int],
    algorithm: Algorithm,
    *,
    weights: Array | None,
    seed: int,
    effort: Effort,
) -> list[Candidate]:
    """Fit and measure one candidate for each number of segments.

    Weights shape the partitions, the bootstraps and the sizes. Indices and the comparison with data without segments
    look at the shape of the cloud, and take every row once.

    Parameters
    ----------
    points : array of shape (n, p)
        Preprocessed points, in canonical row order.
    counts : sequence of int
        Numbers of segments, each at most the number of distinct points.
    """
    generator = np.random.default_rng([seed, 7])
    search = _subsample(len(points), effort.search_rows, generator)
    index = _subsample(len(points), effort.index_rows, generator)
    chosen = _subsample(len(points), effort.reference_rows, generator)
    reference = points[chosen]
    partitions = {count: _fit(points, count, algorithm, search, weights, seed) for count in counts}
    logger.info("comparing %d rows with %d samples without segments", len(reference), effort.n_references)
    comparisons = compare_with_null(
        reference,
        {count: partition.labels[chosen] for count, partition in partitions.items()},
        algorithm,
        OneGroup(reference, seed),
        effort.n_references,
        seed,
    )
    gaps = gap_statistic(reference, algorithm, counts, UniformBox(reference), max(effort.n_references // 2, 2), seed)
    distances = cdist(points[index], points[index])
    candidates = []
    for count, partition in partitions.items():
        labels = partition.labels
        jaccard = bootstrap_jaccard(
            points[index],
            labels[index],
            count,
            algorithm,
            effort.n_bootstraps,
            seed,
            None if weights is None else weights[index],
        )
        parts = len(np.unique(labels))
        candidates.append(
            Candidate(
                name=f"{algorithm.name}_k{count:02d}",
                algorithm=algorithm.name,
                partition=partition,
                silhouette=silhouette(distances, labels[index]),
                calinski_harabasz=float(calinski_harabasz_score(points, labels)) if 1 < parts < len(points) else 0.0,
                davies_bouldin=float(davies_bouldin_score(points, labels)) if 1 < parts < len(points) else 0.0,
                gap=gaps[count],
                comparison=comparisons[count],
                jaccard=jaccard,
                smallest_segment=_smallest_segment(labels, count, weights),
                n_used=len(index),
            )
        )
        logger.info(
            "%s: silhouette %.3f, stability %.2f", candidates[-1].name, candidates[-1].silhouette, jaccard.min()
        )
    return candidates


def _subsample(n_rows: int, limit: int, generator: np.random.Generator) -> Labels:
    """Sorted row numbers, all of them where they are few enough."""
    if n_rows <= limit:
        return np.arange(n_rows)
    return np.sort(generator.choice(n_rows, size=limit, replace=False))


def _fit(
    points: Array, count: int, algorithm: Algorithm, search: Labels, weights: Array | None, seed: int
) -> Partition:
    """Look for the best start on some rows, then refine it on all of them."""
    found = algorithm.partition(points[search], count, seed=seed, weights=None if weights is None else weights[search])
    if len(search) < len(points):
        found = algorithm.partition(points, count, seed=seed, weights=weights, start=found.prototypes)
    return canonical_order(found)


def _smallest_segment(labels: Labels, count: int, weights: Array | None) -> float:
    """Rows, or what they stand for if that is less: neither a weight nor a row may stand in for people."""
    rows = np.bincount(labels, minlength=count).astype(np.float64)
    return float((rows if weights is None else np.minimum(rows, np.bincount(labels, weights, minlength=count))).min())


def candidate_table(candidates: Sequence[Candidate]) -> pd.DataFrame:
    """One row per candidate, by number of segments."""
    return pd.DataFrame([candidate.as_row() for candidate in candidates], columns=list(CANDIDATE_COLUMNS))
