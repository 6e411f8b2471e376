"""From the winner of a screening to a model of all rows."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from dbt_segmentation.algorithms import Algorithm, Partition
from dbt_segmentation.arrays import Array, Labels
from dbt_segmentation.choosing.candidates import Candidate, Sample
from dbt_segmentation.choosing.merging import segment_sizes
from dbt_segmentation.choosing.stability import jaccard_matrix


def refine(candidate: Candidate, sample: Sample, algorithms: Sequence[Algorithm], seed: int) -> Candidate:
    """Carry a candidate over to all rows: k-means goes on from its centres, others keep their prototypes."""
    if candidate.n_used == len(sample.points) and len(candidate.partition.labels) == len(sample.points):
        return candidate
    assignment = candidate.partition.assignment
    algorithm = next(method for method in algorithms if method.name == candidate.algorithm)
    whole = len(assignment.centers) == candidate.spec.n_segments and len(sample.points) <= algorithm.max_rows
    if candidate.algorithm in ("kmeans", "minibatch", "mixture") and whole:
        found = algorithm.partition(sample.points, candidate.spec, seed=seed, weights=sample.weights, start=assignment)
        found = replace(found, merges=candidate.partition.merges)
    else:
        found = replace(candidate.partition, labels=assignment.assign(sample.points))
    refined = sample.tidied(found)
    before = assignment.assign(sample.points)
    return replace(
        candidate,
        partition=replace(refined, agreement=candidate.partition.agreement),
        jaccard=_in_order(candidate, before, refined),
        smallest_segment=float(segment_sizes(refined.labels, refined.n_segments, sample.weights).min()),
    )


def _in_order(candidate: Candidate, before: Labels, refined: Partition) -> Array | None:
    """Stability of each refined segment: that of the segment it came from."""
    if candidate.jaccard is None:
        return None
    overlap = jaccard_matrix(before, refined.labels, candidate.n_segments, refined.n_segments)
    rows, columns = linear_sum_assignment(overlap, maximize=True)
    ordered = np.full(refined.n_segments, float(candidate.jaccard.min()))
    ordered[columns] = candidate.jaccard[rows]
    return ordered
