"""Telephone numbers as people type them, brought to one international form."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import phonenumbers
import pyarrow as pa

from dbt_segmentation.pseudonyms import Texts

# E.164 has 15 digits at most; what is longer than this with all its blanks and brackets is not a number
_LONGEST = 64


def phone_e164(numbers: Texts, countries: Texts) -> Texts:
    """Give telephone numbers in the form of ITU-T E.164, or null where they are none.

    A number counts when it fits the numbering plan of its country (Google's libphonenumber, by the package
    `phonenumbers`). An extension is dropped. Never raises, whatever the texts are.

    Parameters
    ----------
    numbers
        Texts, shape (n,). Nulls are allowed.
    countries
        ISO 3166-1 alpha-2 codes, shape (n,): the country whose national form a number without a + is in. Null or
        unknown: only numbers that begin with + can be read.

    Returns
    -------
    pyarrow.Array
        Strings like +33142685300, or null, shape (n,).
    """
    given: list[tuple[Any, Any]] = list(zip(numbers.to_pylist(), countries.to_pylist(), strict=True))
    read = {pair: _read(*pair) if pair[0] and len(pair[0]) <= _LONGEST else None for pair in set(given)}
    return pa.array([read[pair] for pair in given], type=pa.string())


# DuckDB hands over some two thousand rows a call, and several models read the same numbers: within a process each
# number is parsed once, up to a bound on memory
@lru_cache(maxsize=1 << 18)
def _read(number: str, country: str | None) -> str | None:
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
