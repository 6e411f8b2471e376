"""Telephone numbers as E.164."""

from __future__ import annotations

import phonenumbers
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dbt_segmentation.phones import phone_e164


def read(*pairs: tuple[str | None, str | None]) -> list[str | None]:
    numbers, countries = zip(*pairs, strict=True)
    return phone_e164(pa.array(numbers, pa.string()), pa.array(countries, pa.string())).to_pylist()


def test_every_way_to_write_a_number_gives_the_same_one() -> None:
    ways = [
        "0142685300",
        "01 42 68 53 00",
        "01.42.68.53.00",
        "+33 1 42 68 53 00",
        "0033142685300",
        "+33 (0)1 42 68 53 00",
    ]
    assert set(read(*((way, "FR") for way in ways))) == {"+33142685300"}


def test_the_country_decides_what_a_national_number_means_and_is_needed_for_it() -> None:
    assert read(("0470 12 34 56", "BE"), ("0470 12 34 56", None), ("+32470123456", None), ("+32470123456", "FR")) == [
        "+32470123456",
        None,
        "+32470123456",
        "+32470123456",
    ]


@pytest.mark.parametrize(
    "text", ["", "12", "call me", "\0", "1" * 1_000_000, "+" * 63, "0142685300" * 7, "'; drop table x"]
)
def test_what_is_no_number_is_null(text: str) -> None:
    assert read((text, "FR"), (text, "no country"), (None, "FR")) == [None, None, None]


def test_chunks_and_nothing_at_all_are_fine() -> None:
    chunked = pa.chunked_array([["0142685300"], [None, "0142685300"]], type=pa.string())
    assert phone_e164(chunked, pa.array(["FR", "FR", None])).to_pylist() == ["+33142685300", None, None]
    assert phone_e164(pa.array([], pa.string()), pa.array([], pa.string())).type == pa.string()


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40), st.none() | st.sampled_from(["FR", "GB", "US", "ZZ", ""]))
def test_no_text_raises_and_what_comes_out_stays_as_it_is(text: str, country: str | None) -> None:
    (number,) = read((text, country))
    if number is not None:
        assert phonenumbers.is_valid_number(phonenumbers.parse(number, None))
        assert read((number, None)) == [number]
