"""Every algorithm: habits of scikit-learn, the same answer whatever the order, and an answer to bad input."""

from contextlib import suppress

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.cluster import AgglomerativeClustering
from sklearn.datasets import make_moons
from sklearn.metrics import adjusted_rand_score
from sklearn.mixture import GaussianMixture

from dbt_segmentation import SegmentModel
from dbt_segmentation.algorithms import ALGORITHMS, Assignment, Spec, get_algorithms
from dbt_segmentation.algorithms.base import weighted_rows
from dbt_segmentation.algorithms.cover import cover
from dbt_segmentation.choosing import SelectionPolicy
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
