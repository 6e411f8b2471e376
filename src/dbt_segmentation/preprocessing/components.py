"""Fewer coordinates that say nearly as much: principal components, and factors that can be named."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dbt_segmentation.arrays import Array

METHODS = ("none", "pca", "factor")
ROTATIONS = ("none", "varimax", "oblimin")

# a loading that names a factor
_STRONG = 0.5
_MOST_NAMED = 4
_ITERATIONS = 500
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Projection:
    """Linear forms: coordinate j of the result is x @ weights[:, j] + offsets[j].

    Attributes
    ----------
    names : tuple of str
        `component_01`, `factor_01` and so on.
    weights : array of shape (p, q), offsets : array of shape (q,)
        The linear forms.
    loadings : array of shape (p, q)
        Correlation of each input with each result (for oblique factors: pattern loadings).
    eigenvalues : array of shape (p,)
        Of the correlation matrix, largest first: the scree.
    """

    names: tuple[str, ...]
    weights: Array
    offsets: Array
    loadings: Array
    eigenvalues: Array

    def apply(self, points: Array) -> Array:
        """Project points of shape (n, p) to shape (n, q)."""
        projected: Array = points @ self.weights + self.offsets
        return projected

    def labels(self, features: Sequence[str]) -> tuple[str, ...]:
        """Name each result by the features (shape (p,)) that load strongest on it: `spend, recency_days (-)`.

        Those with an absolute loading of 0.5 or more, four at most, the strongest first; failing that, the strongest.
        """
        named = []
        for column in self.loadings.T:
            # to six digits, so that rounding does not decide of an order
            order = sorted(range(len(features)), key=lambda i: (-round(abs(float(column[i])), 6), features[i]))
            strong = [i for i in order[:_MOST_NAMED] if abs(column[i]) >= _STRONG] or order[:1]
            named.append(", ".join(f"{features[i]}{' (-)' if column[i] < 0 else ''}" for i in strong))
        return tuple(named)


def fit_projection(
    points: Array, method: str, rotation: str, variance: float, weights: Array | None
) -> Projection | None:
    """Learn a projection; None where there is nothing to project."""
    n_rows, n_features = points.shape
    if method == "none" or n_features < 2:
        return None
    share = np.full(n_rows, 1.0 / n_rows) if weights is None else weights / weights.sum()
    center: Array = share @ points
    centered = points - center
    covariance = (centered * share[:, None]).T @ centered
    deviation = np.sqrt(np.diag(covariance))
    deviation = np.where(deviation > 0, deviation, 1.0)
    correlation = covariance / np.outer(deviation, deviation)
    scree = np.linalg.eigvalsh(correlation)[::-1]
    if method == "pca":
        values, vectors = _eigen(covariance)
        reached = np.cumsum(values) / values.sum()
        count = int(np.searchsorted(reached, variance - 1e-12) + 1)
        basis = vectors[:, :count]
        spread = np.sqrt(np.maximum(values[:count], 1e-300))
        loadings = basis * spread / deviation[:, None]
        return Projection(_names("component", count), basis, -center @ basis, loadings, scree)
    # Kaiser (1960): factors that say more than a single feature does
    count = max(1, int((scree > 1.0 + 1e-9).sum()))
    loadings = principal_axis(correlation, count)
    pattern, between = rotate(loadings, rotation)
    # scores by regression (Thomson 1951): correlation^-1 @ structure
    structure = pattern @ between
    scoring = np.linalg.lstsq(correlation + 1e-9 * np.eye(n_features), structure, rcond=None)[0]
    order = np.argsort(-(pattern**2).sum(axis=0), kind="stable")
    scores = centered / deviation @ scoring[:, order]
    spread = np.sqrt(share @ scores**2)
    final = scoring[:, order] / deviation[:, None] / np.where(spread > 0, spread, 1.0)
    return Projection(_names("factor", count), final, -center @ final, pattern[:, order], scree)


def _names(stem: str, count: int) -> tuple[str, ...]:
    return tuple(f"{stem}_{number:02d}" for number in range(1, count + 1))


def _eigen(matrix: Array) -> tuple[Array, Array]:
    """Eigenvalues, largest first, and vectors whose largest entry is positive, so that signs don't depend on luck."""
    values, vectors = np.linalg.eigh(matrix)
    values, vectors = np.maximum(values[::-1], 0.0), vectors[:, ::-1]
    signs = np.sign(vectors[np.abs(vectors).argmax(axis=0), np.arange(vectors.shape[1])])
    return values, vectors * np.where(signs == 0, 1.0, signs)


def principal_axis(correlation: Array, count: int) -> Array:
    """Find loadings of shape (p, count) by principal axis factoring (Harman 1976), communalities iterated."""
    reduced = correlation.copy()
    inverse = np.linalg.pinv(correlation + 1e-9 * np.eye(len(correlation)))
    communality = np.clip(1.0 - 1.0 / np.maximum(np.diag(inverse), 1.0), 0.0, 1.0)
    loadings = np.zeros((len(correlation), count))
    for _ in range(_ITERATIONS):
        np.fill_diagonal(reduced, communality)
        values, vectors = _eigen(reduced)
        loadings = vectors[:, :count] * np.sqrt(values[:count])
        # a communality over 1 (a Heywood case) has no meaning
        again = np.minimum((loadings**2).sum(axis=1), 0.995)
        if np.abs(again - communality).max() < 1e-7:
            break
        communality = again
    return loadings


def rotate(loadings: Array, rotation: str) -> tuple[Array, Array]:
    """Pattern loadings and the correlations between factors, shapes (p, q) and (q, q).

    Varimax (Kaiser 1958) keeps factors uncorrelated; oblimin (gamma 0, quartimin; Jennrich and Sampson 1966) lets
    them correlate. Both by gradient projection: Bernaards and Jennrich (2005).
    """
    count = loadings.shape[1]
    if rotation == "none" or count < 2:
        return _positive(loadings, np.eye(count))
    # Kaiser's normalisation: each feature counts alike in the search
    lengths = np.sqrt((loadings**2).sum(axis=1))
    lengths = np.where(lengths > 0, lengths, 1.0)
    turned = _varimax(loadings / lengths[:, None])
    if rotation == "varimax":
        return _positive(turned * lengths[:, None], np.eye(count))
    pattern, between = _oblimin(loadings / lengths[:, None])
    return _positive(pattern * lengths[:, None], between)


def _positive(pattern: Array, between: Array) -> tuple[Array, Array]:
    signs = np.where(pattern.sum(axis=0) < 0, -1.0, 1.0)
    return pattern * signs, between * np.outer(signs, signs)


def _varimax(loadings: Array) -> Array:
    turn = np.eye(loadings.shape[1])
    reached = 0.0
    for _ in range(_ITERATIONS):
        turned = loadings @ turn
        target = turned**3 - turned * (turned**2).mean(axis=0)
        left, sizes, right = np.linalg.svd(loadings.T @ target)
        turn = left @ right
        if sizes.sum() < reached * (1 + _TOLERANCE):
            break
        reached = float(sizes.sum())
    rotated: Array = loadings @ turn
    return rotated


def _oblimin(loadings: Array) -> tuple[Array, Array]:
    count = loadings.shape[1]
    off_diagonal = 1.0 - np.eye(count)

    def criterion(pattern: Array) -> tuple[float, Array]:
        others = pattern**2 @ off_diagonal
        return float((pattern**2 * others).sum()) / 4.0, pattern * others

    turn = np.eye(count)
    pattern = loadings @ np.linalg.inv(turn).T
    value, slope = criterion(pattern)
    step = 1.0
    for _ in range(_ITERATIONS):
        gradient = -(pattern.T @ slope @ np.linalg.inv(turn)).T
        projected = gradient - turn * (turn * gradient).sum(axis=0)
        size = float(np.sqrt((projected**2).sum()))
        if size < 1e-7:
            break
        step *= 2.0
        for _ in range(30):
            moved = turn - step * projected
            moved = moved / np.sqrt((moved**2).sum(axis=0))
            again = loadings @ np.linalg.inv(moved).T
            lower, next_slope = criterion(again)
            if lower < value - 0.5 * size**2 * step:
                break
            step /= 2.0
        turn, pattern, value, slope = moved, again, lower, next_slope
    return pattern, turn.T @ turn
