"""Holidays against dates that were printed in the decrees, and against Easter computed here."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pyarrow as pa
import pytest

from dbt_segmentation.calendar import CALENDAR_SCHEMA, public_calendar
from dbt_segmentation.errors import ConfigError

SEED = Path(__file__).parents[3] / "seeds" / "reference" / "seg_calendar_zones.csv"


def zones(*names: str) -> pa.Table:
    with SEED.open(encoding="utf-8", newline="") as file:
        rows = [{name: value or None for name, value in row.items()} for row in csv.DictReader(file)]
    return pa.Table.from_pylist([row for row in rows if not names or row["zone"] in names])


def days(first: str | None, last: str | None) -> pa.Table:
    ends = {
        name: dt.date.fromisoformat(text) if text else None for name, text in (("first_day", first), ("last_day", last))
    }
    return pa.Table.from_pylist([ends], schema=pa.schema([("first_day", pa.date32()), ("last_day", pa.date32())]))


def told(zone: str, first: str, last: str) -> dict[dt.date, dict]:
    return {row["day"]: row for row in public_calendar(zones(zone), days(first, last)).to_pylist()}


def easter(year: int) -> dt.date:
    """Sunday by the method of Meeus, Jones and Butcher."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), g = divmod(b, 4), (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * weekday) // 433
    month = (h + weekday - 7 * m + 90) // 25
    return dt.date(year, month, (h + weekday - 7 * m + 33 * month + 19) % 32)


# Printed as 'end of lessons' and 'resumption': first and last day without lessons, weekends included
DECREES = {
    "A": [("2023-10-21", "2023-11-05"), ("2023-12-23", "2024-01-07"), ("2024-02-17", "2024-03-03"),
          ("2024-04-13", "2024-04-28"), ("2025-02-22", "2025-03-09"),
          ("2025-04-19", "2025-05-04")],
    "B": [("2023-10-21", "2023-11-05"), ("2024-02-24", "2024-03-10"), ("2024-04-20", "2024-05-05"),
          ("2025-02-08", "2025-02-23"), ("2025-04-05", "2025-04-21")],
    "C": [("2023-12-23", "2024-01-07"), ("2024-02-10", "2024-02-25"), ("2024-04-06", "2024-04-21"),
          ("2025-02-15", "2025-03-02"), ("2025-04-12", "2025-04-27"), ("2025-07-05", "2025-08-31")],
}  # fmt: skip


@pytest.mark.parametrize("zone", sorted(DECREES))
def test_school_holidays_are_those_of_the_decrees(zone: str) -> None:
    calendar = told(zone, "2023-09-04", "2025-08-31")
    for first, last in DECREES[zone]:
        begin, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
        inside = [day for day in calendar if begin <= day <= end]
        assert all(calendar[day]["is_school_holiday"] for day in inside), (first, last)
        for outside in (begin - dt.timedelta(days=1), end + dt.timedelta(days=1)):
            if outside in calendar:
                assert not calendar[outside]["is_school_holiday"], outside


@pytest.mark.parametrize("year", [2018, 2021, 2024, 2026])
def test_public_holidays_are_the_eleven_of_the_law(year: int) -> None:
    fixed = {
        dt.date(year, month, day)
        for month, day in ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
    }
    movable = {easter(year) + dt.timedelta(days=after) for after in (1, 39, 50)}
    found = {day for day, row in told("A", f"{year}-01-01", f"{year}-12-31").items() if row["is_public_holiday"]}
    assert found == fixed | movable


def test_alsace_and_moselle_have_two_more_and_the_school_of_zone_b() -> None:
    here, there = told("B-AM", "2025-01-01", "2025-12-31"), told("B", "2025-01-01", "2025-12-31")
    more = {day for day in here if here[day]["is_public_holiday"] and not there[day]["is_public_holiday"]}
    assert more == {easter(2025) - dt.timedelta(days=2), dt.date(2025, 12, 26)}
    assert [row["is_school_holiday"] for row in here.values()] == [row["is_school_holiday"] for row in there.values()]


def test_what_is_not_known_is_null_and_not_false() -> None:
    assert {row["is_school_holiday"] for row in told("Corse", "2025-07-01", "2025-08-31").values()} == {None}
    assert told("A", "2017-07-20", "2017-07-20")[dt.date(2017, 7, 20)]["is_school_holiday"] is None
    assert told("A", "2017-09-04", "2017-09-04")[dt.date(2017, 9, 4)]["is_school_holiday"] is False


def test_every_zone_of_the_seed_has_every_day_once_and_in_order() -> None:
    calendar = public_calendar(zones(), days("2024-02-27", "2024-03-01"))
    keys = list(zip(calendar["zone"].to_pylist(), calendar["day"].to_pylist(), strict=True))
    assert calendar.schema == CALENDAR_SCHEMA
    assert keys == sorted(set(keys))
    assert len(keys) == 4 * zones().num_rows


def test_the_order_of_zones_does_not_matter() -> None:
    forward = zones()
    backward = forward.take(list(reversed(range(forward.num_rows))))
    assert public_calendar(forward, days("2024-01-01", "2024-01-02")).equals(
        public_calendar(backward, days("2024-01-01", "2024-01-02"))
    )


@pytest.mark.parametrize(
    "ends", [days(None, None), days("2024-01-01", "2024-01-02").slice(0, 0), days("2024-01-02", "2024-01-01")]
)
def test_no_days_give_typed_no_rows(ends: pa.Table) -> None:
    calendar = public_calendar(zones(), ends)
    assert calendar.num_rows == 0
    assert calendar.schema == CALENDAR_SCHEMA
    assert public_calendar(zones().slice(0, 0), days("2024-01-01", "2024-01-02")).num_rows == 0


def test_a_zone_that_the_package_does_not_know_says_so() -> None:
    unknown = pa.Table.from_pylist(
        [{"zone": "x", "country_code": "FR", "public_subdivision": "Zone Z", "school_subdivision": None}]
    )
    with pytest.raises(ConfigError, match=r"seg_calendar_zones.*Zone Z"):
        public_calendar(unknown, days("2024-01-01", "2024-01-02"))
    with pytest.raises(ConfigError, match=r"\d+ days, from 1900-01-01"):
        public_calendar(zones("A"), days("1900-01-01", "2024-01-02"))
