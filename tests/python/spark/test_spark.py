"""Spark gives what DuckDB gives, by the same models."""

from __future__ import annotations

import datetime
import decimal
import itertools
from collections import Counter
from typing import Any

import numpy as np
import pandas as pd
import pytest
from helpers.scores import assert_scores_are_those_of_python
from helpers.scoring_sql import score_on_spark

from dbt_segmentation import SegmentModel

PROJECTS = ("demo", "journey")
KEYS = ["customer_id", "snapshot_date"]
# an input's judged rows, and what names one
CHECKED = {
    "orders": "order_id",
    "order_lines": "order_line_id",
    "events": "event_id",
    "campaign_touches": "touch_id",
    "support_tickets": "ticket_id",
    "survey_responses": "response_id",
    "social_engagements": "engagement_id",
}
# what nobody can know there, on either engine: openings are not asked for, and holidays come of a Python model
NOT_ASKED_FOR = {"messages_opened", "message_open_rate", "public_holiday_share", "school_holiday_share"}
UNKNOWN = {
    "demo": NOT_ASKED_FOR,
    # no visits, tickets or social acts, no addresses and so no areas and seasons, little about people, and no column that
    # would tell of clicks, returns and refunds
    "journey": NOT_ASKED_FOR
    | {f"session_count_{window}" for window in ("30d", "90d", "180d", "365d", "life", "decayed")}
    | {"session_count", "session_recency_days", "session_depth", "session_dwell_seconds", "bounce_share"}
    | {f"{stage}_session_share" for stage in ("item", "cart", "checkout", "purchase", "mobile")}
    | {"funnel_depth", "item_drop_share", "cart_drop_share", "checkout_drop_share", "visit_to_order_days"}
    | {"first_step", "last_step", "most_used_step", "furthest_step", "favourite_device", "favourite_network"}
    | {"search_count", "item_view_count", "promotion_view_count", "wishlist_count"}
    | {"abandoned_cart_count", "cart_abandonment_share", "login_count", "active_day_count", "step_kind_count"}
    | {"acts_per_active_day", "usage_days", "login_recency_days"}
    | {"ticket_count", "open_ticket_count", "ticket_days", "ticket_satisfaction"}
    | {"social_count", "social_network_count", "social_voice_share", "social_sentiment"}
    | {"density", "distance_to_centre_km", "median_income", "mean_income", "unemployment_rate", "urban_class"}
    | {"region", "favourite_season", "favourite_weather", "local_event_share"}
    | {"gender", "language", "occupation", "education", "company_size", "sector"}
    | {"message_click_rate", "returned_order_share", "refund_share"},
}


def comparable(value: Any) -> Any:
    """A value as both engines' clients can be compared."""
    if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, (pd.Timestamp, datetime.datetime)):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f").removesuffix(" 00:00:00.000000")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, float, decimal.Decimal, np.number)):
        return float(f"{value:.12g}")
    return value


def rows(frame: pd.DataFrame, columns: list[str]) -> Counter[tuple[Any, ...]]:
    """Rows as a bag."""
    return Counter(tuple(map(comparable, row)) for row in frame[columns].astype(object).itertuples(index=False))


@pytest.fixture(params=PROJECTS)
def both(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


def wide(frame: pd.DataFrame) -> pd.DataFrame:
    frame = frame.assign(snapshot_date=pd.to_datetime(frame["snapshot_date"]).dt.date.astype(str))
    return frame.sort_values(KEYS).set_index(KEYS)


def test_every_feature_of_every_customer_is_the_same(both: Any, request: pytest.FixtureRequest) -> None:
    expected, found = (wide(engine.table("int_seg__customer_features")) for engine in (both.duckdb, both.spark))

    assert len(expected) > 1000
    assert list(found.columns) == list(expected.columns)
    assert found.index.equals(expected.index)
    unknown = expected.isna().all()
    assert set(unknown.index[unknown]) == UNKNOWN[request.node.callspec.params["both"]]
    for name in expected.columns:
        if pd.api.types.is_float_dtype(expected[name]):
            np.testing.assert_allclose(found[name].astype(float), expected[name], rtol=1e-9, atol=0, err_msg=name)
        else:  # texts, and yes or no
            assert list(map(comparable, found[name])) == list(map(comparable, expected[name])), name


def period_end(day: datetime.date, period: str, back: int) -> datetime.date:
    """The last day of a period that is not after `day`, or of one some periods before it."""
    ends = (day - datetime.timedelta(days=before) for before in range(10_000))
    ended = {
        "day": lambda end: True,
        "week": lambda end: end.isoweekday() == 7,
        "month": lambda end: (end + datetime.timedelta(days=1)).day == 1,
    }[period]
    return next(itertools.islice(filter(ended, ends), back, None))


def test_a_period_ends_where_the_calendar_says(spark: Any, empty_project: Any) -> None:
    """The dispatched macro has a branch for each period, and the projects here are told by the month."""
    days = [datetime.date(2023, 12, 20) + datetime.timedelta(days=after) for after in range(400)]
    asked = list(itertools.product(("day", "week", "month"), (0, 1, 13)))
    ends = ", ".join(f"{{{{ dbt_segmentation.seg_period_end('day', '{period}', {back}) }}}}" for period, back in asked)
    calendar = f"select explode(sequence(date '{days[0]}', date '{days[-1]}')) as day"
    sql = empty_project.compiled(f"select day, array({ends}) as ends from ({calendar})")
    found = {row["day"]: row["ends"] for row in spark.sql(sql).collect()}

    assert list(found) == days
    assert found == {day: [period_end(day, period, back) for period, back in asked] for day in days}


def test_state_is_written_by_partitions_and_what_is_in_clear_is_dropped(empty_project: Any) -> None:
    """Configurations call dispatched macros, which dbt renders while it parses."""
    nodes = empty_project.dbt("parse").nodes
    config = {node.name: node.config for node in nodes.values() if node.resource_type == "model"}

    for model, column in (
        ("int_seg__identity_history", "generation"),
        ("int_seg__segment_memberships", "snapshot_date"),
    ):
        assert config[model].incremental_strategy == "insert_overwrite", model
        assert config[model].extra["partition_by"] == [column], model
    in_clear = {name for name, its in config.items() if "seg_unstored" in its.tags}
    assert {"int_seg__allowed_records", "stg_seg__addresses_to_geocode", "stg_seg__customers"} <= in_clear
    assert {config[name].materialized for name in in_clear} <= {"table", "ephemeral"}


def test_the_same_records_are_the_same_customers_and_the_same_are_suppressed(both: Any) -> None:
    columns = ["record_key", "customer_id", "match_rule", "record_count"]
    expected, found = (rows(engine.table("int_seg__customer_records"), columns) for engine in (both.duckdb, both.spark))
    assert found == expected
    suppressed = [
        set(engine.table("int_seg__suppressed_records")["record_key"]) for engine in (both.duckdb, both.spark)
    ]
    assert suppressed[0] == suppressed[1]


def test_every_row_of_every_input_has_the_same_status(demo: Any) -> None:
    for name, key in CHECKED.items():
        columns = [key, "customer_id", "rejection_reason", "rejected_field", "masked_value", "row_status"]
        expected, found = (
            rows(engine.table(f"int_seg__checked_{name}"), columns) for engine in (demo.duckdb, demo.spark)
        )
        assert found == expected, name
        assert len({row[-1] for row in found}) > 1, name


def test_rows_read_are_accounted_for_alike(both: Any) -> None:
    columns = ["input", "rows_read", "rows_used", "rows_rejected", "rows_later", "rows_withheld"]
    expected, found = (
        rows(engine.table("int_seg__input_reconciliation"), columns) for engine in (both.duckdb, both.spark)
    )
    assert found == expected


def test_values_are_repaired_alike(demo: Any) -> None:
    columns = ["input", "record_key", "field", "repair", "masked_before", "masked_after"]
    expected, found = (rows(engine.table("int_seg__repaired_values"), columns) for engine in (demo.duckdb, demo.spark))
    assert sum(expected.values()) > 100
    assert found == expected


def test_scoring_on_spark_gives_what_python_gives(both: Any) -> None:
    parameters = both.spark.query(
        f"select p.* from {both.spark.schema}.ml_seg__model_parameters as p "
        f"join {both.spark.schema}.int_seg__current_model as c on p.model_version = c.model_version"
    )
    features, scores = (both.spark.table(f"int_seg__{name}") for name in ("customer_features", "segment_scores"))
    model = assert_scores_are_those_of_python(parameters, features, scores, atol=1e-6)
    assert len(model.segment_keys_) > 1


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"algorithm": "mixture", "n_segments": 3}, id="posteriors"),
        pytest.param(
            {"algorithm": "mixture", "n_segments": 3, "reduction": "pca", "transformation": "rank"}, id="components"
        ),
        pytest.param({"algorithm": "agglomerative", "n_segments": 3, "imputation": "iterative"}, id="linkage"),
        pytest.param({"algorithm": "kmeans", "n_segments": 4, "imputation": "prototype"}, id="prototypes"),
    ],
)
def test_other_methods_score_on_spark_as_in_python(spark: Any, settings: dict[str, Any]) -> None:
    generator = np.random.default_rng(0)
    group = generator.integers(3, size=300)
    numbers = {
        "spend": np.exp(generator.normal(group * 1.2, 0.6)),
        "visits": generator.poisson(1 + 3 * group).astype(float),
        "balance": generator.normal(group - 1, 0.8) ** 3,
    }
    features = pd.DataFrame(numbers, index=[f"c{place:03d}" for place in range(300)])
    features = features.mask(generator.random(features.shape) < 0.08)
    model = SegmentModel(min_segment_size=10, n_bootstraps=2, n_references=3, **settings).fit(features)
    assert len(model.segment_keys_) > 2
    wide = features.rename_axis("customer_id").reset_index().assign(snapshot_date="2026-01-31")
    parameters = model.to_parameters()

    assert_scores_are_those_of_python(parameters, wide, score_on_spark(parameters, features, spark))


def test_both_engines_fit_the_same_segments(both: Any) -> None:
    columns = ["customer_id", "snapshot_date", "segment_key"]
    expected, found = (
        rows(engine.table("int_seg__segment_memberships"), columns) for engine in (both.duckdb, both.spark)
    )
    assert len({row[-1] for row in expected}) > 1
    assert found == expected


def test_nobody_is_left_in_clear(demo: Any) -> None:
    left = {row["tableName"] for row in demo.spark.spark.sql("show tables in seg").collect()}
    assert "int_seg__customer_features" in left
    assert not {name for name in left if name.startswith("stg_seg__") and name != "stg_seg__category_map"}
    assert "int_seg__allowed_records" not in left


def test_a_second_run_changes_nothing(demo: Any) -> None:
    """State on Spark is appended to, or rewritten by partitions."""
    names = (
        "int_seg__identity_history",
        "ml_seg__model_parameters",
        "int_seg__refit_decisions",
        "int_seg__segment_memberships",
    )
    before = {name: demo.spark.table(name) for name in names}
    assert demo.spark.cli("run") == 0
    for name, earlier in before.items():
        columns = [column for column in earlier.columns if column not in ("run_id", "registered_at")]
        assert rows(demo.spark.table(name), columns) == rows(earlier, columns), name
