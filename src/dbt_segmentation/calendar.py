"""Public and school holidays by zone, from the package ``holidays``, which needs no network.

What that package knows of French school holidays (0.109): zones A, B and C from the autumn of 2017 on. The dates of
the school years up to 2027-2028 are those of the published decrees; later ones follow from its rules and are a
forecast. Corsica and the overseas departments have calendars of their own, which it does not have: there a school
holiday is not known, which is another thing than false.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

import pyarrow as pa

from dbt_segmentation.errors import ConfigError

_FIELDS: list[tuple[str, pa.DataType]] = [
    ("day", pa.date32()),
    ("zone", pa.string()),
    ("is_public_holiday", pa.bool_()),
    ("public_holiday", pa.string()),
    ("is_school_holiday", pa.bool_()),
    ("school_holiday", pa.string()),
]
CALENDAR_SCHEMA = pa.schema(_FIELDS)
# the first day of which the package knows whether there was school, by country
SCHOOL_KNOWN_FROM = {"FR": dt.date(2017, 9, 4)}
MOST_DAYS = 366 * 50


def public_calendar(zones: pa.Table, days: pa.Table) -> pa.Table:
    """Tell for each day and zone whether it is a holiday.

    Parameters
    ----------
    zones : pyarrow.Table
        One row per zone: zone, country_code, public_subdivision and school_subdivision (null: of the whole country;
        no school holidays), as in the seed seg_calendar_zones.
    days : pyarrow.Table
        One row, or none: first_day and last_day, both ends included.

    Returns
    -------
    pyarrow.Table
        One row per day and zone, by zone and day, with the columns of CALENDAR_SCHEMA. Names of holidays are in the
        country's own language. is_school_holiday is null where it is not known. No rows where there are no days.

    Raises
    ------
    ConfigError
        If ``holidays`` does not know a country or subdivision that a zone names, or the days are more than fifty years.
    """
    empty: pa.Table = CALENDAR_SCHEMA.empty_table()
    ends = days.to_pylist()
    if not ends or ends[0]["first_day"] is None or ends[0]["last_day"] is None or zones.num_rows == 0:
        return empty
    first, last = _day(ends[0]["first_day"]), _day(ends[0]["last_day"])
    every_day = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
    if len(every_day) > MOST_DAYS:
        raise ConfigError(
            f"The calendar would have {len(every_day)} days, from {first} to {last}. Check the dates of your orders."
        )
    tables = [_of_zone(zone, every_day) for zone in sorted(zones.to_pylist(), key=lambda zone: str(zone["zone"]))]
    return pa.concat_tables([empty, *tables]).combine_chunks()


def _of_zone(zone: dict[str, Any], days: list[dt.date]) -> pa.Table:
    country, school = zone["country_code"], zone["school_subdivision"]
    years = tuple(range(days[0].year, days[-1].year + 1)) if days else ()
    public = _holidays(country, zone["public_subdivision"], "public", years)
    off_school = _holidays(country, school, "school", years) if school else {}
    known_from = SCHOOL_KNOWN_FROM.get(country, dt.date.min) if school else dt.date.max
    return pa.table(
        {
            "day": days,
            "zone": [zone["zone"]] * len(days),
            "is_public_holiday": [day in public for day in days],
            "public_holiday": [public.get(day) for day in days],
            "is_school_holiday": [day in off_school if day >= known_from else None for day in days],
            "school_holiday": [off_school.get(day) if day >= known_from else None for day in days],
        },
        schema=CALENDAR_SCHEMA,
    )


@cache
def _holidays(country: str, subdivision: str | None, category: str, years: tuple[int, ...]) -> dict[dt.date, str]:
    """Day -> name; several names of a day are joined by a semicolon."""
    import holidays  # a second to load, and only this function needs it

    try:
        language = getattr(holidays, country)().default_language
        found = holidays.country_holidays(
            country, subdiv=subdivision, years=years, categories=(category,), language=language
        )
    except (AttributeError, NotImplementedError, ValueError) as error:
        raise ConfigError(
            f"seg_calendar_zones: holidays has no {category} holidays of {country} {subdivision or ''}: {error}"
        ) from error
    return dict(found)


def _day(value: dt.date | dt.datetime) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value
