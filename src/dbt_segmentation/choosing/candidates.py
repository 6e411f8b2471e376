"""Candidates for a segmentation, measured from all sides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import pandas as pd
from scipy.spatial.distance import cdist

from dbt_segmentation.algorithms import LEAST_ROWS, Algorithm, Partition, Spec, canonical_order
from dbt_segmentation.arrays import Array, Labels, subsample
from dbt_segmentation.choosing import indices, stability
from dbt_segmentation.choosing.indices import Reference, Separation
from dbt_segmentation.choosing.merging import fuse_thin_parts, merge_similar, merge_small, segment_sizes

# bootstraps repeat the method: the slower it is, the fewer rows it gets
_STABILITY_ROWS = {"kmeans": 5_000, "minibatch": 5_000, "mixture": 2_000}
_SLOW_STABILITY_ROWS = 600
_CURVE_ROWS, _CURVE_BOOTSTRAPS = 600, 4
_TINY = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True)
class Sample:
    """Rows that candidates are made of, and compared on.

    Attributes
    ----------
    points : array of shape (n, p), weights : array of shape (n,) or None
        The rows.
    min_size : float
        Least rows of a segment.
    rows_of_all : float
        How many rows of the whole table one row stands for.
    merge : str
        See `merging.merge_similar`.
    known, current : array of shape (n,) or None
        Known classes, -1 where one is not known, and segments by the current model.
    """

    points: Array
    weights: Array | None
    min_size: float
    rows_of_all: float = 1.0
    merge: str = "none"
    known: Labels | None = None
    current: Labels | None = None

    def make(self, algorithm: Algorithm, spec: Spec, seed: int, n_init: int) -> Partition:
        """Partition the rows, and merge what is too small; a slow method learns from as many rows as it can bear."""
        rows = subsample(len(self.points), algorithm.max_rows, np.random.default_rng([seed, 41]))
        part = self if len(rows) == len(self.points) else self.part(rows)
        if spec.n_segments is not None:  # a bootstrap sample or half of very few rows
            spec = replace(spec, n_segments=min(spec.n_segments, len(part.points)))
        found = algorithm.partition(part.points, spec, seed=seed, n_init=n_init, weights=part.weights)
        if part is not self:
            found = replace(found, labels=found.assignment.assign(self.points))
        scale = part.rows_of_all
        told = (replace(merge, rows=merge.rows * scale, into_rows=merge.into_rows * scale) for merge in found.merges)
        found = replace(found, merges=tuple(told))
        return self.tidied(found)

    def tidied(self, partition: Partition) -> Partition:
        """Merge what is too small, of segments and of their parts, and sort segments."""
        scale, n_parts = self.rows_of_all, -1
        while n_parts != len(partition.assignment.centers):
            partition = merge_small(partition, self.points, self.weights, self.min_size, scale)
            n_parts = len(partition.assignment.centers)
            partition = fuse_thin_parts(partition, self.points, self.weights, LEAST_ROWS / scale, scale)
        return canonical_order(merge_similar(partition, self.points, self.merge, scale), self.points)

    def part(self, rows: Labels) -> "Sample":
        """Take some of the rows; the least size shrinks with them."""
        share = len(rows) / len(self.points)
        return replace(
            self,
            points=self.points[rows],
            weights=None if self.weights is None else self.weights[rows],
            min_size=self.min_size * share,
            rows_of_all=self.rows_of_all / share,
            known=None if self.known is None else self.known[rows],
            current=None if self.current is None else self.current[rows],
        )


@dataclass(frozen=True)
class Candidate:
    """One partition with everything the policy looks at.

    NaN where something was not measured: stability only of finalists (`stability_curve` of all), gap of k-means, BIC of
    mixtures, purity and adjusted Rand where classes are known, change where there is a current model. `jaccard` and
    `silhouettes` have a value for each segment.
    """

    spec: Spec
    partition: Partition
    excess: Separation
    silhouette: float = float("nan")
    silhouette_min: float = float("nan")
    calinski_harabasz: float = float("nan")
    davies_bouldin: float = float("nan")
    dunn: float = float("nan")
    inertia: float = float("nan")
    gap: float = float("nan")
    bic: float = float("nan")
    structure: float = float("nan")
    smallest_segment: float = float("nan")
    purity: float = float("nan")
    adjusted_rand: float = float("nan")
    cost_of_change: float = float("nan")
    stability_curve: float = float("nan")
    jaccard: Array | None = None
    silhouettes: Array | None = None
    prediction_strength: float = float("nan")
    fold_agreement: float = float("nan")
    n_used: int = 0
    is_elbow: bool = False
    stage: str = "screened"
    score: float = 0.0
    is_eligible: bool = False
    is_winner: bool = False
    reason: str = ""

    @property
    def name(self) -> str:
        """Name of the candidate."""
        return self.spec.name

    @property
    def algorithm(self) -> str:
        """Name of the method."""
        return self.spec.algorithm

    @property
    def n_segments(self) -> int:
        """Number of segments, after merges."""
        return self.partition.n_segments

    @property
    def stability_min(self) -> float:
        """Bootstrap Jaccard of the weakest segment."""
        return float("nan") if self.jaccard is None else float(self.jaccard.min())

    @property
    def stability_mean(self) -> float:
        """Mean bootstrap Jaccard."""
        return float("nan") if self.jaccard is None else float(self.jaccard.mean())

    def as_row(self) -> dict[str, object]:
        """Row of `SegmentModel.candidates_`."""
        own = {
            "candidate": self.name,
            "algorithm": self.algorithm,
            "options": ", ".join(f"{name}={value}" for name, value in self.spec.options),
            "n_segments": self.n_segments,
            "stability_min": self.stability_min,
            "stability_mean": self.stability_mean,
            "silhouette_excess": self.excess.silhouette,
            "shape_excess": self.excess.shape,
            "gap_excess": self.excess.compactness,
            "agreement": self.partition.agreement,
            "n_merged": len(self.partition.merges),
        }
        plain = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: own[name] if name in own else plain[name] for name in CANDIDATE_COLUMNS}


CANDIDATE_TEXT = ("algorithm", "options", "stage", "reason")
CANDIDATE_WHOLE = ("n_segments", "n_used", "n_merged")
CANDIDATE_FLAG = ("is_eligible", "is_winner", "is_elbow")
CANDIDATE_COLUMNS = (
    "candidate",
    "algorithm",
    "options",
    "n_segments",
    "stage",
    "silhouette",
    "silhouette_min",
    "calinski_harabasz",
    "davies_bouldin",
    "dunn",
    "inertia",
    "gap",
    "bic",
    "silhouette_excess",
    "shape_excess",
    "gap_excess",
    "structure",
    "stability_curve",
    "stability_min",
    "stability_mean",
    "prediction_strength",
    "fold_agreement",
    "smallest_segment",
    "agreement",
    "n_merged",
    "purity",
    "adjusted_rand",
    "cost_of_change",
    "is_elbow",
    "score",
    "is_eligible",
    "is_winner",
    "reason",
    "n_used",
)


def measure(
    spec: Spec, partition: Partition, sample: Sample, reference: Reference, distances: Array, gaps: dict[int, float]
) -> Candidate:
    """Measure a partition of the sample, except for its stability.

    Parameters
    ----------
    distances : array of shape (n, n)
        Of the sample's points.
    gaps : dict of int to float
        Gap statistic of k-means, by number of segments.
    """
    points, labels = sample.points, partition.labels
    excess = reference.excess(Separation.measure(points, labels), partition.n_segments)
    widths, weights = indices.silhouette_widths(distances, labels), sample.weights
    shares = np.ones(len(labels)) if weights is None else weights
    counted, present = np.bincount(labels, shares, minlength=partition.n_segments), np.unique(labels)
    silhouettes = np.bincount(labels, shares * widths, minlength=partition.n_segments) / np.maximum(counted, _TINY)
    is_kmeans = spec.algorithm in ("kmeans", "minibatch")
    count = -1 if spec.n_segments is None else spec.n_segments
    return Candidate(
        spec,
        partition,
        excess,
        silhouette=float(np.average(widths, weights=weights)),
        silhouette_min=float(silhouettes[present].min()),
        silhouettes=silhouettes,
        calinski_harabasz=indices.calinski_harabasz(points, labels, weights),
        davies_bouldin=indices.davies_bouldin(points, labels, weights),
        dunn=indices.dunn(distances, labels),
        inertia=indices.inertia(points, labels, sample.weights) * sample.rows_of_all,
        gap=gaps.get(count, float("nan")) if is_kmeans else float("nan"),
        bic=partition.criterion if spec.algorithm == "mixture" else float("nan"),
        structure=reference.structure.get(count, float("nan")) if is_kmeans else float("nan"),
        smallest_segment=float(segment_sizes(labels, partition.n_segments, sample.weights).min() * sample.rows_of_all),
        purity=float("nan") if sample.known is None else indices.purity(labels, sample.known, weights),
        adjusted_rand=float("nan") if sample.known is None else indices.adjusted_rand(labels, sample.known),
        cost_of_change=float("nan") if sample.current is None else stability.change(labels, sample.current, weights),
        n_used=len(points),
    )


def curve_stability(candidate: Candidate, algorithm: Algorithm, sample: Sample, seed: int) -> float:
    """Mean bootstrap Jaccard of the segments on few rows and repeats: rough, but cheap enough for every candidate.

    Over the grid of a method's settings it gives the stability curve; finalists are tested in earnest.
    """
    part = sample.part(subsample(len(sample.points), _CURVE_ROWS, np.random.default_rng([seed, 43])))
    return float(_jaccard(candidate, algorithm, part, 1, _CURVE_BOOTSTRAPS, seed).mean())


def with_stability(
    candidate: Candidate, algorithm: Algorithm, sample: Sample, n_bootstraps: int, seed: int
) -> Candidate:
    """Repeat a candidate on bootstrap samples and on halves of the data."""
    limit = _STABILITY_ROWS.get(candidate.algorithm, _SLOW_STABILITY_ROWS)
    part = sample.part(subsample(len(sample.points), limit, np.random.default_rng([seed, 7])))
    n_init = 5 if candidate.algorithm in ("kmeans", "minibatch") else 1
    jaccard = _jaccard(candidate, algorithm, part, n_init, n_bootstraps, seed)
    strength, agreement = stability.across_folds(part.points, _repeat(candidate, algorithm, part, n_init), seed)
    return replace(
        candidate,
        jaccard=jaccard,
        prediction_strength=strength,
        fold_agreement=agreement,
        n_used=len(part.points),
        stage="finalist",
    )


def _repeat(candidate: Candidate, algorithm: Algorithm, part: Sample, n_init: int) -> stability.Repeat:
    """Make the candidate again on chosen rows of a part of the sample."""
    return lambda chosen, seed: part.part(chosen).make(algorithm, candidate.spec, seed, n_init)


def _jaccard(
    candidate: Candidate, algorithm: Algorithm, part: Sample, n_init: int, n_bootstraps: int, seed: int
) -> Array:
    """Stability of each segment on a part of the sample; rows drawn by their weights count once each."""
    labels = candidate.partition.assignment.assign(part.points)
    repeat = _repeat(candidate, algorithm, replace(part, weights=None), n_init)
    return stability.bootstrap_jaccard(
        part.points, labels, candidate.n_segments, repeat, n_bootstraps, seed, part.weights
    )


def pair_distances(points: Array) -> Array:
    """Distances of all pairs, shape (n, n)."""
    return np.asarray(cdist(points, points))


def candidate_table(candidates: Sequence[Candidate], skipped: Mapping[str, str] | None = None) -> pd.DataFrame:
    """One row per candidate, in the order in which they were tried, and one per method that was skipped."""
    nothing = dict.fromkeys((*CANDIDATE_WHOLE, *CANDIDATE_FLAG), 0)
    rows = [candidate.as_row() for candidate in candidates]
    for name, reason in (skipped or {}).items():
        told = {"candidate": name, "algorithm": name, "options": "", "stage": "skipped", "reason": reason}
        rows.append({**{column: float("nan") for column in CANDIDATE_COLUMNS}, **nothing, **told})
    table = pd.DataFrame(rows, columns=list(CANDIDATE_COLUMNS))
    return table.astype({**dict.fromkeys(CANDIDATE_FLAG, bool), **dict.fromkeys(CANDIDATE_WHOLE, "int64")})
