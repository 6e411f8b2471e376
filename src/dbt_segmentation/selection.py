"""Which number of segments, and why: a recorded policy instead of a look at a chart."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from dbt_segmentation.algorithms import Algorithm
from dbt_segmentation.candidates import Candidate, Effort, evaluate_candidates
from dbt_segmentation.preprocessing import Array


@dataclass(frozen=True)
class SelectionPolicy:
    """Rules by which a candidate is allowed, and the score by which one wins.

    Each index enters as its excess over data without segments (`null_models.OneGroup`), because every index drifts with
    the number of segments by itself and a plain silhouette answers "two" to nearly every continuous data set.

    Attributes
    ----------
    stability_min : float
        Least bootstrap Jaccard of the weakest segment; Hennig (2007) calls less than 0.6 unstable.
    structure_min : float
        How many standard deviations tighter than one group cut in pieces. Of 200 samples without segments (normal,
        uniform, lognormal, correlated, counts; 250 to 1,500 rows, 1 to 6 features) one reached 3, at 3.7, in one
        dimension; groups five standard deviations apart reach 35 and more.
    weights : dict of str to float
        Share of each index in the score: silhouette, gap, stability, calinski_harabasz, davies_bouldin.
    """

    stability_min: float = 0.6
    structure_min: float = 4.0
    weights: dict[str, float] = field(
        default_factory=lambda: {
            "silhouette": 0.45,
            "gap": 0.15,
            "stability": 0.2,
            "calinski_harabasz": 0.05,
            "davies_bouldin": 0.15,
        }
    )


@dataclass(frozen=True)
class Selection:
    """What was decided: `winner` is None where everybody is in one segment."""

    verdict: str
    reason: str
    candidates: list[Candidate]
    winner: Candidate | None


def select_partition(
    points: Array,
    algorithm: Algorithm,
    *,
    n_segments: int | None,
    k_range: tuple[int, int],
    min_segment_size: int,
    policy: SelectionPolicy,
    weights: Array | None,
    seed: int,
    effort: Effort,
) -> Selection:
    """Measure every allowed number of segments and choose.

    Parameters
    ----------
    points : array of shape (n, p)
        Preprocessed points, in canonical row order.
    n_segments : int or None
        The analyst's choice, which the policy may comment but not overrule.
    k_range : tuple of int
        Smallest and largest number of segments tried.

    Returns
    -------
    Selection
        Verdict, reason, candidates, winner.
    """
    counts = [n_segments] if n_segments else list(range(k_range[0], k_range[1] + 1))
    impossible = _why_one_segment(points, n_segments, min_segment_size)
    if impossible is None:
        distinct = _distinct_rows(points, max(counts))
        counts = [count for count in counts if count <= distinct]
        impossible = None if counts else f"only {distinct} different customers after preprocessing"
    if impossible is not None:
        return Selection("one_segment", impossible, [], None)
    evaluated = evaluate_candidates(points, counts, algorithm, weights=weights, seed=seed, effort=effort)
    unclear = structure_objection(evaluated, policy)
    candidates = judge(evaluated, policy, min_segment_size, unclear)
    if n_segments:
        return _take_order(candidates[0], objections(candidates[0], policy, min_segment_size), unclear)
    winner = next((candidate for candidate in candidates if candidate.is_winner), None)
    if winner is None:
        nearest = max(candidates, key=lambda candidate: (candidate.score, -candidate.n_segments))
        refused = f"none of {len(candidates)} candidates is eligible; best score: {nearest.name}, {nearest.reason}"
        return Selection("one_segment", unclear or refused, candidates, None)
    reason = f"{winner.name} has the best score ({winner.score:.3f}) of the eligible candidates"
    return Selection("segments", reason, candidates, winner)


def _why_one_segment(points: Array, n_segments: int | None, min_segment_size: int) -> str | None:
    n_rows, n_features = points.shape
    if n_segments == 1:
        return "chosen by the analyst: n_segments=1"
    if n_features == 0:
        return "no feature varies"
    if n_rows < 2 * min_segment_size:
        return f"{n_rows} rows can't give two segments of {min_segment_size}"
    return None


def _distinct_rows(points: Array, enough: int) -> int:
    """Count different rows; a large table is read to the end only if its first rows are all alike."""
    first = len(np.unique(points[:1000], axis=0))
    return first if first >= enough else len(np.unique(points, axis=0))


def _take_order(candidate: Candidate, against: list[str], unclear: str | None) -> Selection:
    reason = f"chosen by the analyst: n_segments={candidate.n_segments}"
    if unclear:
        against = [*against, unclear]
    if against:
        reason += f"; the policy would refuse it: {'; '.join(against)}"
    winner = replace(candidate, is_winner=True, reason=f"winner, {reason}")
    return Selection("segments", reason, [winner], winner)


def objections(candidate: Candidate, policy: SelectionPolicy, min_segment_size: int) -> list[str]:
    """Why a candidate is not allowed, in words; empty if it is."""
    found = []
    if candidate.smallest_segment < min_segment_size:
        found.append(f"smallest segment {_less(candidate.smallest_segment, min_segment_size, 0)}")
    if candidate.jaccard.min() < policy.stability_min:
        found.append(f"unstable: {_less(float(candidate.jaccard.min()), policy.stability_min, 2)}")
    return found


def structure_objection(candidates: Sequence[Candidate], policy: SelectionPolicy) -> str | None:
    """Why the data look like one group; None where some candidate is clearly tighter than one group cut in pieces.

    The question is asked of the data, not of each candidate: what five segments leave hidden, seven may show.
    """
    clearest = max(candidates, key=lambda candidate: candidate.comparison.structure)
    if clearest.comparison.structure >= policy.structure_min:
        return None
    return (
        f"no clear structure: at best ({clearest.name}) "
        f"{_less(clearest.comparison.structure, policy.structure_min, 1)} standard deviations tighter than one group"
    )


def _less(value: float, limit: float, digits: int) -> str:
    """`value < limit`, with as many digits as it takes to see it."""
    while digits < 9 and f"{value:.{digits}f}" == f"{limit:.{digits}f}":
        digits += 1
    return f"{value:.{digits}f} < {limit:.{digits}f}"


def score_candidates(candidates: Sequence[Candidate], policy: SelectionPolicy) -> Array:
    """Score of each candidate, 0 to 1: the weighted mean of its indices.

    Excesses are scaled from 0 to 1 within the candidates. Stability is on that scale already; stretching it would
    make much of 0.97 against 0.95.
    """
    excesses = [candidate.comparison.excess for candidate in candidates]
    columns = {
        "silhouette": _scale([excess.silhouette for excess in excesses]),
        "gap": _scale([excess.compactness for excess in excesses]),
        "calinski_harabasz": _scale([excess.calinski_harabasz for excess in excesses]),
        "davies_bouldin": _scale([excess.davies_bouldin for excess in excesses]),
        "stability": np.array([float(candidate.jaccard.mean()) for candidate in candidates]),
    }
    total = sum(policy.weights.values())
    score: Array = np.sum([columns[name] * weight / total for name, weight in policy.weights.items()], axis=0)
    return score


def _scale(values: Sequence[float]) -> Array:
    """Map to 0..1; all 1 where they are equal."""
    array = np.asarray(values, dtype=np.float64)
    spread = array.max() - array.min()
    return (array - array.min()) / spread if spread > 0 else np.ones_like(array)


def judge(
    candidates: Sequence[Candidate], policy: SelectionPolicy, min_segment_size: int, unclear: str | None
) -> list[Candidate]:
    """Score candidates, mark at most one winner, and give each its reason in words.

    The best score among the eligible wins; equal scores go to fewer segments.

    Parameters
    ----------
    unclear : str or None
        What speaks against any segments at all (`structure_objection`).
    """
    scores = score_candidates(candidates, policy)
    refused = [objections(candidate, policy, min_segment_size) for candidate in candidates]
    if unclear:
        refused = [[*against, unclear] for against in refused]
    eligible = [i for i in range(len(candidates)) if not refused[i]]
    winner = min(eligible, key=lambda i: (-round(float(scores[i]), 9), candidates[i].n_segments), default=None)
    judged = []
    for i, candidate in enumerate(candidates):
        reason = "; ".join(refused[i])
        if i == winner:
            reason = "winner"
        elif winner is not None and not reason:
            better = scores[winner] > scores[i] + 5e-10
            reason = (
                f"lower score {_less(float(scores[i]), float(scores[winner]), 2)}"
                if better
                else "equal score, more segments"
            )
        judged.append(
            replace(candidate, score=float(scores[i]), is_eligible=not refused[i], is_winner=i == winner, reason=reason)
        )
    return judged
