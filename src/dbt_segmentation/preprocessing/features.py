"""How one column becomes one coordinate: read, clip, transform, impute, scale.

Everything is a formula of a few numbers, because SQL repeats it for everybody from parameter rows.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy.stats import kurtosis, skew, yeojohnson_normmax

from dbt_segmentation.arrays import Array, weighted_quantile

TRANSFORMS = ("auto", "none", "log1p", "yeo_johnson", "rank")
SCALINGS = ("auto", "zscore", "robust", "minmax")

# A normal distribution has 0, a Laplace distribution 3. Segments themselves make tails, up to 10 or so after
# winsorising, and squeezing those hides them: only far beyond that do a few customers rule the deviation.
_HEAVY_TAILS = 30.0
# interquartile range of a standard normal distribution
_NORMAL_IQR = 1.3489795003921634
_KNOTS = 21


@dataclass(frozen=True)
class FeatureScaling:
    """How one raw feature becomes one coordinate.

    Attributes
    ----------
    name : str
        Name of the coordinate: the column, or for an indicator the column and the number of its category.
    winsor_lower, winsor_upper : float
        Limits in raw units.
    transform : {"none", "log1p", "yeo_johnson", "rank"}
        Applied to the clipped value.
    impute : float
        Stands in for a missing value, in transformed units.
    center, scale : float
        Subtracted from, and divided into, the transformed value.
    scaling : {"zscore", "robust", "minmax", "indicator"}
        What centre and scale are: mean and population deviation; median and interquartile range over 1.349; minimum
        and range; or those of a category's indicator.
    exponent : float
        Lambda of Yeo and Johnson (2000); 1 elsewhere.
    knots : tuple of (float, float)
        Values and their ranks from 0 to 1, for the transform by rank.
    source : str
        Column of the raw frame.
    categories : tuple of str
        Empty for a number; one category for an indicator; for ordered categories all of them, lowest first.
    weight : float
        How much the coordinate counts in distances; it is in `scale` already.
    """

    name: str
    winsor_lower: float
    winsor_upper: float
    transform: str
    impute: float
    center: float
    scale: float
    scaling: str = "zscore"
    exponent: float = 1.0
    knots: tuple[tuple[float, float], ...] = field(default=())
    source: str = ""
    categories: tuple[str, ...] = ()
    weight: float = 1.0

    @property
    def column(self) -> str:
        """Column of the raw frame that the coordinate is made of."""
        return self.source or self.name

    def moved(self, values: Array) -> Array:
        """Clip and transform raw values, shape (n,), NaN where missing."""
        return transformed(np.clip(values, self.winsor_lower, self.winsor_upper), self)

    def scaled(self, values: Array) -> Array:
        """Scale raw values, shape (n,), NaN where missing."""
        scaled: Array = (self.moved(values) - self.center) / self.scale
        return scaled

    def apply(self, values: Array) -> Array:
        """Scale raw values, shape (n,), the constant imputed where missing."""
        moved = self.moved(values)
        scaled: Array = (np.where(np.isnan(moved), self.impute, moved) - self.center) / self.scale
        return scaled

    @property
    def imputed(self) -> float:
        """The constant for missing values, in scaled units."""
        return (self.impute - self.center) / self.scale


def transformed(clipped: Array, scaling: FeatureScaling) -> Array:
    """Apply a transform to clipped values."""
    if scaling.transform == "log1p":
        return np.asarray(np.log1p(clipped))
    if scaling.transform == "yeo_johnson":
        return yeo_johnson(clipped, scaling.exponent)
    if scaling.transform == "rank":
        values, ranks = zip(*scaling.knots, strict=True)
        return np.where(np.isnan(clipped), np.nan, np.interp(clipped, values, ranks))
    return clipped


def yeo_johnson(values: Array, exponent: float) -> Array:
    """Power transform for values of both signs: Yeo and Johnson (2000), A new family of power transformations."""
    up, down = np.maximum(values, 0.0), np.minimum(values, 0.0)
    above = np.log1p(up) if exponent == 0.0 else ((up + 1.0) ** exponent - 1.0) / exponent
    rest = 2.0 - exponent
    below = -np.log1p(-down) if rest == 0.0 else -((1.0 - down) ** rest - 1.0) / rest
    moved: Array = np.where(np.isnan(values), np.nan, np.where(values >= 0, above, below))
    return moved


def choose_transform(
    clipped: Array, skew_limit: float, wanted: str
) -> tuple[str, float, tuple[tuple[float, float], ...]]:
    """Transform, exponent and knots for known, clipped values.

    Automatic: none up to the skew limit; log1p for values that are not negative, if it lowers the skew; Yeo-Johnson
    for values of both signs, if it lowers the skew. log1p is preferred because a refit gives the same curve again.
    """
    before = float(skew(clipped))
    if wanted == "auto":
        wanted = "none"
        if clipped.min() >= 0:
            if before > skew_limit and abs(float(skew(np.log1p(clipped)))) < before:
                wanted = "log1p"
        elif abs(before) > skew_limit:
            wanted = "yeo_johnson"
            after = yeo_johnson(clipped, _exponent(clipped))
            if not np.isfinite(after).all() or not abs(float(skew(after))) < abs(before):
                wanted = "none"
    if wanted == "log1p" and clipped.min() <= -1:
        wanted = "yeo_johnson"
    if wanted == "yeo_johnson":
        return wanted, _exponent(clipped), ()
    return wanted, 1.0, rank_knots(clipped) if wanted == "rank" else ()


def _exponent(clipped: Array) -> float:
    """Most likely exponent, of three digits: it is a setting of a curve, not a measurement."""
    spread = float(np.abs(clipped).max())
    if spread > 1e6:  # powers of such values leave the range of a double before the search ends
        return 0.0 if clipped.min() >= 0 else 1.0
    return float(np.clip(round(float(yeojohnson_normmax(clipped)), 3), -2.0, 4.0))


def rank_knots(clipped: Array) -> tuple[tuple[float, float], ...]:
    """Quantiles of a sample and the middle of the ranks that share each value."""
    positions = np.linspace(0.0, 1.0, _KNOTS)
    values = np.quantile(clipped, positions)
    distinct = np.unique(values)
    return tuple((float(value), float(positions[values == value].mean())) for value in distinct)


def choose_scale(filled: Array, weights: Array | None, wanted: str) -> tuple[str, float, float]:
    """Scaling, centre and scale of transformed, imputed values.

    Automatic: min-max for two values (a z-score would blow up a rare flag), robust where tails are heavy, else z-score.
    """
    if wanted == "auto":
        wanted = "zscore"
        if len(np.unique(filled[:1000])) <= 2 and len(np.unique(filled)) <= 2:
            wanted = "minmax"
        elif float(kurtosis(filled)) > _HEAVY_TAILS:
            wanted = "robust"
    if wanted == "minmax":
        return wanted, float(filled.min()), float(filled.max() - filled.min())
    if wanted == "robust":
        low, middle, high = (weighted_quantile(filled, q, weights) for q in (0.25, 0.5, 0.75))
        if high - low > 1e-12 * max(1.0, abs(middle)):
            return wanted, middle, (high - low) / _NORMAL_IQR
    center = float(np.average(filled, weights=weights))
    return "zscore", center, float(np.sqrt(np.average((filled - center) ** 2, weights=weights)))


def fit_feature(
    name: str,
    values: Array,
    weights: Array | None,
    *,
    winsor_limits: tuple[float, float],
    skew_limit: float,
    transform: str = "auto",
    scaling: str = "auto",
    imputation: str = "median",
    weight: float = 1.0,
    source: str = "",
    categories: tuple[str, ...] = (),
) -> FeatureScaling | None:
    """Learn the scaling of one column of numbers, shape (n,); None where nothing varies."""
    known = ~np.isnan(values)
    known_weights = None if weights is None else weights[known]
    lower, upper = (weighted_quantile(values[known], q, known_weights) for q in winsor_limits)
    if categories:
        lower, upper = 0.0, float(len(categories) - 1)
    clipped = np.clip(values[known], lower, upper)
    if clipped.min() == clipped.max():
        return None
    chosen, exponent, knots = choose_transform(clipped, skew_limit, "none" if categories else transform)
    draft = FeatureScaling(name, lower, upper, chosen, 0.0, 0.0, 1.0, exponent=exponent, knots=knots)
    moved = transformed(clipped, draft)
    if imputation == "mean":
        impute = float(np.average(moved, weights=known_weights))
    else:
        impute = weighted_quantile(moved, 0.5, known_weights)
    filled = np.full(values.shape, impute)
    filled[known] = moved
    way, center, scale = choose_scale(filled, weights, scaling)
    # a spread at the level of rounding is noise of the arithmetic, not of the customers
    if not np.isfinite(scale) or scale <= 1e-12 * max(1.0, abs(center)):
        return None
    return FeatureScaling(
        name, lower, upper, chosen, impute, center, scale / weight, way, exponent, knots, source, categories, weight
    )
