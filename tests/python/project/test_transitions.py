"""Moves between segments against pandas and SciPy."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
from helpers.projects import SAMPLE_VARS, Project
from scipy.stats import binomtest

MOVE = ["snapshot_date", "from_segment_key", "to_segment_key"]


def test_moves_their_rates_and_what_movers_spend_are_those_of_pandas_and_scipy(sample: Project) -> None:
    told = sample.table("fct_seg__segment_transitions").sort_values(MOVE, ignore_index=True)
    snapshots = sample.table("int_seg__segment_snapshots")[["customer_id", "snapshot_date", "segment_key"]]
    revenue = sample.table("int_seg__customer_features")[["customer_id", "snapshot_date", "revenue"]]

    days = sorted(snapshots["snapshot_date"].unique())
    following = snapshots.assign(snapshot_date=snapshots["snapshot_date"].map(dict(pairwise(days))))
    moves = (
        snapshots[snapshots["snapshot_date"] > days[0]]
        .merge(following, on=["customer_id", "snapshot_date"], how="left", suffixes=("", "_before"))
        .merge(revenue, on=["customer_id", "snapshot_date"], how="left")
        .rename(columns={"segment_key": "to_segment_key", "segment_key_before": "from_segment_key"})
        .fillna({"from_segment_key": "new"})
        .groupby(MOVE)["revenue"]
        .agg(customers="size", revenue=lambda spent: spent.sum(min_count=1))
        .reset_index()
    )
    moves["from_customers"] = moves.groupby(MOVE[:2])["customers"].transform("sum")
    moves["revenue"] = moves["revenue"].where(moves["customers"] >= SAMPLE_VARS["seg_min_segment_size"])
    intervals = [
        binomtest(int(moved), int(there)).proportion_ci(method="wilson")
        for moved, there in zip(moves["customers"], moves["from_customers"], strict=True)
    ]
    moves["rate"] = moves["customers"] / moves["from_customers"]
    moves["rate_lower"], moves["rate_upper"] = zip(*intervals, strict=True)

    pd.testing.assert_frame_equal(told[moves.columns], moves, check_dtype=False, rtol=1e-12, atol=1e-12)
    # both kinds of rows are there, or nothing was tested
    assert moves["revenue"].notna().sum() > 5
    assert moves["revenue"].isna().sum() > 5
    assert np.unique(moves["rate"]).size > 5
