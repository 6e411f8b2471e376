"""Reference histograms: what the customers of the fit looked like, as counts.

Later snapshots are compared with these counts, so drift never reads a raw row again. Bin i holds the values with
exactly i edges strictly below them; SQL counts the same way.
"""

import numpy as np
import pandas as pd

from dbt_segmentation.arrays import Array, Labels
from dbt_segmentation.parameters import ParameterRows


def bin_edges(values: Array) -> Array:
    """Inner edges of the bins: the deciles of the known values, each once; none where nothing is known."""
    known = values[~np.isnan(values)]
    return np.unique(np.quantile(known, np.arange(1, 10) / 10)) if len(known) else np.empty(0)


def count_bins(values: Array, edges: Array) -> tuple[Labels, int]:
    """Rows in each of the len(edges) + 1 bins, and missing values."""
    known = values[~np.isnan(values)]
    counts = np.bincount(np.searchsorted(edges, known, side="left"), minlength=len(edges) + 1)
    return counts, len(values) - len(known)


def add_histograms(rows: ParameterRows, frame: pd.DataFrame, labels: Labels, keys: list[str]) -> None:
    """Add edges, counts and moments of every feature to the parameter rows.

    Parameters
    ----------
    rows : ParameterRows
        Receives stages `edge`, `histogram` and `reference`.
    frame : DataFrame of shape (n, p)
        Cleaned features, those that don't cluster included.
    labels : array of shape (n,)
        Position of each row's segment.
    keys : list of str
        Segment keys by position.
    """
    groups = {"all": np.ones(len(labels), dtype=bool)} | {key: labels == j for j, key in enumerate(keys)}
    for feature in frame.columns:
        values = frame[feature].to_numpy(dtype=np.float64)
        edges = bin_edges(values)
        for i, edge in enumerate(edges):
            rows.add("edge", feature, f"{i:02d}", float(edge))
        for key, members in groups.items():
            counts, missing = count_bins(values[members], edges)
            for i, count in enumerate(counts):
                rows.add("histogram", feature, f"{key}:{i:02d}", int(count))
            rows.add("histogram", feature, f"{key}:null", missing)
        known = values[~np.isnan(values)]
        rows.add("reference", feature, "n", len(known))
        if len(known):
            rows.add("reference", feature, "mean", float(known.mean()))
            rows.add("reference", feature, "std", float(known.std()))
