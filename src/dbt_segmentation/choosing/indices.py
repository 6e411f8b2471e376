"""How good a partition is: validity indices, and their values on data without segments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import adjusted_rand_score

from dbt_segmentation.algorithms import Algorithm, Spec
from dbt_segmentation.arrays import Array, Labels, squared_distances
from dbt_segmentation.choosing.null_models import NullModel

# keeps the metric of the segments defined where they are flat in some direction
_RIDGE = 1e-2
_TINY = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True)
class Separation:
    """How well a partition separates; each higher is better.

    Attributes
    ----------
    compactness : float
        Minus the logarithm of the inertia.
    silhouette : float
        Simplified silhouette: distances to the centres of segments in place of those to all their members (Hruschka,
        Campello and de Castro 2006).
    shape : float
        The same in the metric of the segments themselves (Mahalanobis distance by their pooled covariance, as Friedman
        and Rubin 1967 compare partitions): long, parallel segments are as clear to it as round ones.
    """

    compactness: float
    silhouette: float
    shape: float

    @classmethod
    def measure(cls, points: Array, labels: Labels) -> "Separation":
        """Measure labels of points of shape (n, p)."""
        names, own = np.unique(labels, return_inverse=True)
        centers = np.stack([points[own == j].mean(axis=0) for j in range(len(names))])
        rest = points - centers[own]
        compactness = -float(np.log(max(float((rest**2).sum()), _TINY)))
        if not 1 < len(names) < len(labels):
            return cls(compactness, 0.0, 0.0)
        pooled = rest.T @ rest / len(points) + _RIDGE * np.eye(points.shape[1])
        turn = np.linalg.inv(np.linalg.cholesky(pooled)).T
        shape = simplified_silhouette(points @ turn, centers @ turn, own)
        return cls(compactness, simplified_silhouette(points, centers, own), shape)

    def as_array(self) -> Array:
        """In the order of the attributes, shape (3,)."""
        return np.array([self.compactness, self.silhouette, self.shape])


def simplified_silhouette(points: Array, centers: Array, labels: Labels) -> float:
    """Mean of (b - a) / max(a, b): a the distance to the own centre, b that to the nearest other one; 0 without one."""
    if len(centers) < 2:
        return 0.0
    distances = np.sqrt(np.maximum(_products(points, centers), 0.0))
    rows = np.arange(len(points))
    own = distances[rows, labels].copy()
    distances[rows, labels] = np.inf
    other = distances.min(axis=1)
    larger = np.maximum(own, other)
    return float(np.where(larger > 0, (other - own) / np.where(larger > 0, larger, 1.0), 0.0).mean())


def _products(points: Array, centers: Array) -> Array:
    """Squared distances by products: fast, and exact enough for an average."""
    squares: Array = (points**2).sum(axis=1)[:, None] + (centers**2).sum(axis=1) - 2.0 * points @ centers.T
    return squares


def silhouette_widths(distances: Array, labels: Labels) -> Array:
    """Silhouette of each point, shape (n,), from a distance matrix which one sample shares among all its partitions.

    Same values as scikit-learn's silhouette_samples (Rousseeuw 1987): a point alone in its segment counts 0.
    """
    names, own = np.unique(labels, return_inverse=True)
    sizes = np.bincount(own)
    if len(names) < 2:
        return np.zeros(len(labels))
    sums = distances @ np.eye(len(names))[own]
    rows = np.arange(len(labels))
    within = sums[rows, own] / np.maximum(sizes[own] - 1, 1)
    means = sums / sizes
    means[rows, own] = np.inf
    nearest = means.min(axis=1)
    larger = np.maximum(within, nearest)
    widths: Array = np.where(
        (sizes[own] > 1) & (larger > 0), (nearest - within) / np.where(larger > 0, larger, 1.0), 0.0
    )
    return widths


def dunn(distances: Array, labels: Labels) -> float:
    """Smallest distance between segments over the largest diameter: Dunn (1974)."""
    names = np.unique(labels)
    if len(names) < 2:
        return 0.0
    diameter, gap = 0.0, np.inf
    for name in names:
        rows = distances[labels == name]
        diameter = max(diameter, float(rows[:, labels == name].max()))
        gap = min(gap, float(rows[:, labels != name].min()))
    return gap / diameter if diameter > 0 else 0.0


def calinski_harabasz(points: Array, labels: Labels, weights: Array | None = None) -> float:
    """Calinski and Harabasz (1974): (B / (k - 1)) / (W / (n - k)); 0 where there is only one segment.

    B and W are the sums of squares between the means of segments and within segments. A row counts as often as its
    weight says; weights sum to n.
    """
    names, own = np.unique(labels, return_inverse=True)
    n, k = len(points), len(names)
    if not 1 < k < n:
        return 0.0
    share = np.ones(n) if weights is None else weights / weights.mean()
    centers, sizes = _weighted_centers(points, own, share)
    within = float(share @ ((points - centers[own]) ** 2).sum(axis=1))
    between = float(sizes @ ((centers - share @ points / n) ** 2).sum(axis=1))
    # as scikit-learn has it where every row lies on its mean
    return between * (n - k) / (within * (k - 1)) if within > 0 else 1.0


def davies_bouldin(points: Array, labels: Labels, weights: Array | None = None) -> float:
    """Davies and Bouldin (1979), lower is better; 0 where there is only one segment.

    The mean over segments of the worst (s_i + s_j) / d_ij: s the (weighted) mean distance to the own mean, d that
    between means.
    """
    names, own = np.unique(labels, return_inverse=True)
    if not 1 < len(names) < len(points):
        return 0.0
    share = np.ones(len(points)) if weights is None else weights
    centers, sizes = _weighted_centers(points, own, share)
    spread = np.bincount(own, share * np.sqrt(((points - centers[own]) ** 2).sum(axis=1))) / sizes
    apart = np.sqrt(squared_distances(centers, centers))
    np.fill_diagonal(apart, np.inf)
    if np.allclose(spread, 0.0) or np.allclose(apart[np.isfinite(apart)], 0.0):
        return 0.0
    apart[apart == 0] = np.inf
    return float(((spread[:, None] + spread) / apart).max(axis=1).mean())


def _weighted_centers(points: Array, own: Labels, share: Array) -> tuple[Array, Array]:
    """Weighted mean and summed weight of each segment."""
    sizes: Array = np.bincount(own, share).astype(np.float64)
    sums = np.column_stack([np.bincount(own, share * points[:, i]) for i in range(points.shape[1])])
    centers: Array = sums / sizes[:, None]
    return centers, sizes


def purity(labels: Labels, known: Labels, weights: Array | None = None) -> float:
    """(Weighted) share of the rows that carry the commonest known label of their segment.

    Rows without a label (-1) don't count; NaN where nobody has one. It grows with the number of segments by itself,
    which the adjusted Rand index does not.
    """
    is_known = known >= 0
    if not is_known.any():
        return float("nan")
    labels, known, weights = labels[is_known], known[is_known], None if weights is None else weights[is_known]
    table = np.zeros((int(labels.max()) + 1, int(known.max()) + 1))
    np.add.at(table, (labels, known), 1.0 if weights is None else weights)
    return float(table.max(axis=1).sum() / table.sum())


def adjusted_rand(labels: Labels, known: Labels) -> float:
    """Agreement of pairs with known labels beyond chance: Hubert and Arabie (1985), Comparing partitions.

    1 for the same partition, 0 on average for unrelated ones. Rows without a label (-1) don't count; NaN where nobody
    has one.
    """
    is_known = known >= 0
    return float(adjusted_rand_score(known[is_known], labels[is_known])) if is_known.any() else float("nan")


@dataclass(frozen=True)
class Reference:
    """What k-means makes of data without segments, by number of segments.

    Attributes
    ----------
    mean, deviation : mapping of int to array of shape (3,)
        Of `Separation.as_array` over samples of the null model.
    structure : mapping of int to float
        How many standard deviations tighter k-means cuts the points than samples of the null model.
    """

    mean: Mapping[int, Array]
    deviation: Mapping[int, Array]
    structure: Mapping[int, float]

    def excess(self, separation: Separation, n_segments: int) -> Separation:
        """Separation minus what the same number of segments reaches without segments in the data."""
        nearest = min(self.mean, key=lambda count: (abs(count - n_segments), count))
        return Separation(*(float(value) for value in separation.as_array() - self.mean[nearest]))


def compare_with_null(
    points: Array, counts: Sequence[int], kmeans: Algorithm, null: NullModel, n_references: int, seed: int
) -> Reference:
    """Cut samples without segments by k-means, as a measure for every candidate on the points.

    For compactness the points are partitioned anew, with the same number of starts as the samples: a more careful
    search on one side would look like structure.
    """
    generator = np.random.default_rng([seed, 11])

    def cut(sample: Array, start_seed: int) -> Array:
        found = [kmeans.partition(sample, Spec("kmeans", count), seed=start_seed, n_init=2).labels for count in counts]
        return np.stack([Separation.measure(sample, labels).as_array() for labels in found])

    observed = cut(points, seed)
    drawn = np.stack([cut(null.draw(generator), seed + b) for b in range(n_references)])
    mean, deviation = drawn.mean(axis=0), drawn.std(axis=0, ddof=1)
    # a few draws can't tell a deviation of zero from a small one: never less than a thousandth of log inertia
    structure = (observed[:, 0] - mean[:, 0]) / np.maximum(deviation[:, 0], 1e-3)
    return Reference(
        dict(zip(counts, mean, strict=True)),
        dict(zip(counts, deviation, strict=True)),
        {count: float(value) for count, value in zip(counts, structure, strict=True)},
    )


def gap_statistic(
    points: Array, kmeans: Algorithm, counts: Sequence[int], null: NullModel, n_references: int, seed: int
) -> dict[int, float]:
    """Gap of Tibshirani, Walther and Hastie (2001), by number of segments."""
    generator = np.random.default_rng([seed, 13])
    drawn = [null.draw(generator) for _ in range(n_references)]

    def log_inertia(sample: Array, count: int, start_seed: int) -> float:
        inertia = kmeans.partition(sample, Spec("kmeans", count), seed=start_seed, n_init=1).criterion
        return float(np.log(max(inertia, _TINY)))

    return {
        count: float(np.mean([log_inertia(sample, count, seed + b) for b, sample in enumerate(drawn)]))
        - log_inertia(points, count, seed)
        for count in counts
    }


def inertia(points: Array, labels: Labels, weights: Array | None) -> float:
    """Weighted sum of squared distances to the mean of the own segment."""
    share = np.ones(len(points)) if weights is None else weights
    total = 0.0
    for name in np.unique(labels):
        own = labels == name
        center = np.average(points[own], axis=0, weights=share[own])
        total += float(squared_distances(points[own], center[None])[:, 0] @ share[own])
    return total
