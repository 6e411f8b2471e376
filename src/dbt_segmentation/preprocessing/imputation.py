"""What stands in for a missing value: a constant, a linear form of the known ones, or that of the nearest prototype.

None of them keeps a person's row, and SQL can repeat each from numbers.
"""

from dataclasses import dataclass

import numpy as np
from sklearn.cluster import KMeans

from dbt_segmentation.arrays import Array, Labels

METHODS = ("median", "mean", "iterative", "prototype")

# how often scoring applies the linear forms, each time on what the last pass filled: SQL has a step for each
PASSES = 3
_ROUNDS = 10
# shrinks coefficients of features that say the same, so that they don't cancel each other with large numbers
_RIDGE = 1e-2
_FIT_ROWS = 20_000
_MOST_PROTOTYPES = 32
# nobody's row: a prototype is the mean of many
_LEAST_MEMBERS = 20


@dataclass(frozen=True)
class Imputer:
    """Fills gaps in scaled coordinates.

    Attributes
    ----------
    constants : array of shape (p,)
        Median or mean, in scaled units.
    intercepts : array of shape (p,), coefficients : array of shape (p, p)
        Linear forms of the other coordinates, whose own gaps hold constants at first; empty unless iterative.
    prototypes : array of shape (m, p)
        Means of groups; empty unless by prototype.
    """

    constants: Array
    intercepts: Array
    coefficients: Array
    prototypes: Array

    @classmethod
    def constant(cls, constants: Array) -> "Imputer":
        """Fill each gap with its constant."""
        return cls(constants, np.empty(0), np.empty((0, 0)), np.empty((0, len(constants))))

    def fill(self, scaled: Array) -> Array:
        """Fill the gaps of points of shape (n, p)."""
        gaps = np.isnan(scaled)
        filled: Array = np.where(gaps, self.constants, scaled)
        if not gaps.any():
            return filled
        rows = gaps.any(axis=1)
        if len(self.intercepts):
            for _ in range(PASSES):
                guessed = self.intercepts + filled[rows] @ self.coefficients.T
                filled[rows] = np.where(gaps[rows], guessed, filled[rows])
        elif len(self.prototypes):
            filled[rows] = np.where(gaps[rows], self.prototypes[self._nearest(scaled[rows])], filled[rows])
        return filled

    def _nearest(self, scaled: Array) -> Labels:
        """Find the prototype that is nearest in the known coordinates; the first on a tie."""
        known = ~np.isnan(scaled)
        distances = np.zeros((len(scaled), len(self.prototypes)))
        for j, prototype in enumerate(self.prototypes):
            for i, coordinate in enumerate(prototype):
                distances[:, j] += np.where(
                    known[:, i], (np.where(known[:, i], scaled[:, i], 0.0) - coordinate) ** 2, 0.0
                )
        nearest: Labels = distances.argmin(axis=1).astype(np.int64)
        return nearest


def fit_imputer(scaled: Array, constants: Array, method: str, weights: Array | None, seed: int) -> Imputer:
    """Learn how to fill gaps.

    Iterative: chained equations (van Buuren and Groothuis-Oudshoorn 2011) of ridge regressions. They are fitted in
    rounds, each on what the last one filled; scoring applies the last coefficients `PASSES` times, from the constants.
    Prototype: k nearest neighbours, with k-means centres in place of people, because parameters may hold no person's
    row.

    Parameters
    ----------
    scaled : array of shape (n, p)
        Scaled coordinates, NaN where missing.
    constants : array of shape (p,)
        Constant for each.
    """
    gaps = np.isnan(scaled)
    plain = Imputer.constant(constants)
    if method in ("median", "mean") or not gaps.any() or scaled.shape[1] < 2:
        return plain
    rows = np.random.default_rng([seed, 23]).permutation(len(scaled))[:_FIT_ROWS]
    part, share = scaled[np.sort(rows)], None if weights is None else weights[np.sort(rows)]
    if method == "iterative":
        return _fit_linear(part, constants, share)
    filled = plain.fill(part)
    count = int(np.clip(len(part) // (5 * _LEAST_MEMBERS), 1, _MOST_PROTOTYPES))
    estimator = KMeans(count, n_init=3, random_state=seed).fit(filled, sample_weight=share)
    sizes = np.bincount(estimator.labels_, minlength=count)
    centers = np.asarray(estimator.cluster_centers_, dtype=np.float64)[sizes >= _LEAST_MEMBERS]
    return Imputer(constants, np.empty(0), np.empty((0, 0)), centers) if len(centers) else plain


def _fit_linear(scaled: Array, constants: Array, weights: Array | None) -> Imputer:
    gaps = np.isnan(scaled)
    n_features = scaled.shape[1]
    intercepts, coefficients = constants.copy(), np.zeros((n_features, n_features))
    filled: Array = np.where(gaps, constants, scaled)
    for _ in range(_ROUNDS):
        before = filled.copy()
        for target in np.flatnonzero(gaps.any(axis=0)):
            known = ~gaps[:, target]
            others = np.arange(n_features) != target
            share = None if weights is None else weights[known]
            slope, level = _ridge(filled[known][:, others], scaled[known, target], share)
            intercepts[target], coefficients[target, others] = level, slope
            filled[~known, target] = level + filled[~known][:, others] @ slope
        if np.abs(filled - before).max() < 1e-6:
            break
    return Imputer(constants, intercepts, coefficients, np.empty((0, n_features)))


def _ridge(inputs: Array, target: Array, weights: Array | None) -> tuple[Array, float]:
    """Coefficients and intercept of a ridge regression."""
    share = np.full(len(target), 1.0 / len(target)) if weights is None else weights / weights.sum()
    middle, level = share @ inputs, float(share @ target)
    centered = inputs - middle
    gram = (centered * share[:, None]).T @ centered + _RIDGE * np.eye(inputs.shape[1])
    slope: Array = np.linalg.solve(gram, (centered * share[:, None]).T @ (target - level))
    return slope, level - float(middle @ slope)
