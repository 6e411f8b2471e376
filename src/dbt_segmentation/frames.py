"""Checks that stand between a caller's frame and the numeric work."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from dbt_segmentation.arrays import Array
from dbt_segmentation.errors import DataError

# beyond this, squares leave the range of a double
_LARGEST = 1e100


def to_pandas(table: pa.Table | pd.DataFrame) -> pd.DataFrame:
    """Frame of a table; frames pass unchanged."""
    if isinstance(table, pd.DataFrame):
        return table
    if isinstance(table, pa.Table):
        return table.to_pandas()
    raise DataError(f"Expected a pandas DataFrame or an Arrow table, got {type(table).__name__}.")


def numeric_columns(frame: pd.DataFrame) -> list[str]:
    """Names of the columns that hold numbers or booleans, decimals included; empty columns of no type count too."""
    return [str(name) for name in frame.columns if _as_floats(frame[name]) is not None]


def clean_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Check a frame of features and bring it into canonical form.

    Parameters
    ----------
    frame : DataFrame
        A row per customer, index = customer_id.

    Returns
    -------
    DataFrame
        Floats, NaN where missing; texts, None where missing. Rows sorted by index, columns by name: the form in which
        order no longer matters.

    Raises
    ------
    DataError
        Nothing to fit on, a repeated or missing customer, a column that holds neither numbers nor categories, an
        infinite value.
    """
    clean = feature_frame(frame)
    if clean.shape[0] == 0:
        raise DataError("The frame has no rows.")
    if clean.shape[1] == 0:
        raise DataError("The frame has no columns.")
    if clean.index.nlevels > 1:
        raise DataError(
            f"The index has {clean.index.nlevels} levels, and must be one: customer_id. Make one key of them."
        )
    if clean.index.hasnans:
        raise DataError("The index (customer_id) has missing values.")
    repeated = int(clean.index.duplicated().sum())
    if repeated:
        # ids stay out of messages, which end up in logs
        raise DataError(f"The index (customer_id) must be unique: {repeated} rows repeat a customer.")
    try:
        return clean.sort_index()
    except TypeError as error:
        raise DataError("The index mixes types that can't be sorted; use one type for customer_id.") from error


def feature_frame(frame: pd.DataFrame, numeric: Sequence[str] = ()) -> pd.DataFrame:
    """Check the columns of a frame: numbers become floats, categories texts; sorted by name, rows as they are.

    Parameters
    ----------
    numeric : sequence of str
        Columns that must be numbers.

    Raises
    ------
    DataError
        A column appears twice, holds something else, or an infinite value.
    """
    if not isinstance(frame, pd.DataFrame):
        raise DataError(f"Expected a pandas DataFrame with customer_id as its index, got {type(frame).__name__}.")
    names = [str(name) for name in frame.columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DataError(f"Columns that appear more than once: {', '.join(twice)}.")
    columns: dict[str, Array | pd.Series] = {}
    wrong = []
    for name in frame.columns:
        values = _as_floats(frame[name])
        texts = None if values is not None or str(name) in numeric else _as_texts(frame[name])
        if values is not None:
            columns[str(name)] = values
        elif texts is not None:
            columns[str(name)] = texts.to_numpy(dtype=object)
        else:
            wrong.append(str(name))
    if wrong:
        raise DataError(
            f"Columns that are not numeric: {', '.join(sorted(wrong))}. "
            "Encode them as numbers or as texts, or leave them out."
        )
    clean = pd.DataFrame({name: columns[name] for name in sorted(columns)}, index=frame.index)
    _check_finite(clean.select_dtypes("number"))
    return clean


def _as_texts(column: pd.Series) -> pd.Series | None:
    """Categories as texts, None where missing; None if the column holds anything but texts."""
    kind = pd.api.types.infer_dtype(column, skipna=True)
    if kind == "categorical":
        return _as_texts(column.astype(object))
    if kind not in {"string", "empty"}:
        return None
    return column.astype(object).where(column.notna(), None)


def _check_finite(frame: pd.DataFrame) -> None:
    values = frame.to_numpy()
    with np.errstate(invalid="ignore"):
        wrong = np.abs(values) > _LARGEST
    if wrong.any():
        names = [str(name) for name, column in zip(frame.columns, wrong.any(axis=0), strict=True) if column]
        raise DataError(
            f"Infinite values (or beyond {_LARGEST:g}) in: {', '.join(names)}. "
            "Look for a division by zero, and make them null."
        )


def _as_floats(column: pd.Series) -> Array | None:
    """Values as doubles with NaN for missing, or None if the column does not hold numbers."""
    if pd.api.types.is_complex_dtype(column.dtype):
        return None
    if pd.api.types.is_numeric_dtype(column.dtype):  # booleans count as numeric
        return column.to_numpy(dtype=np.float64, na_value=np.nan)
    if column.dtype == object:
        kind = pd.api.types.infer_dtype(column, skipna=True)
        if kind in {"decimal", "boolean", "integer", "floating", "mixed-integer-float", "empty"}:
            return pd.to_numeric(column.astype(object).where(column.notna(), np.nan)).to_numpy(dtype=np.float64)
    return None


def clean_weights(weights: Sequence[float] | Array | pd.Series | None, frame: pd.DataFrame) -> Array | None:
    """Weights in the row order of a cleaned frame, scaled to a mean of 1; None where all are equal.

    Parameters
    ----------
    weights : series or array of shape (n,), optional
        A series is aligned by its index, an array is taken in the order of the rows given.
    frame : DataFrame
        The frame as the caller gave it.

    Raises
    ------
    DataError
        Another length, other customers, or a weight that is not a positive number.
    """
    if weights is None:
        return None
    if isinstance(weights, pd.Series):
        if weights.index.duplicated().any() or len(weights) != len(frame) or not frame.index.isin(weights.index).all():
            raise DataError("sample_weight must have one value for each customer of the frame.")
        series = weights.reindex(frame.index)
    else:
        if np.shape(weights) != (len(frame),):
            raise DataError(f"sample_weight has shape {np.shape(weights)}, expected ({len(frame)},).")
        series = pd.Series(np.asarray(weights), index=frame.index)
    values = _as_floats(series)
    if values is None or not np.all(np.isfinite(values)) or np.any(values <= 0):
        raise DataError("sample_weight must hold positive numbers only.")
    ordered = pd.Series(values, index=frame.index).sort_index().to_numpy(dtype=np.float64)
    scaled: Array = np.asarray(ordered / ordered.mean(), dtype=np.float64)
    return None if ordered.min() == ordered.max() else scaled
