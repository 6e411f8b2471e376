"""The search for segments: screen many candidates on few rows, test the best, and refine the winner on all."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from dbt_segmentation.algorithms import Algorithm, Partition, Spec
from dbt_segmentation.algorithms.elbow import kneedle
from dbt_segmentation.algorithms.kmeans import KMeansAlgorithm
from dbt_segmentation.arrays import Array, subsample
from dbt_segmentation.choosing.candidates import (
    Candidate,
    Sample,
    curve_stability,
    measure,
    pair_distances,
    with_stability,
)
from dbt_segmentation.choosing.indices import Reference, compare_with_null, gap_statistic
from dbt_segmentation.choosing.null_models import OneGroup, UniformBox
from dbt_segmentation.choosing.policy import (
    SelectionPolicy,
    judge,
    objections,
    score_candidates,
    structure_objection,
)
from dbt_segmentation.choosing.refining import refine
from dbt_segmentation.choosing.stability import change

logger = logging.getLogger(__name__)

# told as (what is done, how much of it, of how much)
Progress = Callable[[str, int, int], None]

_BATCH_OF_FINALISTS = 6
_MOST_FINALISTS = 18
# below this, batches save nothing
_MINIBATCH_ROWS = 50_000


@dataclass(frozen=True)
class Effort:
    """How much work the costly parts may do.

    Attributes
    ----------
    screen_rows : int
        Rows on which every candidate is made, and compared with data without segments.
    index_rows : int
        Rows for bootstraps and folds of the finalists.
    n_bootstraps, n_references : int
        Repetitions.
    """

    screen_rows: int = 1_500
    index_rows: int = 5_000
    n_bootstraps: int = 20
    n_references: int = 20


@dataclass(frozen=True)
class Selection:
    """What was decided.

    `winner` is None where everybody is in one segment; its partition is of all rows. `skipped` says of each method that
    was not tried why.
    """

    verdict: str
    reason: str
    candidates: list[Candidate]
    winner: Candidate | None
    skipped: dict[str, str] = field(default_factory=dict)


def _silent(what: str, done: int, of: int) -> None:
    logger.debug("%s: %d of %d", what, done, of)


def select_partition(
    sample: Sample,
    algorithms: Sequence[Algorithm],
    *,
    n_segments: int | None,
    k_range: tuple[int, int],
    policy: SelectionPolicy,
    seed: int,
    effort: Effort,
    progress: Progress | None = None,
) -> Selection:
    """Measure every allowed candidate and choose.

    Weights shape partitions, bootstraps, sizes and the plain indices. What looks at the shape of the cloud takes every
    row once: the comparison with data without segments, the excess over these, gap, Dunn, and agreement over folds.

    Parameters
    ----------
    sample : Sample
        All rows, preprocessed, in canonical order.
    n_segments : int or None
        The analyst's choice, which the policy may comment but not overrule.
    k_range : tuple of int
        Smallest and largest number of segments tried.
    """
    tell = progress or _silent
    impossible = _why_one_segment(sample, n_segments)
    counts = [n_segments] if n_segments else list(range(k_range[0], k_range[1] + 1))
    if impossible is None:
        distinct = _distinct_rows(sample.points, max(counts))
        counts = [count for count in counts if count <= distinct]
        impossible = None if counts else f"only {distinct} different customers after preprocessing"
    if impossible is not None:
        return Selection("one_segment", impossible, [], None)
    generator = np.random.default_rng([seed, 7])
    screen = sample.part(subsample(len(sample.points), effort.screen_rows, generator))
    tell("comparing with data without segments", 0, 1)
    null = OneGroup(screen.points, seed)
    possible = [count for count in counts if count <= _distinct_rows(screen.points, max(counts))] or [1]
    reference = compare_with_null(screen.points, possible, KMeansAlgorithm(), null, effort.n_references, seed)
    unclear = structure_objection(reference.structure, policy)
    algorithms, skipped = _worth_a_try(algorithms, len(sample.points), unclear and not n_segments)
    candidates = _screen(screen, algorithms, counts, reference, effort, seed, tell)
    others: list[Candidate] = []
    if n_segments:
        others = [c for c in candidates if c.spec.n_segments is None and c.n_segments != n_segments]
        candidates = [c for c in candidates if c.spec.n_segments or c.n_segments == n_segments]
        others = [replace(c, reason=f"found {c.n_segments} segments, {n_segments} were ordered") for c in others]
    if not candidates:
        return Selection("one_segment", f"no method found {n_segments} segments", others, None, skipped)
    index = sample.part(subsample(len(sample.points), effort.index_rows, generator))
    tested = _test(candidates, algorithms, index, policy, sample.min_size, unclear, n_segments, effort, seed, tell)
    judged = judge(tested, policy, sample.min_size, unclear)
    tell("refining the winner", 0, 1)
    if n_segments:
        taken = _take_order(judged, sample, algorithms, policy, unclear, n_segments, seed)
        return replace(taken, candidates=[*taken.candidates, *others], skipped=skipped)
    winner = next((candidate for candidate in judged if candidate.is_winner), None)
    if winner is None:
        nearest = max(judged, key=lambda candidate: (candidate.score, -candidate.n_segments))
        refused = f"none of {len(judged)} candidates is eligible; best score: {nearest.name}, {nearest.reason}"
        return Selection("one_segment", unclear or refused, judged, None, skipped)
    reason = f"{winner.name} has the best score ({winner.score:.3f}) of the eligible candidates"
    refined = refine(winner, sample, algorithms, seed)
    return Selection("segments", reason, [refined if c.is_winner else c for c in judged], refined, skipped)


def _why_one_segment(sample: Sample, n_segments: int | None) -> str | None:
    n_rows, n_features = sample.points.shape
    if n_segments == 1:
        return "chosen by the analyst: n_segments=1"
    if n_features == 0:
        return "no feature varies"
    if n_rows < 2 * sample.min_size:
        return f"{n_rows} rows can't give two segments of {sample.min_size:.0f}"
    return None


def _distinct_rows(points: Array, enough: int) -> int:
    """Count different rows; a large table is read to the end only if its first rows are all alike."""
    first = len(np.unique(points[:1000], axis=0))
    return first if first >= enough else len(np.unique(points, axis=0))


def _worth_a_try(
    algorithms: Sequence[Algorithm], n_rows: int, is_hopeless: object
) -> tuple[list[Algorithm], dict[str, str]]:
    """Methods to try, and why the others are skipped."""
    skipped: dict[str, str] = {}
    for algorithm in algorithms[1:]:
        if is_hopeless:
            skipped[algorithm.name] = "skipped: no clear structure"
        elif algorithm.name == "minibatch" and n_rows < _MINIBATCH_ROWS:
            skipped[algorithm.name] = f"skipped: under {_MINIBATCH_ROWS:,} rows batches save nothing"
    return [algorithm for algorithm in algorithms if algorithm.name not in skipped], skipped


def _screen(
    screen: Sample,
    algorithms: Sequence[Algorithm],
    counts: list[int],
    reference: Reference,
    effort: Effort,
    seed: int,
    tell: Progress,
) -> list[Candidate]:
    """Make and measure every candidate on few rows."""
    distances = pair_distances(screen.points)
    possible = [count for count in counts if count <= len(screen.points)]
    gaps = gap_statistic(
        screen.points, KMeansAlgorithm(), possible, UniformBox(screen.points), max(effort.n_references // 4, 2), seed
    )
    jobs: list[tuple[Algorithm, Spec]] = []
    for algorithm in algorithms:
        size = max(2, round(screen.min_size))
        n_points, n_features = screen.points.shape
        jobs += [(algorithm, spec) for spec in algorithm.specs(possible, n_points, n_features, size)]
    candidates = []
    for done, (algorithm, spec) in enumerate(jobs):
        tell("trying candidates", done, len(jobs))
        found = screen.make(algorithm, spec, seed, 10 if spec.algorithm in ("kmeans", "minibatch") else 5)
        candidate = measure(spec, found, screen, reference, distances, gaps)
        candidates.append(replace(candidate, stability_curve=curve_stability(candidate, algorithm, screen, seed)))
    tell("trying candidates", len(jobs), len(jobs))
    return _mark_elbow(candidates)


def _mark_elbow(candidates: list[Candidate]) -> list[Candidate]:
    """Mark the number of segments at the elbow of k-means' inertia."""
    curve = [candidate for candidate in candidates if candidate.algorithm == "kmeans"]
    if len(curve) < 3:
        return candidates
    elbow = curve[kneedle(np.array([candidate.inertia for candidate in curve]))].name
    return [replace(candidate, is_elbow=candidate.name == elbow) for candidate in candidates]


def _test(
    candidates: list[Candidate],
    algorithms: Sequence[Algorithm],
    index: Sample,
    policy: SelectionPolicy,
    min_size: float,
    unclear: str | None,
    n_segments: int | None,
    effort: Effort,
    seed: int,
    tell: Progress,
) -> list[Candidate]:
    """Test the stability of the best candidates, and of the best of each method, until one of them is eligible."""
    by_name = {algorithm.name: algorithm for algorithm in algorithms}
    is_compared = len(algorithms) > 1
    tested = list(candidates)
    refused = [objections(candidate, policy, min_size, is_compared) for candidate in candidates]
    scores = score_candidates(candidates, policy, np.array([not against for against in refused]))
    ranked = sorted(range(len(candidates)), key=lambda i: (-round(float(scores[i]), 9), candidates[i].n_segments, i))
    allowed = [i for i in ranked if not refused[i]] or ranked[:1]
    methods = dict.fromkeys(candidates[i].algorithm for i in allowed)
    firsts = [next(i for i in allowed if candidates[i].algorithm == name) for name in methods]
    queue = list(dict.fromkeys([*allowed[:_BATCH_OF_FINALISTS], *firsts, *allowed]))
    # where there is nothing to choose, one figure of stability is enough to tell so
    limit = 1 if unclear and not n_segments else _MOST_FINALISTS
    batch = max(_BATCH_OF_FINALISTS, len(set(allowed[:_BATCH_OF_FINALISTS]) | set(firsts)))
    finalists: list[int] = []
    for place, i in enumerate(queue):
        found = any(not objections(tested[j], policy, min_size, is_compared) for j in finalists)
        if len(finalists) >= limit or (place >= batch and found):
            break
        twin = next((j for j in finalists if _are_same(tested[i].partition, tested[j].partition)), None)
        if twin is not None:
            tested[i] = replace(tested[i], reason=f"the same segments as {tested[twin].name}")
            continue
        tell("testing stability", len(finalists), min(limit, batch))
        tested[i] = with_stability(tested[i], by_name[tested[i].algorithm], index, effort.n_bootstraps, seed)
        finalists.append(i)
        logger.info(
            "%s: silhouette %.3f, stability %.2f", tested[i].name, tested[i].silhouette, tested[i].stability_min
        )
    return tested


def _are_same(first: Partition, second: Partition) -> bool:
    """Whether two partitions differ for at most one row in two hundred."""
    return first.n_segments == second.n_segments and change(first.labels, second.labels) < 0.005


def _take_order(
    judged: list[Candidate],
    sample: Sample,
    algorithms: Sequence[Algorithm],
    policy: SelectionPolicy,
    unclear: str | None,
    n_segments: int,
    seed: int,
) -> Selection:
    """Take the best candidate of the analyst's number, whatever the policy thinks."""
    finalists = [candidate for candidate in judged if candidate.stage == "finalist"]
    best = max(
        finalists, key=lambda candidate: (candidate.is_winner, candidate.n_segments == n_segments, candidate.score)
    )
    if best.n_segments < 2:
        return Selection("one_segment", f"n_segments={n_segments} was ordered, but {best.reason}", judged, None)
    refined = refine(best, sample, algorithms, seed)
    reason = f"chosen by the analyst: n_segments={n_segments}"
    if refined.n_segments != n_segments:
        reason += f"; merges left {refined.n_segments}"
    against = [*objections(refined, policy, sample.min_size, len(algorithms) > 1), *([unclear] if unclear else [])]
    if against:
        reason += f"; the policy would refuse it: {'; '.join(against)}"
    winner = replace(refined, is_winner=True, reason=f"winner, {reason}")
    others = [replace(c, is_winner=False) if c.name != best.name else winner for c in judged]
    return Selection("segments", reason, others, winner)
