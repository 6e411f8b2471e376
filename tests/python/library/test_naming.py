import numpy as np
import pandas as pd
import pytest

from dbt_segmentation.errors import DataError
from dbt_segmentation.naming import name_segments, resemblance

ARCHETYPES = pd.DataFrame(
    [
        ("champions", "spend", 1, 1.0),
        ("champions", "recency", -1, 1.0),
        ("sleeping", "recency", 1, 1.0),
        ("bargain", "discount", 1, 1.0),
        ("gamers", "playtime", 1, 1.0),
    ],
    columns=["archetype", "feature", "direction", "weight"],
)
PROFILES = pd.DataFrame(
    [[2.0, -1.5, 0.1], [1.0, -1.0, 0.0], [-1.0, 1.5, 0.2], [0.0, 0.1, 1.5], [0.01, 0.0, 0.01]],
    columns=["spend", "recency", "discount"],
)


def test_names_are_unique_and_go_where_they_fit_best():
    assert name_segments(PROFILES, ARCHETYPES, {}) == ["champions", None, "sleeping", "bargain", None]


def test_survivors_keep_their_name_and_nobody_else_gets_it():
    assert name_segments(PROFILES, ARCHETYPES, {1: "champions"}) == [
        None,
        "champions",
        "sleeping",
        "bargain",
        None,
    ]


def test_a_survivor_without_a_name_stays_without_one():
    assert name_segments(PROFILES, ARCHETYPES, {0: None}) == [None, "champions", "sleeping", "bargain", None]
    assert name_segments(PROFILES[:1], ARCHETYPES, {0: None}) == [None]


def test_a_name_of_a_survivor_may_have_left_the_list():
    assert name_segments(PROFILES[:1], ARCHETYPES, {0: "old_friends"}) == ["old_friends"]


def test_no_archetypes_no_names():
    assert name_segments(PROFILES, ARCHETYPES[:0], {}) == [None] * 5


def test_unknown_features_are_ignored_and_the_opposite_never_named():
    scores = resemblance(PROFILES, ARCHETYPES)
    assert (scores["gamers"] == 0.0).all()
    assert scores.loc[2, "champions"] < 0
    only = ARCHETYPES[ARCHETYPES["archetype"] == "champions"]
    assert name_segments(PROFILES.iloc[[2]], only, {}) == [None]


def test_the_score_is_a_shrunk_cosine():
    scores = resemblance(PROFILES, ARCHETYPES)
    profile, target = PROFILES.iloc[0].to_numpy(), np.array([1.0, -1.0, 0.0])
    cosine = profile @ target / np.linalg.norm(profile) / np.linalg.norm(target)
    assert scores.loc[0, "champions"] == pytest.approx(cosine * np.linalg.norm(profile) / (1 + np.linalg.norm(profile)))


def test_missing_columns_are_named():
    with pytest.raises(DataError, match="direction"):
        name_segments(PROFILES, ARCHETYPES.drop(columns="direction"), {})
