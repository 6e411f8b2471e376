"""How one column becomes one coordinate: read, clip, transform, impute, scale.

Everything is a formula of a few numbers, because SQL repeats it for everybody from parameter rows.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import minimize_scalar

from dbt_segmentation.arrays import Array, weighted_quantile

TRANSFORMS = ("auto", "none", "log1p", "yeo_johnson", "rank")
SCALINGS = ("auto", "zscore", "robust", "minmax")

# A normal distribution has 0, a Laplace distribution 3. Segments themselves make tails, up to 10 or so after
# winsorising, and squeezing those hides them: only far beyond that do a few customers rule the deviation.
_HEAVY_TAILS = 30.0
# interquartile range of a standard normal distribution
_NORMAL_IQR = 1.3489795003921634
_KNOTS = 21
# The quantile of sizes that is the unit of a feature. A lower one makes more of a log, and blows up the differences
# between shares that are next to nothing: the personas of the demo are told apart less well with the tenth.
_TYPICAL = 0.5
# a curve is worth its loss of plain words if it takes this much of the skew away
_MATERIAL = 0.8
# smaller than this beside the largest, a value or a spread is rounding of the arithmetic, not of the customers
_ROUNDING = 1e-12
# squares of smaller values leave the range of a double; frames refuse values beyond 1e100 for the same reason
_SMALLEST = 1e-100


@dataclass(frozen=True)
class Curve:
    """What is done to clipped values against skew.

    Attributes
    ----------
    transform : {"none", "log1p", "yeo_johnson", "rank"}
        Which.
    unit : float
        What log1p and Yeo-Johnson divide values by first, so that cents and euros give the same curve; 1 elsewhere.
    exponent : float
        Lambda of Yeo and Johnson (2000); 1 elsewhere.
    knots : tuple of (float, float)
        Values and their ranks from 0 to 1, for the transform by rank.
    """

    transform: str = "none"
    unit: float = 1.0
    exponent: float = 1.0
    knots: tuple[tuple[float, float], ...] = ()

    def apply(self, clipped: Array) -> Array:
        """Transform clipped values, shape (n,), NaN where missing."""
        if self.transform == "log1p":
            return np.asarray(np.log1p(clipped / self.unit))
        if self.transform == "yeo_johnson":
            return yeo_johnson(clipped / self.unit, self.exponent)
        if self.transform == "rank":
            values, ranks = zip(*self.knots, strict=True)
            return np.where(np.isnan(clipped), np.nan, np.interp(clipped, values, ranks))
        return clipped


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
    unit : float
        What log1p and Yeo-Johnson divide clipped values by.
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
    unit: float = 1.0

    @property
    def column(self) -> str:
        """Column of the raw frame that the coordinate is made of."""
        return self.source or self.name

    def moved(self, values: Array) -> Array:
        """Clip and transform raw values, shape (n,), NaN where missing."""
        curve = Curve(self.transform, self.unit, self.exponent, self.knots)
        return curve.apply(np.clip(values, self.winsor_lower, self.winsor_upper))

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


def yeo_johnson(values: Array, exponent: float) -> Array:
    """Power transform for values of both signs: Yeo and Johnson (2000), A new family of power transformations."""
    up, down = np.maximum(values, 0.0), np.minimum(values, 0.0)
    above = np.log1p(up) if exponent == 0.0 else ((up + 1.0) ** exponent - 1.0) / exponent
    rest = 2.0 - exponent
    below = -np.log1p(-down) if rest == 0.0 else -((1.0 - down) ** rest - 1.0) / rest
    moved: Array = np.where(np.isnan(values), np.nan, np.where(values >= 0, above, below))
    return moved


def standardised_moment(values: Array, order: int, weights: Array | None) -> float:
    """Mean of ((x - mean) / deviation) ** order: the skew for 3, the kurtosis for 4 (a normal distribution has 3).

    Population moments of the weighted distribution; 0 where nothing varies.
    """
    centered = values - np.average(values, weights=weights)
    size = float(np.abs(centered).max())
    if size <= _ROUNDING * float(np.abs(values).max()):
        return 0.0
    # powers of the differences themselves could leave the range of a double
    centered = centered / size
    deviation = float(np.sqrt(np.average(centered**2, weights=weights)))
    return float(np.average(centered**order, weights=weights)) / deviation**order


def choose_curve(clipped: Array, weights: Array | None, skew_limit: float, wanted: str) -> Curve:
    """Choose the transform of known, clipped values.

    Automatic: none up to the skew limit. Beyond it log1p, for values that are not negative, if it brings the skew under
    the limit: a refit gives nearly the same curve again. Else Yeo-Johnson, if it takes a fifth of the skew away that
    log1p (or nothing) leaves. Else log1p, if it takes a fifth away, or none.
    """
    if wanted != "auto":
        return _curve(wanted, clipped, weights)
    best = Curve()
    least = abs(standardised_moment(clipped, 3, weights))
    if least <= skew_limit:
        return best
    if clipped.min() >= 0:
        logged = _curve("log1p", clipped, weights)
        after = abs(standardised_moment(logged.apply(clipped), 3, weights))
        if after <= skew_limit:
            return logged
        if after < _MATERIAL * least:
            best, least = logged, after
    power = _curve("yeo_johnson", clipped, weights)
    moved = power.apply(clipped)
    if np.isfinite(moved).all() and abs(standardised_moment(moved, 3, weights)) < _MATERIAL * least:
        return power
    return best


def _curve(transform: str, clipped: Array, weights: Array | None) -> Curve:
    """Learn the numbers of one transform; of negative values there is no log, so that they get Yeo-Johnson's power."""
    if transform == "rank":
        return Curve("rank", knots=rank_knots(clipped, weights))
    if transform == "none":
        return Curve()
    unit = unit_of(clipped, weights)
    if transform == "log1p" and clipped.min() >= 0:
        return Curve("log1p", unit)
    return Curve("yeo_johnson", unit, likeliest_exponent(clipped / unit, weights))


def unit_of(clipped: Array, weights: Array | None) -> float:
    """Median size of what is not zero: x / unit is the same number in any unit of measurement."""
    sizes = np.abs(clipped)
    counted = sizes > _ROUNDING * sizes.max()
    return weighted_quantile(sizes[counted], _TYPICAL, None if weights is None else weights[counted])


def likeliest_exponent(values: Array, weights: Array | None) -> float:
    """Most likely exponent from -6 to 8, of three digits: it is a setting of a curve, not a measurement.

    Where the transformed values are normal, the weighted log-likelihood is, but for a constant, the sum of weight *
    ((exponent - 1) * sign(x) * ln(1 + |x|) - ln(deviation)): Yeo and Johnson (2000), section 4.
    """
    if float(np.abs(values).max()) > 1e6:  # powers of such values leave the range of a double before the search ends
        return 0.0 if values.min() >= 0 else 1.0
    slope = float(np.average(np.sign(values) * np.log1p(np.abs(values)), weights=weights))

    def loss(exponent: float) -> float:
        moved = yeo_johnson(values, exponent)
        centered = moved - np.average(moved, weights=weights)
        deviation = float(np.sqrt(np.average(centered**2, weights=weights)))
        if not deviation > _ROUNDING * float(np.abs(moved).max()):
            return np.inf
        return float(np.log(deviation)) - (exponent - 1.0) * slope

    found = minimize_scalar(loss, bounds=(-6.0, 8.0), method="bounded", options={"xatol": 1e-6})
    return round(float(found.x), 3)


def rank_knots(clipped: Array, weights: Array | None) -> tuple[tuple[float, float], ...]:
    """Quantiles of a sample and the middle of the ranks that share each value."""
    positions = np.linspace(0.0, 1.0, _KNOTS)
    values = np.array([weighted_quantile(clipped, float(q), weights) for q in positions])
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
        elif standardised_moment(filled, 4, weights) - 3.0 > _HEAVY_TAILS:
            wanted = "robust"
    if wanted == "minmax":
        return wanted, float(filled.min()), float(filled.max() - filled.min())
    if wanted == "robust":
        low, middle, high = (weighted_quantile(filled, q, weights) for q in (0.25, 0.5, 0.75))
        if high - low > _ROUNDING * float(np.abs(filled).max()):
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
    if clipped.max() - clipped.min() <= max(_ROUNDING * float(np.abs(clipped).max()), _SMALLEST):
        return None
    curve = choose_curve(clipped, known_weights, skew_limit, "none" if categories else transform)
    moved = curve.apply(clipped)
    if imputation == "mean":
        impute = float(np.average(moved, weights=known_weights))
    else:
        impute = weighted_quantile(moved, 0.5, known_weights)
    filled = np.full(values.shape, impute)
    filled[known] = moved
    way, center, scale = choose_scale(filled, weights, scaling)
    if not np.isfinite(scale) or scale <= _ROUNDING * float(np.abs(filled).max()):
        return None
    return FeatureScaling(
        name,
        lower,
        upper,
        curve.transform,
        impute,
        center,
        scale / weight,
        way,
        curve.exponent,
        curve.knots,
        source,
        categories,
        weight,
        curve.unit,
    )
