"""One run for each day of a range, in order: history as it would have been told day by day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from dbt_segmentation.cli.options import Settings
from dbt_segmentation.cli.progress import say
from dbt_segmentation.errors import ConfigError
from dbt_segmentation.project import effective_vars, find_project, parse_vars, segmentation_package

# settings, and whether it is the first run of the range
Run = Callable[[Settings, bool], dict[str, Any]]


def backfill(settings: Settings, first: datetime | None, last: datetime, run: Run) -> dict[str, Any]:
    """Run for `first`, and for each period end after it up to `last`.

    Stops at the first run that fails; those before it stay.

    Returns
    -------
    dict
        The result of the last run, and the days.

    Raises
    ------
    ConfigError
        There is no first day, or it lies after the last one.
    """
    if first is None:
        raise ConfigError("--until needs --as-of: the first day.")
    if first > last:
        raise ConfigError(f"--as-of {first:%Y-%m-%d} lies after --until {last:%Y-%m-%d}.")
    project = find_project(settings.project_dir)
    variables = effective_vars(project, segmentation_package(project), parse_vars(settings.vars))
    days = [first.date(), *period_ends(first.date(), last.date(), str(variables.get("seg_snapshot_period")))]
    result: dict[str, Any] = {}
    for number, day in enumerate(days, start=1):
        say(f"as of {day}: run {number} of {len(days)}")
        result = run(settings.with_var("seg_as_of_date", day.isoformat()), number == 1)
    return {**result, "days": [day.isoformat() for day in days]}


def period_ends(after: date, until: date, period: str) -> list[date]:
    """Last days of periods (day, week to Sunday, month) after one day, up to another."""
    days = (after + timedelta(days=n) for n in range(1, (until - after).days + 1))
    return [day for day in days if _ends(day, period)]


def _ends(day: date, period: str) -> bool:
    following = day + timedelta(days=1)
    return {"day": True, "week": following.weekday() == 0}.get(period, following.day == 1)
