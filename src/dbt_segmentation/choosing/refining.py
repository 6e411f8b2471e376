"""From the winner of a screening to a model of all rows."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from dbt_segmentation.algorithms import LEAST_ROWS, Algorithm, Partition
from dbt_segmentation.arrays import Array, Labels, subsample
from dbt_segmentation.choosing.candidates import Candidate, Sample
from dbt_segmentation.choosing.merging import fuse_thin_parts, segment_sizes
from dbt_segmentation.choosing.stability import jaccard_matrix


def refine(candidate: Candidate, sample: Sample, algorithms: Sequence[Algorithm], seed: int) -> Candidate:
    """Carry a candidate over to all rows.

    k-means and mixtures go on from its centres on as many rows as the method can bear, also where segments were merged;
    the others, which have learned from as many already, keep their prototypes.
    """
    if len(candidate.partition.labels) == len(sample.points):
        return candidate  # it was made of all rows
    start = candidate.partition.assignment
    algorithm = next(method for method in algorithms if method.name == candidate.algorithm)
    found = candidate.partition
    if candidate.algorithm in ("kmeans", "minibatch", "mixture"):
        rows = subsample(len(sample.points), algorithm.max_rows, np.random.default_rng([seed, 47]))
        part = sample if len(rows) == len(sample.points) else sample.part(rows)
        spec = replace(candidate.spec, n_segments=len(start.centers))
        again = algorithm.partition(part.points, spec, seed=seed, weights=part.weights, start=start)
        assignment = replace(again.assignment, owners=start.owners, n_segments=start.n_segments)
        found = replace(again, assignment=assignment, labels=assignment.assign(part.points), merges=found.merges)
        # what is a mean of too few of these rows may be near many others
        found = fuse_thin_parts(found, part.points, part.weights, LEAST_ROWS)
    refined = sample.tidied(replace(found, labels=found.assignment.assign(sample.points)))
    before = start.assign(sample.points)
    return replace(
        candidate,
        partition=replace(refined, agreement=candidate.partition.agreement),
        jaccard=_in_order(candidate.jaccard, before, refined),
        silhouettes=_in_order(candidate.silhouettes, before, refined),
        smallest_segment=float(segment_sizes(refined.labels, refined.n_segments, sample.weights).min()),
    )


def _in_order(figures: Array | None, before: Labels, refined: Partition) -> Array | None:
    """Figures of refined segments: those of the segment that each came from, the worst for one that is new."""
    if figures is None:
        return None
    overlap = jaccard_matrix(before, refined.labels, len(figures), refined.n_segments)
    rows, columns = linear_sum_assignment(overlap, maximize=True)
    ordered = np.full(refined.n_segments, float(figures.min()))
    ordered[columns] = figures[rows]
    return ordered
