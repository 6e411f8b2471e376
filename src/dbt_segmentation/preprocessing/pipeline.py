"""From raw features to the space in which distances are measured.

The transformation is part of the model. It is learned once, on the fit sample, and SQL repeats it for everybody from
parameter rows: clip, transform, impute, (v - center) / scale, and where asked for linear forms of the results.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from dbt_segmentation.arrays import Array
from dbt_segmentation.errors import ConfigError, DataError, did_you_mean
from dbt_segmentation.preprocessing import categories, components, imputation
from dbt_segmentation.preprocessing.components import Projection, fit_projection
from dbt_segmentation.preprocessing.features import SCALINGS, TRANSFORMS, FeatureScaling, fit_feature
from dbt_segmentation.preprocessing.imputation import Imputer, fit_imputer


@dataclass(frozen=True)
class PreprocessingSettings:
    """How features are prepared.

    Attributes
    ----------
    winsor_limits : tuple of float
        Quantiles at which values are clipped.
    min_coverage : float
        A feature with a smaller share of known values is dropped.
    max_correlation : float
        Of two features correlated beyond this in absolute value, the one with more missing values is dropped (the
        later name on a tie).
    skew_limit : float
        A feature more skewed than this is transformed, provided that this lowers its skew.
    transform, scaling : str
        `auto`, or one way for all: see `features.TRANSFORMS` and `features.SCALINGS`.
    imputation : str
        See `imputation.METHODS`.
    reduction, rotation : str
        See `components.METHODS` and `components.ROTATIONS`.
    variance : float
        Share of the variance that principal components keep.
    overrides : mapping of str to mapping
        For single features: `transform`, `scaling`, `weight` (how much it counts in distances), and for categories
        with an order `order`, a list from low to high.
    """

    winsor_limits: tuple[float, float] = (0.01, 0.99)
    min_coverage: float = 0.05
    max_correlation: float = 0.9
    skew_limit: float = 1.0
    transform: str = "auto"
    scaling: str = "auto"
    imputation: str = "median"
    reduction: str = "none"
    rotation: str = "varimax"
    variance: float = 0.85
    overrides: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

    def check(self) -> None:
        """Raise ConfigError for a wrong setting."""
        choices = {
            "transform": TRANSFORMS,
            "scaling": SCALINGS,
            "imputation": imputation.METHODS,
            "reduction": components.METHODS,
            "rotation": components.ROTATIONS,
        }
        for name, allowed in choices.items():
            _check_choice(name, getattr(self, name), allowed)
        limits: object = self.winsor_limits
        if not (
            isinstance(limits, list | tuple)
            and len(limits) == 2
            and all(_is_number(limit) for limit in limits)
            and 0 <= limits[0] < limits[1] <= 1
        ):
            raise ConfigError(f"winsor_limits must be two quantiles, the lower first, as (0.01, 0.99); got {limits!r}.")
        for name, least, most in (("min_coverage", 0, 1), ("skew_limit", 0, None)):
            check_number(name, getattr(self, name), least, most)
        for name, most in (("variance", 1), ("max_correlation", None)):
            check_number(name, getattr(self, name), 0, most, is_positive=True)
        _check_overrides(self.overrides, choices)

    def check_overridden(self, features: Iterable[str]) -> None:
        """Raise ConfigError for an override of something that is none of the features."""
        known = [str(feature) for feature in features]
        for feature in self.overrides:
            if feature not in known:
                raise ConfigError(
                    f"overrides name {feature!r}, which is not a feature to cluster by. {did_you_mean(feature, known)}"
                )


def check_number(name: str, value: object, least: float, most: float | None, *, is_positive: bool = False) -> None:
    """Raise ConfigError unless the value is a number from least to most."""
    inside = _is_number(value) and least <= value and (most is None or value <= most)  # type: ignore[operator]
    if not inside or (is_positive and value == 0):
        at_least = "over 0" if is_positive else f"of at least {least}"
        raise ConfigError(
            f"{name} must be a number {at_least}{'' if most is None else f' and at most {most}'}, got {value!r}."
        )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool) and bool(np.isfinite(value))


def _check_overrides(overrides: object, choices: Mapping[str, Sequence[str]]) -> None:
    example = "{'revenue': {'transform': 'rank', 'weight': 2}}"
    if not isinstance(overrides, Mapping):
        raise ConfigError(f"overrides must map features to what is set for them, such as {example}; got {overrides!r}.")
    for feature, override in overrides.items():
        if not isinstance(feature, str):
            raise ConfigError(f"overrides must name features by texts, got {feature!r}.")
        if not isinstance(override, Mapping):
            raise ConfigError(f"The override of {feature} must be a mapping, as in {example}; got {override!r}.")
        for name, value in override.items():
            if name in ("transform", "scaling"):
                _check_choice(f"{name} of {feature}", value, choices[name])
            elif name == "weight":
                if not _is_number(value) or not 0 < value < 1e6:
                    raise ConfigError(f"weight of {feature} must be a positive number, got {value!r}.")
            elif name == "order":
                _check_order(feature, value)
            else:
                raise ConfigError(
                    f"Unknown override {name!r} of {feature}. "
                    f"{did_you_mean(str(name), ['transform', 'scaling', 'weight', 'order'])}"
                )


def _check_order(feature: str, order: object) -> None:
    if not isinstance(order, list | tuple) or len({str(item) for item in order}) != len(order) or len(order) < 2:
        raise ConfigError(
            f"order of {feature} must be a list of two or more different categories, lowest first; got {order!r}."
        )


def _check_choice(name: str, value: object, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise ConfigError(f"{name} must be one of {', '.join(allowed)}, got {value!r}.")


class Preprocessor:
    """Winsorise, transform where skewed, impute, scale, drop what carries nothing, and project where asked for.

    Features are handled in the order of their names, so that permuted columns give the same model.

    Parameters
    ----------
    settings : PreprocessingSettings, optional
        How.
    random_state : int
        Seed of the prototypes for imputation.

    Attributes
    ----------
    scalings_ : tuple of FeatureScaling
        The kept features, by name.
    profile_scalings_ : dict of str to FeatureScaling
        Every feature that varies, with those dropped only because another says the same. Names of segments need them.
    dropped_ : dict of str to str
        Feature to reason: constant, near_empty, or correlated with X.
    correlations_ : dict of (str, str) to float
        Correlation of each pair of features that vary, names in order.
    imputer_ : Imputer
        Fills gaps in scaled coordinates.
    projection_ : Projection or None
        Linear forms after scaling.
    """

    def __init__(self, settings: PreprocessingSettings | None = None, random_state: int = 0) -> None:
        self.settings = settings or PreprocessingSettings()
        self.random_state = random_state

    @classmethod
    def restored(
        cls,
        scalings: tuple[FeatureScaling, ...],
        dropped: dict[str, str],
        imputer: Imputer | None = None,
        projection: Projection | None = None,
    ) -> "Preprocessor":
        """Rebuild a fitted preprocessor from stored numbers."""
        made = cls()
        made.scalings_ = scalings
        made.profile_scalings_ = {scaling.name: scaling for scaling in scalings}
        made.dropped_, made.correlations_ = dropped, {}
        made.imputer_ = imputer or Imputer.constant(np.array([scaling.imputed for scaling in scalings]))
        made.projection_ = projection
        return made

    @property
    def names_(self) -> tuple[str, ...]:
        """Names of the coordinates."""
        return self.projection_.names if self.projection_ else tuple(scaling.name for scaling in self.scalings_)

    def fit(self, frame: pd.DataFrame, weights: Array | None = None) -> "Preprocessor":
        """Learn the scaling of every feature.

        Parameters
        ----------
        frame : DataFrame of shape (n, p)
            Floats, NaN where missing; texts, None where missing.
        weights : array of shape (n,), optional
            What each row stands for. Given weights, quantiles and medians are those of the weighted empirical
            distribution (no interpolation), means and deviations are weighted.

        Returns
        -------
        Preprocessor
            Itself.
        """
        self.settings.check()
        self.dropped_: dict[str, str] = {}
        self.profile_scalings_: dict[str, FeatureScaling] = {}
        columns: dict[str, Array] = {}
        missing: dict[str, float] = {}
        for name in sorted(str(column) for column in frame.columns):
            known = frame[name].notna().to_numpy()
            if known.sum() == 0 or float(np.average(known, weights=weights)) < self.settings.min_coverage:
                self.dropped_[name] = "near_empty"
                continue
            scalings = self._fit_column(frame[name], weights)
            if not scalings:
                self.dropped_[name] = "constant"
            for scaling in scalings:
                self.profile_scalings_[scaling.name] = scaling
                columns[scaling.name] = scaling.scaled(categories.raw_values(frame[name], scaling))
                # to nine digits, so that the order of additions settles no tie
                missing[scaling.name] = round(float(np.average(~known, weights=weights)), 9)
        kept = self._drop_correlated(columns, missing, weights)
        self.scalings_: tuple[FeatureScaling, ...] = tuple(self.profile_scalings_[name] for name in kept)
        scaled = np.column_stack([columns[name] for name in kept]) if kept else np.empty((len(frame), 0))
        constants = np.array([scaling.imputed for scaling in self.scalings_])
        self.imputer_ = fit_imputer(scaled, constants, self.settings.imputation, weights, self.random_state)
        reduction, rotation, variance = self.settings.reduction, self.settings.rotation, self.settings.variance
        self.projection_ = fit_projection(self.imputer_.fill(scaled), reduction, rotation, variance, weights)
        return self

    def _fit_column(self, column: pd.Series, weights: Array | None) -> list[FeatureScaling]:
        """Coordinates of one column: one for a number, several for categories, none where nothing varies."""
        override = self.settings.overrides.get(str(column.name), {})
        weight = float(str(override.get("weight", 1.0)))
        order: tuple[str, ...] = ()
        if not pd.api.types.is_numeric_dtype(column.dtype):
            given = override.get("order", ())
            order = tuple(str(item) for item in given) if isinstance(given, list | tuple) else ()
            if not order:
                return categories.indicators(categories.as_text(column), weights, weight)
            values = categories.ordinal_values(categories.as_text(column), order)
            if np.isnan(values).all():
                return []
        else:
            if "order" in override:
                raise ConfigError(f"overrides give {column.name} an order, which is for categories: it holds numbers.")
            values = column.to_numpy(dtype=np.float64)
        scaling = fit_feature(
            str(column.name),
            values,
            weights,
            winsor_limits=self.settings.winsor_limits,
            skew_limit=self.settings.skew_limit,
            transform=str(override.get("transform", self.settings.transform)),
            scaling=str(override.get("scaling", self.settings.scaling)),
            imputation="mean" if self.settings.imputation == "mean" else "median",
            weight=weight,
            categories=order,
        )
        return [] if scaling is None else [scaling]

    def _drop_correlated(
        self, columns: dict[str, Array], missing: dict[str, float], weights: Array | None
    ) -> list[str]:
        """Names to keep, sorted. The better known feature wins, so the order of columns can't matter."""
        self.correlations_: dict[tuple[str, str], float] = {}
        names = sorted(columns, key=lambda name: (missing[name], name))
        if not names:
            return []
        constants = [self.profile_scalings_[name].imputed for name in names]
        matrix = np.column_stack([columns[name] for name in names])
        correlation = weighted_correlation(np.where(np.isnan(matrix), constants, matrix), weights)
        kept: list[int] = []
        for i, name in enumerate(names):
            for j in range(i):
                first, second = sorted((name, names[j]))
                self.correlations_[first, second] = float(correlation[i, j])
            twins = [j for j in kept if abs(correlation[i, j]) > self.settings.max_correlation]
            # indicators of one column say nothing twice: each is a category
            twins = [j for j in twins if not self._siblings(name, names[j])]
            if twins:
                nearest = max(twins, key=lambda j: abs(correlation[i, j]))
                self.dropped_[name] = f"correlated with {names[nearest]}"
            else:
                kept.append(i)
        return sorted(names[i] for i in kept)

    def _siblings(self, first: str, second: str) -> bool:
        return bool(
            self.profile_scalings_[first].source
            and self.profile_scalings_[first].source == self.profile_scalings_[second].source
        )

    def scaled(self, frame: pd.DataFrame) -> Array:
        """Scaled, filled coordinates of shape (n, number of kept features), before any projection."""
        return self.imputer_.fill(_scaled(frame, self.scalings_))

    def transform(self, frame: pd.DataFrame) -> Array:
        """Coordinates of shape (n, number of coordinates).

        Raises
        ------
        DataError
            A feature of the model is not a column of the frame.
        """
        points = self.scaled(frame)
        return self.projection_.apply(points) if self.projection_ else points


def weighted_correlation(points: Array, weights: Array | None) -> Array:
    """Pearson correlations of columns of shape (n, p)."""
    share = np.full(len(points), 1.0 / len(points)) if weights is None else weights / weights.sum()
    centered = points - share @ points
    covariance = (centered * share[:, None]).T @ centered
    deviation = np.sqrt(np.diag(covariance))
    deviation = np.where(deviation > 0, deviation, 1.0)
    correlation: Array = covariance / np.outer(deviation, deviation)
    return correlation


def _scaled(frame: pd.DataFrame, scalings: Sequence[FeatureScaling]) -> Array:
    """Scaled values of shape (n, len(scalings)), NaN where missing."""
    absent = sorted({scaling.column for scaling in scalings} - {str(column) for column in frame.columns})
    if absent:
        hint = did_you_mean(absent[0], [str(column) for column in frame.columns])
        raise DataError(f"Columns that the model was fitted on are missing: {', '.join(absent)}. {hint}")
    scaled = np.empty((len(frame), len(scalings)))
    for i, scaling in enumerate(scalings):
        scaled[:, i] = scaling.scaled(categories.raw_values(frame[scaling.column], scaling))
    return scaled


def scale_columns(frame: pd.DataFrame, scalings: Sequence[FeatureScaling]) -> Array:
    """Apply scalings to a frame, shape (n, len(scalings)), constants where values are missing."""
    constants = np.array([scaling.imputed for scaling in scalings])
    return Imputer.constant(constants).fill(_scaled(frame, scalings))
