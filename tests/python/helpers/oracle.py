"""What scikit-learn itself makes of the raw rows of the wide table: written without the library under test."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import yeojohnson
from sklearn.cluster import KMeans
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler


def unit(clipped: pd.Series) -> float:
    """Give what log1p and Yeo-Johnson divide by: the median of the sizes that are not zero."""
    sizes = clipped.abs()
    return sizes[sizes > 1e-12 * sizes.max()].median()


def bent(values: pd.Series, transform: str, exponent: float) -> pd.Series:
    """Apply one transform, by NumPy and SciPy."""
    if transform == "log1p":
        return np.log1p(values)
    known = values.dropna()
    return pd.Series(yeojohnson(known.to_numpy(), exponent), known.index).reindex(values.index)


def fit_pipeline(
    sample: pd.DataFrame, features: list[str], curves: dict[str, tuple[str, float]], start: np.ndarray
) -> Pipeline:
    """Fit winsorising, curves, imputation, scaling and k-means on raw rows.

    Which features are kept, which transform (and exponent) each has in `curves`, and where k-means starts from, are the model's; every number is found anew. A
    model whose preprocessing were off, or whose prototypes were not at rest, would move from its own start.
    """
    lower, upper = sample[features].quantile(0.01), sample[features].quantile(0.99)

    def clip(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[features].clip(lower, upper, axis="columns")

    units = {name: unit(clip(sample)[name]) for name in features}

    def curve(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(**{name: bent(frame[name] / units[name], *curves[name]) for name in curves})

    steps = [
        ("clip", FunctionTransformer(clip)),
        ("curve", FunctionTransformer(curve)),
        ("impute", SimpleImputer(strategy="median")),
        ("scale", StandardScaler()),
        ("cluster", KMeans(n_clusters=len(start), init=start, n_init=1, tol=0, max_iter=1000)),
    ]
    return Pipeline(steps).fit(sample[features])
