"""Every algorithm: habits of scikit-learn, the same answer whatever the order, and an answer to bad input."""

from contextlib import suppress
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.distance import cdist
from sklearn.base import clone
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.datasets import make_moons
from sklearn.metrics import adjusted_rand_score
from sklearn.mixture import GaussianMixture

from dbt_segmentation import SegmentModel
from dbt_segmentation.algorithms import ALGORITHMS, Assignment, Spec, get_algorithms
from dbt_segmentation.algorithms.base import effective_rows, weighted_rows
from dbt_segmentation.algorithms.cover import cover
from dbt_segmentation.arrays import subsample
from dbt_segmentation.choosing import SelectionPolicy
from dbt_segmentation.choosing.candidates import Sample
from dbt_segmentation.choosing.merging import fuse_thin_parts
from dbt_segmentation.errors import SegmentationError

QUICK = {"k_max": 4, "n_bootstraps": 2, "n_references": 3, "min_segment_size": 15}
NAMES = (*ALGORITHMS, "auto")

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def three(blobs):
    return blobs(3, n_rows=240, distance=9.0)


@pytest.mark.parametrize("algorithm", NAMES)
def test_habits_of_scikit_learn(three, algorithm):
    model = SegmentModel(algorithm=algorithm, **QUICK)
    given = model.get_params()
    assert clone(model).get_params() == given
    assert model.fit(three) is model
    assert model.get_params() == given
    assert len(model.segment_keys_) == 3, model.reason_
    np.testing.assert_array_equal(model.labels_, model.predict(three))
    posterior = model.predict_proba(three)
    np.testing.assert_allclose(posterior.sum(axis=1), 1.0)
    np.testing.assert_array_equal(posterior.argmax(axis=1), model.labels_)
    table = model.to_parameters()
    restored = SegmentModel.from_parameters(table)
    np.testing.assert_array_equal(restored.predict_proba(three), posterior)
    assert clone(model).fit(three).to_parameters().equals(table)


@pytest.mark.parametrize("algorithm", NAMES)
def test_rows_and_columns_in_any_order_give_the_same_segments(three, algorithm):
    model = SegmentModel(algorithm=algorithm, **QUICK).fit(three)
    shuffled = three.sample(frac=1.0, random_state=1)[list(three.columns[::-1])]
    again = SegmentModel(algorithm=algorithm, **QUICK).fit(shuffled)
    assert again.to_parameters().equals(model.to_parameters())
    scaled = SegmentModel(algorithm=algorithm, **QUICK).fit(three * [1000.0, 0.01, 7.0, 1.0] + [5.0, 0.0, -3.0, 0.0])
    np.testing.assert_array_equal(scaled.labels_, model.labels_)


def _bad(kind: str) -> pd.DataFrame:
    generator = np.random.default_rng(0)
    plain = pd.DataFrame(generator.normal(size=(120, 3)), columns=list("abc"))
    frames = {
        "nan_columns": plain.assign(empty=np.nan, half=np.where(plain["a"] > 0, np.nan, 1.0)),
        "constants": plain.assign(one=1.0, zero=0),
        "duplicates": pd.concat([plain[:10]] * 12, ignore_index=True),
        "many_features": pd.DataFrame(generator.normal(size=(80, 500)), columns=[f"f{j:03d}" for j in range(500)]),
        "outlier": pd.concat([plain, pd.DataFrame([[1e9, -1e9, 1e9]], columns=list("abc"))], ignore_index=True),
        "categories": pd.DataFrame(
            {"x": generator.choice(["p", "q", "r"], 120), "y": generator.choice(["u", "v"], 120)}
        ),
        **{f"{n}_rows": plain[:n] for n in range(1, 6)},
    }
    return frames[kind]


BAD = (
    "nan_columns",
    "constants",
    "duplicates",
    "many_features",
    "outlier",
    "categories",
    *(f"{n}_rows" for n in range(1, 6)),
)


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("algorithm", NAMES)
def test_bad_input_gives_a_result_or_one_clear_error(algorithm, kind):
    frame = _bad(kind)
    settings = {**QUICK, "min_segment_size": 2, "k_max": 3}
    with suppress(SegmentationError):
        model = SegmentModel(algorithm=algorithm, **settings).fit(frame)
        assert len(model.labels_) == len(frame)
        assert np.isfinite(model.predict_proba(frame)).all()
        SegmentModel.from_parameters(model.to_parameters()).predict(frame)


def test_a_mixture_finds_what_scikit_learns_finds(three):
    model = SegmentModel(algorithm="mixture", n_segments=3, **QUICK).fit(three)
    oracle = GaussianMixture(3, n_init=5, random_state=1).fit_predict(model.transform(three))
    assert adjusted_rand_score(model.labels_, oracle) == 1.0


@pytest.mark.parametrize(
    ("linkage", "metric"),
    [("ward", "euclidean"), ("average", "manhattan"), ("complete", "cosine"), ("single", "euclidean")],
)
def test_trees_are_those_of_scikit_learn(noise, linkage, metric):
    points = noise("normal", n_rows=150).to_numpy()
    (algorithm,) = get_algorithms("agglomerative")
    spec = Spec("agglomerative", 4, (("linkage", linkage), ("metric", metric)))
    oracle = AgglomerativeClustering(4, linkage=linkage, metric=metric).fit_predict(points)
    found = algorithm.partition(points, spec, seed=0)
    expected = cover(points, oracle, 0, "nearest")
    assert found.agreement == pytest.approx(expected.agreement)
    assert adjusted_rand_score(found.labels, expected.labels) == 1.0


def test_minkowskis_tree_is_that_of_its_distances(noise):
    points = noise("normal", n_rows=120).to_numpy()
    distances = (np.abs(points[:, None] - points[None]) ** 3).sum(axis=2) ** (1 / 3)
    (algorithm,) = get_algorithms("agglomerative")
    for way in ("complete", "average", "single"):
        spec = Spec("agglomerative", 4, (("linkage", way), ("metric", "minkowski")))
        oracle = AgglomerativeClustering(4, linkage=way, metric="precomputed").fit_predict(distances)
        expected = cover(points, oracle, 0, "nearest")
        found = algorithm.partition(points, spec, seed=0)
        assert (found.n_segments, found.agreement) == (expected.n_segments, pytest.approx(expected.agreement))
        np.testing.assert_allclose(
            np.sort(found.assignment.centers, axis=0), np.sort(expected.assignment.centers, axis=0)
        )

    # the exponent matters: Euclidean's tree is another one
    def complete(metric: str) -> np.ndarray:
        spec = Spec("agglomerative", 4, (("linkage", "complete"), ("metric", metric)))
        return algorithm.partition(points, spec, seed=0).labels

    assert adjusted_rand_score(complete("minkowski"), complete("euclidean")) < 0.99


def test_every_method_offers_its_whole_grid():
    counts = [2, 3, 4]
    grids = {name: get_algorithms(name)[0].specs(counts, 1_000, 4, 20) for name in ALGORITHMS}
    for name in ("kmeans", "minibatch"):
        assert [(spec.n_segments, spec.options) for spec in grids[name]] == [(k, ()) for k in counts]
    settings = {
        name: {(spec.n_segments, *(value for _, value in spec.options)) for spec in grids[name]} for name in grids
    }
    shapes = ("full", "tied", "diag", "spherical")
    assert settings["mixture"] == {(k, shape) for k in counts for shape in shapes}
    ways = [("ward", "euclidean")]
    for way in ("complete", "average", "single"):
        ways += [(way, metric) for metric in ("euclidean", "manhattan", "cosine", "minkowski")]
    assert settings["agglomerative"] == {(k, *way) for k in counts for way in ways}
    assert settings["dbscan"] == {(None, 5), (None, 8), (None, 10)}
    assert settings["hdbscan"] == {(None, size, near) for size in (20, 50) for near in (5, 15)}
    # no setting twice, and each has a name of its own
    assert all(len(settings[name]) == len(grid) == len({spec.name for spec in grid}) for name, grid in grids.items())
    # of few rows a full covariance is a story about these rows
    few = {dict(spec.options)["covariance"] for spec in get_algorithms("mixture")[0].specs([4], 60, 4, 20)}
    assert few == {"tied", "spherical"}


def test_crescents_get_several_prototypes_each():
    points, truth = make_moons(600, noise=0.06, random_state=0)
    frame = pd.DataFrame(points, columns=["x", "y"])
    policy = SelectionPolicy(structure_min=0.0)
    found = {}
    for algorithm in ("kmeans", "dbscan"):
        model = SegmentModel(algorithm=algorithm, k_max=2, min_segment_size=50, n_bootstraps=3, policy=policy).fit(
            frame
        )
        found[algorithm] = adjusted_rand_score(truth, model.labels_)
    assert found["kmeans"] < 0.6
    assert found["dbscan"] > 0.75
    assert len(model.assignment_.owners) > 2
    assert model.candidates_.loc[model.candidates_["is_winner"], "agreement"].iloc[0] > 0.9


def test_noise_is_a_segment_of_its_own_where_asked_for(three):
    generator = np.random.default_rng(5)
    lost = pd.DataFrame(
        generator.uniform(-40, 40, size=(40, 4)), columns=three.columns, index=[f"x{i}" for i in range(40)]
    )
    frame = pd.concat([three, lost])
    settings = {**QUICK, "winsor_limits": (0.0, 1.0), "policy": SelectionPolicy(stability_min=0.0, structure_min=0.0)}
    model = SegmentModel(algorithm="hdbscan", noise="segment", **settings).fit(frame)
    assert model.assignment_.noise is not None
    position = model.assignment_.noise[0]
    labels = pd.Series(model.labels_, frame.index)
    assert (labels[lost.index] == position).mean() > 0.8
    assert (labels[three.index] == position).mean() < 0.05
    nearest = SegmentModel(algorithm="hdbscan", noise="nearest", **settings).fit(frame)
    assert nearest.assignment_.noise is None


METHODS_WITHOUT_COUNT = ("dbscan", "hdbscan")


@pytest.mark.parametrize("case", ["small", "large", "heavy"])
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_no_centre_is_a_person(blobs, algorithm, case):
    # a far customer, or a few, in whom every method finds a segment; or one who stands for a tenth of all
    frame = blobs(3, n_rows=300 if case != "large" else 4_000, distance=9.0)
    n_far = 1 if case != "large" else 8
    lost = pd.DataFrame(60.0 + 15 * np.arange(n_far)[:, None] * np.eye(4)[0], columns=frame.columns)
    frame = pd.concat([frame, lost.rename(index=lambda row: f"x{row}")])
    weights = np.ones(len(frame))
    if case == "heavy":
        weights[-1] = 30.0
    count = {} if algorithm in METHODS_WITHOUT_COUNT else {"n_segments": 5}
    fixed = {"winsor_limits": (0.0, 1.0), "transformation": "none", "scaling": "zscore", "max_correlation": 1.0}
    policy = SelectionPolicy(stability_min=0.0, structure_min=0.0, agreement_min=0.0)
    model = SegmentModel(algorithm=algorithm, policy=policy, **QUICK, **count, **fixed)
    model.fit(frame, sample_weight=None if case != "heavy" else weights)
    assert len(model.segment_keys_) > 1
    points = model.transform(frame)
    rows = model.to_parameters().to_pandas()
    centres = rows[rows["stage"].isin(["prototype", "micro_prototype"])]
    stored = centres.pivot(index=["stage", "component"], columns="feature", values="value")
    stored = stored[list(model.preprocessor_.names_)].to_numpy()
    assert len(stored) == len(model.assignment_.owners) + len(model.micro_segment_keys_)
    assert cdist(stored, points).min() > 1e-3
    # the far ones above all, and not by a hair: a mean of ten lies a tenth of the way from them at least
    assert cdist(stored, points[-n_far:]).min() > 0.5


@pytest.mark.parametrize(("algorithm", "n_rows"), [("kmeans", 20_000), ("minibatch", 20_000), ("mixture", 30_000)])
def test_the_winner_is_refined_on_as_many_rows_as_the_method_can_bear(blobs, algorithm, n_rows):
    # overlapping groups, so that few rows tell little of where their middles are
    frame = blobs(3, seed=1, n_rows=n_rows, distance=3.0)
    (method,) = get_algorithms(algorithm)
    assert (n_rows > method.max_rows) == (algorithm == "mixture")
    fixed = {"winsor_limits": (0.0, 1.0), "transformation": "none", "scaling": "zscore", "n_levels": 1}
    settings = {**QUICK, **fixed, "min_segment_size": 100}
    model = SegmentModel(algorithm=algorithm, n_segments=3, **settings).fit(frame)
    points = model.transform(frame)
    screen = Sample(points, None, 100.0).part(subsample(len(points), 1_500, np.random.default_rng([0, 7])))
    spec = next(spec for spec in method.specs([3], 1_500, 4, 100))
    # k-means: by all rows, from other starts; the mixture: as the groups were made, which is what it looks for
    if algorithm == "mixture":
        truth = np.stack([points[blobs_of(3, 1, n_rows) == group].mean(axis=0) for group in range(3)])
    else:
        truth = KMeans(3, n_init=20, random_state=5).fit(points).cluster_centers_
    far = {
        name: cdist(truth, centers).min(axis=1).max()
        for name, centers in (
            ("screen", screen.make(method, spec, 0, 10).assignment.centers),
            ("model", model.assignment_.centers),
        )
    }
    assert far["model"] < far["screen"] / 2
    np.testing.assert_array_equal(model.labels_, model.predict(frame))
    assert len(model.labels_) == n_rows


def test_a_winner_with_merged_segments_is_refined_too(blobs):
    frame = blobs(2, seed=3, n_rows=6_000, distance=5.0)
    lost = pd.DataFrame(60.0 + 5 * np.arange(40)[:, None] * np.eye(4)[0], columns=frame.columns)
    frame = pd.concat([frame, lost.rename(index=lambda row: f"x{row}")])
    fixed = {"winsor_limits": (0.0, 1.0), "transformation": "none", "scaling": "zscore", "n_levels": 1}
    model = SegmentModel("kmeans", n_segments=3, **{**QUICK, **fixed, "min_segment_size": 100}).fit(frame)
    assert (len(model.segment_keys_), len(model.assignment_.owners), len(model.merges_)) == (2, 3, 1)
    points = model.transform(frame)
    # each part is the mean of those who are nearest to it, of everybody
    nearest = cdist(points, model.assignment_.centers).argmin(axis=1)
    means = np.stack([points[nearest == part].mean(axis=0) for part in range(3)])
    np.testing.assert_allclose(model.assignment_.centers, means, atol=1e-6)


def blobs_of(n_groups: int, seed: int, n_rows: int) -> np.ndarray:
    """Tell the group of each row of `blobs`: its last draw of whole numbers."""
    generator = np.random.default_rng([seed, n_groups])
    while True:
        centres = generator.normal(size=(n_groups, 4)) * 3.0
        if (np.sqrt(((centres[:, None] - centres[None]) ** 2).sum(axis=-1)) + np.eye(n_groups) * 1e9).min() > 3.0:
            return generator.integers(n_groups, size=n_rows)


def test_thin_components_go_up_in_their_neighbours_as_their_moments_say():
    generator = np.random.default_rng(8)
    points = np.concatenate([generator.normal(0, 1, (200, 2)), generator.normal(9, 1, (5, 2))])
    (algorithm,) = get_algorithms("mixture")
    fitted = algorithm.partition(points, Spec("mixture", 2, (("covariance", "full"),)), seed=0)
    one = replace(fitted, assignment=fitted.assignment.merged(1, 0), labels=np.zeros(205, dtype=np.int64))
    fused = fuse_thin_parts(one, points, None, 10.0).assignment
    np.testing.assert_allclose(fused.centers, points.mean(axis=0, keepdims=True), rtol=1e-6)
    assert fuse_thin_parts(one, points, None, 4.0) is one
    # nobody else in the segment: the segment joins the nearest, and this is told
    told = fuse_thin_parts(fitted, points, None, 10.0)
    assert (told.n_segments, len(told.assignment.owners)) == (1, 1)
    assert [(merge.rows, merge.into_rows) for merge in told.merges] == [(5, 200)]


def test_a_row_that_stands_for_many_is_still_one_person():
    assert effective_rows(np.ones(12)) == pytest.approx(12)
    assert effective_rows(np.array([100.0] + [1.0] * 11)) < 2
    np.testing.assert_allclose(effective_rows(np.array([[1.0, 0.0], [1.0, 3.0], [0.0, 0.0]])), [2, 1])


def test_merged_segments_keep_all_parts_and_posteriors_add():
    generator = np.random.default_rng(6)
    points = generator.normal(size=(200, 2)) + generator.integers(3, size=(200, 1)) * 5
    (algorithm,) = get_algorithms("mixture")
    three_parts = algorithm.partition(points, Spec("mixture", 3), seed=0).assignment
    two = three_parts.merged(2, 0)
    before, after = np.exp(three_parts.affinities(points)), np.exp(two.affinities(points))
    np.testing.assert_allclose(after[:, 0], before[:, 0] + before[:, 2])
    np.testing.assert_allclose(after[:, 1], before[:, 1])
    plain = Assignment.of_prototypes(np.array([[0.0], [5.0], [10.0]])).merged(0, 2)
    assert plain.assign(np.array([[1.0], [5.1], [9.0]])).tolist() == [1, 0, 1]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_weight_of_two_shapes_a_method_as_a_row_twice(algorithm):
    generator = np.random.default_rng(11)
    points = np.concatenate([generator.normal(0, 1, (300, 2)), generator.normal(9, 1, (300, 2))])
    # of each group one side weighs four times as much: means move by half a deviation
    weights = np.where((points - np.repeat([[0.0], [9.0]], 300, axis=0))[:, 0] > 0, 4, 1)
    (method,) = get_algorithms(algorithm)
    # copies are crowds of their own to who looks at few neighbours
    crowds = {"dbscan": (("min_samples", 60),), "hdbscan": (("min_cluster_size", 60), ("min_samples", 60))}
    spec = Spec(algorithm, None, crowds[algorithm]) if algorithm in crowds else method.specs([2], 600, 2, 50)[0]

    def centers(rows: np.ndarray, shares: np.ndarray | None) -> np.ndarray:
        found = method.partition(rows, spec, seed=0, weights=shares).assignment.middles
        assert len(found) == 2
        return found[np.argsort(found[:, 0])]

    twice = centers(np.repeat(points, weights, axis=0), None)
    once = centers(points, weights / weights.mean())
    assert np.abs(centers(points, None) - twice)[:, 0].min() > 0.3
    np.testing.assert_allclose(once, twice, atol=0.08)


def test_weights_become_copies():
    weights = np.array([0.5, 1.0, 2.5, 0.01, 0.99])
    counts = np.mean([np.bincount(weighted_rows(weights, seed), minlength=5) for seed in range(400)], axis=0)
    np.testing.assert_allclose(counts, weights, atol=0.1)
    for algorithm in ("mixture", "agglomerative", "hdbscan"):
        (method,) = get_algorithms(algorithm)
        generator = np.random.default_rng(7)
        points = np.concatenate([generator.normal(0, 1, (60, 2)), generator.normal(9, 1, (60, 2))])
        spec = method.specs([2], 120, 2, 10)[0]
        heavy = np.repeat([1.9, 0.1], 60)
        assert len(method.partition(points, spec, seed=0, weights=heavy).labels) == 120
