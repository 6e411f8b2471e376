"""What may be compared, and what goes into a comparison: typing, trimming, grouping, testability.

Knows nothing of Evidently. A column that cannot be compared comes back with its reason instead of disappearing.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

Numbers = npt.NDArray[np.float64]

KEY_COLUMNS = ("snapshot_date", "segment_key", "is_reference")
IDENTITY_COLUMNS = ("customer_id", "run_id", "as_of_date", "model_version", "row_number")

# Under 100 rows the sampling noise of the normed Wasserstein distance passes the threshold of 0.2 in more than one
# comparison of twenty with no drift at all (simulated on normal, lognormal, zero-inflated and share-like columns).
MIN_ROWS = 100
# Nobody is shown alone: a category or a tail is held by at least ten people.
MIN_PEOPLE = 10
TRIM = 0.01
# Shifts of the share of missing values above ten points are told, because Evidently leaves missing values out.
MISSING_SHIFT = 0.10
# Evidently divides by at least 0.001, whatever the unit.
SCALE_FLOOR = 0.01

NUMERIC, CATEGORICAL = "numeric", "categorical"
METHODS = {NUMERIC: "wasserstein", CATEGORICAL: "jensenshannon"}
THRESHOLDS = {NUMERIC: 0.2, CATEGORICAL: 0.1}
OTHER, MISSING = "other", "missing"
_UNSAFE = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Comparison:
    """One column of one comparison.

    Attributes
    ----------
    feature, kind : str
        Column name and ``numeric``, ``categorical`` or another type's name.
    reference, current : pandas.Series or None
        Prepared values without missing ones; None where the column is not tested.
    n_reference, n_current : int
        Rows with a value on either side (all rows for a categorical column, where missing is a category).
    detail : str
        Why the column is not tested, or a remark on missing values, or the empty string.
    """

    feature: str
    kind: str
    reference: pd.Series | None
    current: pd.Series | None
    n_reference: int
    n_current: int
    detail: str

    @property
    def is_testable(self) -> bool:
        """Whether both sides hold something to compare."""
        return self.reference is not None and self.current is not None


def to_frame(sample: pa.Table | pd.DataFrame) -> pd.DataFrame:
    """Give the sample as a frame of plain types, rows in a fixed order, snapshot dates as dates.

    Parameters
    ----------
    sample : pyarrow.Table or pandas.DataFrame
        Rows of customer x snapshot: ``snapshot_date``, ``segment_key``, ``is_reference``, then features.

    Raises
    ------
    ValueError
        If one of the three key columns is missing; the message names it.
    """
    frame = sample.to_pandas() if isinstance(sample, pa.Table) else sample.copy(deep=False)
    missing = [name for name in KEY_COLUMNS if name not in frame.columns]
    if missing:
        raise ValueError(f"the drift sample has no column {', '.join(missing)}")
    frame = frame.loc[frame["snapshot_date"].notna()].reset_index(drop=True)
    frame["snapshot_date"] = pd.to_datetime(frame["snapshot_date"]).dt.date
    frame["is_reference"] = frame["is_reference"].fillna(False).astype(bool)
    return frame


def feature_names(frame: pd.DataFrame) -> list[str]:
    """Feature columns in sorted order, so that the order of the query does not matter."""
    return sorted(str(name) for name in frame.columns if name not in KEY_COLUMNS + IDENTITY_COLUMNS)


def column_kinds(frame: pd.DataFrame) -> dict[str, str]:
    """Kind of each feature, decided once on all rows, so that one odd snapshot cannot change the method.

    Returns
    -------
    dict
        Feature to ``numeric``, ``categorical``, ``empty`` or the name of a type that is not compared.
    """
    return {name: _kind(frame[name]) for name in feature_names(frame)}


def compare_column(feature: str, kind: str, reference: pd.Series, current: pd.Series) -> Comparison:
    """Prepare one column for a comparison, or say why there is none.

    Parameters
    ----------
    feature, kind : str
        Column name and its kind from `column_kinds`.
    reference, current : pandas.Series
        Raw values on either side, shapes (n_reference,) and (n_current,).
    """
    if kind == NUMERIC:
        return _compare_numeric(feature, reference, current)
    if kind == CATEGORICAL:
        return _compare_categories(feature, reference, current)
    detail = "empty" if kind == "empty" else f"type {kind} is not compared"
    return Comparison(feature, kind, None, None, int(reference.notna().sum()), int(current.notna().sum()), detail)


def _kind(values: pd.Series) -> str:
    known = values.dropna()
    if known.empty:
        return "empty"
    inferred = str(pd.api.types.infer_dtype(known, skipna=True))
    if inferred in ("integer", "floating", "mixed-integer-float", "decimal"):
        return NUMERIC
    return CATEGORICAL if inferred in ("string", "boolean", "categorical") else inferred


def _compare_numeric(feature: str, reference: pd.Series, current: pd.Series) -> Comparison:
    old, new = _numbers(reference), _numbers(current)
    remark = _missing_remark(1 - len(old) / max(1, len(reference)), 1 - len(new) / max(1, len(current)))
    sizes = (len(old), len(new))
    reason = _size_reason(*sizes)
    if not reason:
        fraction = max(TRIM, MIN_PEOPLE / min(sizes))
        old, new = _winsorise(old, fraction), _winsorise(new, fraction)
        reason = "constant in the reference" if _is_constant(old) else ""
    if reason:
        return Comparison(feature, NUMERIC, None, None, *sizes, _join(reason, remark))
    return Comparison(feature, NUMERIC, pd.Series(old), pd.Series(new), *sizes, remark)


def _numbers(values: pd.Series) -> Numbers:
    """Give the finite values, shape (n,)."""
    is_float = values.dtype == np.float64
    numbers = (values if is_float else pd.to_numeric(values, errors="coerce")).to_numpy(np.float64, na_value=np.nan)
    return np.asarray(numbers[np.isfinite(numbers)], dtype=np.float64)


def _is_constant(values: Numbers) -> bool:
    return float(values.std()) <= 1e-12 * max(1.0, abs(float(values.mean())))


def _winsorise(values: Numbers, fraction: float) -> Numbers:
    """Clip either tail at its own quantile, so that a shift of the whole column stays visible.

    Each side is clipped at the value of somebody inside the tail, never between two people, and no tail holds fewer
    than ``MIN_PEOPLE``: neither a metric nor a page depends on one customer's extreme.
    """
    low, high = np.quantile(values, [fraction, 1 - fraction], method="nearest")
    return np.clip(values, low, high)


def _compare_categories(feature: str, reference: pd.Series, current: pd.Series) -> Comparison:
    old, new = _labels(reference), _labels(current)
    sizes = (len(old), len(new))
    old, new = _group_rare(old, new)
    names = set(old.unique()) | set(new.unique())
    reason = "empty" if names <= {MISSING} else _size_reason(*sizes)
    if not reason and len(names) < 2:
        reason = "constant"
    if not reason and _category_noise(len(names), *sizes) > THRESHOLDS[CATEGORICAL] / 2:
        reason = f"too few rows for {len(names)} categories: {min(sizes)}"
    if reason:
        return Comparison(feature, CATEGORICAL, None, None, *sizes, reason)
    return Comparison(feature, CATEGORICAL, old, new, *sizes, "")


def _labels(values: pd.Series) -> pd.Series:
    codes, names = pd.factorize(values)
    texts = np.array([*(safe_text(name) for name in names), MISSING], dtype=object)
    return pd.Series(texts[codes], dtype=object)


def rescaled(comparison: Comparison) -> Comparison:
    """Blow up a column of tiny spread, so that its distance does not depend on its unit."""
    old, new = comparison.reference, comparison.current
    if comparison.kind != NUMERIC or old is None or new is None or float(old.std(ddof=0)) >= SCALE_FLOOR:
        return comparison
    factor = float(10.0 ** np.ceil(-np.log10(float(old.std(ddof=0)))))
    detail = _join(comparison.detail, f"values x {factor:g}")
    return replace(comparison, reference=old * factor, current=new * factor, detail=detail)


def safe_text(value: Any) -> str:
    """Text without control characters and angle brackets: Evidently writes it into scripts and Plotly reads tags."""
    return _UNSAFE.sub(" ", str(value)).replace("<", "\u2039").replace(">", "\u203a")


def _group_rare(reference: pd.Series, current: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Group categories held by fewer than ``MIN_PEOPLE`` people, and with them the next ones while still too few.

    A customer is in a side at most once and may be in both, so the larger of both counts is a lower bound of people.
    """
    counts = pd.concat([reference.value_counts(), current.value_counts()], axis=1).fillna(0)
    people = counts.max(axis=1)
    ordered = sorted(counts.index, key=lambda name: (people[name], str(name)))
    rare: list[Any] = []
    for name in ordered:
        is_small_group = bool(rare) and counts.loc[rare].sum().max() < MIN_PEOPLE
        if people[name] >= MIN_PEOPLE and not is_small_group:
            break
        rare.append(name)
    return reference.where(~reference.isin(rare), OTHER), current.where(~current.isin(rare), OTHER)


def _category_noise(categories: int, n_reference: int, n_current: int) -> float:
    """Give the distance expected without drift: the divergence is about a chi-square of k - 1 degrees over 8 n."""
    return math.sqrt((categories - 1) / 8 * (1 / n_reference + 1 / n_current))


def _size_reason(n_reference: int, n_current: int) -> str:
    if n_reference == 0 or n_current == 0:
        return "empty in the reference" if n_reference == 0 else "empty in the snapshot"
    smallest = min(n_reference, n_current)
    return f"too few rows: {smallest} < {MIN_ROWS}" if smallest < MIN_ROWS else ""


def _missing_remark(before: float, after: float) -> str:
    return f"missing {before:.0%} -> {after:.0%}" if abs(after - before) > MISSING_SHIFT else ""


def _join(*parts: str) -> str:
    return "; ".join(part for part in parts if part)
