import doctest
import os
import subprocess
import sys
from decimal import Decimal

import duckdb
import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.cluster import KMeans
from sklearn.impute import SimpleImputer
from sklearn.metrics import silhouette_samples
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from dbt_segmentation import SegmentModel
from dbt_segmentation.choosing import SelectionPolicy
from dbt_segmentation.errors import ConfigError, DataError

QUICK = {"algorithm": "kmeans", "k_max": 5, "n_bootstraps": 4, "n_references": 4}


@pytest.fixture(scope="module")
def fitted(retail):
    frame = retail()
    return frame, SegmentModel(**QUICK).fit(frame)


def test_parameters_stay_as_given():
    model = SegmentModel(k_max=7, n_segments=3)
    assert model.get_params()["k_max"] == 7
    assert clone(model).get_params() == model.get_params()
    assert model.set_params(k_max=4).k_max == 4
    assert not [name for name in vars(model) if name.endswith("_")]


@pytest.mark.usefixtures("one_thread")
def test_prediction_equals_an_independent_pipeline(blobs):
    frame = blobs(4, seed=3, n_rows=800, distance=3.0)
    frame.iloc[::17, 1] = np.nan
    clipped = frame.clip(frame.quantile(0.01), frame.quantile(0.99), axis=1)
    pipeline = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    points = pipeline.fit_transform(clipped)
    oracle = KMeans(n_clusters=4, n_init=20, random_state=7, tol=0).fit(points)
    model = SegmentModel(n_segments=4, transformation="none", **QUICK).fit(frame)
    order = np.lexsort([*model.prototypes_.T])
    np.testing.assert_allclose(
        model.prototypes_[order], oracle.cluster_centers_[np.lexsort([*oracle.cluster_centers_.T])], atol=1e-3
    )
    # our prototypes in scikit-learn's predict, on rows that neither has seen
    oracle.cluster_centers_ = model.prototypes_.copy()
    strangers = blobs(4, seed=4, n_rows=300)
    seen = strangers.clip(frame.quantile(0.01), frame.quantile(0.99), axis=1)
    np.testing.assert_array_equal(model.predict(strangers), oracle.predict(pipeline.transform(seen)))


def test_labels_are_those_of_predict_largest_first(fitted):
    frame, model = fitted
    np.testing.assert_array_equal(model.labels_, model.predict(frame))
    sizes = np.bincount(model.labels_)
    assert sizes.tolist() == model.sizes_.tolist() == sorted(sizes, reverse=True)
    assert model.shares_.sum() == pytest.approx(1.0)
    assert model.segment_keys_ == [f"seg_{j + 1:03d}" for j in range(len(sizes))]
    assert model.verdict_ == "segments"
    assert len(sizes) == 4


def test_rows_to_score_may_repeat_carry_text_or_be_none(fitted):
    frame, model = fitted
    twice = pd.concat([frame[:5], frame[:5]]).assign(city="Lyon", when=pd.Timestamp("2026-01-01"))
    assert model.predict(twice).tolist() == model.labels_[:5].tolist() * 2
    assert model.predict(frame[:0]).tolist() == []
    assert model.predict_proba(frame[:0]).shape == (0, 4)
    with pytest.raises(DataError, match="spend"):
        model.predict(frame.drop(columns="spend"))
    with pytest.raises(DataError, match="not numeric: spend"):
        model.predict(frame.assign(spend="a lot"))


def test_the_example_in_the_docstring_holds():
    found = doctest.testmod(sys.modules[SegmentModel.__module__])
    assert found.attempted > 0
    assert found.failed == 0


def test_posterior_is_that_of_equal_spherical_gaussians(fitted):
    frame, model = fitted
    points = model.transform(frame)
    found = model.predict_proba(frame)
    squared = ((points[:, None] - model.prototypes_[None]) ** 2).sum(axis=2)
    variance = squared.min(axis=1).sum() / points.size
    assert model.within_variance_ == pytest.approx(variance)
    density = np.exp(-squared / (2 * variance))
    np.testing.assert_allclose(found, density / density.sum(axis=1, keepdims=True), rtol=1e-9)
    np.testing.assert_array_equal(found.argmax(axis=1), model.labels_)
    limit = np.quantile(np.sqrt(squared.min(axis=1)), 0.995)
    assert limit < model.outlier_distance_ == pytest.approx(limit, rel=3e-6), "rounding would decide of ties"


def test_rows_and_columns_may_come_in_any_order(fitted):
    frame, model = fitted
    shuffled = frame.sample(frac=1.0, random_state=1)[["visits", "spend", "discount_share", "recency_days"]]
    again = SegmentModel(**QUICK).fit(shuffled)
    assert again.to_parameters().equals(model.to_parameters())
    np.testing.assert_array_equal(pd.Series(again.labels_, shuffled.index).reindex(frame.index), model.labels_)
    np.testing.assert_array_equal(model.predict(shuffled), again.labels_)


def test_an_origin_does_not_matter_to_features_without_a_curve(blobs):
    frame = blobs(3)
    model = SegmentModel(**QUICK).fit(frame)
    assert {scaling.transform for scaling in model.preprocessor_.scalings_} == {"none"}
    scaled = SegmentModel(**QUICK).fit(frame * np.array([1000.0, 0.01, 7.0, 1.0]) + np.array([5.0, 0.0, -3.0, 0.0]))
    np.testing.assert_array_equal(scaled.labels_, model.labels_)


@pytest.mark.parametrize("feature", ["spend", "recency_days", "visits", "discount_share", "balance", "all"])
def test_units_do_not_matter(retail, feature):
    frame = retail()
    frame["balance"] = np.random.default_rng(0).normal(0.5, 1, len(frame)) ** 3
    model = SegmentModel(**QUICK).fit(frame)
    assert {scaling.transform for scaling in model.preprocessor_.scalings_} == {"none", "log1p", "yeo_johnson"}
    assert len(model.segment_keys_) > 2
    for factor in (1e-6, 0.001, 1000.0, 1e6):
        moved = frame * factor if feature == "all" else frame.assign(**{feature: frame[feature] * factor})
        again = SegmentModel(**QUICK).fit(moved)
        np.testing.assert_array_equal(again.labels_, model.labels_)
        assert (again.verdict_, again.segment_keys_) == (model.verdict_, model.segment_keys_)
        pd.testing.assert_frame_equal(again.predict_levels(moved), model.predict_levels(frame))
        values = again.to_parameters().column("value").drop_null().to_numpy()
        assert np.isfinite(values).all()


@pytest.mark.parametrize("algorithm", ["mixture", "agglomerative", "hdbscan"])
def test_units_matter_to_no_method(retail, algorithm):
    frame = retail(n_rows=500)
    model = SegmentModel(**{**QUICK, "algorithm": algorithm}).fit(frame)
    again = SegmentModel(**{**QUICK, "algorithm": algorithm}).fit(frame * np.array([1000.0, 1e-6, 0.01, 2.54]))
    assert (again.verdict_, again.segment_keys_) == (model.verdict_, model.segment_keys_)
    np.testing.assert_array_equal(again.labels_, model.labels_)


_THREADS = """
import sys, numpy as np, pandas as pd
from dbt_segmentation import SegmentModel
generator = np.random.default_rng(0)
frame = pd.DataFrame(generator.normal(size=(1500, 6)) @ generator.normal(size=(6, 6)), columns=list("abcdef"))
for algorithm in ("auto", "kmeans", "minibatch", "mixture", "agglomerative", "dbscan", "hdbscan"):
    count = None if algorithm in ("dbscan", "hdbscan") else 6
    model = SegmentModel(algorithm, n_segments=count, n_bootstraps=2, n_references=2).fit(frame)
    sys.stdout.write(model.to_parameters().to_pandas().to_json(double_precision=15))
"""


def test_one_and_two_threads_give_the_same_model_by_every_method():
    answers = []
    for threads in ("1", "2"):
        limits = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), threads)
        ran = subprocess.run(
            [sys.executable, "-c", _THREADS], env={**os.environ, **limits}, capture_output=True, text=True, check=True
        )
        answers.append(ran.stdout)
    assert len(answers[0]) > 1000
    assert answers[0] == answers[1]


def test_weights_count_as_people(blobs):
    frame = blobs(3, n_rows=400)
    light = frame["f0"] < frame["f0"].quantile(0.3)
    weights = pd.Series(np.where(light, 0.2, 1.0), index=frame.index)
    model = SegmentModel(n_segments=3, **QUICK).fit(frame, sample_weight=weights.sample(frac=1.0, random_state=0))
    expected = weights.groupby(pd.Series(model.labels_, frame.index)).sum() / weights.sum()
    np.testing.assert_allclose(model.shares_, expected)
    as_array = SegmentModel(n_segments=3, **QUICK).fit(frame, sample_weight=weights.to_numpy())
    assert as_array.to_parameters().equals(model.to_parameters())
    even = SegmentModel(n_segments=3, **QUICK).fit(frame, sample_weight=np.full(400, 2.5))
    assert even.to_parameters().equals(SegmentModel(n_segments=3, **QUICK).fit(frame).to_parameters())


def test_the_outlier_distance_and_the_cost_of_change_are_weighted(blobs):
    frame = blobs(2, n_rows=400)
    weights = np.where(np.arange(400) < 40, 8.0, 1.0)
    current = pd.Series(np.arange(400) < 40, frame.index)
    model = SegmentModel(n_segments=2, **QUICK).fit(frame, sample_weight=weights, current_labels=current)
    distances = model.assignment_.distances(model.transform(frame), model.labels_)
    expected = np.quantile(np.repeat(distances, weights.astype(int)), 0.995, method="inverted_cdf")
    assert model.outlier_distance_ == pytest.approx(expected, rel=1e-5)
    pairs = pd.crosstab(model.labels_, current.to_numpy(), weights, aggfunc="sum").to_numpy()
    stayed = max(np.trace(pairs), np.trace(pairs[::-1]))
    assert model.candidates_["cost_of_change"].iloc[0] == pytest.approx(1 - stayed / weights.sum())
    widths = silhouette_samples(model.transform(frame), model.labels_)
    assert model.candidates_["silhouette"].iloc[0] == pytest.approx(np.average(widths, weights=weights))


@pytest.mark.parametrize("weights", [[1.0], np.full(100, np.nan), np.zeros(100), ["a"] * 100])
def test_wrong_weights_are_refused(blobs, weights):
    with pytest.raises(DataError, match="sample_weight"):
        SegmentModel().fit(blobs(2, n_rows=100), sample_weight=weights)


def test_the_analyst_decides_and_the_policy_comments(noise):
    frame = noise("normal", n_rows=300)
    model = SegmentModel(n_segments=4, **QUICK).fit(frame)
    assert len(model.segment_keys_) == 4
    assert model.verdict_ == "segments"
    assert model.reason_.startswith("chosen by the analyst: n_segments=4; the policy would refuse it: ")
    assert "no clear structure" in model.reason_
    row = model.candidates_.iloc[0]
    assert (len(model.candidates_), row["is_winner"], row["is_eligible"]) == (1, True, False)
    assert SegmentModel(n_segments=1).fit(frame).segment_keys_ == ["seg_001"]


# ---- through rows and back


def test_a_stored_model_predicts_identically(fitted):
    frame, model = fitted
    table = model.to_parameters()
    for stored in (table, table.to_pandas(), duckdb.from_arrow(table).order("random()").df()):
        restored = SegmentModel.from_parameters(stored)
        np.testing.assert_array_equal(restored.predict(frame), model.predict(frame))
        np.testing.assert_array_equal(restored.predict_proba(frame), model.predict_proba(frame))
        assert restored.segment_keys_ == model.segment_keys_
        assert restored.verdict_ == model.verdict_
        assert restored.to_parameters().num_rows == table.num_rows
        pd.testing.assert_frame_equal(restored.candidates_, model.candidates_, check_dtype=False)
    assert SegmentModel.from_parameters(table).to_parameters().equals(table)


def test_a_stored_model_can_be_fitted_again(fitted, blobs):
    _frame, model = fitted
    again = SegmentModel.from_parameters(model.to_parameters()).set_params(**QUICK).fit(blobs(2, n_rows=200))
    assert len(again.segment_keys_) == 2
    assert "f0" in again.to_parameters().column("feature").to_pylist()


def test_rows_of_something_else_are_refused(fitted):
    _, model = fitted
    rows = model.to_parameters().to_pandas()
    with pytest.raises(DataError, match="text_value"):
        SegmentModel.from_parameters(rows.drop(columns="text_value"))
    with pytest.raises(DataError, match="one model, got 2"):
        SegmentModel.from_parameters(pd.concat([rows, rows.assign(model_version="m_other")]))
    with pytest.raises(DataError, match="not complete"):
        SegmentModel.from_parameters(rows[rows["stage"] != "segment"])


# ---- what a frame may and may not be


def test_one_row_is_one_segment():
    model = SegmentModel().fit(pd.DataFrame({"spend": [3.0], "visits": [2]}, index=["c1"]))
    assert (model.verdict_, model.segment_keys_, model.labels_.tolist()) == ("one_segment", ["seg_001"], [0])
    restored = SegmentModel.from_parameters(model.to_parameters())
    strangers = pd.DataFrame({"spend": [1.0, np.nan], "visits": [1, 2]})
    assert restored.predict(strangers).tolist() == [0, 0]
    assert restored.predict_proba(strangers).tolist() == [[1.0], [1.0]]


def test_too_few_rows_for_two_segments_say_so(blobs):
    model = SegmentModel().fit(blobs(2, n_rows=99))
    assert model.reason_ == "99 rows can't give two segments of 50"
    assert model.candidates_.empty


def test_constant_and_empty_columns_are_dropped_and_recorded(blobs):
    frame = blobs(3, n_rows=300).assign(constant=1.0, empty=None, switch=True)
    model = SegmentModel(**QUICK).fit(frame)
    assert model.preprocessor_.dropped_ == {"constant": "constant", "empty": "near_empty", "switch": "constant"}
    rows = model.to_parameters().to_pandas()
    dropped = rows[rows["component"] == "dropped"]
    assert dict(zip(dropped["feature"], dropped["text_value"], strict=True)) == model.preprocessor_.dropped_
    assert len(model.segment_keys_) == 3


def test_nothing_but_constants_is_one_segment():
    model = SegmentModel().fit(pd.DataFrame({"a": np.ones(200), "b": np.zeros(200)}))
    assert (model.verdict_, model.reason_) == ("one_segment", "no feature varies")


def test_three_kinds_of_customers_give_at_most_three_segments():
    frame = pd.DataFrame({"a": np.repeat([0.0, 5.0, 9.0], 80), "b": np.repeat([0.0, 1.0, 0.0], 80)})
    model = SegmentModel(**QUICK).fit(frame)
    assert model.candidates_["n_segments"].max() == 3
    assert SegmentModel(n_segments=4, **QUICK).fit(frame).reason_.startswith("only 3 different customers")


def test_types_of_a_warehouse_are_numbers(blobs):
    frame = blobs(2, n_rows=200)
    flags = frame["f0"] > 0
    typed = pd.DataFrame(
        {
            "f0": [Decimal(str(round(value, 4))) if i else None for i, value in enumerate(frame["f0"])],
            "f1": frame["f1"].round().astype("Int64"),
            "flag": flags.astype(object).where(frame["f1"] < 4, None),
        }
    ).set_index(frame.index)
    plain = pd.DataFrame(
        {"f0": typed["f0"].astype(float), "f1": typed["f1"].astype(float), "flag": typed["flag"].astype(float)}
    )
    assert SegmentModel(**QUICK).fit(typed).to_parameters().equals(SegmentModel(**QUICK).fit(plain).to_parameters())


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (pd.DataFrame({"a": []}), "no rows"),
        (pd.DataFrame(index=["c1"]), "no columns"),
        (pd.DataFrame({"a": [1.0, 2.0]}, index=["c1", "c1"]), r"must be unique: 1 rows"),
        (pd.DataFrame({"a": [1.0, 2.0]}, index=["c1", None]), "missing values"),
        (pd.DataFrame({"a": [1.0, 2.0]}, index=["c1", 2]), "mixes types"),
        (
            pd.DataFrame({"a": [1.0, 2.0]}, index=pd.MultiIndex.from_tuples([("a", 1), ("a", 2)])),
            "2 levels.*Make one key",
        ),
        (pd.DataFrame({"fine": [1.0, 2.0], "ratio": [1.0, np.inf]}), r"Infinite.*in: ratio\."),
        (pd.DataFrame({"big": [1.0, -1e300]}), "Infinite.*big"),
        (pd.DataFrame({"city": [("Lyon", 1), ("Nice", 2)], "a": [1, 2]}), "not numeric: city. Encode them"),
        (pd.DataFrame({"day": pd.to_datetime(["2026-01-01", "2026-01-02"])}), "not numeric: day"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "more than once: a"),
        (np.ones((3, 2)), "Expected a pandas DataFrame"),
    ],
)
def test_a_frame_that_cannot_be_used_is_refused_in_words(frame, message):
    with pytest.raises(DataError, match=message):
        SegmentModel().fit(frame)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"algorithm": "kmeens"}, "Did you mean 'kmeans'"),
        ({"k_min": 1}, "k_min must be a whole number of at least 2"),
        ({"k_min": 5, "k_max": 4}, "less than k_min"),
        ({"n_segments": 2.5}, "n_segments"),
        ({"min_segment_size": 0}, "min_segment_size"),
        ({"random_state": -1}, "random_state"),
        ({"n_bootstraps": True}, "n_bootstraps"),
        ({"algorithm": None}, "algorithm must be a text"),
        ({"random_state": 2**32}, "random_state must be less"),
        ({"overrides": {"a": "log1p"}}, "override of a must be a mapping, as in"),
        ({"overrides": ["a"]}, "overrides must map features"),
        ({"overrides": {"b": {"weight": 2}}}, "'b', which is not a feature.*Known: 'a'"),
        ({"overrides": {3: {"weight": 2}}}, "name features by texts"),
        ({"overrides": {"a": {"weight": True}}}, "weight of a must be a positive number"),
        ({"overrides": {"a": {"weight": float("nan")}}}, "weight of a must be a positive number"),
        ({"overrides": {"a": {"order": "low"}}}, "order of a must be a list"),
        ({"overrides": {"a": {"order": ["low", "low"]}}}, "order of a must be a list"),
        ({"overrides": {"a": {"order": ["low", "high"]}}}, "a an order.*it holds numbers"),
        ({"winsor_limits": None}, "winsor_limits must be two quantiles"),
        ({"winsor_limits": (0.9, 0.1)}, "winsor_limits must be two quantiles"),
        ({"winsor_limits": (0.01, 99)}, "winsor_limits must be two quantiles"),
        ({"winsor_limits": "ab"}, "winsor_limits must be two quantiles"),
        ({"skew_limit": None}, "skew_limit must be a number of at least 0"),
        ({"skew_limit": float("inf")}, "skew_limit must be a number"),
        ({"min_coverage": "x"}, "min_coverage must be a number of at least 0 and at most 1"),
        ({"variance": 2}, "variance must be a number over 0 and at most 1"),
        ({"variance": 0}, "variance must be a number over 0"),
        ({"max_correlation": -1}, "max_correlation must be a number over 0"),
        ({"policy": 3}, "policy must be a SelectionPolicy or None"),
        ({"policy": SelectionPolicy(stability_min="high")}, "stability_min of the policy must be a number"),
    ],
)
def test_wrong_settings_are_refused_in_words(settings, message):
    with pytest.raises(ConfigError, match=message):
        SegmentModel(**settings).fit(pd.DataFrame({"a": [1.0, 2.0]}))
