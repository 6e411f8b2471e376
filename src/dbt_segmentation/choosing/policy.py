"""Which candidate, and why: a recorded policy instead of a look at a chart."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from dbt_segmentation.arrays import Array, Mask
from dbt_segmentation.choosing.candidates import Candidate
from dbt_segmentation.errors import ConfigError, did_you_mean

DEFAULT_WEIGHTS = {"silhouette": 0.35, "shape": 0.35, "stability": 0.15, "prediction_strength": 0.15}


@dataclass(frozen=True)
class SelectionPolicy:
    """Rules by which a candidate is allowed, and the score by which one wins.

    The two silhouettes enter as their excess over data without segments (`null_models.OneGroup`), because every index
    drifts with the number of segments by itself and a plain silhouette answers "two" to nearly every continuous data
    set.

    Attributes
    ----------
    stability_min : float
        Least bootstrap Jaccard of the weakest segment; Hennig (2007) calls less than 0.6 unstable.
    structure_min : float
        How many standard deviations tighter than one group cut in pieces.
    agreement_min : float
        Least share of the customers to whom prototypes give the segment that the method gave.
    weights : mapping of str to float
        Share of each index in the score: see `INDICES`.
    """

    stability_min: float = 0.6
    structure_min: float = 4.0
    agreement_min: float = 0.9
    weights: Mapping[str, float] = field(default_factory=lambda: dict(DEFAULT_WEIGHTS))

    def __post_init__(self) -> None:
        for name, weight in self.weights.items():
            if name not in INDICES:
                raise ConfigError(f"Unknown index {name!r} among the weights. {did_you_mean(name, INDICES)}")
            if weight < 0:
                raise ConfigError(f"The weight of {name} must not be negative, got {weight!r}.")
        if not sum(self.weights.values()) > 0:
            raise ConfigError("At least one weight of an index must be positive.")


def _relative(values: Array, allowed: Mask) -> Array:
    """Share of the best allowed one, 0 for what is not better than data without segments."""
    best = np.nanmax(values[allowed], initial=0.0)
    return np.clip(values / best, 0.0, 1.0) if best > 0 else np.zeros_like(values)


def _spread(values: Array, allowed: Mask) -> Array:
    """Map the allowed ones to 0..1; 1 where all are equal."""
    known = values[allowed & ~np.isnan(values)]
    if len(known) == 0 or known.max() == known.min():
        return np.ones_like(values)
    scaled: Array = np.clip((values - known.min()) / (known.max() - known.min()), 0.0, 1.0)
    return scaled


def _as_it_is(values: Array, allowed: Mask) -> Array:
    return values


# index of the score -> value of a candidate, and how values become 0 (bad) to 1 (good)
INDICES: dict[str, tuple[Callable[[Candidate], float], Callable[[Array, Mask], Array]]] = {
    "silhouette": (lambda candidate: candidate.excess.silhouette, _relative),
    "shape": (lambda candidate: candidate.excess.shape, _relative),
    "compactness": (lambda candidate: candidate.excess.compactness, _relative),
    "stability": (lambda candidate: candidate.stability_mean, _as_it_is),
    "prediction_strength": (lambda candidate: candidate.prediction_strength, _as_it_is),
    "fold_agreement": (lambda candidate: candidate.fold_agreement, _as_it_is),
    "agreement": (lambda candidate: candidate.partition.agreement, _as_it_is),
    "calinski_harabasz": (lambda candidate: candidate.calinski_harabasz, _spread),
    "davies_bouldin": (lambda candidate: -candidate.davies_bouldin, _spread),
    "dunn": (lambda candidate: candidate.dunn, _spread),
    "gap": (lambda candidate: candidate.gap, _spread),
    "bic": (lambda candidate: -candidate.bic, _spread),
    "elbow": (lambda candidate: float(candidate.is_elbow), _as_it_is),
    "purity": (lambda candidate: candidate.purity, _as_it_is),
    "adjusted_rand": (lambda candidate: candidate.adjusted_rand, _as_it_is),
    "continuity": (lambda candidate: 1.0 - candidate.cost_of_change, _as_it_is),
}


def score_candidates(candidates: Sequence[Candidate], policy: SelectionPolicy, allowed: Mask) -> Array:
    """Score of each candidate, 0 to 1: the weighted mean of its indices; one that was not measured counts 0.

    Parameters
    ----------
    allowed : array of shape (n,) of bool
        Candidates that set the scale of the others.
    """
    total = sum(policy.weights.values())
    score = np.zeros(len(candidates))
    for name, weight in policy.weights.items():
        value, scale = INDICES[name]
        column = scale(np.array([value(candidate) for candidate in candidates]), allowed)
        score += np.nan_to_num(column) * weight / total
    return score


def objections(candidate: Candidate, policy: SelectionPolicy, min_size: float, is_compared: bool) -> list[str]:
    """Why a candidate is not allowed, in words; empty if it is.

    Parameters
    ----------
    is_compared : bool
        Whether several methods compete. Then one that cuts off a few far customers, which makes any silhouette shine,
        must explain as much as k-means does of data without segments.
    """
    found = []
    if candidate.n_segments < 2:
        found.append("one segment is left after merges" if candidate.partition.merges else "it found one segment")
    if candidate.smallest_segment < min_size - 1e-9:
        found.append(f"smallest segment {less(candidate.smallest_segment, min_size, 0)}")
    if is_compared and candidate.excess.compactness <= 0:
        found.append("explains less than k-means does of data without segments")
    if candidate.partition.agreement < policy.agreement_min:
        found.append(
            f"prototypes agree with the method for {less(candidate.partition.agreement, policy.agreement_min, 2)}"
        )
    if candidate.jaccard is not None and candidate.stability_min < policy.stability_min:
        found.append(f"unstable: {less(candidate.stability_min, policy.stability_min, 2)}")
    return found


def structure_objection(structure: Mapping[int, float], policy: SelectionPolicy) -> str | None:
    """Why the data look like one group; None where k-means cuts some number of clearly tighter pieces.

    The question is asked of the data, not of each candidate: what five segments leave hidden, seven may show.
    """
    clearest = max(structure, key=lambda count: structure[count])
    if structure[clearest] >= policy.structure_min:
        return None
    return (
        f"no clear structure: at best ({clearest} segments) "
        f"{less(structure[clearest], policy.structure_min, 1)} standard deviations tighter than one group"
    )


def less(value: float, limit: float, digits: int) -> str:
    """`value < limit`, with as many digits as it takes to see it."""
    while digits < 9 and f"{value:.{digits}f}" == f"{limit:.{digits}f}":
        digits += 1
    return f"{value:.{digits}f} < {limit:.{digits}f}"


def judge(
    candidates: Sequence[Candidate], policy: SelectionPolicy, min_size: float, unclear: str | None
) -> list[Candidate]:
    """Score candidates, mark at most one winner, and give each its reason in words.

    The best score among the eligible finalists wins; equal scores go to fewer segments, then to the first tried.

    Parameters
    ----------
    unclear : str or None
        What speaks against any segments at all (`structure_objection`).
    """
    is_compared = len({candidate.algorithm for candidate in candidates}) > 1
    refused = [objections(candidate, policy, min_size, is_compared) for candidate in candidates]
    scores = score_candidates(candidates, policy, np.array([not against for against in refused]))
    if unclear:
        refused = [[*against, unclear] for against in refused]
    eligible = [i for i, candidate in enumerate(candidates) if not refused[i] and candidate.stage == "finalist"]
    winner = min(eligible, key=lambda i: (-round(float(scores[i]), 9), candidates[i].n_segments, i), default=None)
    judged = []
    for i, candidate in enumerate(candidates):
        reason = "; ".join(refused[i])
        if i == winner:
            reason = "winner"
        elif not reason and candidate.stage == "screened":
            reason = candidate.reason or "not among the best of the screening; its stability was skipped"
        elif not reason and winner is not None:
            better = scores[winner] > scores[i] + 5e-10
            reason = (
                f"lower score {less(float(scores[i]), float(scores[winner]), 2)}"
                if better
                else "equal score, more segments"
            )
        judged.append(
            replace(candidate, score=float(scores[i]), is_eligible=i in eligible, is_winner=i == winner, reason=reason)
        )
    return judged
