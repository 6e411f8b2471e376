import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from scipy.stats import skew
from sklearn.metrics import silhouette_score

from dbt_segmentation.algorithms import get_algorithm, squared_distances
from dbt_segmentation.errors import ConfigError
from dbt_segmentation.indices import (
    bootstrap_jaccard,
    compare_with_null,
    gap_statistic,
    jaccard_matrix,
    silhouette,
)
from dbt_segmentation.null_models import OneGroup, UniformBox, unimodal_quantiles

pytestmark = pytest.mark.usefixtures("one_thread")

KMEANS = get_algorithm("kmeans")


def _labels(points: np.ndarray, *counts: int) -> dict[int, np.ndarray]:
    return {count: KMEANS.partition(points, count, seed=0).labels for count in counts}


@settings(max_examples=40, deadline=None)
@given(st.integers(4, 40), st.integers(2, 4), st.integers(0, 10_000))
def test_silhouette_equals_scikit_learn(n_rows, n_labels, seed):
    generator = np.random.default_rng(seed)
    points = generator.normal(size=(n_rows, 3)).round(1)
    labels = generator.integers(n_labels, size=n_rows)
    labels[:2] = [0, 1]  # at least two segments, and often one of a single row
    if len(np.unique(labels)) == n_rows:
        return
    assert silhouette(cdist(points, points), labels) == pytest.approx(silhouette_score(points, labels), abs=1e-9)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=40))
def test_jaccard_matrix_equals_sets(pairs):
    left, right = (np.array(side) for side in zip(*pairs, strict=True))
    found = jaccard_matrix(left, right, 4, 3)
    for i in range(4):
        for j in range(3):
            a, b = set(np.flatnonzero(left == i)), set(np.flatnonzero(right == j))
            assert found[i, j] == pytest.approx(len(a & b) / len(a | b) if a | b else 0.0)


def test_bootstrap_tells_real_groups_from_arbitrary_cuts(blobs):
    points = blobs(3, n_rows=400).to_numpy()
    real = KMEANS.partition(points, 3, seed=0)
    assert bootstrap_jaccard(points, real.labels, 3, KMEANS, 10, seed=0).min() > 0.95
    cut = KMEANS.partition(points, 5, seed=0)
    assert bootstrap_jaccard(points, cut.labels, 5, KMEANS, 10, seed=0).min() < 0.75


def test_gap_is_largest_at_the_number_of_groups(blobs):
    points = blobs(4, n_rows=400).to_numpy()
    gaps = gap_statistic(points, KMEANS, range(2, 8), UniformBox(points), 8, seed=0)
    assert max(gaps, key=lambda count: gaps[count]) == 4


def test_uniform_box_covers_the_points_in_their_own_axes(noise):
    points = noise("correlated").to_numpy()
    box = UniformBox(points)
    drawn = box.draw(np.random.default_rng(0))
    assert drawn.shape == points.shape
    inside = (drawn - box.center) @ box.axes.T
    own = (points - points.mean(axis=0)) @ box.axes.T
    assert (inside.min(axis=0) >= own.min(axis=0) - 1e-9).all()
    assert (inside.max(axis=0) <= own.max(axis=0) + 1e-9).all()


def test_one_group_keeps_correlation_spread_and_skew():
    generator = np.random.default_rng(0)
    factor = generator.normal(size=(2000, 1))
    points = np.exp(0.5 * (0.7 * factor + 0.7 * generator.normal(size=(2000, 3))))
    drawn = OneGroup(points, seed=0).draw(generator)
    np.testing.assert_allclose(np.corrcoef(drawn.T), np.corrcoef(points.T), atol=0.07)
    np.testing.assert_allclose(drawn.std(axis=0), points.std(axis=0), rtol=1e-9)
    np.testing.assert_allclose(skew(drawn), skew(points), rtol=0.35)


def test_one_group_fills_a_gap_but_keeps_counts_as_counts():
    generator = np.random.default_rng(1)
    two = np.concatenate([generator.normal(-5, 1, 500), generator.normal(5, 1, 500)])
    u = np.linspace(0.001, 0.999, 2000)
    filled = unimodal_quantiles(two)(u)
    assert np.abs(two).min() > 1.0
    assert (np.abs(filled) < 1.0).mean() > 0.03
    counts = generator.poisson(1.0, 1000).astype(float)
    assert set(unimodal_quantiles(counts)(u)) <= set(counts)


@pytest.mark.parametrize("kind", ["normal", "correlated", "uniform", "lognormal", "counts"])
def test_noise_is_not_tighter_than_one_group(noise, kind):
    points = noise(kind).to_numpy()
    points = (points - points.mean(axis=0)) / points.std(axis=0)
    compared = compare_with_null(points, _labels(points, 2, 4, 6), KMEANS, OneGroup(points, 0), 20, seed=0)
    assert max(comparison.structure for comparison in compared.values()) < 4.0


def test_groups_are_tighter_than_one_group(blobs):
    points = blobs(3, distance=4.0).to_numpy()
    compared = compare_with_null(points, _labels(points, 2, 3, 4), KMEANS, OneGroup(points, 0), 10, seed=0)
    assert compared[3].structure > 10.0
    assert max(compared, key=lambda count: compared[count].excess.silhouette) == 3


def test_squared_distances_equal_those_of_scipy():
    generator = np.random.default_rng(2)
    points, prototypes = generator.normal(size=(50, 5)), generator.normal(size=(4, 5))
    np.testing.assert_allclose(squared_distances(points, prototypes), cdist(points, prototypes, "sqeuclidean"))


def test_a_mistyped_algorithm_is_told_the_right_name():
    with pytest.raises(ConfigError, match="Did you mean 'kmeans'"):
        get_algorithm("k-mean")
