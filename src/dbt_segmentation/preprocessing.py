"""From raw features to the space in which distances are measured.

The transformation is part of the model. It is learned once, on the fit sample, and SQL repeats it for everybody from
six numbers a feature: clip(x, winsor_lower, winsor_upper), transform, coalesce with impute, (v - center) / scale.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import skew

from dbt_segmentation.errors import DataError, did_you_mean

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@dataclass(frozen=True)
class FeatureScaling:
    """How one raw feature becomes one coordinate.

    Attributes
    ----------
    name : str
        Column of the raw frame.
    winsor_lower, winsor_upper : float
        Limits in raw units.
    transform : {"none", "log1p"}
        Applied to the clipped value.
    impute : float
        Stands in for a missing value, in transformed units.
    center, scale : float
        Mean and population standard deviation of the imputed sample, in transformed units.
    """

    name: str
    winsor_lower: float
    winsor_upper: float
    transform: Literal["none", "log1p"]
    impute: float
    center: float
    scale: float

    def apply(self, values: Array) -> Array:
        """Scale raw values, shape (n,), NaN where missing."""
        clipped = np.clip(values, self.winsor_lower, self.winsor_upper)
        moved = np.log1p(clipped) if self.transform == "log1p" else clipped
        return (np.where(np.isnan(moved), self.impute, moved) - self.center) / self.scale


class Preprocessor:
    """Winsorise, log where skewed, impute, standardise, and drop what carries nothing.

    Features are handled in the order of their names, so that permuted columns give the same model.

    Parameters
    ----------
    winsor_limits : tuple of float
        Quantiles at which values are clipped.
    min_coverage : float
        A feature with a smaller share of known values is dropped.
    max_correlation : float
        Of two features correlated beyond this in absolute value, the one with more missing values is dropped (the
        later name on a tie).
    skew_limit : float
        A non-negative feature more skewed than this is put on a log scale, provided that this lowers its skew.

    Attributes
    ----------
    scalings_ : tuple of FeatureScaling
        The kept features, by name.
    profile_scalings_ : dict of str to FeatureScaling
        Every feature that varies, with those dropped only because another says the same. Names of segments need them.
    dropped_ : dict of str to str
        Feature to reason: constant, near_empty, or correlated with X.
    """

    def __init__(
        self,
        winsor_limits: tuple[float, float] = (0.01, 0.99),
        min_coverage: float = 0.05,
        max_correlation: float = 0.9,
        skew_limit: float = 1.0,
    ) -> None:
        self.winsor_limits = winsor_limits
        self.min_coverage = min_coverage
        self.max_correlation = max_correlation
        self.skew_limit = skew_limit

    @classmethod
    def from_scalings(cls, scalings: tuple[FeatureScaling, ...], dropped: dict[str, str]) -> "Preprocessor":
        """Rebuild a fitted preprocessor from stored numbers."""
        restored = cls()
        restored.scalings_ = scalings
        restored.profile_scalings_ = {scaling.name: scaling for scaling in scalings}
        restored.dropped_ = dropped
        return restored

    def fit(self, frame: pd.DataFrame, weights: Array | None = None) -> "Preprocessor":
        """Learn the scaling of every feature.

        Parameters
        ----------
        frame : DataFrame of shape (n, p)
            Floats, NaN where missing.
        weights : array of shape (n,), optional
            What each row stands for. Given weights, quantiles and medians are those of the weighted empirical
            distribution (no interpolation), means and deviations are weighted.

        Returns
        -------
        Preprocessor
            Itself.
        """
        self.dropped_: dict[str, str] = {}
        self.profile_scalings_: dict[str, FeatureScaling] = {}
        columns: dict[str, Array] = {}
        missing: dict[str, int] = {}
        for name in sorted(frame.columns):
            values = frame[name].to_numpy(dtype=np.float64)
            known = ~np.isnan(values)
            if known.sum() == 0 or known.mean() < self.min_coverage:
                self.dropped_[name] = "near_empty"
                continue
            scaling = self._fit_feature(name, values, known, weights)
            if scaling is None:
                self.dropped_[name] = "constant"
                continue
            self.profile_scalings_[name] = scaling
            columns[name] = scaling.apply(values)
            missing[name] = int((~known).sum())
        kept = self._drop_correlated(columns, missing, weights)
        self.scalings_: tuple[FeatureScaling, ...] = tuple(self.profile_scalings_[name] for name in kept)
        return self

    def _fit_feature(self, name: str, values: Array, known: Array, weights: Array | None) -> FeatureScaling | None:
        """Scaling of one feature, or None where nothing varies."""
        known_weights = None if weights is None else weights[known]
        lower, upper = (weighted_quantile(values[known], q, known_weights) for q in self.winsor_limits)
        clipped = np.clip(values[known], lower, upper)
        if clipped.min() == clipped.max():
            return None
        transform = self._choose_transform(clipped)
        moved = np.log1p(clipped) if transform == "log1p" else clipped
        impute = weighted_quantile(moved, 0.5, known_weights)
        filled = np.full(values.shape, impute)
        filled[known] = moved
        center = float(np.average(filled, weights=weights))
        scale = float(np.sqrt(np.average((filled - center) ** 2, weights=weights)))
        # a spread at the level of rounding is noise of the arithmetic, not of the customers
        if not np.isfinite(scale) or scale <= 1e-12 * max(1.0, abs(center)):
            return None
        return FeatureScaling(name, lower, upper, transform, impute, center, scale)

    def _choose_transform(self, clipped: Array) -> Literal["none", "log1p"]:
        if clipped.min() < 0:
            return "none"
        before = float(skew(clipped))
        return "log1p" if before > self.skew_limit and abs(float(skew(np.log1p(clipped)))) < before else "none"

    def _drop_correlated(self, columns: dict[str, Array], missing: dict[str, int], weights: Array | None) -> list[str]:
        """Names to keep, sorted. The better known feature wins, so the order of columns can't matter."""
        names = sorted(columns, key=lambda name: (missing[name], name))
        if not names:
            return []
        matrix = np.column_stack([columns[name] for name in names])
        # the columns are standardised with the same weights, so the mean product is the correlation
        share = np.full(len(matrix), 1.0 / len(matrix)) if weights is None else weights / weights.sum()
        correlation = np.abs((matrix * share[:, None]).T @ matrix)
        kept: list[int] = []
        for i, name in enumerate(names):
            twins = [j for j in kept if correlation[i, j] > self.max_correlation]
            if twins:
                nearest = max(twins, key=lambda j: correlation[i, j])
                self.dropped_[name] = f"correlated with {names[nearest]}"
            else:
                kept.append(i)
        return sorted(names[i] for i in kept)

    def transform(self, frame: pd.DataFrame) -> Array:
        """Coordinates of shape (n, number of kept features).

        Raises
        ------
        DataError
            A feature of the model is not a column of the frame.
        """
        return scale_columns(frame, self.scalings_)


def scale_columns(frame: pd.DataFrame, scalings: tuple[FeatureScaling, ...]) -> Array:
    """Apply scalings to a frame, shape (n, len(scalings)), columns in the order of the scalings."""
    absent = [scaling.name for scaling in scalings if scaling.name not in frame.columns]
    if absent:
        hint = did_you_mean(absent[0], [str(column) for column in frame.columns])
        raise DataError(f"Columns that the model was fitted on are missing: {', '.join(absent)}. {hint}")
    scaled = np.empty((len(frame), len(scalings)))
    for i, scaling in enumerate(scalings):
        scaled[:, i] = scaling.apply(frame[scaling.name].to_numpy(dtype=np.float64))
    return scaled


def weighted_quantile(values: Array, q: float, weights: Array | None = None) -> float:
    """Quantile of a sample; linear between order statistics, or of the weighted distribution given weights."""
    if weights is None:
        return float(np.quantile(values, q))
    return float(np.quantile(values, q, method="inverted_cdf", weights=weights))
