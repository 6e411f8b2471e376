"""Runs for days that have passed."""

from __future__ import annotations

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


def test_each_day_is_run_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_project", lambda directory: None)
    monkeypatch.setattr(module, "segmentation_package", lambda project: None)
    monkeypatch.setattr(module, "effective_vars", lambda *given: {"seg_snapshot_period": "month"})
    ran: list[str | None] = []

    def run(settings: Settings, is_first: bool) -> dict[str, Any]:
        assert is_first == (len(ran) == 0)
        ran.append(settings.vars)
        return {"number": len(ran)}

    told = module.backfill(Settings(vars="{seg_k_max: 5}"), datetime(2025, 1, 15), datetime(2025, 3, 30), run)

    assert told == {"number": 3, "days": ["2025-01-15", "2025-01-31", "2025-02-28"]}
    assert ran[0] == '{"seg_k_max": 5, "seg_as_of_date": "2025-01-15"}'
    assert [str(each)[-12:-2] for each in ran] == told["days"]


def test_a_range_has_a_beginning_before_its_end() -> None:
    for first in (None, datetime(2025, 2, 1)):
        with pytest.raises(ConfigError, match="--as-of"):
            module.backfill(Settings(), first, datetime(2025, 1, 31), lambda settings, is_first: {})
