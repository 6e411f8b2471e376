"""Scoring in SQL against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.oracle import bent, fit_pipeline, unit
from helpers.projects import Project

from dbt_segmentation import SegmentModel


def stored_model(project: Project) -> tuple[list[str], dict[str, tuple[str, float]], list[str], np.ndarray]:
    """Give the current model's features, those with a curve, its segment keys in order, and its prototypes."""
    rows = project.query(
        "select p.* from ml_seg__model_parameters as p join int_seg__current_model using (model_version)"
    )
    preprocess = rows[rows["stage"] == "preprocess"]
    features = sorted(preprocess.loc[preprocess["component"] == "scale", "feature"])
    transforms = preprocess[preprocess["component"] == "transform"].set_index("feature")["text_value"]
    exponents = preprocess[preprocess["component"] == "exponent"].set_index("feature")["value"]
    curves = {
        str(name): (transform, exponents.get(name, 1.0))
        for name, transform in transforms.items()
        if transform in ("log1p", "yeo_johnson")
    }
    positions = rows[(rows["stage"] == "segment") & (rows["component"] == "position")].sort_values("value")
    keys = [key for key in positions["feature"] if key in set(rows.loc[rows["stage"] == "prototype", "component"])]
    prototypes = rows[rows["stage"] == "prototype"].pivot(index="component", columns="feature", values="value")
    return features, curves, keys, prototypes.loc[keys, features].to_numpy()


@pytest.mark.parametrize("name", ["sample", "journey"])
def test_sql_gives_every_customer_at_every_snapshot_the_segment_that_scikit_learn_gives(
    name: str, request: pytest.FixtureRequest
) -> None:
    project: Project = request.getfixturevalue(name)
    features, curves, keys, prototypes = stored_model(project)
    wide = project.table("int_seg__customer_features").sort_values(["customer_id", "snapshot_date"])
    scores = project.table("int_seg__segment_scores").sort_values(["customer_id", "snapshot_date"])
    assert len(keys) > 1
    assert wide[["customer_id", "snapshot_date"]].to_numpy().tolist() == (
        scores[["customer_id", "snapshot_date"]].to_numpy().tolist()
    )

    pipeline = fit_pipeline(wide[wide["is_as_of"]], features, curves, prototypes)
    labels = np.array(keys)[pipeline.predict(wide[features])]

    assert (labels == scores["segment_key"].to_numpy()).all()
    np.testing.assert_allclose(pipeline["cluster"].cluster_centers_, prototypes, atol=1e-3)


@pytest.mark.parametrize("name", ["sample", "journey"])
def test_probability_margin_and_second_segment_follow_from_the_distances(
    name: str, request: pytest.FixtureRequest
) -> None:
    project: Project = request.getfixturevalue(name)
    features, _, keys, prototypes = stored_model(project)
    points = project.table("int_seg__preprocessed_features").sort_values(["customer_id", "snapshot_date"])
    scores = project.table("int_seg__segment_scores").sort_values(["customer_id", "snapshot_date"])
    distances = np.linalg.norm(points[features].to_numpy()[:, None, :] - prototypes[None], axis=2)
    ranked = np.sort(distances, axis=1)
    variance = project.query(
        "select value from ml_seg__model_parameters join int_seg__current_model using (model_version) "
        "where stage = 'run' and component = 'within_variance'"
    )["value"].iloc[0]
    weights = np.exp(-(distances**2 - ranked[:, :1] ** 2) / (2 * variance))

    np.testing.assert_allclose(scores["distance"], ranked[:, 0], atol=1e-7)
    np.testing.assert_allclose(scores["margin"], 1 - ranked[:, 0] / ranked[:, 1], atol=1e-7)
    np.testing.assert_allclose(scores["probability"], 1 / weights.sum(axis=1), atol=1e-9)
    assert (np.array(keys)[distances.argsort(axis=1)[:, 1]] == scores["second_segment_key"].to_numpy()).all()


def test_the_reference_model_was_fitted_on_the_as_of_snapshot_only(sample: Project) -> None:
    features, curves, _, _ = stored_model(sample)
    wide = sample.table("int_seg__customer_features")
    rows = sample.table("ml_seg__model_parameters")
    impute = rows[(rows["stage"] == "preprocess") & (rows["component"] == "impute")].set_index("feature")["value"]
    today = wide[wide["is_as_of"]]
    for feature in features:
        clipped = today[feature].clip(today[feature].quantile(0.01), today[feature].quantile(0.99))
        if feature in curves:
            clipped = bent(clipped / unit(clipped), *curves[feature])
        expected = clipped.median()
        assert impute[feature] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", ["sample", "journey"])
def test_sub_and_micro_segments_are_the_nearest_within_the_segment(name: str, request: pytest.FixtureRequest) -> None:
    project: Project = request.getfixturevalue(name)
    current = "where model_version in (select model_version from int_seg__current_model)"
    model = SegmentModel.from_parameters(project.query(f"select * from ml_seg__model_parameters {current}"))
    told = project.query(
        "select * from int_seg__segment_memberships join int_seg__decided_scores "
        "using (customer_id, snapshot_date, model_version) order by customer_id, snapshot_date"
    )
    wide = project.table("int_seg__customer_features").sort_values(["customer_id", "snapshot_date"])
    wide = wide.merge(told[["customer_id", "snapshot_date"]], on=["customer_id", "snapshot_date"])
    assert len(wide) == len(told) > 0
    segments = told["own_segment_key"].map({key: place for place, key in enumerate(model.segment_keys_)}).to_numpy()
    micro = model.levels_.assign(model.transform(wide), segments)
    assert (told["micro_segment_key"] == np.array(model.micro_segment_keys_)[micro]).all()
    assert (told["sub_segment_key"] == told["micro_segment_key"].str.rpartition(".")[0]).all()
    sizes = told[told["snapshot_date"] == told["snapshot_date"].max()]["micro_segment_key"].value_counts()
    assert set(sizes.index) == set(model.micro_segment_keys_)
