"""The only module that imports Evidently (extra ``drift``): metric rows, and one page per snapshot.

Method and threshold are fixed for each kind of column and never depend on the number of rows, unlike Evidently's
defaults, which change the test at 1,000 reference rows.

Numeric columns use the Wasserstein distance divided by the standard deviation of the reference, threshold 0.2 (a
shift by a fifth of a standard deviation, a small effect in Cohen 1988). It needs no bins: Evidently's own PSI and
Jensen-Shannon bins have equal widths, so that doubled lognormal spend gives a PSI of 0.01. Both sides are winsorised
first, since one extreme customer would inflate the divisor. Text and boolean columns use the Jensen-Shannon distance
(Lin 1991), threshold 0.1; Evidently's chi-square takes the reference as exact and raises false alarms.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import os
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from dbt_segmentation.drift.columns import (
    METHODS,
    NUMERIC,
    THRESHOLDS,
    Comparison,
    column_kinds,
    compare_column,
    rescaled,
    safe_text,
    to_frame,
)
from dbt_segmentation.drift.page import finish_page
from dbt_segmentation.errors import MissingExtraError

_FIELDS: list[tuple[str, pa.DataType]] = [
    ("snapshot_date", pa.date32()),
    ("segment_key", pa.string()),
    ("feature", pa.string()),
    ("metric", pa.string()),
    ("value", pa.float64()),
    ("threshold", pa.float64()),
    ("n_reference", pa.int64()),
    ("n_current", pa.int64()),
    ("verdict", pa.string()),
    ("detail", pa.string()),
]
RESULT_SCHEMA = pa.schema(_FIELDS)
EVERYBODY = "all"

Progress = Callable[[int, int, str], None]


def is_available() -> bool:
    """Whether Evidently is installed; does not import it."""
    return importlib.util.find_spec("evidently") is not None


def evidently_results(sample: pa.Table | pd.DataFrame, run: Mapping[str, Any]) -> pa.Table:
    """Compare every snapshot with the reference rows, for everybody and for each segment.

    Parameters
    ----------
    sample : pyarrow.Table or pandas.DataFrame
        ``snapshot_date``, ``segment_key``, ``is_reference`` and feature columns, a row per customer and snapshot.
    run : mapping
        ``as_of_date`` (date or ISO text, may be absent): later snapshots are left out.

    Returns
    -------
    pyarrow.Table
        Rows of ``RESULT_SCHEMA``. Columns that cannot be compared have the verdict ``not_tested``, no value, and the
        reason in ``detail``. No row at all where Evidently is not installed or the sample is empty.
    """
    if not is_available() or len(sample) == 0:
        return RESULT_SCHEMA.empty_table()
    frame = _until(to_frame(sample), run)
    kinds = column_kinds(frame)
    rows: list[dict[str, Any]] = []
    with _quiet():
        score = _scorer()
        for snapshot_date, reference, current in _snapshots(frame):
            for segment_key in [EVERYBODY, *sorted(current["segment_key"].dropna().unique())]:
                old, new = _segment(reference, segment_key), _segment(current, segment_key)
                for comparison in _comparisons(kinds, old, new):
                    rows.append(_row(snapshot_date, segment_key, comparison, score))
    return pa.Table.from_pylist(rows, schema=RESULT_SCHEMA)


def render_pages(
    sample: pa.Table | pd.DataFrame,
    out_dir: Path,
    run: Mapping[str, Any] | None = None,
    *,
    language: str = "en",
    progress: Progress | None = None,
) -> list[dict[str, Any]]:
    """Write one self-contained Evidently page for each snapshot.

    Parameters
    ----------
    sample : pyarrow.Table or pandas.DataFrame
        As for `evidently_results`.
    out_dir : pathlib.Path
        Receives ``drift-<date>.html``; each appears whole or not at all, and pages of earlier runs are replaced.
    run : mapping, optional
        ``run_id``, ``as_of_date``, ``model_version``; printed at the head of the page.
    language : str
        ``en`` or ``fr``, for our part of the page; Evidently's own part is in English.
    progress : callable, optional
        Called with (pages done, pages in all, file name).

    Returns
    -------
    list of dict
        For each snapshot: ``snapshot_date``, ``path``, ``is_reference``, ``drifted``, ``tested`` (counts of columns),
        ``not_tested`` (list of {feature, detail}).

    Raises
    ------
    MissingExtraError
        If Evidently is not installed.
    """
    if not is_available():
        raise MissingExtraError("Evidently is not installed: pip install 'dbt-segmentation[drift]'")
    out_dir = Path(out_dir)
    out_dir.mkdir(parents=True, exist_ok=True)
    run = dict(run or {})
    frame = _until(to_frame(sample), run)
    kinds = column_kinds(frame)
    snapshots = list(_snapshots(frame))
    pages: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix=".drift-", dir=out_dir) as staging, _quiet():
        for done, (snapshot_date, reference, current) in enumerate(snapshots, start=1):
            page = _page(snapshot_date, reference, current, kinds)
            html = finish_page(_evidently_html(page["comparisons"]), page, run, language)
            name = f"drift-{snapshot_date.isoformat()}.html"
            (Path(staging) / name).write_text(html, encoding="utf-8")
            pages.append(_index_entry(page, out_dir / name))
            if progress is not None:
                progress(done, len(snapshots), name)
        _swap_in(Path(staging), out_dir)
    return pages


def _swap_in(staging: Path, out_dir: Path) -> None:
    fresh = sorted(path.name for path in staging.iterdir())
    for name in fresh:
        os.replace(staging / name, out_dir / name)
    for old in out_dir.glob("drift-????-??-??.html"):
        if old.name not in fresh:
            old.unlink()


def _until(frame: pd.DataFrame, run: Mapping[str, Any]) -> pd.DataFrame:
    as_of = run.get("as_of_date")
    return frame.loc[frame["snapshot_date"] <= pd.Timestamp(as_of).date()] if as_of else frame


def _snapshots(frame: pd.DataFrame) -> Iterator[tuple[dt.date, pd.DataFrame, pd.DataFrame]]:
    """Give each snapshot with the reference; the reference's own snapshot is compared with itself."""
    reference = frame.loc[frame["is_reference"]]
    if reference.empty:
        return
    for snapshot_date in sorted(frame["snapshot_date"].unique()):
        yield snapshot_date, reference, frame.loc[frame["snapshot_date"] == snapshot_date]


def _segment(rows: pd.DataFrame, segment_key: str) -> pd.DataFrame:
    return rows if segment_key == EVERYBODY else rows.loc[rows["segment_key"] == segment_key]


def _comparisons(kinds: Mapping[str, str], old: pd.DataFrame, new: pd.DataFrame) -> list[Comparison]:
    return [rescaled(compare_column(name, kind, old[name], new[name])) for name, kind in kinds.items()]


def _row(
    snapshot_date: dt.date, segment_key: str, comparison: Comparison, score: Callable[[Comparison], float]
) -> dict[str, Any]:
    value = score(comparison) if comparison.is_testable else None
    # a column of an unknown kind gets the name of the numeric method, and no value
    kind = comparison.kind if comparison.kind in METHODS else NUMERIC
    threshold = THRESHOLDS[kind]
    verdict = "not_tested" if value is None else "drift" if value >= threshold else "stable"
    return {
        "snapshot_date": snapshot_date,
        "segment_key": segment_key,
        "feature": comparison.feature,
        "metric": f"evidently_{METHODS[kind]}",
        "value": value,
        "threshold": threshold,
        "n_reference": comparison.n_reference,
        "n_current": comparison.n_current,
        "verdict": verdict,
        "detail": comparison.detail or None,
    }


def _page(
    snapshot_date: dt.date, reference: pd.DataFrame, current: pd.DataFrame, kinds: Mapping[str, str]
) -> dict[str, Any]:
    score = _scorer()
    comparisons = _comparisons(kinds, reference, current)
    rows = [_row(snapshot_date, EVERYBODY, comparison, score) for comparison in comparisons]
    ranked = sorted(zip(rows, comparisons, strict=True), key=lambda pair: _severity(pair[0]))
    return {
        "snapshot_date": snapshot_date,
        "is_reference": bool(current["is_reference"].all()),
        "n_reference": len(reference),
        "n_current": len(current),
        "rows": [row for row, _ in ranked],
        "comparisons": [comparison for _, comparison in ranked if comparison.is_testable],
    }


def _severity(row: Mapping[str, Any]) -> tuple[float, str]:
    value, threshold = row["value"], row["threshold"]
    return (-value / threshold if value is not None else 1.0, row["feature"])


def _index_entry(page: Mapping[str, Any], path: Path) -> dict[str, Any]:
    verdicts = [row["verdict"] for row in page["rows"]]
    return {
        "snapshot_date": page["snapshot_date"],
        "path": path,
        "is_reference": page["is_reference"],
        "drifted": verdicts.count("drift"),
        "tested": len(verdicts) - verdicts.count("not_tested"),
        "not_tested": [
            {"feature": row["feature"], "detail": row["detail"]}
            for row in page["rows"]
            if row["verdict"] == "not_tested"
        ],
    }


def _scorer() -> Callable[[Comparison], float]:
    os.environ.setdefault("DO_NOT_TRACK", "1")
    from evidently.legacy.calculations.stattests import jensenshannon_stat_test, wasserstein_stat_test
    from evidently.legacy.core import ColumnType

    def score(comparison: Comparison) -> float:
        is_numeric = comparison.kind == NUMERIC
        test = wasserstein_stat_test if is_numeric else jensenshannon_stat_test
        column_type = ColumnType.Numerical if is_numeric else ColumnType.Categorical
        threshold = THRESHOLDS[comparison.kind]
        value = float(test(comparison.reference, comparison.current, column_type, threshold).drift_score)
        # rounding can push two equal distributions under zero, whose root is then not a number; and Evidently adds up
        # categories in the order of a set, which differs from process to process in the last digits
        return round(value, 12) if np.isfinite(value) else 0.0

    return score


def _evidently_html(comparisons: list[Comparison]) -> str:
    """Render the tested columns; an empty text where there is none, because Evidently fails on an empty report."""
    if not comparisons:
        return ""
    from evidently import DataDefinition, Dataset, Report
    from evidently.metrics import ValueDrift

    names = {comparison.feature: safe_text(comparison.feature) for comparison in comparisons}
    numeric = [names[c.feature] for c in comparisons if c.kind == NUMERIC]
    categorical = [names[c.feature] for c in comparisons if c.kind != NUMERIC]
    definition = DataDefinition(numerical_columns=numeric, categorical_columns=categorical)
    reference = pd.DataFrame({names[c.feature]: c.reference for c in comparisons})
    current = pd.DataFrame({names[c.feature]: c.current for c in comparisons})
    metrics = [
        ValueDrift(column=names[c.feature], method=METHODS[c.kind], threshold=THRESHOLDS[c.kind]) for c in comparisons
    ]
    snapshot = Report(metrics, include_tests=False).run(
        Dataset.from_pandas(current, data_definition=definition),
        Dataset.from_pandas(reference, data_definition=definition),
    )
    _drop_row_plots(snapshot)
    return str(snapshot.get_html_str(as_iframe=False))


def _drop_row_plots(snapshot: Any) -> None:
    """Take out the plot of values in row order: meaningless for customers, and in a small sample a dot is a person."""
    for result in snapshot.metric_results.values():
        for widget in result.widget:
            widget.tabs = [tab for tab in widget.tabs or [] if tab.title == "DATA DISTRIBUTION"]


@contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield
