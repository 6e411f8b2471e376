"""Scores as the warehouse has them against the model in Python that its parameter rows describe."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dbt_segmentation import SegmentModel

KEYS = ["customer_id", "snapshot_date"]


def assert_scores_are_those_of_python(
    parameters: pd.DataFrame, features: pd.DataFrame, scores: pd.DataFrame, atol: float = 1e-9
) -> SegmentModel:
    """Compare every score of every customer at every snapshot, and give the model.

    `parameters` are the rows of one model in ml_seg__model_parameters, `features` those of int_seg__customer_features, `scores`
    those of int_seg__segment_scores.
    """
    model = SegmentModel.from_parameters(parameters)
    features, scores = (frame.sort_values(KEYS).reset_index(drop=True) for frame in (features, scores))
    assert len(scores) > 0
    assert scores[KEYS].astype(str).equals(features[KEYS].astype(str))
    keys, rows = np.array(model.segment_keys_), np.arange(len(scores))
    affinities = model.assignment_.affinities(model.transform(features))
    labels, posteriors = model.predict(features), model.predict_proba(features)
    assert (scores["segment_key"].to_numpy() == keys[labels]).all()
    expected = {
        "probability": posteriors[rows, labels],
        "distance": model.assignment_.distances(model.transform(features), labels),
    }
    if len(keys) > 1:
        others = np.where(np.arange(len(keys)) == labels[:, None], -np.inf, affinities)
        second = others.argmax(axis=1)
        # which of two equally near segments is second is a matter of the last digit
        is_clear = np.diff(np.sort(others, axis=1)[:, -2:], axis=1).ravel() > 1e-9 if len(keys) > 2 else rows >= 0
        assert is_clear.mean() > 0.99
        assert (scores["second_segment_key"].to_numpy() == keys[second])[is_clear].all()
        expected["second_probability"] = posteriors[rows, second]
        expected["second_distance"] = model.assignment_.distances(model.transform(features), second)
        nearness = expected["distance"] / expected["second_distance"]
        odds = expected["second_probability"] / expected["probability"]
        expected["margin"] = 1 - (odds if model.assignment_.is_mixture else nearness)
    for name, values in expected.items():
        np.testing.assert_allclose(scores[name].astype(float), values, rtol=0, atol=atol, err_msg=name)
    return model
