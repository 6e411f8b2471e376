"""Drift from counts in SQL against NumPy and SciPy on the rows themselves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from helpers.projects import SAMPLE_VARS, Project
from scipy import stats
from scipy.spatial.distance import jensenshannon


def counts(values: pd.Series, edges: np.ndarray) -> np.ndarray:
    """Count known values by how many edges lie strictly below them."""
    known = values.dropna().to_numpy()
    return np.bincount(np.searchsorted(edges, known, side="left"), minlength=len(edges) + 1)


def expected(reference: pd.Series, current: pd.Series, edges: np.ndarray, deviation: float) -> dict[str, float]:
    """Compute every measure from raw values."""
    before, after = counts(reference, edges), counts(current, edges)
    seen = (before + after) > 0
    p, q = ((n + 0.5) / (n.sum() + 0.5 * len(n)) for n in (before, after))
    steps = np.diff(edges) if len(edges) > 1 else np.array([0.0])
    middles = np.concatenate([[edges[0] - steps[0] / 2], (edges[1:] + edges[:-1]) / 2, [edges[-1] + steps[-1] / 2]])
    return {
        "psi": float(((q - p) * np.log(q / p)).sum()),
        "jensen_shannon": float(jensenshannon(p, q, base=2)),
        "kolmogorov_smirnov": float(np.abs(np.cumsum(before) / before.sum() - np.cumsum(after) / after.sum()).max()),
        "wasserstein": float(stats.wasserstein_distance(middles, middles, before, after) / deviation),
        "chi_square": (
            float(stats.chi2_contingency([before[seen], after[seen]], correction=False)[0]) if seen.sum() > 1 else 0.0
        ),
        "missing_share": abs(reference.isna().mean() - current.isna().mean()),
    }


@pytest.mark.parametrize("segment", ["all", "seg_001"])
def test_sql_measures_equal_numpy_on_the_rows(sample: Project, segment: str) -> None:
    wide = sample.query(
        "select f.*, s.segment_key from int_seg__customer_features as f "
        "join int_seg__segment_snapshots as s using (customer_id, snapshot_date) where f.is_window_complete"
    )
    # one unit for all segments: the deviation of everybody at the fit
    deviations = wide[wide["is_as_of"]].std(ddof=0, numeric_only=True)
    wide = wide if segment == "all" else wide[wide["segment_key"] == segment]
    parameters = sample.table("ml_seg__model_parameters")
    drift = sample.query(
        f"select * from fct_seg__segment_drift where source = 'warehouse' and segment_key = '{segment}'"
    )
    reference = wide[wide["is_as_of"]]
    checked = 0
    for (day, feature), rows in drift.groupby(["snapshot_date", "feature"]):
        edges = np.sort(
            parameters.loc[(parameters["stage"] == "edge") & (parameters["feature"] == feature), "value"].to_numpy()
        )
        current = wide.loc[wide["snapshot_date"] == day, feature]
        if (
            deviations[feature] == 0
            or len(edges) == 0
            # of a feature known of few nothing is told
            or min(reference[feature].notna().sum(), current.notna().sum()) < SAMPLE_VARS["seg_drift_min_rows"]
        ):
            continue
        truth = expected(reference[feature], current, edges, deviations[feature])
        found = rows.set_index("metric")["value"]
        for metric, value in truth.items():
            assert found[metric] == pytest.approx(value, rel=1e-6, abs=1e-6), (day, feature, metric)
            checked += 1
    assert checked > 500


def test_the_snapshot_of_the_fit_has_not_drifted_from_itself(sample: Project) -> None:
    drift = sample.query(
        "select value, verdict from fct_seg__segment_drift where source = 'warehouse' and snapshot_date = as_of_date"
    )
    assert drift["value"].dropna().abs().max() == pytest.approx(0, abs=1e-9)
    assert "drift" not in set(drift["verdict"])


def test_thresholds_are_the_quantiles_of_chance_where_samples_are_small(sample: Project) -> None:
    rows = sample.query(
        "select * from fct_seg__segment_drift "
        "where source = 'warehouse' and segment_key = 'all' and feature = 'revenue'"
    )
    chi_square = rows[rows["metric"] == "chi_square"]
    bins = sample.query(
        "select snapshot_date, count(*) - 1 as freedom from int_seg__drift_cells "
        "where segment_key = 'all' and feature = 'revenue' and bin >= 0 and n_reference + n_current > 0 group by all"
    )
    both = chi_square.merge(bins, on="snapshot_date")
    known_rows = both["n_reference"] * both["n_current"] / (both["n_reference"] + both["n_current"])
    truth = np.maximum(stats.chi2.ppf(1 - 0.001, both["freedom"]), 0.1 * known_rows)
    np.testing.assert_allclose(both["threshold"], truth, rtol=0.01)
