"""One run for each day of a range, in order: history as it would have been told day by day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from dbt_segmentation.cli.options import Settings
from dbt_segmentation.cli.progress import say
from dbt_segmentation.cli.session import install_local_packages
from dbt_segmentation.errors import ConfigError
from dbt_segmentation.project import effective_vars, find_project, parse_vars, segmentation_package

# settings, and whether it is the first run of the range
Run = Callable[[Settings, bool], dict[str, Any]]


@dataclass(frozen=True)
class Range:
    """Days to run for, and what was known on each.

    Attributes
    ----------
    first, last : datetime or None
        First day, and the last one if there are several.
    known_after : int or None
        Rows that arrived later than so many days after a day are not known on it; 0 if None.
    as_known_now : bool
        Everything that has arrived is known on every day.
    """

    first: datetime | None
    last: datetime | None = None
    known_after: int | None = None
    as_known_now: bool = False

    def checked_first(self) -> datetime:
        """Give the first day.

        Raises
        ------
        ConfigError
            There is none, it lies after the last one, or what is known is told twice.
        """
        if self.first is None:
            raise ConfigError("--until, --known-after and --as-known-now need --as-of: the first day.")
        if self.last is not None and self.first > self.last:
            raise ConfigError(f"--as-of {self.first:%Y-%m-%d} lies after --until {self.last:%Y-%m-%d}.")
        if self.as_known_now and self.known_after is not None:
            raise ConfigError("--known-after and --as-known-now exclude each other: give one of them.")
        return self.first


def backfill(settings: Settings, given: Range, run: Run) -> dict[str, Any]:
    """Run for the first day, and for each period end after it up to the last.

    Stops at the first run that fails; those before it stay.

    Returns
    -------
    dict
        The result of the last run, and the days.

    Raises
    ------
    ConfigError
        See `Range.checked_first`.
    """
    first = given.checked_first().date()
    project = find_project(settings.project_dir)
    install_local_packages(project)
    variables = effective_vars(project, segmentation_package(project), parse_vars(settings.vars))
    period = str(variables.get("seg_snapshot_period"))
    days = [first]
    if given.last is not None:
        days += period_ends(first, given.last.date(), period)
    if not _ends(first, period):
        say(
            f"{first} is not the end of a {period}: what was told of it is kept only until a later day has run. "
            "After that, fct_seg__backfill_differences has nothing to compare this run with."
        )
    result: dict[str, Any] = {}
    for number, day in enumerate(days, start=1):
        if len(days) > 1:
            say(f"as of {day}: run {number} of {len(days)}")
        of_day = settings.with_var("seg_as_of_date", day.isoformat())
        if not given.as_known_now:
            of_day = of_day.with_var("seg_known_on", (day + timedelta(days=given.known_after or 0)).isoformat())
        result = run(of_day, number == 1)
    return {**result, "days": [day.isoformat() for day in days]}


def period_ends(after: date, until: date, period: str) -> list[date]:
    """Last days of periods (day, week to Sunday, month) after one day, up to another."""
    days = (after + timedelta(days=n) for n in range(1, (until - after).days + 1))
    return [day for day in days if _ends(day, period)]


def _ends(day: date, period: str) -> bool:
    following = day + timedelta(days=1)
    return {"day": True, "week": following.weekday() == 0}.get(period, following.day == 1)
