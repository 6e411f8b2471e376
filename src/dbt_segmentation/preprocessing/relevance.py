"""Which features matter: to the segments, or to what the user wants to influence."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.metrics import accuracy_score, r2_score

from dbt_segmentation.arrays import Array, Labels, Mask, subsample
from dbt_segmentation.preprocessing.pipeline import Preprocessor

METHODS = ("none", "forest", "elimination")

_ROWS = 5_000
_TREES = 100
_DEPTH = 8
# a feature less is worth this much of the score: the one standard error of Breiman et al. (1984), about, at these sizes
_TOLERANCE = 0.01


@dataclass(frozen=True)
class Relevance:
    """What each feature is worth.

    Attributes
    ----------
    importance : array of shape (p,)
        Share of the forest's decrease of impurity.
    kept : array of shape (p,) of bool
        Whether the feature is kept.
    rank : array of shape (p,)
        1 for what recursive elimination keeps, then the order in which features come back; all 1 without elimination.
    """

    importance: Array
    kept: Mask
    rank: Array


def relevance(points: Array, target: Array | Labels, method: str, seed: int, weights: Array | None = None) -> Relevance:
    """Judge features by how well a random forest (Breiman 2001) tells the target from them.

    Forest: a feature is kept if it is worth more than the best of the shuffled copies of all features, which can't be
    worth anything (the shadows of Kursa and Rudnicki 2010). Elimination: the weakest feature goes, again and again
    (Guyon et al. 2002); kept is the smallest set whose out-of-bag score is within 0.01 of the best.

    Parameters
    ----------
    points : array of shape (n, p)
        Scaled features.
    target : array of shape (n,)
        Segments as whole numbers, or the response.
    weights : array of shape (n,), optional
        What each row stands for: in the forests, and in their scores.
    """
    generator = np.random.default_rng([seed, 37])
    rows = subsample(len(points), _ROWS, generator)
    inputs, goal, share = points[rows], target[rows], None if weights is None else weights[rows]
    n_features = inputs.shape[1]
    shadows = np.column_stack([generator.permutation(inputs[:, i]) for i in range(n_features)])
    both = _forest(np.column_stack([inputs, shadows]), goal, seed, share).feature_importances_
    importance = both[:n_features] / max(float(both[:n_features].sum()), 1e-12)
    if method == "forest":
        kept = both[:n_features] > both[n_features:].max()
        return Relevance(importance, _never_none(kept, importance), np.ones(n_features))
    remaining = list(range(n_features))
    rank = np.ones(n_features)
    trail: list[tuple[float, list[int]]] = []
    while remaining:
        forest = _forest(inputs[:, remaining], goal, seed, share)
        trail.append((_out_of_bag(forest, goal, share), list(remaining)))
        weakest = remaining[int(np.argmin(forest.feature_importances_))]
        rank[weakest] = len(remaining)
        remaining.remove(weakest)
    best = max(score for score, _ in trail)
    chosen = min((names for score, names in trail if score >= best - _TOLERANCE), key=len)
    kept = np.isin(np.arange(n_features), chosen)
    return Relevance(importance, kept, np.where(kept, 1.0, rank - len(chosen) + 1.0))


def worthwhile(
    preprocessor: Preprocessor,
    frame: pd.DataFrame,
    target: Array | Labels,
    method: str,
    goal: str,
    seed: int,
    weights: Array | None = None,
) -> tuple[list[str], dict[tuple[str, str], float]]:
    """Columns of a cleaned frame that have an effect on the target, and what each coordinate is worth.

    Parameters
    ----------
    goal : {"segments", "response"}
        What the target is, for the names of the measures.
    """
    judged = relevance(preprocessor.scaled(frame), target, method, seed, weights)
    worth = {}
    for i, scaling in enumerate(preprocessor.scalings_):
        worth[scaling.name, f"{goal}_forest"] = float(judged.importance[i])
        worth[scaling.name, f"{goal}_rank"] = float(judged.rank[i])
    kept = {scaling.column for i, scaling in enumerate(preprocessor.scalings_) if judged.kept[i]}
    return [str(name) for name in frame.columns if name in kept], worth


def _forest(
    inputs: Array, goal: Array | Labels, seed: int, weights: Array | None
) -> RandomForestClassifier | RandomForestRegressor:
    is_class = np.issubdtype(goal.dtype, np.integer) or len(np.unique(goal)) <= 2
    kind = RandomForestClassifier if is_class else RandomForestRegressor
    forest = kind(_TREES, max_depth=_DEPTH, oob_score=True, bootstrap=True, n_jobs=1, random_state=seed)
    return forest.fit(inputs, goal.astype(np.int64) if is_class else goal, sample_weight=weights)


def _out_of_bag(
    forest: RandomForestClassifier | RandomForestRegressor, goal: Array | Labels, weights: Array | None
) -> float:
    """Share of the rows told right, or of the variance explained, each row by the trees that have not seen it."""
    if isinstance(forest, RandomForestClassifier):
        told = forest.classes_[np.nan_to_num(forest.oob_decision_function_).argmax(axis=1)]
        return float(accuracy_score(goal, told, sample_weight=weights))
    return float(r2_score(goal, forest.oob_prediction_, sample_weight=weights))


def _never_none(kept: Mask, importance: Array) -> Mask:
    """At least the best feature stays."""
    return kept if kept.any() else importance == importance.max()
