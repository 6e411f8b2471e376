"""Rows to compute features from, how to run the compiled models on them, and how to compare."""

from __future__ import annotations

import datetime as dt
import math
import re
import statistics
from collections.abc import Callable, Iterable
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
from hypothesis import HealthCheck, settings

from helpers.projects import Project

Rows = list[dict[str, Any]]
Run = Callable[..., Any]
WINDOW = 180
SNAPSHOTS = (dt.date(2024, 1, 31), dt.date(2024, 2, 29), dt.date(2024, 3, 31), dt.date(2024, 10, 27))
# around snapshots, the leap day, changes of the clock and the edge of the window
DAYS = tuple(
    day + dt.timedelta(days=offset) for day in SNAPSHOTS for offset in (-WINDOW, -WINDOW + 1, -60, -30, -2, -1, 0, 1)
)
CUSTOMERS = ("a", "b", "c")
PARIS = ZoneInfo("Europe/Paris")
# in UTC: half past two comes twice on one day and never on the other, and one day has 25 hours, the other 23
CHANGES_OF_CLOCK = tuple(
    dt.datetime.fromisoformat(moment)
    for moment in (
        *("2024-10-26T22:00:00", "2024-10-27T00:30:00", "2024-10-27T00:45:00", "2024-10-27T01:00:00"),
        *("2024-10-27T01:30:00", "2024-10-27T22:59:59", "2024-03-30T23:00:00", "2024-03-31T00:45:00"),
        *("2024-03-31T00:59:59", "2024-03-31T01:00:00", "2024-03-31T01:30:00", "2024-03-31T21:59:59"),
    )
)
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
PARTS_OF_DAY = {f"{part}_contacts": "bigint" for part in ("night", "morning", "afternoon", "evening")}
COLUMNS = {
    "int_seg__snapshots": {"snapshot_date": "date"},
    "int_seg__snapshots_to_build": {"snapshot_date": "date"},
    "int_seg__snapshots_in_hand": {"snapshot_date": "date", "is_for_everyone": "boolean"},
    "int_seg__changed_customers": {"customer_id": "varchar"},
    "int_seg__customer_snapshots": {"customer_id": "varchar", "snapshot_date": "date", "known_since": "date"},
    "int_seg__feature_rows": {
        "customer_id": "varchar",
        "snapshot_date": "date",
        "recency_days": "double",
        "order_count": "double",
        "revenue": "double",
    },
    "int_seg__ranked_snapshots": {"snapshot_date": "date"},
    "int_seg__customer_days": {
        "customer_id": "varchar",
        "order_day": "date",
        "orders": "bigint",
        "revenue": "double",
        **PARTS_OF_DAY,
    },
    "int_seg__customer_session_days": {
        "customer_id": "varchar",
        "session_day": "date",
        "known_day": "date",
        "sessions": "bigint",
    },
    "int_seg__customer_touch_days": {"customer_id": "varchar", "touch_day": "date", "messages_sent": "bigint"},
    "int_seg__customers": {
        "customer_id": "varchar",
        "age_band": "varchar",
        "gender": "varchar",
        "language": "varchar",
        "occupation": "varchar",
        "education": "varchar",
        "marital_status": "varchar",
        "household_size": "integer",
        "children_count": "integer",
        "customer_type": "varchar",
        "company_size": "varchar",
        "sector": "varchar",
        "income_band": "varchar",
        "country_code": "varchar",
    },
    "int_seg__customer_geography": {
        "customer_id": "varchar",
        "calendar_zone": "varchar",
        "country_code": "varchar",
        "region": "varchar",
        "urban_class": "varchar",
        "density": "double",
        "median_income": "double",
        "mean_income": "double",
        "unemployment_rate": "double",
        "distance_to_centre_km": "double",
    },
    "int_seg__calendar": {
        "day": "date",
        "zone": "varchar",
        "season": "varchar",
        "is_public_holiday": "boolean",
        "is_school_holiday": "boolean",
        "local_event": "varchar",
        "weather": "varchar",
    },
    "int_seg__orders": {
        "customer_id": "varchar",
        "order_day": "date",
        "ordered_local": "timestamp",
        "revenue": "decimal(18, 4)",
        "gross_amount": "decimal(18, 4)",
        "discount_amount": "decimal(18, 4)",
        "refund_amount": "decimal(18, 4)",
        "coupon_used": "boolean",
        "status": "varchar",
        "channel": "varchar",
    },
    "int_seg__order_lines": {
        "customer_id": "varchar",
        "order_day": "date",
        "category": "varchar",
        "brand_type": "varchar",
        "quantity": "double",
        "line_amount": "decimal(18, 4)",
    },
    "int_seg__run": {"as_of_date": "date"},
    "int_seg__campaign_touches": {
        "customer_id": "varchar",
        "channel": "varchar",
        "sent_day": "date",
        "opened_day": "date",
        "is_open_known": "boolean",
        "clicked_day": "date",
        "converted_day": "date",
        "unsubscribed_day": "date",
    },
    "int_seg__events": {
        "event_id": "varchar",
        "customer_id": "varchar",
        "occurred_day": "date",
        "known_day": "date",
        "occurred_at": "timestamp",
        "occurred_local": "timestamp",
        "event_name": "varchar",
        "duration_seconds": "double",
        "device": "varchar",
        "network": "varchar",
    },
    "int_seg__support_tickets": {
        "customer_id": "varchar",
        "opened_day": "date",
        "closed_day": "date",
        "satisfaction": "double",
    },
    "int_seg__social_engagements": {
        "customer_id": "varchar",
        "occurred_day": "date",
        "known_day": "date",
        "network": "varchar",
        "kind": "varchar",
        "sentiment": "varchar",
    },
    "int_seg__survey_responses": {
        "response_id": "varchar",
        "customer_id": "varchar",
        "survey_id": "varchar",
        "question_id": "varchar",
        "scale_name": "varchar",
        "answered_day": "date",
        "answered_at": "timestamp",
        "score": "double",
        "scale_min": "double",
        "scale_max": "double",
        "reversed": "boolean",
    },
}


def model_runner(sample: Project) -> Run:
    """Give a function that runs compiled models one after the other on given rows, all snapshots in hand for everyone.

    It gives the last one's rows by the columns of `key`, or those of each model in `give`.
    """
    every_snapshot = [{"snapshot_date": day, "is_for_everyone": True} for day in SNAPSHOTS]
    in_hand: dict[str, Rows] = {
        "int_seg__customer_snapshots": spine(),
        "int_seg__snapshots_to_build": every_snapshot,
        "int_seg__snapshots_in_hand": every_snapshot,
        "int_seg__changed_customers": [],
    }

    def run_models(
        models: Iterable[str],
        key: tuple[str, ...] = ("customer_id", "snapshot_date"),
        give: tuple[str, ...] = (),
        **tables: Rows,
    ) -> Any:
        with duckdb.connect() as connection:
            for name, rows in (in_hand | tables).items():
                columns = COLUMNS[name]
                connection.execute(f"create table {name} ({', '.join(f'{c} {t}' for c, t in columns.items())})")
                if rows:
                    marks = ", ".join("?" * len(columns))
                    connection.executemany(
                        f"insert into {name} values ({marks})",
                        [[row.get(column) for column in columns] for row in rows],
                    )
            for model in models:
                file = sample.folder / "target/compiled/dbt_segmentation/models/features" / f"{model}.sql"
                sql = re.sub(r'"\w+"\."\w+"\."(\w+)"', r"\1", file.read_text(encoding="utf-8"))
                connection.execute(f"create table {model} as {sql}")
            found = [_by_key(connection, name, key) for name in give or (model,)]
        return found if give else found[0]

    return run_models


def _by_key(
    connection: duckdb.DuckDBPyConnection, table: str, key: tuple[str, ...]
) -> dict[tuple[Any, ...], dict[str, Any]]:
    cursor = connection.execute(f"select * from {table}")
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    found = {tuple(row[name] for name in key): row for row in rows}
    assert len(found) == len(rows)
    return found


def spine() -> Rows:
    since = dt.date(2023, 6, 1)
    return [
        {"customer_id": customer, "snapshot_date": day, "known_since": since}
        for customer in CUSTOMERS
        for day in SNAPSHOTS
    ]


def on_the_wall(moment: dt.datetime) -> dt.datetime:
    """What a clock in Paris showed at a moment in UTC."""
    return moment.replace(tzinfo=dt.UTC).astimezone(PARIS).replace(tzinfo=None, fold=0)


def in_utc(wall: dt.datetime) -> dt.datetime:
    """When a clock in Paris showed this; of an hour that comes twice, `fold` tells which."""
    return wall.replace(tzinfo=PARIS).astimezone(dt.UTC).replace(tzinfo=None, fold=0)


def seen(day: dt.date, snapshot: dt.date, window: int | None = WINDOW) -> bool:
    return day <= snapshot and (window is None or (snapshot - day).days < window)


def ratio(above: float, below: float) -> float | None:
    return above / below if below else None


def mean(values: Iterable[float]) -> float | None:
    values = list(values)
    return statistics.fmean(values) if values else None


def assert_same(told: dict[str, Any], expected: dict[str, Any], where: object) -> None:
    for name, value in expected.items():
        if value is None or told[name] is None:
            assert told[name] is value, (where, name, told[name], value)
        elif isinstance(value, str):
            assert told[name] == value, (where, name, told[name], value)
        else:
            assert math.isclose(told[name], value, rel_tol=1e-9, abs_tol=1e-7), (where, name, told[name], value)
