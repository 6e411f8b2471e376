"""Runs for days that have passed."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbt_segmentation.cli import backfill as module
from dbt_segmentation.cli.options import Settings
from dbt_segmentation.errors import ConfigError

PERIODS = {"day": "D", "week": "W-SUN", "month": "ME"}


@given(st.sampled_from(sorted(PERIODS)), st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 800))
def test_period_ends_are_those_of_pandas(period: str, after: date, days: int) -> None:
    until = (pd.Timestamp(after) + pd.Timedelta(days=days)).date()
    expected = pd.date_range(pd.Timestamp(after) + pd.Timedelta(days=1), until, freq=PERIODS[period])
    assert module.period_ends(after, until, period) == [day.date() for day in expected]


@pytest.fixture
def monthly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every project one of monthly snapshots."""
    monkeypatch.setattr(module, "find_project", lambda directory: None)
    monkeypatch.setattr(module, "install_local_packages", lambda project: None)
    monkeypatch.setattr(module, "segmentation_package", lambda project: None)
    monkeypatch.setattr(module, "effective_vars", lambda *given: {"seg_snapshot_period": "month"})


def told_vars(given_range: module.Range) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Vars of each run, and the result."""
    ran: list[dict[str, Any]] = []

    def run(settings: Settings, is_first: bool) -> dict[str, Any]:
        assert is_first == (len(ran) == 0)
        ran.append(json.loads(settings.vars or "{}"))
        return {"number": len(ran)}

    return ran, module.backfill(Settings(vars="{seg_k_max: 5}"), given_range, run)


@pytest.mark.usefixtures("monthly")
def test_each_day_is_run_in_order_as_it_was_known() -> None:
    ran, told = told_vars(module.Range(datetime(2025, 1, 15), datetime(2025, 3, 30)))
    assert told == {"number": 3, "days": ["2025-01-15", "2025-01-31", "2025-02-28"]}
    assert ran == [{"seg_k_max": 5, "seg_as_of_date": day, "seg_known_on": day} for day in told["days"]]


@pytest.mark.usefixtures("monthly")
def test_one_day_is_known_as_it_was_then_or_is_now() -> None:
    ran, told = told_vars(module.Range(datetime(2025, 2, 28), known_after=1))
    assert told == {"number": 1, "days": ["2025-02-28"]}
    assert ran == [{"seg_k_max": 5, "seg_as_of_date": "2025-02-28", "seg_known_on": "2025-03-01"}]
    ran, _ = told_vars(module.Range(datetime(2025, 2, 28), as_known_now=True))
    assert ran == [{"seg_k_max": 5, "seg_as_of_date": "2025-02-28"}]


@pytest.mark.usefixtures("monthly")
@pytest.mark.parametrize(("day", "is_said"), [(datetime(2025, 1, 30), True), (datetime(2025, 1, 31), False)])
def test_a_day_of_which_nothing_is_kept_to_compare_with_is_said(
    day: datetime, is_said: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    told_vars(module.Range(day))
    said = " ".join(capsys.readouterr().err.split())
    assert ("2025-01-30 is not the end of a month" in said) is is_said
    assert ("fct_seg__backfill_differences has nothing to compare" in said) is is_said


@pytest.mark.parametrize(
    ("given_range", "message"),
    [
        (module.Range(None, datetime(2025, 1, 31)), "--as-of"),
        (module.Range(None, known_after=1), "need --as-of"),
        (module.Range(datetime(2025, 2, 1), datetime(2025, 1, 31)), "lies after --until"),
        (module.Range(datetime(2025, 2, 1), known_after=0, as_known_now=True), "exclude each other"),
    ],
)
def test_a_range_makes_sense(given_range: module.Range, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        module.backfill(Settings(), given_range, lambda settings, is_first: {})
