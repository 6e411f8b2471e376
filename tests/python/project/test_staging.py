"""Staging against the demo's planted dirt, against hostile values, and what it says of its repairs."""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
from helpers.projects import ROOT, Project

from dbt_segmentation.phones import phone_e164
from dbt_segmentation.pseudonyms import pseudonyms

Make = Callable[..., Project]
# what names a row in tests/fixtures/truth/dirt.csv
ROW_KEYS = {
    "customers": "source_system || '|' || source_record_id",
    "orders": "order_id",
    "order_lines": "order_line_id",
    "events": "event_id",
    "campaign_touches": "touch_id",
    "survey_responses": "response_id",
    "support_tickets": "ticket_id",
    "social_engagements": "engagement_id",
    "customer_attributes": "source_system || '|' || source_record_id || '|' || attribute || '|' || provider",
    "consents": "concat_ws('|', source_system, source_record_id, purpose, strftime(recorded_at, '%Y-%m-%d %H:%M:%S'))",
    "market_indicators": "area_code || '|' || day || '|' || indicator",
}
# judged after staging: amounts are converted in stg_seg__orders_in_one_currency, and these two are the judges'
NOT_STAGING = {"foreign_currency", "unknown_unit", "closed_before_opened"}


def reader(path: Path) -> duckdb.DuckDBPyConnection:
    """Connect to a build file as dbt does, with the functions that staging calls."""
    connection = duckdb.connect(str(path), read_only=True)
    options: dict[str, Any] = {"type": "arrow", "null_handling": "special"}
    connection.create_function("seg_phone_e164", phone_e164, ["VARCHAR", "VARCHAR"], "VARCHAR", **options)
    connection.create_function("seg_hmac", partial(pseudonyms, b"k" * 32), ["VARCHAR"], "VARCHAR", **options)
    return connection


def same(value: object, told: str) -> bool:
    if value is None:
        return told == ""
    try:
        return float(str(value)) == float(told)
    except ValueError:
        return str(value) == told


def test_planted_dirt_is_repaired_dropped_or_kept_as_the_truth_says(
    demo_connection: duckdb.DuckDBPyConnection,
) -> None:
    wrong, checked = [], 0
    values: dict[tuple[str, str], dict[str, list[object]]] = {}
    with (ROOT / "tests/fixtures/truth/dirt.csv").open(encoding="utf-8") as file:
        planted = [row for row in csv.DictReader(file) if row["kind"] not in NOT_STAGING]
    for row in planted:
        column = "duration_seconds" if row["field"] == "duration" else row["field"]
        if (row["input"], column) not in values:
            found: dict[str, list[object]] = {}
            query = f"select {ROW_KEYS[row['input']]}, {column} from stg_seg__{row['input']}"
            for key, value in demo_connection.execute(query).fetchall():
                found.setdefault(key, []).append(value)
            values[row["input"], column] = found
        staged = values[row["input"], column].get(row["row_key"], [])
        if row["expected"] in ("repaired", "kept"):
            ok = any(same(value, row["expected_value"]) for value in staged)
        elif row["expected"] == "nulled" or row["reason"].startswith("unreadable"):
            ok = None in staged
        else:
            continue
        checked += 1
        if not ok:
            wrong.append((row["input"], row["row_key"], row["field"], row["kind"], row["expected_value"], staged[:2]))
    assert wrong == []
    assert checked > 450


HOSTILE = [
    "'; drop table raw.customers; --",
    '"quoted" \\ back\\slash',
    "\x00",
    "a\x00b",
    "\x01\x02\x1b[31m",
    "💥👩‍👩‍👧‍👦",
    "{{ 1 / 0 }} {% raw %}",
    "٣٤٥",
    "\uff21" * 50,
    "x" * 1_000_000,
    "a " * 500_000,
    "-" * 1_000_000,
    "1," * 500_000,
    "<" * 500_000 + ">",
    "a@" * 500_000,
    "%s%n %(x)s ${jndi:x}",
    "\ud7ff\ue000\ufffd\u202e",
]


def test_hostile_values_are_kept_or_null_and_never_stop_a_build(consumer: Make) -> None:
    project = consumer()
    columns = [
        "email",
        "phone",
        "first_name",
        "last_name",
        "birth_date",
        "gender",
        "address",
        "postal_code",
        "city",
        "country_code",
        "household_size",
        "language",
        "latitude",
        "longitude",
        "customer_type",
        "company_name",
        "created_at",
    ]
    with duckdb.connect(str(project.build)) as connection:
        names = ", ".join(f"{name} varchar" for name in columns)
        connection.execute(
            f"create or replace table raw.customers (source_system varchar, source_record_id varchar, {names})"
        )
        connection.executemany(
            f"insert into raw.customers values (?, ?, {', '.join('?' * len(columns))})",
            [["shop", f"H{number}{value}", *[value] * len(columns)] for number, value in enumerate(HOSTILE)],
        )
        connection.execute("create or replace table raw.orders as select * from raw.orders limit 0")
        connection.execute("alter table raw.orders alter ordered_at type varchar")
        connection.execute("alter table raw.orders alter gross_amount type varchar")
        connection.executemany(
            "insert into raw.orders (order_id, source_system, source_record_id, ordered_at, gross_amount)"
            " values (?, ?, ?, ?, ?)",
            [[f"O{number}", value, value, value, value] for number, value in enumerate(HOSTILE)],
        )
    project.make("--select", "seg_category_map", "stg_seg__category_map", "stg_seg__customers", "stg_seg__orders")

    with reader(project.build) as connection:
        staged = connection.execute("select * from stg_seg__customers order by length(source_record_id)").df()
        orders = connection.execute(
            "select count(*), count(ordered_at), count(gross_amount) from stg_seg__orders"
        ).fetchone()
    assert len(staged) == len(HOSTILE)
    assert set(staged["source_record_id"]) == {f"H{number}{value}".strip() for number, value in enumerate(HOSTILE)}
    assert {value.strip() for value in HOSTILE} == set(staged["last_name"])
    for column in (
        "email",
        "phone",
        "birth_date",
        "country_code",
        "household_size",
        "latitude",
        "created_at",
        "gender",
    ):
        assert staged[column].isna().all(), column
    for column in ("last_name_key", "address_key", "city_key", "company_name_key"):
        assert staged[column].dropna().str.len().max() <= 100
    assert orders == (len(HOSTILE), 0, 0)
