"""What a caller of `SegmentModel` may say, checked before any work."""

from typing import Any

import numpy as np
import pandas as pd

from dbt_segmentation.algorithms import get_algorithms
from dbt_segmentation.algorithms.density import NOISE
from dbt_segmentation.arrays import Array, Labels
from dbt_segmentation.choosing.merging import WAYS
from dbt_segmentation.errors import ConfigError, DataError
from dbt_segmentation.preprocessing import PreprocessingSettings
from dbt_segmentation.preprocessing.relevance import METHODS


def check_settings(model: Any) -> None:
    """Raise ConfigError for a wrong parameter of a `SegmentModel`."""
    whole = {"min_segment_size": 1, "random_state": 0, "k_min": 2, "k_max": 2, "n_bootstraps": 1, "n_references": 2}
    if model.n_segments is not None:
        whole["n_segments"] = 1
    for name, least in whole.items():
        value = getattr(model, name)
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
            raise ConfigError(f"{name} must be a whole number of at least {least}, got {value!r}.")
    if model.k_max < model.k_min:
        raise ConfigError(f"k_max ({model.k_max}) is less than k_min ({model.k_min}).")
    for name, allowed in {"noise": NOISE, "merge": WAYS, "feature_selection": METHODS}.items():
        if getattr(model, name) not in allowed:
            raise ConfigError(f"{name} must be one of {', '.join(allowed)}, got {getattr(model, name)!r}.")
    get_algorithms(model.algorithm)
    preprocessing_settings(model).check()


def preprocessing_settings(model: Any) -> PreprocessingSettings:
    """Pick the part of the parameters that is about features."""
    return PreprocessingSettings(
        tuple(model.winsor_limits),
        model.min_coverage,
        model.max_correlation,
        model.skew_limit,
        model.transformation,
        model.scaling,
        model.imputation,
        model.reduction,
        model.rotation,
        model.variance,
        model.overrides or {},
    )


def aligned_codes(labels: pd.Series | None, frame: pd.DataFrame, name: str) -> Labels | None:
    """Labels as whole numbers from 0, in the row order of a cleaned frame."""
    if labels is None:
        return None
    codes, _ = pd.factorize(_aligned(labels, frame, name), sort=True)
    if (codes < 0).any():
        raise DataError(f"{name} has missing values.")
    return codes.astype(np.int64)


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
