import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from scipy.stats import skew
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_samples

from dbt_segmentation.algorithms import Assignment, Partition, Spec, get_algorithms
from dbt_segmentation.arrays import squared_distances
from dbt_segmentation.choosing.indices import (
    Separation,
    calinski_harabasz,
    compare_with_null,
    davies_bouldin,
    dunn,
    gap_statistic,
    purity,
    silhouette_widths,
    simplified_silhouette,
)
from dbt_segmentation.choosing.null_models import OneGroup, UniformBox, unimodal_quantiles
from dbt_segmentation.choosing.stability import across_folds, bootstrap_jaccard, change, jaccard_matrix
from dbt_segmentation.errors import ConfigError

pytestmark = pytest.mark.usefixtures("one_thread")

(KMEANS,) = get_algorithms("kmeans")


def _partition(points: np.ndarray, count: int, seed: int = 0):
    return KMEANS.partition(points, Spec("kmeans", count), seed=seed)


@settings(max_examples=40, deadline=None)
@given(st.integers(4, 40), st.integers(2, 4), st.integers(0, 10_000))
def test_silhouette_equals_scikit_learn(n_rows, n_labels, seed):
    generator = np.random.default_rng(seed)
    points = generator.normal(size=(n_rows, 3)).round(1)
    labels = generator.integers(n_labels, size=n_rows)
    labels[:2] = [0, 1]  # at least two segments, and often one of a single row
    if len(np.unique(labels)) == n_rows:
        return
    widths = silhouette_widths(cdist(points, points), labels)
    np.testing.assert_allclose(widths, silhouette_samples(points, labels), atol=1e-9)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=40))
def test_jaccard_matrix_equals_sets(pairs):
    left, right = (np.array(side) for side in zip(*pairs, strict=True))
    found = jaccard_matrix(left, right, 4, 3)
    for i in range(4):
        for j in range(3):
            a, b = set(np.flatnonzero(left == i)), set(np.flatnonzero(right == j))
            assert found[i, j] == pytest.approx(len(a & b) / len(a | b) if a | b else 0.0)


def test_bootstrap_and_folds_tell_real_groups_from_arbitrary_cuts(blobs):
    points = blobs(3, n_rows=400).to_numpy()
    for count, is_real in ((3, True), (5, False)):
        labels = _partition(points, count).labels

        def repeat(rows, seed, count=count):
            return _partition(points[rows], count, seed)

        stable = bootstrap_jaccard(points, labels, count, repeat, 10, seed=0).min()
        strength, agreement = across_folds(points, repeat, seed=0)
        assert (stable > 0.95) == is_real
        assert (stable < 0.75) != is_real
        assert (strength > 0.9) == is_real
        assert (agreement > 0.9) == is_real


def test_dunn_equals_its_definition():
    generator = np.random.default_rng(3)
    points, labels = generator.normal(size=(30, 2)), np.repeat([0, 1, 2], 10)
    distances = cdist(points, points)
    gaps = [distances[i, j] for i in range(30) for j in range(30) if labels[i] != labels[j]]
    widths = [distances[i, j] for i in range(30) for j in range(30) if labels[i] == labels[j]]
    assert dunn(distances, labels) == pytest.approx(min(gaps) / max(widths))


@settings(max_examples=40, deadline=None)
@given(st.integers(6, 40), st.integers(2, 4), st.integers(0, 10_000))
def test_a_weight_of_two_is_a_row_that_is_there_twice(n_rows, n_labels, seed):
    generator = np.random.default_rng(seed)
    points, labels = generator.normal(size=(n_rows, 3)), generator.integers(n_labels, size=n_rows)
    labels[:2] = [0, 1]
    other, weights = generator.integers(3, size=n_rows), generator.integers(1, 4, size=n_rows)
    twice = np.repeat(np.arange(n_rows), weights)
    plain = np.ones(n_rows)
    for index, oracle in (
        (calinski_harabasz, calinski_harabasz_score),
        (davies_bouldin, davies_bouldin_score),
    ):
        if len(np.unique(labels)) < n_rows:
            assert index(points, labels, plain) == pytest.approx(oracle(points, labels))
        # weights are scaled to sum to the rows, of which only Calinski and Harabasz' index knows the number
        scale = (
            (n_rows - n_found) / (len(twice) - n_found)
            if (n_found := len(np.unique(labels))) and (index is calinski_harabasz)
            else 1.0
        )
        assert index(points, labels, weights * 7.0) == pytest.approx(oracle(points[twice], labels[twice]) * scale)
    assert purity(labels, other, weights) == pytest.approx(purity(labels[twice], other[twice]))
    assert change(labels, other, weights) == pytest.approx(change(labels[twice], other[twice]))


def test_bootstraps_draw_rows_by_their_weights():
    points, labels = np.arange(40.0)[:, None], np.repeat([0, 1], 20)
    weights = np.where(np.arange(40) % 2, 9.0, 1.0)
    drawn = []

    def repeat(rows, seed):
        drawn.append(rows)
        return Partition(Assignment.of_prototypes(np.array([[9.5], [29.5]])), labels[rows])

    assert bootstrap_jaccard(points, labels, 2, repeat, 50, 0, weights) == pytest.approx([1.0, 1.0])
    assert np.mean(np.concatenate(drawn) % 2) == pytest.approx(0.9, abs=0.03)


def test_purity_and_change_count_customers():
    labels, known = np.array([0, 0, 0, 1, 1, 2]), np.array([1, 1, 0, 0, 0, 1])
    assert purity(labels, known) == pytest.approx(5 / 6)
    assert change(labels, np.array([2, 2, 2, 0, 0, 1])) == 0.0
    assert change(labels, np.array([0, 0, 0, 0, 0, 0])) == pytest.approx(0.5)


def test_shape_sees_long_parallel_groups_that_the_plain_silhouette_does_not():
    generator = np.random.default_rng(4)
    group = np.repeat([0, 1], 200)
    points = np.column_stack([generator.normal(0, 10, 400), generator.normal(group * 8.0, 1.0)])
    separation = Separation.measure(points, group)
    assert separation.silhouette < 0.5
    assert separation.shape > 0.8
    centers = np.stack([points[group == j].mean(axis=0) for j in (0, 1)])
    distances = np.sort(cdist(points, centers), axis=1)
    own = cdist(points, centers)[np.arange(400), group]
    other = cdist(points, centers)[np.arange(400), 1 - group]
    expected = ((other - own) / distances[:, 1]).mean()
    assert simplified_silhouette(points, centers, group) == pytest.approx(expected)


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
    reference = compare_with_null(points, [2, 4, 6], KMEANS, OneGroup(points, 0), 20, seed=0)
    assert max(reference.structure.values()) < 4.0


def test_groups_are_tighter_than_one_group(blobs):
    points = blobs(3, distance=4.0).to_numpy()
    reference = compare_with_null(points, [2, 3, 4], KMEANS, OneGroup(points, 0), 10, seed=0)
    assert reference.structure[3] > 10.0
    excess = {
        count: reference.excess(Separation.measure(points, _partition(points, count).labels), count)
        for count in (2, 3, 4)
    }
    assert max(excess, key=lambda count: excess[count].silhouette + excess[count].shape) == 3


def test_squared_distances_equal_those_of_scipy():
    generator = np.random.default_rng(2)
    points, prototypes = generator.normal(size=(50, 5)), generator.normal(size=(4, 5))
    np.testing.assert_allclose(squared_distances(points, prototypes), cdist(points, prototypes, "sqeuclidean"))


def test_a_mistyped_algorithm_is_told_the_right_name():
    with pytest.raises(ConfigError, match="Did you mean 'kmeans'"):
        get_algorithms("k-mean")
