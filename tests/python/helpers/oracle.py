"""What scikit-learn itself makes of the raw rows of the wide table: written without the library under test."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler


def fit_pipeline(sample: pd.DataFrame, features: list[str], logged: list[str], start: np.ndarray) -> Pipeline:
    """Fit winsorising, log, imputation, scaling and k-means on raw rows.

    Which features are kept and logged, and where k-means starts from, are the model's; every number is found anew. A
    model whose preprocessing were off, or whose prototypes were not at rest, would move from its own start.
    """
    lower, upper = sample[features].quantile(0.01), sample[features].quantile(0.99)

    def clip(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[features].clip(lower, upper, axis="columns")

    def log(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(**{name: np.log1p(frame[name]) for name in logged})

    steps = [
        ("clip", FunctionTransformer(clip)),
        ("log", FunctionTransformer(log)),
        ("impute", SimpleImputer(strategy="median")),
        ("scale", StandardScaler()),
        ("cluster", KMeans(n_clusters=len(start), init=start, n_init=1, tol=0, max_iter=1000)),
    ]
    return Pipeline(steps).fit(sample[features])
