"""A hook for a geocoder of the user's own: asked seldom, never twice, and never trusted blindly.

The package itself asks nobody and needs no network. Where the var ``seg_geocoder`` names a function, it is called for
the addresses of customers who may be profiled and have no coordinates, at most ``seg_geocoder_quota`` times a run.
Answers are kept by the address's keyed hash, so that a run asks only for what no run asked before; an address is
never stored, and the answer of an address that nobody has any more is dropped.
"""

from __future__ import annotations

import importlib
import logging
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from dbt_segmentation.errors import ConfigError

_FIELDS: list[tuple[str, pa.DataType]] = [
    ("address_hash", pa.string()),
    ("latitude", pa.float64()),
    ("longitude", pa.float64()),
    ("status", pa.string()),
]
GEOCODED_SCHEMA = pa.schema(_FIELDS)
FINAL = ("found", "not_found", "invalid")
"""Answers that are kept; an error is asked again."""
DECIMALS = 2
"""About a kilometre: enough for distances to towns, too little to find a house."""
ERRORS_IN_A_ROW = 10
"""After so many the geocoder is taken to be down, and the run asks no more."""

Geocoder = Callable[..., Any]
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """What is known of one address: status found, not_found, invalid or error; coordinates in degrees if found."""

    status: str
    latitude: float | None = None
    longitude: float | None = None


class CachedGeocoder:
    """Ask a geocoder within a quota, and remember.

    Parameters
    ----------
    function : callable
        Called as ``function(address=..., postal_code=..., city=..., country_code=...)``, each a text or None. Returns
        (latitude, longitude) in degrees, or None where it does not find the address.
    quota : int
        Calls at most. Calls that end with an error count.
    known : mapping of str to Answer, optional
        Earlier answers by address hash. Those of a final status are not asked again.

    Attributes
    ----------
    calls_, errors_ : int
        Calls made, and how many of them ended with an error.
    unasked_ : int
        Addresses left for a later run.
    """

    def __init__(self, function: Geocoder, quota: int, known: Mapping[str, Answer] | None = None) -> None:
        self.function = function
        self.quota = quota
        self.known = dict(known or {})
        self.calls_ = 0
        self.errors_ = 0
        self.unasked_ = 0

    def resolve(self, addresses: Iterable[Mapping[str, Any]]) -> dict[str, Answer]:
        """Answer for each address that was asked now or earlier.

        Parameters
        ----------
        addresses : iterable of mappings
            address_hash, address, postal_code, city, country_code. Of several with one hash the smallest is asked.

        Returns
        -------
        dict of str to Answer
            By address hash, in its order. Addresses are asked in this order, too, so that the result does not depend on
            that of the rows.
        """
        distinct: dict[str, Mapping[str, Any]] = {}
        for row in sorted(addresses, key=_order):
            distinct.setdefault(row["address_hash"], row)
        answers: dict[str, Answer] = {}
        errors_in_a_row = 0
        for key, row in distinct.items():
            earlier = self.known.get(key)
            if earlier is not None and earlier.status in FINAL:
                answers[key] = earlier
            elif self.calls_ >= self.quota or errors_in_a_row >= ERRORS_IN_A_ROW:
                self.unasked_ += 1
            else:
                answers[key] = self._ask(row)
                errors_in_a_row = errors_in_a_row + 1 if answers[key].status == "error" else 0
        if errors_in_a_row >= ERRORS_IN_A_ROW:
            logger.warning("seg_geocoder failed %d times in a row and was not asked any more.", ERRORS_IN_A_ROW)
        return answers

    def _ask(self, row: Mapping[str, Any]) -> Answer:
        self.calls_ += 1
        try:
            # an answer may be lazy, and fail only when it is read
            return validated(
                self.function(**{name: row[name] for name in ("address", "postal_code", "city", "country_code")})
            )
        except (Exception, SystemExit) as error:  # whatever the user's function raises, a run does not end with it
            self.errors_ += 1
            # the kind only: a message may repeat the address
            logger.debug("seg_geocoder raised %s", type(error).__name__)
            return Answer("error")


def validated(answer: Any) -> Answer:
    """Take what a geocoder returned for coordinates, if it is.

    Parameters
    ----------
    answer : object
        None, or a pair of numbers: degrees north -90 to 90, degrees east -180 to 180. (0, 0), which many services give
        for 'unknown', is no answer.

    Returns
    -------
    Answer
        found (rounded to two decimals), not_found or invalid.
    """
    if answer is None:
        return Answer("not_found")
    try:
        latitude, longitude = (float(value) for value in answer)
    except (TypeError, ValueError, OverflowError):
        return Answer("invalid")
    in_range = math.isfinite(latitude) and abs(latitude) <= 90 and math.isfinite(longitude) and abs(longitude) <= 180
    if not in_range or (latitude == 0 and longitude == 0):
        return Answer("invalid")
    return Answer("found", round(latitude, DECIMALS), round(longitude, DECIMALS))


def load_geocoder(name: str) -> Geocoder:
    """Import the function that ``package.module:function`` names.

    Raises
    ------
    ConfigError
        If there is no such module or function.
    """
    module, colon, attribute = name.partition(":")
    try:
        function = getattr(importlib.import_module(module), attribute) if colon and attribute else None
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigError(f"seg_geocoder: {name!r} can't be imported: {error}.") from error
    if not callable(function):
        raise ConfigError(f"seg_geocoder is {name!r}, and must name a function: 'package.module:function'.")
    return function  # type: ignore[no-any-return]


def geocoded_addresses(addresses: Any, geocoder: str | None, quota: int, session: Any, relation: str) -> pa.Table:
    """Geocode the addresses of a view, with what the model's own table already knows.

    Parameters
    ----------
    addresses : DuckDBPyRelation
        Rows of stg_seg__addresses_to_geocode. Not read without a geocoder.
    geocoder : str or None
        ``package.module:function``, or None for no geocoder.
    quota : int
        Calls at most.
    session : DuckDBPyConnection
        Where the earlier answers are read.
    relation : str
        Name of the model's own table, which need not exist.

    Returns
    -------
    pyarrow.Table
        One row per address hash that has an answer, sorted, with the columns of GEOCODED_SCHEMA. No rows without a
        geocoder.
    """
    if not geocoder:
        return GEOCODED_SCHEMA.empty_table()
    cached = CachedGeocoder(load_geocoder(geocoder), quota, _earlier(session, relation))
    answers = cached.resolve(addresses.to_arrow_table().to_pylist())
    logger.info("seg_geocoder: %d calls, %d errors, %d left", cached.calls_, cached.errors_, cached.unasked_)
    rows = [
        {"address_hash": key, "latitude": answer.latitude, "longitude": answer.longitude, "status": answer.status}
        for key, answer in answers.items()
    ]
    return pa.Table.from_pylist(rows, schema=GEOCODED_SCHEMA)


def _earlier(session: Any, relation: str) -> dict[str, Answer]:
    import duckdb

    try:
        rows = session.sql(f"select address_hash, status, latitude, longitude from {relation}").fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):  # the first run, or a table of another shape
        return {}
    return {key: Answer(status, latitude, longitude) for key, status, latitude, longitude in rows}


def _order(row: Mapping[str, Any]) -> tuple[str, ...]:
    names = ("address_hash", "address", "postal_code", "city", "country_code")
    return tuple("" if row[name] is None else str(row[name]) for name in names)
