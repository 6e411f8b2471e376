"""The geocoder hook: quota, cache, errors, and what it may not keep."""

from __future__ import annotations

import random
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbt_segmentation.errors import ConfigError
from dbt_segmentation.geocoding import (
    ERRORS_IN_A_ROW,
    GEOCODED_SCHEMA,
    Answer,
    CachedGeocoder,
    geocoded_addresses,
    load_geocoder,
    validated,
)

ASKED: list[str] = []


def find(
    *, address: str, postal_code: str | None, city: str | None, country_code: str | None
) -> tuple[float, float] | None:
    """What a user's module would hold."""
    ASKED.append(address)
    if address == "broken":
        raise OSError("the address 'broken' was refused")
    return None if address == "nowhere" else (48.123456, 2.987654)


def rows(*addresses: str) -> list[dict[str, Any]]:
    return [
        {"address_hash": f"h_{text}", "address": text, "postal_code": "75001", "city": "Paris", "country_code": "FR"}
        for text in addresses
    ]


@pytest.fixture(autouse=True)
def _forget() -> None:
    ASKED.clear()


def test_each_address_is_asked_once_and_rounded() -> None:
    geocoder = CachedGeocoder(find, 10)
    answers = geocoder.resolve(rows("b", "a", "b"))
    assert ASKED == ["a", "b"]
    assert answers == {"h_a": Answer("found", 48.12, 2.99), "h_b": Answer("found", 48.12, 2.99)}
    assert (geocoder.calls_, geocoder.errors_, geocoder.unasked_) == (2, 0, 0)


def test_the_quota_counts_calls_and_the_rest_waits() -> None:
    geocoder = CachedGeocoder(find, 2, {"h_a": Answer("found", 1.0, 2.0)})
    answers = geocoder.resolve(rows("a", "b", "broken", "c"))
    assert ASKED == ["b", "broken"]
    assert geocoder.unasked_ == 1
    assert set(answers) == {"h_a", "h_b", "h_broken"}
    assert CachedGeocoder(find, 0).resolve(rows("a")) == {}


def test_an_error_is_counted_asked_again_and_never_fatal() -> None:
    first = CachedGeocoder(find, 10)
    answers = first.resolve(rows("broken", "nowhere"))
    assert {key: answer.status for key, answer in answers.items()} == {"h_broken": "error", "h_nowhere": "not_found"}
    assert first.errors_ == 1
    CachedGeocoder(find, 10, answers).resolve(rows("broken", "nowhere"))
    assert ASKED == ["broken", "nowhere", "broken"]


def test_a_geocoder_that_is_down_is_left_alone() -> None:
    def down(**_: Any) -> None:
        raise TimeoutError

    geocoder = CachedGeocoder(down, 1000)
    geocoder.resolve(rows(*(f"{number:03d}" for number in range(50))))
    assert geocoder.calls_ == ERRORS_IN_A_ROW
    assert geocoder.unasked_ == 50 - ERRORS_IN_A_ROW


def test_the_answer_of_an_address_that_nobody_has_any_more_is_dropped() -> None:
    geocoder = CachedGeocoder(find, 10, {"h_erased": Answer("found", 1.0, 2.0)})
    assert set(geocoder.resolve(rows("a"))) == {"h_a"}


@pytest.mark.parametrize(
    "answer",
    [
        (91, 0),
        (0, 181),
        (0, 0),
        (float("nan"), 1),
        (1, float("inf")),
        "48,2",
        (1,),
        (1, 2, 3),
        5,
        ("x", "y"),
        (10**400, 1),
        {},
    ],
)
def test_what_is_no_coordinates_is_invalid(answer: Any) -> None:
    assert validated(answer) == Answer("invalid")


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_coordinates_stay_in_range_and_within_a_kilometre(latitude: float, longitude: float) -> None:
    answer = validated((latitude, longitude))
    if (latitude, longitude) != (0, 0):
        assert answer.latitude is not None
        assert answer.longitude is not None
        assert abs(answer.latitude - latitude) <= 0.0051
        assert abs(answer.longitude - longitude) <= 0.0051


@given(st.lists(st.sampled_from("abcdefgh"), max_size=20), st.integers(0, 8), st.randoms())
def test_the_order_of_rows_does_not_matter(texts: list[str], quota: int, order: random.Random) -> None:
    shuffled = list(texts)
    order.shuffle(shuffled)
    assert CachedGeocoder(find, quota).resolve(rows(*texts)) == CachedGeocoder(find, quota).resolve(rows(*shuffled))


def test_without_a_geocoder_nothing_is_read_and_the_rows_are_typed() -> None:
    table = geocoded_addresses(None, None, 10, None, "nowhere")
    assert table.num_rows == 0
    assert table.schema == GEOCODED_SCHEMA


def test_the_second_run_asks_only_what_is_new() -> None:
    name = f"{__name__}:find"
    with duckdb.connect() as connection:
        connection.execute(
            """
            create view addresses as
            select 'h1' as address_hash, 'one' as address, '1' as postal_code, null as city, 'FR' as country_code
            union all select 'h2', 'two', null, null, null
            """
        )
        first = geocoded_addresses(connection.table("addresses"), name, 1, connection, "main.geocoded")
        connection.execute("create table geocoded as select * from first")
        second = geocoded_addresses(connection.table("addresses"), name, 1, connection, "main.geocoded")
    assert ASKED == ["one", "two"]
    assert first.num_rows == 1
    assert second.schema == GEOCODED_SCHEMA
    assert second["status"].to_pylist() == ["found", "found"]
    assert second.column_names == ["address_hash", "latitude", "longitude", "status"]


@pytest.mark.parametrize("name", ["no_such_module:find", "json:no_such_function", "json", "json:__name__", ":find"])
def test_a_wrong_name_says_which_setting_is_wrong(name: str) -> None:
    with pytest.raises(ConfigError, match="seg_geocoder"):
        load_geocoder(name)


@pytest.mark.parametrize("ending", [RuntimeError, SystemExit])
def test_an_answer_that_fails_when_it_is_read_is_an_error(ending: type[BaseException]) -> None:
    def lazy(**_: Any) -> Any:
        yield 48.0
        raise ending

    def leaving(**_: Any) -> Any:
        raise ending

    for geocoder in (lazy, leaving):
        assert CachedGeocoder(geocoder, 10).resolve(rows("a")) == {"h_a": Answer("error")}
