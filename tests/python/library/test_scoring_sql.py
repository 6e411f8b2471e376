"""SQL generated from parameter rows against Python, for every way of preparing and of assigning."""

import numpy as np
import pandas as pd
import pytest
from helpers.scoring_sql import call_macro, score
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.mixture import GaussianMixture

from dbt_segmentation import SegmentModel
from dbt_segmentation.algorithms.mixture import mixture_assignment
from dbt_segmentation.choosing import SelectionPolicy

QUICK = {"n_bootstraps": 2, "n_references": 3, "min_segment_size": 10}


def mixed(n_rows: int = 400, seed: int = 0) -> pd.DataFrame:
    """Numbers of several shapes with gaps, and categories with quotes in them."""
    generator = np.random.default_rng(seed)
    group = generator.integers(3, size=n_rows)
    frame = pd.DataFrame(
        {
            "spend": np.exp(generator.normal(group * 1.5, 0.4)),
            "balance": generator.normal(group - 1, 0.5) ** 3,
            "visits": generator.poisson(1 + 4 * group).astype(float),
            "share": np.clip(generator.normal(0.2 + 0.3 * group, 0.1), 0, 1),
            "city": np.array(["Lyon", "L'Isle", "Nice"])[(group + (generator.random(n_rows) < 0.2)) % 3],
            "level": np.array(["low", "middle", "high"])[group],
        },
        index=[f"c{i:04d}" for i in range(n_rows)],
    )
    for name in ("spend", "share", "city", "balance"):
        frame.loc[generator.random(n_rows) < 0.1, name] = None
    return frame


def assert_sql_equals_python(model: SegmentModel, frame: pd.DataFrame) -> None:
    told = score(model.to_parameters(), frame)
    keys = np.array(model.segment_keys_)
    probabilities = model.predict_proba(frame)
    np.testing.assert_array_equal(told["segment_key"], keys[model.predict(frame)])
    np.testing.assert_allclose(told["probability"], probabilities.max(axis=1), atol=1e-6)
    labels = model.predict(frame)
    distances = model.assignment_.distances(model.transform(frame), labels)
    np.testing.assert_allclose(told["distance"], distances, atol=1e-6)
    if len(keys) > 1:
        affinities = model.assignment_.affinities(model.transform(frame))
        second = np.where(np.arange(len(keys)) == labels[:, None], -np.inf, affinities).argmax(axis=1)
        np.testing.assert_array_equal(told["second_segment_key"], keys[second])
    levels = model.predict_levels(frame)
    for name in levels:
        np.testing.assert_array_equal(told[name], levels[name])
    clear = np.abs(distances - model.outlier_distance_) > 5e-7
    assert clear.mean() > 0.9
    np.testing.assert_array_equal(told["is_outlier"][clear], distances[clear] > model.outlier_distance_)


ALGORITHMS = {
    "kmeans": {},
    "minibatch": {},
    "mixture": {},
    "agglomerative": {},
    "dbscan": {"noise": "segment", "n_segments": None, "policy": SelectionPolicy(stability_min=0, agreement_min=0)},
    "hdbscan": {"noise": "segment", "n_segments": None, "policy": SelectionPolicy(stability_min=0, agreement_min=0)},
}


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_every_algorithm_scores_alike_in_sql_and_python(algorithm: str) -> None:
    frame = mixed()
    changes = {"n_segments": 3, **ALGORITHMS[algorithm]}
    model = SegmentModel(algorithm=algorithm, **changes, **QUICK).fit(frame)
    assert len(model.segment_keys_) > 1, model.reason_
    assert_sql_equals_python(model, frame)
    assert_sql_equals_python(model, mixed(seed=1))


@pytest.mark.parametrize("imputation", ["median", "mean", "iterative", "prototype"])
@pytest.mark.parametrize("reduction", ["none", "pca", "factor"])
def test_every_preparation_scores_alike_in_sql_and_python(imputation: str, reduction: str) -> None:
    frame = mixed()
    overrides = {
        "level": {"order": ["low", "middle", "high"], "weight": 0.5},
        "visits": {"transform": "rank", "scaling": "minmax"},
        "spend": {"scaling": "robust"},
        "balance": {"transform": "yeo_johnson"},
    }
    model = SegmentModel(
        algorithm="kmeans", n_segments=3, imputation=imputation, reduction=reduction, overrides=overrides, **QUICK
    ).fit(frame)
    kinds = {scaling.transform for scaling in model.preprocessor_.scalings_}
    assert kinds >= {"log1p", "yeo_johnson", "rank"}
    assert_sql_equals_python(model, frame)
    assert_sql_equals_python(model, mixed(seed=2))


@pytest.mark.parametrize("factor", [1.0, 1e-6, 1e6])
def test_units_of_features_are_stored_and_scored_alike(factor: float) -> None:
    frame, strangers = mixed(), mixed(seed=3)
    for rows in (frame, strangers):
        rows["spend"] *= factor
        rows["balance"] *= factor
    overrides = {"balance": {"transform": "yeo_johnson"}, "spend": {"transform": "log1p"}}
    model = SegmentModel(algorithm="kmeans", n_segments=3, overrides=overrides, **QUICK).fit(frame)
    rows = model.to_parameters().to_pandas()
    units = rows[(rows["stage"] == "preprocess") & (rows["component"] == "unit")].set_index("feature")["value"]
    for name in ("balance", "spend"):
        clipped = frame[name].clip(*frame[name].quantile([0.01, 0.99]))
        assert units[name] == pytest.approx(clipped.abs().median(), rel=1e-12)
    assert_sql_equals_python(model, frame)
    assert_sql_equals_python(model, strangers)
    # the same segments as in the unit that people think in
    plain = SegmentModel(algorithm="kmeans", n_segments=3, overrides=overrides, **QUICK).fit(mixed())
    np.testing.assert_array_equal(model.labels_, plain.labels_)


def test_models_stored_without_units_are_scored_as_they_were() -> None:
    frame = mixed()
    overrides = {"balance": {"transform": "yeo_johnson"}, "spend": {"transform": "log1p"}}
    rows = SegmentModel(algorithm="kmeans", n_segments=3, overrides=overrides, **QUICK).fit(frame).to_parameters()
    table = rows.to_pandas()
    old = SegmentModel.from_parameters(table[table["component"] != "unit"])
    spend = next(scaling for scaling in old.preprocessor_.scalings_ if scaling.name == "spend")
    clipped = frame["spend"].clip(spend.winsor_lower, spend.winsor_upper)
    np.testing.assert_allclose(spend.moved(frame["spend"].to_numpy(dtype=float)), np.log1p(clipped))
    assert_sql_equals_python(old, frame)


@pytest.mark.parametrize("response", [None, "revenue", "age_years", "tenure_days"])
def test_a_response_is_in_the_fit_sample_whether_it_is_watched_or_not(response: str | None) -> None:
    features = {"age_years": False, "nights": True, "revenue": True, "stock": False, "tenure_days": False}
    names = call_macro(
        "seg_fit_features",
        seg_features=lambda: {name: {"watched": watched} for name, watched in features.items()},
        seg_clustering_features=lambda: ["revenue"],
        seg_var={"seg_response": response}.__getitem__,
    )
    expected = {"nights", "revenue", "tenure_days"} | ({response} if response else set())
    assert names == sorted(expected), "stock is neither watched nor asked for"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(0, 10_000),
    st.sampled_from(["kmeans", "mixture", "agglomerative"]),
    st.integers(1, 5),
    st.sampled_from(["oblimin", "varimax"]),
    st.sampled_from(["none", "pca", "factor"]),
)
def test_random_models_score_alike_in_sql_and_python(
    seed: int, algorithm: str, n_segments: int, rotation: str, reduction: str
) -> None:
    generator = np.random.default_rng(seed)
    shape = (int(generator.integers(40, 200)), int(generator.integers(1, 7)))
    frame = pd.DataFrame(generator.normal(size=shape) @ generator.normal(size=(shape[1], shape[1])))
    frame = frame.set_axis([f"f{j}" for j in range(shape[1])], axis=1).set_axis([f"c{i}" for i in range(shape[0])])
    frame = frame.mask(generator.random(shape) < 0.05)
    model = SegmentModel(
        algorithm=algorithm, n_segments=n_segments, rotation=rotation, reduction=reduction,
        **{**QUICK, "min_segment_size": 4},
    ).fit(frame)  # fmt: skip
    assert_sql_equals_python(model, frame)


def test_posteriors_of_a_mixture_are_those_of_scikit_learn() -> None:
    generator = np.random.default_rng(0)
    points = generator.normal(size=(300, 4)) * [1, 2, 3, 1] + generator.integers(3, size=(300, 1)) * 2
    for covariance in ("full", "tied", "diag", "spherical"):
        oracle = GaussianMixture(3, covariance_type=covariance, random_state=0).fit(points)
        affinities = mixture_assignment(oracle).affinities(points)
        relative = np.exp(affinities - affinities.max(axis=1, keepdims=True))
        np.testing.assert_allclose(
            relative / relative.sum(axis=1, keepdims=True), oracle.predict_proba(points), atol=1e-9
        )
