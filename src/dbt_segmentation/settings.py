"""What a caller of `SegmentModel` may say, checked before any work."""

from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from dbt_segmentation.algorithms import get_algorithms
from dbt_segmentation.algorithms.density import NOISE
from dbt_segmentation.arrays import Array, Labels
from dbt_segmentation.choosing import SelectionPolicy
from dbt_segmentation.choosing.merging import WAYS
from dbt_segmentation.errors import ConfigError, DataError
from dbt_segmentation.levels import LEVELS, RULES
from dbt_segmentation.preprocessing import PreprocessingSettings, check_number
from dbt_segmentation.preprocessing.relevance import METHODS

# a few customers are in the same order by chance
_LEAST_ORDERED = 10


def check_settings(model: Any) -> None:
    """Raise ConfigError for a wrong parameter of a `SegmentModel`."""
    whole = {"min_segment_size": 1, "random_state": 0, "k_min": 2, "k_max": 2, "n_bootstraps": 1, "n_references": 2}
    whole["n_levels"] = 1
    for name in ("n_segments", "min_sub_segment_size", "min_micro_segment_size"):
        if getattr(model, name) is not None:
            whole[name] = 1
    for name, least in whole.items():
        value = getattr(model, name)
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
            raise ConfigError(f"{name} must be a whole number of at least {least}, got {value!r}.")
    if model.k_max < model.k_min:
        raise ConfigError(f"k_max ({model.k_max}) is less than k_min ({model.k_min}).")
    if model.n_levels > len(LEVELS):
        raise ConfigError(f"n_levels must be 1, 2 or {len(LEVELS)}, got {model.n_levels!r}.")
    policy = model.policy
    if policy is not None:
        if not isinstance(policy, SelectionPolicy):
            raise ConfigError(f"policy must be a SelectionPolicy or None, got {policy!r}.")
        for name, most in (("stability_min", 1), ("structure_min", None), ("agreement_min", 1)):
            check_number(f"{name} of the policy", getattr(policy, name), 0, most)
    if not isinstance(model.algorithm, str):
        raise ConfigError(f"algorithm must be a text, got {model.algorithm!r}.")
    if model.random_state >= 2**32:
        raise ConfigError(f"random_state must be less than 2 ** 32, got {model.random_state!r}.")
    for name, allowed in {"noise": NOISE, "merge": WAYS, "feature_selection": METHODS, "level_rule": RULES}.items():
        if getattr(model, name) not in allowed:
            raise ConfigError(f"{name} must be one of {', '.join(allowed)}, got {getattr(model, name)!r}.")
    get_algorithms(model.algorithm)
    preprocessing_settings(model).check()


def preprocessing_settings(model: Any) -> PreprocessingSettings:
    """Pick the part of the parameters that is about features."""
    return PreprocessingSettings(
        model.winsor_limits,
        model.min_coverage,
        model.max_correlation,
        model.skew_limit,
        model.transformation,
        model.scaling,
        model.imputation,
        model.reduction,
        model.rotation,
        model.variance,
        {} if model.overrides is None else model.overrides,
    )


def leaking(response: Array | Labels, frame: pd.DataFrame) -> dict[str, str]:
    """Columns of a cleaned frame that are the response or give it away, and why they are no features.

    That is each number that equals it, and each that orders customers as it does, or the other way round: another unit,
    a logarithm. Customers of whom a column knows nothing don't count. Values decide, not names: last month's revenue
    may tell next month's.
    """
    found = {}
    for column in frame.select_dtypes("number").columns:
        known = frame[column].notna().to_numpy()
        values, wanted = frame[column].to_numpy(dtype=np.float64)[known], response[known]
        if known.any() and np.array_equal(values, wanted):
            found[str(column)] = "it is the response"
        elif known.sum() >= _LEAST_ORDERED and _rank_correlation(values, wanted) >= 1 - 1e-9:
            found[str(column)] = "it orders customers as the response does"
    return found


def _rank_correlation(first: Array, second: Array | Labels) -> float:
    """Spearman's correlation, without its sign; 0 where nothing varies."""
    one, two = (rank - rank.mean() for rank in (rankdata(first), rankdata(second)))
    spread = float(np.linalg.norm(one) * np.linalg.norm(two))
    return abs(float(one @ two)) / spread if spread > 0 else 0.0


def aligned_codes(labels: pd.Series | None, frame: pd.DataFrame, name: str, *, may_miss: bool = False) -> Labels | None:
    """Labels as whole numbers from 0, in the row order of a cleaned frame; -1 where one is missing and may be."""
    if labels is None:
        return None
    codes, _ = pd.factorize(_aligned(labels, frame, name), sort=True)
    if not may_miss and (codes < 0).any():
        raise DataError(f"{name} has missing values.")
    return codes.astype(np.int64)


def aligned_levels(current: pd.Series | pd.DataFrame | None, frame: pd.DataFrame) -> Labels | None:
    """Segment, sub-segment and micro-segment as whole numbers, shape (n, 3); None where only segments are told."""
    if not isinstance(current, pd.DataFrame):
        return None
    columns = [f"{level}_key" for level in LEVELS]
    absent = [name for name in columns if name not in current.columns]
    if absent:
        raise DataError(f"current_labels lacks columns: {', '.join(absent)}.")
    codes = [aligned_codes(current[name], frame, "current_labels") for name in columns]
    return np.column_stack([code for code in codes if code is not None])


def aligned_response(response: pd.Series, frame: pd.DataFrame) -> Array | Labels:
    """Give the response as numbers, or its classes as whole numbers, in the row order of a cleaned frame."""
    found = _aligned(response, frame, "response")
    if found.isna().any():
        raise DataError("response has missing values.")
    if pd.api.types.is_numeric_dtype(found.dtype):
        return found.to_numpy(dtype=np.float64)
    return pd.factorize(found, sort=True)[0].astype(np.int64)


def _aligned(series: pd.Series, frame: pd.DataFrame, name: str) -> pd.Series:
    if not isinstance(series, pd.Series) or series.index.duplicated().any() or not frame.index.isin(series.index).all():
        raise DataError(f"{name} must be a Series with one value for each customer of the frame.")
    return series.reindex(frame.index)
