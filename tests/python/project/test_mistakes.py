"""What mistakes in a project that installs this package are answered with: one message that says how to mend it, and an exit code."""

from __future__ import annotations

import json
from collections.abc import Callable

import duckdb
import pytest
from helpers.projects import Project

Make = Callable[..., Project]

# a change of vars, and words that the answer must have
WRONG: dict[str, tuple[dict[str, object], list[str]]] = {
    "wrong choice": ({"seg_snapshot_period": "monthly"}, ["seg_snapshot_period", "month"]),
    "future": ({"seg_as_of_date": "2999-01-01"}, ["seg_as_of_date", "future"]),
    "no such day": ({"seg_as_of_date": "2026-02-30"}, ["seg_as_of_date", "2026-01-31"]),
    "no such zone": ({"seg_timezone": "Europe/Pari"}, ["seg_timezone", "Europe/Paris"]),
    "no such feature": ({"seg_clustering_features": ["revenu"]}, ["'revenu'", "'revenue'"]),
    "no such response": ({"seg_response": "revenu"}, ["'revenu'", "numeric feature", "'revenue'"]),
    "nothing but the response": (
        {"seg_response": "revenue", "seg_clustering_features": ["revenue"], "seg_feature_selection": "forest"},
        ["seg_clustering_features", "'revenue'", "Name others"],
    ),
    "override without a name": (
        {"seg_feature_overrides": {"revenue": "log1p"}},
        ["seg_feature_overrides.revenue", "a mapping"],
    ),
    "override of nothing": (
        {"seg_feature_overrides": {"revenu": {"weight": 2}}},
        ["'revenu'", "clustered by", "'revenue'"],
    ),
    "no such override": ({"seg_feature_overrides": {"revenue": {"wieght": 2}}}, ["revenue.wieght", "'weight'"]),
    "no such transform": ({"seg_feature_overrides": {"revenue": {"transform": "log"}}}, ["revenue.transform", "log1p"]),
    "no weight": ({"seg_feature_overrides": {"revenue": {"weight": 0}}}, ["revenue.weight", "more than 0"]),
    "order of numbers": ({"seg_feature_overrides": {"revenue": {"order": ["a", "b"]}}}, ["revenue.order", "numbers"]),
    "overrides of no mapping": ({"seg_feature_overrides": ["revenue"]}, ["seg_feature_overrides", "a mapping"]),
    "no such known label": ({"seg_known_label": "favourite_categry"}, ["seg_known_label", "'favourite_category'"]),
    "limits the wrong way": ({"seg_winsor_limits": [0.9, 0.1]}, ["seg_winsor_limits", "two numbers from 0 to 1"]),
    "one limit": ({"seg_winsor_limits": 0.01}, ["seg_winsor_limits", "two numbers"]),
    "no numbers as limits": ({"seg_winsor_limits": ["0.01", "0.99"]}, ["seg_winsor_limits", "two numbers"]),
    "no share": ({"seg_min_coverage": 5}, ["seg_min_coverage", "at most 1"]),
    "no correlation": ({"seg_max_correlation": 1.5}, ["seg_max_correlation", "at most 1"]),
    "no skew": ({"seg_skew_limit": -1}, ["seg_skew_limit", "at least 0"]),
    "no variance": ({"seg_pca_variance": 85}, ["seg_pca_variance", "at most 1"]),
    "too few references": ({"seg_references": 1}, ["seg_references", "at least 2"]),
    "no such family": ({"seg_disabled_families": ["jurney"]}, ["'jurney'", "'journey'"]),
    "no list": ({"seg_disabled_families": "social"}, ["seg_disabled_families", "a list"]),
    "no such window": ({"seg_feature_windows": [30, "90"]}, ["seg_feature_windows", "'90'"]),
    "no list of windows": ({"seg_feature_windows": 30}, ["seg_feature_windows", "a list"]),
    "same name twice": ({"seg_categories": ["a b", "a-b"]}, ["'a b'", "'a-b'", "share_a_b"]),
    "no such currency": ({"seg_currency": "EUR'; --"}, ["seg_currency", "EUR"]),
    "no text in a list": ({"seg_categories": [{"b": 1}]}, ["seg_categories", "list of texts"]),
    "no such list": ({"seg_flows_relation": "raw.orders"}, ["seg_flows_relation", "'input'"]),
    "no text in a map": ({"seg_column_map": {"orders": {"status": 5}}}, ["seg_column_map.orders.status", "'5'"]),
    "no map": ({"seg_column_map": "orders"}, ["seg_column_map", "a mapping"]),
    "no such column": ({"seg_column_map": {"orders": {"ordered_at": "orderd"}}}, ["orderd", "ordered_at"]),
}
# a build of what looks at orders, and at a list
READING = ("build", "--select", "+stg_seg__orders", "int_seg__flow_register", "--exclude-resource-type=test")


def test_every_wrong_setting_is_answered_with_what_is_right(consumer: Make) -> None:
    project = consumer()
    changes = [change for change, _ in WRONG.values()]

    answers = project.answers([{"arguments": [*READING, "--vars", json.dumps(change)]} for change in changes])

    for name, answer in zip(WRONG, answers, strict=True):
        said = answer.get("error", "")
        assert all(word in said for word in WRONG[name][1]), (name, answer)


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        pytest.param({"seg_windw_days": 90}, 2, ["seg_windw_days", "seg_window_days"], id="unknown_var"),
        pytest.param({"seg_k_min": 9, "seg_k_max": 3}, 2, ["seg_k_min", "seg_k_max"], id="conflict"),
        pytest.param({"seg_orders_relation": "raw.ordres"}, 2, ["ordres", "seg_orders_relation"], id="no_such_table"),
    ],
)
def test_a_wrong_setting_stops_the_run_with_one_message_and_its_exit_code(
    consumer: Make, change: dict[str, object], status: int, words: list[str]
) -> None:
    project = consumer(**change)
    published = project.folder / "published"

    result = project.run("dbt-segmentation", "run")

    said = result.stdout + result.stderr
    assert result.returncode == status, said
    assert all(word in said for word in words), said
    assert "Traceback" not in said
    assert not published.exists()


def test_a_missing_column_names_relation_column_and_nearest_one(consumer: Make) -> None:
    project = consumer()
    project.execute("alter table raw.orders rename column ordered_at to ordered_on")

    result = project.run("dbt-segmentation", "run")

    said = result.stdout + result.stderr
    assert result.returncode == 2, said
    assert all(word in said for word in ("raw.orders", "'ordered_at'", "'ordered_on'", "seg_column_map")), said
    assert "Traceback" not in said


def test_a_build_file_held_by_another_process_is_exit_3(consumer: Make) -> None:
    project = consumer()
    with duckdb.connect(str(project.build)):
        result = project.run("dbt-segmentation", "run")
    said = result.stdout + result.stderr
    assert result.returncode == 3, said
    assert "consumer.duckdb" in said
    assert "Traceback" not in said
