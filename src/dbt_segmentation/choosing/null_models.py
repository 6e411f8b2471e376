"""What data without segments would look like: random samples to measure a clustering against.

Cutting one cloud into pieces always gives pieces, stable ones too: eight clusters of uniform noise reach a bootstrap
Jaccard of 0.97. An index means something only next to its value on data that have no segments.
"""

from collections.abc import Callable
from typing import Protocol

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import rankdata
from sklearn.isotonic import isotonic_regression

from dbt_segmentation.arrays import Array

# A feature with so few values is a count or a flag. Its atoms are kept: that customers are equal in it is no structure.
MAX_ATOMS = 12


class NullModel(Protocol):
    """Gives samples of the shape of the points it was made from."""

    def draw(self, generator: np.random.Generator) -> Array:
        """Draw a sample of shape (n, p)."""
        ...


class UniformBox:
    """Uniform over a box along the principal axes: the reference of the gap statistic.

    Source: Tibshirani, Walther and Hastie (2001), Estimating the number of clusters in a data set via the gap
    statistic, section 4, choice (b).
    """

    def __init__(self, points: Array) -> None:
        self.center = points.mean(axis=0)
        _, _, self.axes = np.linalg.svd(points - self.center, full_matrices=False)
        rotated = (points - self.center) @ self.axes.T
        self.low, self.high = rotated.min(axis=0), rotated.max(axis=0)
        self.n_rows = len(points)

    def draw(self, generator: np.random.Generator) -> Array:
        """Draw a sample of shape (n, p)."""
        box: Array = generator.uniform(self.low, self.high, size=(self.n_rows, len(self.low)))
        drawn: Array = box @ self.axes + self.center
        return drawn


class OneGroup:
    """One group with the correlations of the points, and for each feature the single-peaked shape nearest to its own.

    The idea is SigClust's (Liu, Hayes, Nobel and Marron 2008, Statistical significance of clustering for
    high-dimension, low-sample-size data): compare with one Gaussian of the same covariance. But customers are never
    Gaussian, and against a Gaussian every skewed or flat feature passes for clusters. So the margins are the unimodal
    maximum-likelihood densities of the features (Grenander 1956, isotonic on both sides of the mode), joined by a
    Gaussian copula whose correlations are tuned until the samples have those of the points (the NORTA method of Cario
    and Nelson 1997). Skew, heavy tails, flatness, spikes at zero and correlation are therefore no evidence of
    segments; gaps, and combinations that the margins don't explain, are.

    Parameters
    ----------
    points : array of shape (n, p)
        Preprocessed points.
    seed : int
        For the sample with which correlations are tuned.
    """

    _TUNING_ROWS = 4000
    _TUNING_STEPS = 3

    def __init__(self, points: Array, seed: int) -> None:
        self.n_rows, n_features = points.shape
        self.deviation = points.std(axis=0)
        self.quantiles = [unimodal_quantiles(points[:, j]) for j in range(n_features)]
        target = _correlation(points)
        latent = _correlation(ndtri((rankdata(points, axis=0) - 0.5) / self.n_rows))
        normal = np.random.default_rng(seed).normal(size=(self._TUNING_ROWS, n_features))
        for _ in range(self._TUNING_STEPS):
            reached = _correlation(self._shape(normal @ _root(latent).T))
            latent = np.clip(latent + target - reached, -0.99, 0.99)
            np.fill_diagonal(latent, 1.0)
        self.root = _root(latent)

    def draw(self, generator: np.random.Generator) -> Array:
        """Draw a sample of shape (n, p)."""
        return self._shape(generator.normal(size=(self.n_rows, len(self.deviation))) @ self.root.T)

    def _shape(self, normal: Array) -> Array:
        """Give correlated normal columns the margins of the points."""
        uniform = ndtr(normal)
        shaped = np.column_stack([quantile(uniform[:, j]) for j, quantile in enumerate(self.quantiles)])
        spread = shaped.std(axis=0)
        scaled: Array = (shaped - shaped.mean(axis=0)) / np.where(spread > 0, spread, 1.0) * self.deviation
        return scaled


def unimodal_quantiles(values: Array) -> Callable[[Array], Array]:
    """Quantile function of the single-peaked distribution nearest to a sample, shape (n,).

    A sample of at most `MAX_ATOMS` different values keeps them and their frequencies.
    """
    atoms, counts = np.unique(values, return_counts=True)
    if len(atoms) <= MAX_ATOMS:
        reached = np.cumsum(counts) / counts.sum()
        return lambda u: atoms[np.minimum(np.searchsorted(reached, u), len(atoms) - 1)]
    n_bins = int(np.clip(np.sqrt(len(values)), 12, 50))
    heights, edges = np.histogram(values, bins=n_bins)
    density = _unimodal_density(heights.astype(np.float64))
    cumulated = np.concatenate([[0.0], np.cumsum(density)])
    return lambda u: np.interp(u, cumulated, edges)


def _unimodal_density(heights: Array) -> Array:
    """Rise to a mode and fall from it, for the mode with the highest likelihood."""
    best_likelihood, best = -np.inf, heights
    for mode in range(len(heights)):
        rise = isotonic_regression(heights[: mode + 1])
        fall = isotonic_regression(heights[mode:], increasing=False)
        density = np.concatenate([rise[:-1], [max(rise[-1], fall[0])], fall[1:]])
        density = density / density.sum()
        likelihood = float(heights @ np.log(np.maximum(density, 1e-12)))
        if likelihood > best_likelihood + 1e-9:
            best_likelihood, best = likelihood, density
    return best


def _correlation(points: Array) -> Array:
    """Correlations, zero where a column does not vary."""
    centered = points - points.mean(axis=0)
    deviation = centered.std(axis=0)
    scaled = centered / np.where(deviation > 0, deviation, 1.0)
    correlation: Array = scaled.T @ scaled / len(points)
    np.fill_diagonal(correlation, 1.0)
    return correlation


def _root(correlation: Array) -> Array:
    """Square root of the nearest valid correlation matrix."""
    values, vectors = np.linalg.eigh(correlation)
    root = vectors * np.sqrt(np.clip(values, 0.0, None))
    scaled: Array = root / np.sqrt((root**2).sum(axis=1))[:, None]
    return scaled
